"""Find the caption of each picture: in an argument, in a metadata file, or in a text file beside it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final, cast

from scenario_async._internal.pictures.names import plain_name
from scenario_async.errors import InvalidArgumentError
from scenario_async.work._internal.dataset import (
    Captions,
    DatasetProblem,
    ProblemCode,
    Severity,
    dataset_error,
)

PLACEHOLDER: Final = "[trigger]"

_METADATA: Final = ("metadata.jsonl", "metadata.csv")
_LIKE_METADATA: Final = re.compile(r"(?i)metadata\.(csv|json|jsonl|parquet|tsv)")
_FILE_COLUMNS: Final = ("file_name", "image_path")
_TEXT_COLUMNS: Final = ("text", "caption", "prompt")
_SIDECARS: Final = (".txt", ".caption")
LARGEST_LIST: Final = 64 * 1024 * 1024
"""The largest metadata file and the largest list of pairs, in bytes."""
LARGEST_CAPTION: Final = 1024 * 1024
"""The largest caption file in bytes."""


class CaptionFiles:
    """The captions of one data set.

    Args:
        root: The folder of the data set; keys of a mapping may be paths relative to it.
        captions: The argument of `Dataset.read`.
        problems: The list to which problems are added.
    """

    def __init__(self, root: Path, captions: Captions, problems: list[DatasetProblem]) -> None:
        self._root = root
        self._given = _checked(captions) if isinstance(captions, Mapping) else {}
        self._reads_files = captions != "none"
        self._problems = problems
        self._metadata: dict[Path, dict[str, list[tuple[str, str]]]] = {}
        self._texts: dict[Path, dict[str, Path]] = {}
        self._used: set[tuple[Path, str] | str] = set()

    def caption_of(self, path: Path) -> tuple[str | None, str | None]:
        """Return the caption of a picture and its source; None for both if it has none."""
        for key in map(plain_name, (str(path), self._below(path), path.name, path.stem)):
            if key in self._given:
                self._used.add(key)
                return self._given[key], "argument"
        if not self._reads_files:
            return None, None
        found = [*self._from_metadata(path), *self._from_sidecars(path)]
        filled = [(text, place) for text, place in found if text]
        if found and not filled:
            self._report("warning", path, "caption-empty", f"its caption in {found[0][1]} is empty")
        if len({text for text, _ in filled}) > 1:
            places = " and ".join(dict.fromkeys(place for _, place in filled))
            self._report("error", path, "captions-differ", f"its captions in {places} differ: keep one")
        return filled[0] if filled else (None, None)

    def report_unused(self) -> None:
        """Report captions that belong to no picture, since the training would not use them."""
        for key in self._given:
            if key not in self._used:
                expected = "no picture in the data set has this name"
                raise InvalidArgumentError("captions", key, expected)
        for folder, rows in self._metadata.items():
            for name, entries in rows.items():
                is_inside = not Path(name).is_absolute() and not name.startswith("../")
                exists = is_inside and _exists(folder / name)
                if (folder, name) not in self._used and not exists:
                    place = entries[0][1]
                    which = "such picture" if is_inside else "such picture in this folder"
                    message = f"{place} has a caption for {shortened(name)!r}, and there is no {which}"
                    self._report("warning", folder / place, "caption-without-picture", message)
        for folder, texts in self._texts.items():
            listed = self._entries_of(folder) if texts else None
            if listed is None:
                continue
            others = [entry for entry in listed if entry.suffix.lower() not in _SIDECARS]
            names = {_sidecar_key(name) for other in others for name in (other.stem, other.name)}
            for text in texts.values():
                if _sidecar_key(text.stem) not in names:
                    message = "no picture has this name, so that the text is not used as a caption"
                    self._report("warning", text, "caption-without-picture", message)

    def _below(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else path.name

    def _report(self, severity: Severity, path: Path, code: ProblemCode, message: str) -> None:
        self._problems.append(DatasetProblem(severity=severity, path=path, code=code, message=message))

    # --- metadata files -----------------------------------------------------------------------

    def _from_metadata(self, path: Path) -> Iterator[tuple[str, str]]:
        """Yield the captions of a picture in the metadata files of its folder and of its parent folders."""
        folder = path.parent
        while True:
            if folder not in self._metadata:
                self._metadata[folder] = self._read_metadata(folder)
            name = plain_name(path.relative_to(folder).as_posix())
            if name in self._metadata[folder]:
                self._used.add((folder, name))
                yield from self._metadata[folder][name]
            if folder == self._root or not folder.is_relative_to(self._root):
                return
            folder = folder.parent

    def _read_metadata(self, folder: Path) -> dict[str, list[tuple[str, str]]]:
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for name in _METADATA:
            path = folder / name
            if not may_be_file(path):
                continue
            text = self._text_of(path, LARGEST_LIST, "metadata-unreadable")
            if text is None:
                continue
            rows = self._json_rows(path, text) if name.endswith(".jsonl") else self._csv_rows(path, text)
            wrong: list[int] = []
            for number, row in rows:
                file = next((row[column] for column in _FILE_COLUMNS if row.get(column)), None)
                caption = _first_text(row)
                if not isinstance(file, str) or not isinstance(caption, str | None):
                    wrong.append(number)
                elif caption is not None:
                    found[relative_name(folder, file)].append((one_line(caption), name))
            if wrong:
                message = (
                    f"row {_numbers(wrong)} needs the file's name as {_either(_FILE_COLUMNS)}, "
                    f"and the caption as {_either(_TEXT_COLUMNS)}"
                )
                self._report("error", path, "metadata-unreadable", message)
        self._report_other_metadata(folder)
        return found

    def _report_other_metadata(self, folder: Path) -> None:
        """Report files that look like metadata files, but are not read."""
        try:
            names = os.listdir(folder)  # noqa: PTH208 - a path for each picture would take long
        except OSError:  # `_entries_of` reports it
            return
        for name in filter(_LIKE_METADATA.fullmatch, sorted(names)):
            # On some systems, `Metadata.csv` is the same file as `metadata.csv`.
            is_read = name in _METADATA or (name.lower() in _METADATA and _exists(folder / name.lower()))
            if not is_read:
                message = f"captions are read from {' and '.join(_METADATA)}, so that this file is not used"
                self._report("warning", folder / name, "metadata-unreadable", message)

    def _json_rows(self, path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        return json_rows(path, text, self._problems, "metadata-unreadable")

    def _csv_rows(self, path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        wrong: list[int] = []
        short: list[int] = []
        try:
            reader = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True)
            while reader.fieldnames == []:  # an empty line before the first one with columns
                reader.fieldnames = None
            columns = reader.fieldnames or ()
            if columns and not set(_FILE_COLUMNS) & set(columns):
                message = (
                    f"its first line has no column {_either(_FILE_COLUMNS)}, in a list with commas between; "
                    f"it is {shortened(','.join(columns))!r}"
                )
                self._report("error", path, "metadata-unreadable", message)
                return
            if columns and not set(_TEXT_COLUMNS) & set(columns):
                message = f"its first line has no column {_either(_TEXT_COLUMNS)}, so that it has no captions"
                self._report("warning", path, "caption-missing", message)
            for row in reader:
                if any(row.get(None) or ()):  # more than empty columns at the end
                    wrong.append(reader.line_num)
                elif None in row.values() and not _names_file(path.parent, row):
                    short.append(reader.line_num)
                else:
                    yield reader.line_num, row
        except csv.Error as error:
            message = f"it is not valid CSV ({error})"
            self._report("error", path, "metadata-unreadable", message)
        if wrong:
            message = (
                f"line {_numbers(wrong)} has more columns than the first line: "
                "put quotes around a caption with a comma"
            )
            self._report("error", path, "metadata-unreadable", message)
        if short:
            message = (
                f"line {_numbers(short)} has fewer columns than the first line, and no picture has its name: "
                "put quotes around a caption with a line break"
            )
            self._report("error", path, "metadata-unreadable", message)

    # --- text files ---------------------------------------------------------------------------

    def _from_sidecars(self, path: Path) -> Iterator[tuple[str, str]]:
        texts = self._texts.get(path.parent)
        if texts is None:
            texts = self._texts[path.parent] = {
                _sidecar_key(entry.name): entry
                for entry in self._entries_of(path.parent) or ()
                if entry.suffix.lower() in _SIDECARS and not entry.name.startswith(".") and may_be_file(entry)
            }
        names = [path.stem + suffix for suffix in _SIDECARS] + [path.name + suffix for suffix in _SIDECARS]
        for name in dict.fromkeys(names):
            text = texts.get(_sidecar_key(name))
            if text is None:
                continue
            content = self._text_of(text, LARGEST_CAPTION, "caption-unreadable")
            if content is not None:
                yield one_line(content), text.name

    def _entries_of(self, folder: Path) -> list[Path] | None:
        """Return what is in a folder; None, after a report, for one that may be searched but not listed."""
        try:
            return sorted(folder.iterdir())
        except OSError as error:
            message = f"the folder cannot be listed ({error.strerror}), so that its text files are not used"
            self._report("warning", folder, "caption-unreadable", message)
            return None

    def _text_of(self, path: Path, largest: int, code: ProblemCode) -> str | None:
        text, why = read_text(path, largest)
        if why is not None:
            self._report("error", path, code, why)
        return text


def relative_name(folder: Path, name: str) -> str:
    """Return the name of a file relative to the folder of a list; unchanged if the file is elsewhere.

    Lists have names, paths that begin with ``./``, and absolute paths.
    """
    if not Path(name).is_absolute():
        return plain_name(PurePosixPath(os.path.normpath(name).replace(os.sep, "/")).as_posix())
    path = Path(os.path.normpath(name))  # not resolved, since a picture may be a link
    for spell in (os.path.abspath, os.path.realpath):
        if path.is_relative_to(start := spell(folder)):
            return plain_name(path.relative_to(start).as_posix())
    return plain_name(name)


def may_be_file(path: Path) -> bool:
    """Whether a path is a file, or cannot be looked at without permission: then `read_text` says why."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


def read_text(path: Path, largest: int) -> tuple[str | None, str | None]:
    """Return the text of a UTF-8 file with or without a BOM, or why it cannot be read."""
    try:
        if path.stat().st_size > largest:
            return None, f"it has over {largest:,} bytes, which is too much for text"
        return path.read_bytes().decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return None, "it is not UTF-8: save it as UTF-8"
    except OSError as error:
        return None, f"it cannot be read ({error.strerror})"


def json_rows(
    path: Path, text: str, problems: list[DatasetProblem], code: ProblemCode
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects of a JSONL file with their line numbers; add a problem for each invalid line."""
    wrong: list[int] = []
    # `str.splitlines` also splits at characters that JSON allows in a string, such as U+2028.
    for number, line in enumerate(io.StringIO(text, newline=None), 1):
        if not line.strip():
            continue
        try:
            row: Any = json.loads(line)
            if "\\u" in line:
                json.dumps(row, ensure_ascii=False).encode()  # half of a surrogate pair cannot be sent
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict):
            yield number, cast("Mapping[str, Any]", row)
        else:
            wrong.append(number)
    if wrong:
        problems.append(dataset_error(code, f"line {_numbers(wrong)} is not a JSON object", path))


def _names_file(folder: Path, row: Mapping[str, Any]) -> bool:
    return any(_exists(folder / row[name]) for name in _FILE_COLUMNS if row.get(name))


def _exists(path: Path) -> bool:
    """Whether there is a file; `Path.exists` raises an error for a name that is too long or has a NUL."""
    return os.path.exists(path)  # noqa: PTH110


def _first_text(row: Mapping[str, Any]) -> Any:
    """Return the first text of a row that is not empty; an empty one if there is no other, or None."""
    found: list[Any] = [row[column] for column in _TEXT_COLUMNS if row.get(column) is not None]
    filled = (text for text in found if not isinstance(text, str) or text.strip())
    return next(filled, found[0] if found else None)


def _either(names: Sequence[str]) -> str:
    return " or ".join(names)


def _numbers(found: Sequence[int]) -> str:
    """Return the first number, and how many follow; a file of another form is wrong in each line."""
    return str(found[0]) if len(found) == 1 else f"{found[0]} (and {len(found) - 1:,} more)"


def shortened(text: str, longest: int = 60) -> str:
    """Return a text in the form in which a problem shows it."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _sidecar_key(name: str) -> str:
    return plain_name(name).lower()


def one_line(text: str) -> str:
    """Return a caption in the form in which it is sent: on one line, without surrounding spaces."""
    return " ".join(text.split())


def with_trigger(caption: str | None, trigger: str) -> str:
    """Put the trigger into a caption: it replaces ``[trigger]``, is there already, or is put in front."""
    if not caption:
        return trigger
    if PLACEHOLDER in caption:
        return caption.replace(PLACEHOLDER, trigger)
    return caption if has_words(caption, trigger) else f"{trigger}, {caption}"


def has_words(caption: str, words: str) -> bool:
    """Whether a caption has a word or phrase, and not only a longer word that contains it."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", caption) is not None


def _checked(captions: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in cast("Mapping[Any, Any]", captions).items():
        name = key.as_posix() if isinstance(key, Path) else key
        if not isinstance(name, str) or not isinstance(value, str):
            expected = "a mapping from file names to captions is needed, all strings"
            raise InvalidArgumentError(f"captions[{key!r}]", value, expected)
        found[plain_name(name)] = one_line(value)
    return found
