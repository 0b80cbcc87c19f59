"""Which files a batch consists of, and which of them can go: looked at before anything is sent."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, cast

from attrs import define

from scenario_async.errors import InvalidArgumentError
from scenario_async.pictures import Picture, open_picture
from scenario_async.upload.report import FileResult, FileStatus

Images = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""A folder, a file, or several files."""

IMAGE_SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".avif", ".tif", ".tiff", ".heic", ".heif"}
)
"""Names by which a file in a folder is meant as a picture, whatever is in it."""


@define
class PlannedFile:
    """A file of a batch, and what has become of it so far. Small: there may be many.

    Attributes:
        path: The file.
        mime_type: What its content is; None if it cannot go.
        size: Its size in bytes.
        status: None until its end.
        error: Why it is not in the set.
        sha256: The digest of its content, while it is on its way.
        asset_id: The asset that it became.
        from_ledger: Whether the asset was made by an earlier run.
        attempts: How often it was sent.
        attach_attempts: How often it was attached.
        sent: How many of its bytes went, of the latest attempt.
    """

    path: str
    mime_type: str | None = None
    size: int = 0
    status: FileStatus | None = None
    error: Exception | None = None
    sha256: bytes | None = None
    asset_id: str | None = None
    from_ledger: bool = False
    caption: str | None = None
    attempts: int = 0
    attach_attempts: int = 0
    sent: int = 0
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return os.path.basename(self.path)  # noqa: PTH119 - one for each of very many, without a Path each

    @property
    def picture(self) -> Picture:
        """The content, to be sent."""
        return Picture(Path(self.path), self.size, self.mime_type or "", self.name)

    def result(self) -> FileResult:
        """What the report says of it."""
        return FileResult(
            path=Path(self.path),
            status=self.status or "not tried",
            size=self.size,
            asset_id=self.asset_id,
            caption=self.caption,
            error=self.error,
            attempts=self.attempts + max(self.attach_attempts - 1, 0),
            seconds=self.seconds,
        )


def digest(file: PlannedFile) -> bytes:
    """The SHA-256 of a file's content, 32 bytes.

    Raises:
        InvalidArgumentError: It cannot be read any more.
    """
    try:
        with Path(file.path).open("rb") as content:
            return hashlib.file_digest(content, "sha256").digest()
    except OSError as error:
        raise _unreadable(file, error) from error


def fingerprint(file: PlannedFile) -> tuple[int, int, int]:
    """What changes when a file's content does: its size, the time of its last change, and which file it is.

    Raises:
        InvalidArgumentError: It is not there any more.
    """
    try:
        status = Path(file.path).stat()
    except OSError as error:
        raise _unreadable(file, error) from error
    return status.st_size, status.st_mtime_ns, status.st_ino


def _unreadable(file: PlannedFile, error: OSError) -> InvalidArgumentError:
    return InvalidArgumentError(
        "images", file.path, f"the file has to stay readable until it is sent ({error})"
    )


def plan(images: Images) -> list[PlannedFile]:
    """Find the files and look at each. Reads the first bytes of every file.

    Args:
        images: A folder (the files directly in it are taken, by name), a file, or several files.

    Raises:
        InvalidArgumentError: There is no such folder, or nothing in it that could be meant.
    """
    if isinstance(images, str | os.PathLike):
        path = Path(images)
        return _plan_folder(path) if path.is_dir() else _plan_files([path], missing_is_misuse=True)
    if not isinstance(cast("object", images), Iterable):
        raise InvalidArgumentError("images", images, "a folder or an iterable of paths is needed")
    return _plan_files([Path(path) for path in images])


def _plan_files(paths: Sequence[Path], *, missing_is_misuse: bool = False) -> list[PlannedFile]:
    if not paths:
        raise InvalidArgumentError("images", paths, "at least one picture is needed")
    if missing_is_misuse and not paths[0].exists():
        raise InvalidArgumentError("images", str(paths[0]), "there is no such folder or file")
    return [_look_at(path) for path in paths]


def _plan_folder(folder: Path) -> list[PlannedFile]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise InvalidArgumentError("images", str(folder), f"the folder cannot be read ({error})") from error
    if not entries:
        raise InvalidArgumentError("images", str(folder), "the folder is empty; pictures are needed in it")
    inside = folder.resolve()
    planned = [_look_at_entry(entry, inside) for entry in entries]
    if all(file.status == "skipped" for file in planned):
        raise InvalidArgumentError("images", str(folder), "there is no picture directly in this folder")
    return planned


def _look_at_entry(entry: Path, inside: Path) -> PlannedFile:
    reason = None
    if entry.name.startswith("."):
        reason = "it is hidden"
    elif entry.is_symlink() and not entry.resolve().is_relative_to(inside):
        reason = "it is a link that leaves the folder"
    elif entry.is_dir():
        reason = "it is a folder; only the files directly in the folder given are taken"
    if reason is None:
        planned = _look_at(entry)
        if planned.mime_type is not None or entry.suffix.lower() in IMAGE_SUFFIXES:
            return planned
        reason = "it is no picture"
    return PlannedFile(str(entry), status="skipped", error=InvalidArgumentError("images", str(entry), reason))


def _look_at(path: Path) -> PlannedFile:
    try:
        picture = open_picture(path, "images")
    except InvalidArgumentError as error:
        return PlannedFile(str(path), status="failed", error=error)
    return PlannedFile(str(path), picture.mime_type, picture.size)
