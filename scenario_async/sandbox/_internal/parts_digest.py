"""Compute the digest of an upload while its parts arrive."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from attrs import define, field


@define
class PartsDigest:
    """The SHA-256 of a file whose parts arrive in any order.

    Each part is added when all parts before it are there, so that a large file is not read again at its end.
    """

    _sha256: Any = field(factory=hashlib.sha256, init=False)
    _added: int = field(default=0, init=False)

    def add(self, parts: Mapping[int, bytes], arrived: int) -> None:
        """Add a part that arrived, and those after it that arrived before it.

        Args:
            parts: The parts that are there, by their number from 1.
            arrived: The number of the new part. If it replaces a part that was added, all are added again.
        """
        if arrived <= self._added:
            self._sha256, self._added = hashlib.sha256(), 0
        while (content := parts.get(self._added + 1)) is not None:
            self._sha256.update(content)
            self._added += 1

    def hexadecimal(self) -> str:
        """Return the digest of all parts that were added."""
        return str(self._sha256.hexdigest())
