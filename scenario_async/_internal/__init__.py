"""Private: what the public modules are built on. Nothing here is promised to stay."""
