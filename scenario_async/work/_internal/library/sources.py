"""The sources of a sync: a folder, a list of paths, or a file system of fsspec.

A listing is a stream, so the list of all files is never in memory. Every file has a version, which is taken
from the listing alone: its size and time, or its checksum in the storage. So a second run does not read files
that did not change.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from attrs import evolve, field, frozen

from scenario_async._internal.pictures.opening import path_text
from scenario_async.errors import InvalidArgumentError
from scenario_async.work._internal.library.urls import has_query, shown_url, without_credentials

Source = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""A folder, a file, an fsspec URL such as ``s3://bucket/folder``, or several of these."""

_CHECKSUM_KEYS: Final = (
    "ETag",
    "etag",
    "md5Hash",
    "md5",
    "crc32c",
    "content_md5",
    "checksum",
    "sha256",
    "CRC",
)
"""The names of file systems for a content's checksum, the most reliable first."""

_TIME_KEYS: Final = (
    "mtime",
    "LastModified",
    "last_modified",
    "updated",
    "modified",
    "created",
)
"""The names of file systems for the time of a file."""

_CHAIN: Final = re.compile(r"[a-z][a-z0-9+._-]*::")
"""The beginning of a chain of file systems such as ``zip::folder/archive.zip``."""


@frozen
class Found:
    """A file of a source.

    Attributes:
        name: Its name in the ledger and the report: an absolute path, or a URL without credentials.
        file_name: The last part of its path.
        size: The size in bytes, according to the listing.
        version: A text that changes whenever the content changes.
        reason: Why it is not taken; empty if it is taken.
        system: The URL of its file system, which may contain credentials; empty for a local file.
        path: Its path in this file system.
        is_named: Whether the caller named it, and not its folder.
    """

    name: str
    file_name: str
    size: int
    version: str
    reason: str = ""
    system: str = field(default="", repr=False)
    path: str = field(default="", repr=False)
    is_named: bool = False


@frozen
class Selection:
    """The patterns that select files of a source.

    Attributes:
        include: A pattern, or several, that a file name has to match, e.g. ``"*.png"``.
        exclude: Patterns of file names, or of paths relative to the source, that are left out.
        recursive: Whether subfolders are listed too.
    """

    include: Sequence[str] = ("*",)
    exclude: Sequence[str] = ()
    recursive: bool = True

    def takes(self, relative: str) -> bool:
        """Whether a file is taken, by its path relative to the source, with slashes."""
        name = relative.rpartition("/")[2]
        if not any(fnmatch.fnmatch(name, one) or fnmatch.fnmatch(relative, one) for one in self.include):
            return False
        return not any(fnmatch.fnmatch(name, one) or fnmatch.fnmatch(relative, one) for one in self.exclude)


def listing(source: Source, selection: Selection) -> Iterator[Found]:
    """List the files of a source as a stream.

    Hidden files of a folder are left out, and AppleDouble files are hidden. Links to files are followed, but
    links to folders are not, since they may form a cycle.

    Args:
        source: A folder, a file, an fsspec URL, or several of these.
        selection: The patterns that select files.

    Raises:
        InvalidArgumentError: The folder, the file or the file system does not exist.
    """
    if isinstance(source, str | os.PathLike):
        yield from _listing_of(source, selection)
        return
    if not isinstance(cast("object", source), Iterable):
        raise InvalidArgumentError("source", source, "a folder, a file or a URL is needed, or several")
    for one in source:
        yield from _listing_of(one, selection)


def _listing_of(source: str | os.PathLike[str], selection: Selection) -> Iterator[Found]:
    given = path_text(source, "source")
    if not given.strip():
        raise InvalidArgumentError("source", source, "a folder, a file or a URL is needed")
    path = Path(given)
    if is_url(given):
        remote = _Remote(given)
        if remote.local_path is None:
            yield from remote.listing(selection)
            return
        path = remote.local_path
    try:
        mode, root = path.stat().st_mode, path.absolute()
    except (OSError, ValueError) as error:
        raise InvalidArgumentError("source", given, f"it cannot be read ({error})") from error
    yield from _folder(root, selection) if stat.S_ISDIR(mode) else _file(root, is_named=True)


def is_url(name: str) -> bool:
    """Whether a name is a URL for fsspec and not a path."""
    return "://" in name or (_CHAIN.match(name) is not None and not os.path.lexists(name))


def _folder(root: Path, selection: Selection) -> Iterator[Found]:
    waiting = [(root, "")]
    while waiting:
        folder, below = waiting.pop()
        folders: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    relative = f"{below}{entry.name}"
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.name)
                    elif selection.takes(relative):
                        yield from _file(Path(entry.path))
        except OSError as error:
            yield Found(str(folder), folder.name, 0, "", f"the folder cannot be read ({error.strerror})")
        if selection.recursive:
            waiting.extend((folder / name, f"{below}{name}/") for name in sorted(folders, reverse=True))


def _file(path: Path, *, is_named: bool = False) -> Iterator[Found]:
    try:
        status = path.stat()
    except OSError as error:
        yield Found(str(path), path.name, 0, "", f"it cannot be read ({error.strerror})")
        return
    if stat.S_ISREG(status.st_mode):
        version = f"{status.st_size}-{status.st_mtime_ns}"
        yield Found(str(path), path.name, status.st_size, version, is_named=is_named)
    elif not stat.S_ISDIR(status.st_mode):
        yield Found(str(path), path.name, 0, "", "it is neither a file nor a folder")


def has_changed(found: Found) -> bool:
    """Whether a local file changed since it was listed; for a remote one this is not known."""
    return not found.system and [one.version for one in _file(Path(found.name))] != [found.version]


class _Remote:
    """A file system of fsspec.

    Attributes:
        local_path: The path of a URL such as ``file:///folder``; None for other file systems.

    Raises:
        InvalidArgumentError: fsspec, or the package for this file system, is not installed.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._shown = shown_url(url)
        try:
            core: Any = import_module("fsspec.core")
        except ImportError:
            expected = "a URL needs fsspec: python -m pip install 'scenario-async[cloud]'"
            raise InvalidArgumentError("source", self._shown, expected) from None
        try:
            # A cached listing would keep the names of a whole bucket in memory.
            opened: tuple[Any, str] = core.url_to_fs(url, use_listings_cache=False)
        except Exception as error:  # noqa: BLE001 - each file system has its own, e.g. of a missing archive
            expected = f"this file system cannot be used ({self._message(error)})"
            raise InvalidArgumentError("source", self._shown, expected) from None
        self._files, self._root = opened
        self.local_path = Path(self._root) if _is_local(self._files) else None
        inner, _, outer = url.partition("::")
        kind = cast("Any", type(opened[0]))
        options = kind._get_kwargs_from_urls(inner)  # noqa: SLF001 - only a file system can read its URLs
        self._host = inner if "host" in options else ""
        self._outer, self._outer_version = _archive(outer) if outer else ("", "")
        # A file system that needs nothing of its URL is opened once for all its URLs.
        protocol, separator, _ = inner.partition("://")
        system = inner if options else f"{protocol}{separator}"
        self._system = f"{system}::{self._outer}" if outer else system
        self._is_archive = isinstance(self._files, import_module("fsspec.archive").AbstractArchiveFileSystem)

    def listing(self, selection: Selection) -> Iterator[Found]:
        try:
            information: Mapping[str, Any] = self._files.info(self._root)
            kind = information.get("type")
        except Exception as error:  # noqa: BLE001 - each file system has its own
            expected = f"it cannot be read ({self._message(error)})"
            # The error itself may contain a password.
            raise InvalidArgumentError("source", self._shown, expected) from None
        if kind != "file":
            listed = set[str]()
            yield from self._walk(selection, listed)
            yield from self._not_listed(selection, listed)
        elif information.get("mimetype") == "text/html":
            yield self._not_taken(self._root, "it is a web page, and the URL of a picture is needed")
        else:
            yield evolve(self._found(self._root, information), is_named=True)

    def _walk(self, selection: Selection, listed: set[str]) -> Iterator[Found]:
        """Yield the files in the folder and its subfolders; add the paths in an archive to `listed`."""
        # fsspec's own walk leaves out folders that cannot be listed.
        waiting = [(self._root, "")]
        seen = set[str]()
        while waiting:
            folder, below = waiting.pop()
            if folder in seen:  # an archive may list a folder inside itself, without end
                continue
            seen.add(folder)
            try:
                folders, files = self._inside(folder)
            except FileNotFoundError:  # object storage does not find an empty folder
                continue
            except Exception as error:  # noqa: BLE001 - each file system has its own
                yield self._not_taken(folder, f"the folder cannot be read ({self._message(error)})")
                continue
            for name, one in sorted(files.items()):
                relative = f"{below}{name}"
                if self._is_archive:
                    listed.add(one["name"])
                if _takes(selection, relative):
                    yield self._found(one["name"], one)
            waiting += _subfolders(folders, below, selection)

    def _not_listed(self, selection: Selection, listed: set[str]) -> Iterator[Found]:
        """Report the files of an archive that its file system does not list, and so does not open."""
        if not self._is_archive:
            return
        root = f"{self._root}/" if self._root else ""
        for path, one in sorted(self._files.dir_cache.items()):
            if one["type"] == "file" and path.startswith(root) and path not in listed:
                relative = path.removeprefix(root).lstrip("/")
                if _takes(selection, relative):
                    yield self._not_taken(path, "its name in the archive is not a relative path")

    def _inside(self, folder: str) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        """Return the subfolders of a folder with their paths, and the files with their information."""
        listed = next(iter(self._files.walk(folder, maxdepth=1, detail=True, on_error="raise")), None)
        if listed is None:
            return {}, {}
        path, folders, files = listed
        itself = files.pop("", {})
        if itself.get("type") == "directory" and itself["name"] == f"{path}/":
            # In object storage a folder may have an empty name, and only a search lists the files there.
            below = self._files.find(path, prefix="/", detail=True)
            files |= {
                name.removeprefix(f"{path}/"): one for name, one in below.items() if not name.endswith("/")
            }
        return {name: one["name"].rstrip("/") for name, one in folders.items()}, files

    def _found(self, path: str, information: Mapping[str, Any]) -> Found:
        if information.get("type") == "other":
            return self._not_taken(path, "it is neither a file nor a folder")
        size = int(information.get("size") or 0)
        return Found(
            self._name(path),
            _last_part(path),
            size,
            self._version(size, information),
            system=self._system,
            path=path,
        )

    def _not_taken(self, path: str, reason: str) -> Found:
        return Found(self._name(path), _last_part(path), 0, "", reason)

    def _version(self, size: int, information: Mapping[str, Any]) -> str:
        # Without a value that changes with the content, a second run has to read the file again.
        known = _known(_CHECKSUM_KEYS, information)
        if known or not self._outer:
            known = known or _known(_TIME_KEYS, information)
            return f"{size}-{known}" if known else ""
        # The times in an archive may be equal for different contents, so the archive's own version is added.
        known = _known(_TIME_KEYS, information)
        return f"{size}-{known}-{self._outer_version}" if known and self._outer_version else ""

    def _name(self, path: str) -> str:
        if self._host:
            protocol, _, rest = shown_url(self._host).partition("://")
            name = f"{protocol}://{rest.partition('/')[0]}/{path.lstrip('/')}"
        else:
            name = shown_url(str(self._files.unstrip_protocol(path)))
        return f"{name}::{shown_url(self._outer)}" if self._outer else name

    def _message(self, error: Exception) -> str:
        return without_credentials(str(error) or type(error).__name__, self._url)


def _is_local(files: Any) -> bool:
    return isinstance(files, import_module("fsspec.implementations.local").LocalFileSystem)


def _archive(url: str) -> tuple[str, str]:
    """Return the URL of an archive with an absolute path, and the archive's version if it is known."""
    before, separator, last = url.rpartition("::")
    try:
        files, path = import_module("fsspec.core").url_to_fs(last)
        information = files.info(path)
    except Exception:  # noqa: BLE001 - reading the archive's files shows what is wrong
        return url, ""
    known = _known((*_CHECKSUM_KEYS, *_TIME_KEYS), information)
    version = f"{information.get('size')}-{known}" if known else ""
    if information.get("type") == "directory":  # of a cache, whose files have versions of their own
        version = "folder"
    return f"{before}{separator}{path}" if _is_local(files) else url, version


def _known(keys: Sequence[str], information: Mapping[str, Any]) -> str:
    return next((f"{key}={information[key]}" for key in keys if information.get(key) is not None), "")


def _subfolders(folders: Mapping[str, str], below: str, selection: Selection) -> Iterator[tuple[str, str]]:
    """Yield the path of each subfolder to list, and its path relative to the root; the last one first."""
    for name, path in sorted(folders.items(), reverse=True):
        if name == ".":  # the folder itself, in the names of an archive
            yield path, below
        elif selection.recursive and not _is_hidden(name):
            yield path, f"{below}{name}/"


def _takes(selection: Selection, relative: str) -> bool:
    if not selection.recursive and "/" in relative:
        return False
    return not any(map(_is_hidden, relative.split("/"))) and selection.takes(relative)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and name not in {".", ".."}


def _last_part(path: str) -> str:
    """Return the last part of a path, without the query of a URL."""
    protocol, separator, _ = path.partition("://")
    if separator and has_query(protocol):
        path = path.partition("?")[0].partition("#")[0]
    return path.rstrip("/").rpartition("/")[2]
