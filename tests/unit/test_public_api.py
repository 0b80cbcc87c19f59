"""A name becomes public on purpose."""

from __future__ import annotations

from .public_api import LIST, public_names


def test_the_public_names_are_the_listed_ones() -> None:
    """`nox -s public_api` writes the list again; its difference shows what became public, or went."""
    assert public_names() == LIST.read_text(encoding="utf-8").splitlines()
