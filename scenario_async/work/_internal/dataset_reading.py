"""Find the pictures of a data set in folders, with their captions and pairs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, cast

from attrs import define, evolve, field

from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.opening import is_folder, open_picture, path_of
from scenario_async._internal.pictures.skipping import has_picture_suffix, reason_to_skip
from scenario_async._internal.pictures.structure.content import DamagedPictureError
from scenario_async.errors import InvalidArgumentError
from scenario_async.work._internal.dataset import (
    Captions,
    Dataset,
    DatasetItem,
    DatasetPair,
    DatasetProblem,
    ProblemCode,
    dataset_error,
    dataset_warning,
)
from scenario_async.work._internal.dataset_captions import (
    PLACEHOLDER,
    CaptionFiles,
    may_be_file,
    with_trigger,
)
from scenario_async.work._internal.dataset_pairs import LIST_NAME, SOURCE_NAMES, TARGET_NAMES, read_pairs

_REPEATS: Final = re.compile(r"(\d{1,3})_(.*\S.*)")
"""The pattern of a folder's name such as ``10_knight``: the number of repeats, and the trigger."""


@define
class DatasetReader:
    """Reads one data set; the arguments are those of `Dataset.read`."""

    include: str | Sequence[str]
    exclude: str | Sequence[str]
    recursive: bool
    captions: Captions
    trigger: str | None
    problems: list[DatasetProblem] = field(factory=list[DatasetProblem], init=False)

    def read(self, source: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> Dataset:
        """Read a folder or files."""
        self._check_arguments()
        if isinstance(source, str | os.PathLike):
            path = path_of(source, "source")
            if is_folder(path, "source"):
                return self._read_folder(path)
            paths = [path] if _belongs_to_dataset(path, is_named=True) else []
            return self._dataset(path, paths, path.parent)
        if isinstance(source, bytes) or not isinstance(cast("object", source), Iterable):
            raise InvalidArgumentError("source", source, "a folder or an iterable of paths is needed")
        paths = [path_of(one, "source") for one in source]
        for path in paths:
            if is_folder(path, "source"):
                raise InvalidArgumentError("source", str(path), "either one folder or only files are needed")
        paths = [path for path in paths if _belongs_to_dataset(path, is_named=True)]
        if len({path.is_absolute() for path in paths}) > 1:
            paths = [path.absolute() for path in paths]
        root = Path(os.path.commonpath([path.parent for path in paths])) if paths else Path()
        return self._dataset(tuple(paths), paths, root)

    def _check_arguments(self) -> None:
        for name in ("include", "exclude"):
            value: Any = getattr(self, name)
            patterns: Any = [value] if isinstance(value, str) else value
            if not isinstance(patterns, Sequence) or not all(
                isinstance(pattern, str) for pattern in cast("Sequence[object]", patterns)
            ):
                raise InvalidArgumentError(name, value, "a pattern such as '*.png', or several, are needed")
            if name == "include" and not (patterns and all(map(str.strip, cast("Sequence[str]", patterns)))):
                raise InvalidArgumentError(name, value, "a pattern that is not blank is needed")
        captions: Any = self.captions
        if not isinstance(captions, Mapping) and captions not in ("auto", "none"):  # a list has no hash
            expected = "'auto', 'none' or a mapping from file names to captions is needed"
            raise InvalidArgumentError("captions", captions, expected)
        if self.trigger is not None and not isinstance(cast("object", self.trigger), str):
            raise InvalidArgumentError("trigger", self.trigger, "a word is needed")

    def _read_folder(self, folder: Path) -> Dataset:
        subfolders = [
            entry for entry in _entries_of(folder) if _is_subfolder(entry) and not entry.name.startswith(".")
        ]
        sources = [entry for entry in subfolders if entry.name.lower() in SOURCE_NAMES]
        targets = [entry for entry in subfolders if entry.name.lower() in TARGET_NAMES]
        is_paired = bool(sources and targets) or may_be_file(folder / LIST_NAME)
        numbered = [entry for entry in subfolders if _REPEATS.fullmatch(entry.name)]
        more = [*sources, *targets] if is_paired else numbered
        paths = self._pictures_in(folder, folder, recursive=self.recursive)
        for entry in more if not self.recursive else ():
            paths += self._pictures_in(entry, folder, recursive=False)
        return self._dataset(folder, paths, folder, is_paired=is_paired)

    def _pictures_in(
        self, folder: Path, root: Path, *, recursive: bool, above: frozenset[Path] = frozenset()
    ) -> list[Path]:
        found: list[Path] = []
        if recursive:
            above = above | {folder.resolve()}
        for entry in _entries_of(folder):
            if entry.name.startswith("."):
                continue
            if _is_subfolder(entry):
                if recursive and entry.resolve() not in above:  # a link may lead to a parent folder
                    found += self._pictures_in(entry, root, recursive=True, above=above)
            elif self._is_wanted(entry, root) and _belongs_to_dataset(entry):
                found.append(entry)
        return found

    def _is_wanted(self, path: Path, root: Path) -> bool:
        return _matches(path, root, self.include) and not _matches(path, root, self.exclude)

    def _dataset(
        self, source: Path | tuple[Path, ...], paths: Sequence[Path], root: Path, *, is_paired: bool = False
    ) -> Dataset:
        repeats, words = self._named_by_folders(paths)
        trigger = words if self.trigger is None else self.trigger.strip() or None
        items = self._with_captions(paths, root)
        pairs: Sequence[DatasetPair] = ()
        if is_paired:
            pairs, problems = read_pairs(root, items)
            self.problems += problems
        if trigger is not None:
            items = [
                evolve(
                    item,
                    caption=with_trigger(item.caption, trigger),
                    caption_source=item.caption_source or "trigger",
                )
                for item in items
            ]
            pairs = [
                evolve(pair, instruction=pair.instruction and pair.instruction.replace(PLACEHOLDER, trigger))
                for pair in pairs
            ]
        return Dataset(
            items=tuple(items),
            pairs=tuple(pairs),
            trigger=trigger,
            repeats=repeats,
            source=source,
            is_paired=is_paired,
            problems=tuple(self.problems),
        )

    def _with_captions(self, paths: Sequence[Path], root: Path) -> list[DatasetItem]:
        files = CaptionFiles(root, self.captions, self.problems)
        items: list[DatasetItem] = []
        for path in paths:
            caption, place = files.caption_of(path)
            items.append(
                DatasetItem(path=path, caption=caption, caption_source=place, facts=self._facts_of(path))
            )
        files.report_unused()
        return items

    def _facts_of(self, path: Path) -> PictureFacts | None:
        try:
            return open_picture(path, "source").facts
        except InvalidArgumentError as error:
            is_damaged = isinstance(error.__context__, DamagedPictureError)
            code: ProblemCode = "damaged" if is_damaged else "not-a-picture"
            self.problems.append(dataset_error(code, error.expected, path))
            return None

    def _named_by_folders(self, paths: Sequence[Path]) -> tuple[int | None, str | None]:
        """Return the repeats and the trigger from the names of the folders, such as ``10_knight``."""
        named = {path.parent: _REPEATS.fullmatch(path.parent.name) for path in paths}
        found = {folder: match for folder, match in named.items() if match and int(match[1]) > 0}
        numbers = {int(match[1]) for match in found.values()}
        words = {match[2].strip() for match in found.values()}
        if len(numbers) > 1:
            shown = ", ".join(sorted(folder.name for folder in found))
            message = f"the folders name different repeats ({shown}), and the service has one number for all"
            self.problems.append(dataset_error("repeats-differ", message))
        elif found and len(found) < len(named):
            message = "some folders name repeats (10_knight) and some do not; the number is used for all"
            self.problems.append(dataset_warning("repeats-differ", message))
        repeats = numbers.pop() if len(numbers) == 1 else None
        return repeats, words.pop() if len(words) == 1 and len(found) == len(named) else None


def _entries_of(folder: Path) -> list[Path]:
    try:
        os.stat(os.path.join(folder, "."))  # noqa: PTH116, PTH118 - without permission, each file would fail
        return sorted(folder.iterdir())
    except OSError as error:
        why = f"the folder cannot be read ({error.strerror})"
        raise InvalidArgumentError("source", str(folder), why) from None


def _is_subfolder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - `Path.is_dir` raises an error in a folder without permission


def _matches(path: Path, root: Path, patterns: str | Sequence[str]) -> bool:
    below = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return any(
        fnmatchcase(path.name, pattern) or fnmatchcase(below, pattern)
        for pattern in ([patterns] if isinstance(patterns, str) else patterns)
    )


def _belongs_to_dataset(path: Path, *, is_named: bool = False) -> bool:
    """Whether a file is a picture of the data set, or a failure that `check` has to report."""
    if not path.name.startswith("._") and (is_named or has_picture_suffix(path.name)):
        return True  # its content would not change the answer
    try:
        open_picture(path, "source")
    except InvalidArgumentError as error:
        return reason_to_skip(path.name, error, is_named=is_named) is None
    return True
