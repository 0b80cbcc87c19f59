"""Sync pictures from a folder, a list of paths or cloud storage into the library, each of them once."""
