"""A short soak: the long one is ``nox -s soak``."""

from __future__ import annotations

from .soak import soak


def test_many_files_leave_no_resources() -> None:
    """One batch of 300 files and 6 batches of 50 lose no file, and leave no descriptor or thread."""
    for outcome in soak(300):
        assert outcome.is_sound, outcome
