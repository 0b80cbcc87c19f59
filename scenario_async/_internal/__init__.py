"""Private modules that the public modules use. They can change at any time."""
