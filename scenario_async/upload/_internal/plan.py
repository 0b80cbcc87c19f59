"""Find the pictures of a batch, and check which of them can be sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias, cast

from attrs import evolve

from scenario_async._internal.pictures.encoded import refuse_url
from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.opening import (
    has_read,
    is_folder,
    name_of,
    open_picture,
    path_of,
    path_text,
)
from scenario_async._internal.pictures.skipping import has_picture_suffix, reason_to_skip
from scenario_async.errors import InvalidArgumentError
from scenario_async.upload._internal.stages import Planned, Refused

NamedImage: TypeAlias = tuple[str, bytes | BinaryIO]
"""A picture that is not a file, with its name: ``("fox.png", content)``."""

Image: TypeAlias = str | os.PathLike[str] | bytes | BinaryIO | NamedImage
"""A picture: a path, bytes, a binary file open for reading, or a pair of a name and bytes or a file."""

Images: TypeAlias = Image | Iterable[Image]
"""A folder, a picture, or several pictures."""

_CAPTION_SUFFIXES: Final = frozenset({".txt", ".caption"})
"""Suffixes of caption files: ``fox.txt`` or ``fox.png.txt`` for ``fox.png``."""

_SUFFIX_OF: Final = {"image/svg+xml": ".svg", "image/jpeg": ".jpg"}


def plan(images: Images, *, recursive: bool = False, follow_links: bool = True) -> list[Planned | Refused]:
    """Find the pictures, and read the first bytes of every file.

    Args:
        images: A folder (the files directly in it are taken, sorted by name), a picture, or several pictures.
        recursive: Take the files in subfolders too, except in hidden ones.
        follow_links: Follow symbolic links in a folder; if not, links are skipped.

    Raises:
        InvalidArgumentError: The folder does not exist, or has no picture.
    """
    planner = _Planner()
    if _is_path(images):
        path = _path(cast("str | os.PathLike[str]", images))
        if is_folder(path, "images"):
            _Folder(planner, recursive=recursive, follow_links=follow_links).plan(path)
        else:
            planner.add_path(path)
    elif _is_content(images):
        planner.add(cast("Image", images))
    elif isinstance(images, Mapping):
        expected = "a mapping is not taken: pass its keys if they are paths, or its items() if they are names"
        raise InvalidArgumentError("images", cast("object", images), expected)
    elif isinstance(cast("object", images), Iterable):
        for image in cast("Iterable[Image]", images):
            planner.add(image)
        if not planner.files:
            raise InvalidArgumentError("images", images, "at least one picture is needed")
    else:
        raise InvalidArgumentError(
            "images", images, "a folder, a picture or an iterable of pictures is needed"
        )
    return planner.files


def _is_path(image: object) -> bool:
    return isinstance(image, str | os.PathLike)


def _is_content(image: object) -> bool:
    """Whether it is a picture that is not a file: bytes, a readable object, or one of them with a name."""
    if isinstance(image, tuple):
        pair = cast("tuple[object, ...]", image)
        return len(pair) == 2 and isinstance(pair[0], str) and _is_content(pair[1])  # noqa: PLR2004 - a pair
    return isinstance(image, bytes | bytearray | memoryview) or has_read(image)


def _path(given: str | os.PathLike[str]) -> Path:
    refuse_url(path_text(given, "images"), "images")
    return path_of(given, "images")


class _Planner:
    """Collects the files of a batch in order."""

    def __init__(self) -> None:
        self.files: list[Planned | Refused] = []
        self._facts: dict[PictureFacts | None, PictureFacts | None] = {}

    def add(self, image: Image) -> None:
        """Add a picture that the caller named; if it cannot be sent, it is a failure."""
        if _is_content(image):
            self._add_content(cast("bytes | BinaryIO | NamedImage", image))
        elif _is_path(image):
            self.add_path(_path(cast("str | os.PathLike[str]", image)))
        else:
            expected = "a path, bytes or a binary file open for reading is needed"
            raise InvalidArgumentError("images", image, expected)

    def add_path(self, path: Path, *, is_named: bool = True, is_caption: bool = False) -> None:
        """Add a file as a picture, as skipped with a reason, or as failed.

        The caption file of a picture is ignored, unless its content is a picture.

        Args:
            path: The file.
            is_named: Whether the caller named it, and not its folder.
            is_caption: Whether it has the name of a picture's caption.
        """
        try:
            picture = open_picture(path, "images")
        except InvalidArgumentError as error:
            reason = reason_to_skip(path.name, error, is_named=is_named)
            if reason is None:
                self.fail(path, error)
            elif not is_caption:
                self.skip(path, reason)
        else:
            # Equal facts are stored once, because twenty thousand pictures often have the same size.
            facts = self._facts.setdefault(picture.facts, picture.facts)
            self.files.append(Planned(len(self.files), str(path), picture.mime_type, picture.size, facts))

    def fail(self, path: Path | str, error: InvalidArgumentError) -> None:
        """Add a file that cannot be sent, or a folder that cannot be read."""
        self.files.append(Refused(len(self.files), str(path), "failed", error))

    def skip(self, path: Path | str, why: str) -> None:
        """Add a file that is skipped."""
        error = InvalidArgumentError("images", str(path), why)
        self.files.append(Refused(len(self.files), str(path), "skipped", error))

    def _add_content(self, image: bytes | BinaryIO | NamedImage) -> None:
        name, content = image if isinstance(image, tuple) else (None, image)
        place = len(self.files)
        try:
            picture = open_picture(cast("BinaryIO", content), "images")
        except InvalidArgumentError as error:
            shown = name or name_of(content) or f"picture {place + 1}"
            reason = reason_to_skip(Path(shown).name, error, is_named=True)
            if reason is None:
                self.fail(shown, error)
            else:
                self.skip(shown, reason)
            return
        suffix = _SUFFIX_OF.get(picture.mime_type) or f".{picture.mime_type.rpartition('/')[2]}"
        picture = evolve(picture, name=name or picture.name or f"picture-{place + 1}{suffix}")
        self.files.append(Planned(place, picture, picture.mime_type, picture.size, picture.facts))


class _Folder:
    """Plans the files of a folder, sorted by name."""

    def __init__(self, planner: _Planner, *, recursive: bool, follow_links: bool) -> None:
        self._planner = planner
        self._recursive = recursive
        self._follow_links = follow_links
        self._seen: set[Path] = set()
        self._captions: set[str] = set()

    def plan(self, folder: Path) -> None:
        """Plan a folder.

        Raises:
            InvalidArgumentError: It cannot be read, or there is no picture in it.
        """
        entries = list(self._entries_of(folder))
        if not entries:
            raise InvalidArgumentError(
                "images", str(folder), "the folder is empty; pictures are needed in it"
            )
        self._seen.add(folder.resolve())  # fails in a current folder that was removed, which seems empty
        while entries:  # each path is released after it was read
            self._plan_entry(Path(entries.pop()), entries.extend)
        files = self._planner.files
        if all(isinstance(file, Refused) and file.status == "skipped" for file in files):
            where = "in this folder" if self._recursive else "directly in this folder"
            raise InvalidArgumentError("images", str(folder), f"there is no picture {where}")

    def _entries_of(self, folder: Path) -> Iterator[str]:
        """Return the paths in a folder, the last one first; as text, which needs much less memory."""
        try:
            # The dot needs the permission to open files of the folder, without which each file would fail.
            names = sorted(os.listdir(os.path.join(folder, ".")), reverse=True)  # noqa: PTH118, PTH208
        except OSError as error:
            expected = f"the folder cannot be read ({error.strerror or error})"
            raise InvalidArgumentError("images", str(folder), expected) from error
        self._captions.update(os.path.join(folder, name) for name in _captions_among(names))  # noqa: PTH118
        return (os.path.join(folder, name) for name in names)  # noqa: PTH118

    def _plan_entry(self, entry: Path, more: Callable[[Iterator[str]], object]) -> None:
        planner = self._planner
        if entry.name.startswith("."):
            planner.skip(entry, "it is hidden")
        # The methods of Path raise an error for an entry in a folder without permission.
        elif not self._follow_links and os.path.islink(entry):  # noqa: PTH114
            planner.skip(entry, "it is a link, and links are not followed")
        elif not os.path.isdir(entry):  # noqa: PTH112
            is_caption = str(entry) in self._captions and os.path.isfile(entry)  # noqa: PTH113
            planner.add_path(entry, is_named=False, is_caption=is_caption)
        elif not self._recursive:
            planner.skip(entry, "it is a subfolder; recursive=True takes its pictures")
        else:
            inside = entry.resolve()
            if inside not in self._seen:  # a link may lead to a parent folder
                self._seen.add(inside)
                try:
                    more(self._entries_of(entry))
                except InvalidArgumentError as error:
                    planner.fail(entry, error)


def _captions_among(names: Iterable[str]) -> list[str]:
    """Return the names in a folder that are those of captions of its pictures."""
    captions = [name for name in names if _suffix(name) in _CAPTION_SUFFIXES]
    if not captions:
        return []
    pictures = {name for name in names if has_picture_suffix(name)}
    pictures.update([os.path.splitext(name)[0] for name in pictures])  # noqa: PTH122 - faster than Path
    return [name for name in captions if os.path.splitext(name)[0] in pictures]  # noqa: PTH122


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - faster than Path
