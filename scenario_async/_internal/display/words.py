"""Make words that depend on a number."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number with its noun, which gets an "s" unless the number is 1: ``1 error``, ``2 errors``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
