"""A short soak: the long one is ``nox -s soak``."""

from __future__ import annotations

from .soak import soak


def test_many_files_leave_nothing_behind() -> None:
    """One batch of 300 files, and 6 of 50: none is lost, and no descriptor or thread is left."""
    for outcome in soak(300):
        assert outcome.is_sound, outcome
