"""Sync pictures from a folder, a list of paths or cloud storage to the library, each of them once."""
