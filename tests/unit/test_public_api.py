"""A name becomes public only on purpose."""

from __future__ import annotations

from .public_api import LIST, public_names


def test_the_public_names_are_the_listed_ones() -> None:
    """`nox -s public_api` writes the list again; its diff shows which names were added or removed."""
    assert public_names() == LIST.read_text(encoding="utf-8").splitlines()
