"""The private modules of the batch upload."""
