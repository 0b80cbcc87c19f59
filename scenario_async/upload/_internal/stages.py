"""The stages of a file in a batch; each stage is an immutable object.

`Planned` (found) or `Refused` (cannot be sent) → `Examined` (read) → `Sent` (an asset) → `Outcome` (what the
report says). `docs/architecture.md` shows them as a diagram.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from attrs import field, frozen

from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.names import sendable_name
from scenario_async._internal.pictures.picture import Picture
from scenario_async.upload._internal.report import FileStatus

Fingerprint = tuple[int, int, int]
"""The size and the two modification times of a file, which change if the file changes."""


@frozen(weakref_slot=False)
class Planned:
    """A picture that can be sent, as far as its first bytes show. The object is small, as there may be many.

    Attributes:
        place: Its index in the report.
        source: The path of its file; or the picture itself, if it was given as bytes or as an open file.
        mime_type: The type of its content.
        size: Its size in bytes.
        facts: Its width, height and other properties, as far as the file's structure shows them; None if
            unknown.
    """

    place: int
    source: str | Picture
    mime_type: str
    size: int
    facts: PictureFacts | None = field(default=None, repr=False)

    @property
    def shown_path(self) -> str:
        """The file's path, or the name of a picture that is not a file."""
        return self.source if isinstance(self.source, str) else self.source.name or "picture"

    @property
    def name(self) -> str:
        """The file's name without its folder, in the form in which it is sent; see `sendable_name`."""
        return sendable_name(os.path.basename(self.shown_path))  # noqa: PTH119 - faster than Path


@frozen(weakref_slot=False)
class Refused:
    """A file that cannot be sent.

    Attributes:
        place: Its index in the report.
        shown_path: Its path, or the name of a picture that is not a file.
        status: ``"skipped"`` if it is ignored, or ``"failed"``.
        error: The reason.
    """

    place: int
    shown_path: str
    status: Literal["skipped", "failed"]
    error: Exception

    size: int = field(default=0, init=False)


@frozen(weakref_slot=False)
class Examined:
    """A picture that was read.

    Attributes:
        planned: The picture as it was planned.
        picture: Its bytes: in memory if it is small, in its file if it is large.
        sha256: The digest of its content. None for a large picture whose size no other picture has; its
            digest is computed while it is sent.
        fingerprint: The fingerprint of its file when it was read; None for a picture that is not a file.
    """

    planned: Planned
    picture: Picture
    sha256: bytes | None
    fingerprint: Fingerprint | None


@frozen(weakref_slot=False)
class Sent:
    """A picture that is an asset of the service.

    Attributes:
        planned: The picture as it was planned.
        mime_type: The type of its content.
        size: Its size in bytes.
        sha256: The digest of the content that was sent.
        asset_id: The asset.
        from_ledger: Whether an earlier run created the asset.
    """

    planned: Planned
    mime_type: str
    size: int
    sha256: bytes
    asset_id: str
    from_ledger: bool = False


@frozen(weakref_slot=False)
class Outcome:
    """The result of a file, which is set once. The attributes are those of `FileResult`."""

    status: FileStatus
    error: Exception | None = None
    size: int = 0
    mime_type: str | None = None
    asset_id: str | None = None
    caption: str | None = None
    attempts: int = 0
    seconds: float = 0.0
    facts: PictureFacts | None = None


def path_of(file: Planned | Refused) -> Path:
    """The path in the report."""
    return Path(file.shown_path)
