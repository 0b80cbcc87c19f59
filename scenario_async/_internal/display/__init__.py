"""How reports look as HTML: one self-contained page, and tables for notebooks."""
