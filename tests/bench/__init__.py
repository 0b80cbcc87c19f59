"""Measures what a call, an upload and an import cost: ``python -m tests.bench``."""
