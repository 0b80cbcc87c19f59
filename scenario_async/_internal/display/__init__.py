"""Show reports as HTML: as a self-contained page, and as tables in notebooks."""
