"""Which files a batch consists of, and which of them can go: looked at before anything is sent."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar, Final, cast, overload

from attrs import define

from scenario_async._internal.pictures.picture import Picture, open_picture
from scenario_async.errors import InvalidArgumentError
from scenario_async.upload.report import FileResult, FileStatus

Images = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""A folder, a file, or several files."""

IMAGE_SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".avif", ".tif", ".tiff", ".heic", ".heif"}
)
"""Names by which a file in a folder is meant as a picture, whatever is in it."""

Fingerprint = tuple[int, int, int]
"""What changes when a file's content does: its size, the time of its last change, and which file it is."""


@define(weakref_slot=False)
class PlannedFile:
    """A file of a batch, and what has become of it so far. Small: there may be many.

    Attributes:
        path: The file.
        mime_type: What its content is; None if it cannot go.
        size: Its size in bytes.
        status: None until its end.
        error: Why it is not in the set.
        sha256: The digest of its content, as it was when its turn came.
        fingerprint: What else changes with its content, at that time. None after its end.
        asset_id: The asset that it became.
        from_ledger: Whether the asset was made by an earlier run.
        attempts: How often it was sent.
        attach_attempts: How often it was attached.
        sent: How many of its bytes went, of the latest attempt.
        started: When its turn came, by the monotonic clock.
        seconds: From then to its end.
    """

    path: str
    mime_type: str | None = None
    size: int = 0
    status: FileStatus | None = None
    error: Exception | None = None
    sha256: bytes | None = None
    fingerprint: Fingerprint | None = None
    asset_id: str | None = None
    from_ledger: bool = False
    caption: str | None = None
    attempts: int = 0
    attach_attempts: int = 0
    sent: int = 0
    started: float | None = None
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


class Results(Sequence[FileResult]):
    """The results of a batch, in the order given; each made when it is looked at, as there may be many."""

    def __init__(self, files: Sequence[PlannedFile]) -> None:
        self._files = files

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, index: int) -> FileResult: ...
    @overload
    def __getitem__(self, index: slice) -> list[FileResult]: ...
    def __getitem__(self, index: int | slice) -> FileResult | list[FileResult]:
        if isinstance(index, slice):
            return [file.result() for file in self._files[index]]
        return self._files[index].result()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(cast("Sequence[object]", other))

    __hash__: ClassVar[None] = None  # type: ignore[assignment] # as a list has none

    def __repr__(self) -> str:
        # Short: `asyncio.run` makes the repr of what it returns, twice, and drops it.
        counts = Counter(file.status or "not tried" for file in self._files)
        return f"<{', '.join(f'{count} {status}' for status, count in counts.items())}>"


def plan(images: Images) -> list[PlannedFile]:
    """Find the files and look at each. Reads the first bytes of every file.

    Args:
        images: A folder (the files directly in it are taken, by name), a file, or several files.

    Raises:
        InvalidArgumentError: There is no such folder, or nothing in it that could be meant.
    """
    if isinstance(images, str | os.PathLike):
        path = _path(images)
        return _plan_folder(path) if _is_folder(path) else [_look_at(path)]
    if isinstance(images, bytes) or not isinstance(cast("object", images), Iterable):
        raise InvalidArgumentError("images", images, "a folder or an iterable of paths is needed")
    files = [_look_at(_path(path)) for path in images]
    if not files:
        raise InvalidArgumentError("images", images, "at least one picture is needed")
    return files


def _path(given: str | os.PathLike[str]) -> Path:
    try:
        return Path(given)
    except TypeError:
        raise InvalidArgumentError("images", given, "a path is needed") from None


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        raise InvalidArgumentError("images", str(path), "there is no such folder or file") from None
    except (OSError, ValueError) as error:
        raise InvalidArgumentError("images", str(path), f"it cannot be read ({error})") from error


def _plan_folder(folder: Path) -> list[PlannedFile]:
    try:
        names = sorted(os.listdir(folder), reverse=True)  # noqa: PTH208 - there may be very many: no paths
    except OSError as error:
        raise InvalidArgumentError("images", str(folder), f"the folder cannot be read ({error})") from error
    if not names:
        raise InvalidArgumentError("images", str(folder), "the folder is empty; pictures are needed in it")
    inside = folder.resolve()
    planned: list[PlannedFile] = []
    while names:  # each name is let go when it has become a path
        planned.append(_look_at_entry(folder / names.pop(), inside))
    if all(file.status == "skipped" for file in planned):
        raise InvalidArgumentError("images", str(folder), "there is no picture directly in this folder")
    return planned


def _look_at_entry(entry: Path, inside: Path) -> PlannedFile:
    reason = None
    if entry.name.startswith("."):
        reason = "it is hidden"
    elif entry.is_symlink() and _leaves(entry, inside):
        reason = "it is a link that leaves the folder"
    elif entry.is_dir():
        reason = "it is a folder; only the files directly in the folder given are taken"
    if reason is None:
        planned = _look_at(entry)
        if planned.mime_type is not None or entry.suffix.lower() in IMAGE_SUFFIXES:
            return planned
        reason = "it is no picture"
    return PlannedFile(str(entry), status="skipped", error=InvalidArgumentError("images", str(entry), reason))


def _leaves(link: Path, folder: Path) -> bool:
    try:
        return not link.resolve().is_relative_to(folder)
    except (OSError, RuntimeError):  # it leads to itself; up to Python 3.12 that is a RuntimeError
        return False


def _look_at(path: Path) -> PlannedFile:
    try:
        picture = open_picture(path, "images")
    except InvalidArgumentError as error:
        return PlannedFile(str(path), status="failed", error=error)
    return PlannedFile(str(path), picture.mime_type, picture.size)
