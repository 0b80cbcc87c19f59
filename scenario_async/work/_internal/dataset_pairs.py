"""Find the pairs of a data set: equal names in two folders, or lines of ``pairs.jsonl``."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from scenario_async._internal.pictures.names import plain_name
from scenario_async.work._internal.dataset import DatasetItem, DatasetPair, DatasetProblem, dataset_error
from scenario_async.work._internal.dataset_captions import (
    LARGEST_LIST,
    json_rows,
    may_be_file,
    one_line,
    read_text,
    relative_name,
    shortened,
)

SOURCE_NAMES: Final = frozenset({"source", "control", "before", "input"})
"""Names of the folder with the pictures before the edit."""
TARGET_NAMES: Final = frozenset({"target", "after", "output"})
"""Names of the folder with the pictures after the edit."""

LIST_NAME: Final = "pairs.jsonl"


def read_pairs(root: Path, items: Sequence[DatasetItem]) -> tuple[list[DatasetPair], list[DatasetProblem]]:
    """Make pairs from the pictures of a data set; a picture without a partner is a problem."""
    problems: list[DatasetProblem] = []
    by_folders = _by_folders(root, items, problems)
    by_list = _by_list(root, items, problems)
    pairs = {(pair.source, pair.target): pair for pair in by_folders}
    for pair in by_list:
        known = pairs.get((pair.source, pair.target))
        if known is None or known.instruction is None or pair.instruction is not None:
            pairs[pair.source, pair.target] = pair
    paired = {path for pair in pairs.values() for path in (pair.source, pair.target)}
    for item in items:
        if item.path not in paired:
            message = "it has no partner: both pictures of a pair need the same name in their folders"
            problems.append(dataset_error("unpaired", message, item.path))
    return sorted(pairs.values(), key=lambda pair: str(pair.source)), problems


def _by_folders(
    root: Path, items: Sequence[DatasetItem], problems: list[DatasetProblem]
) -> list[DatasetPair]:
    sources, targets = _side(root, items, SOURCE_NAMES), _side(root, items, TARGET_NAMES)
    for side in (sources, targets):
        for stem, found in side.items():
            if len(found) > 1:
                message = f"{len(found)} pictures are called {stem!r}, and a pair needs one of each name"
                problems.append(dataset_error("pairs-unreadable", message, found[1].path))
    return [
        DatasetPair(source=sources[stem][0].path, target=found[0].path, instruction=found[0].caption)
        for stem, found in targets.items()
        if stem in sources
    ]


def _side(root: Path, items: Sequence[DatasetItem], names: frozenset[str]) -> Mapping[str, list[DatasetItem]]:
    """Return the pictures of one side by their stem, with their subfolders."""
    found: defaultdict[str, list[DatasetItem]] = defaultdict(list)
    for item in items:
        parts = item.path.relative_to(root).parts
        if len(parts) > 1 and parts[0].lower() in names:
            found[plain_name(Path(*parts[1:]).with_suffix("").as_posix())].append(item)
    return found


def _by_list(root: Path, items: Sequence[DatasetItem], problems: list[DatasetProblem]) -> list[DatasetPair]:
    path = root / LIST_NAME
    if not may_be_file(path):
        return []
    text, why = read_text(path, LARGEST_LIST)
    if text is None:
        problems.append(dataset_error("pairs-unreadable", why or "", path))
        return []
    known = {plain_name(item.path.relative_to(root).as_posix()): item for item in items}
    pairs: list[DatasetPair] = []
    for number, row in json_rows(path, text, problems, "pairs-unreadable"):
        source, target, instruction = (row.get(name) for name in ("source", "target", "instruction"))
        if not isinstance(source, str) or not isinstance(target, str):
            message = f"line {number} needs the files of a pair as source and target"
        elif not isinstance(instruction, str | None):
            message = f"line {number}: the instruction has to be text"
        elif missing := [name for name in (source, target) if relative_name(root, name) not in known]:
            message = f"line {number}: there is no picture {shortened(missing[0])!r}"
            if os.path.isfile(root / plain_name(missing[0])):  # noqa: PTH113 - it may be too long for a Path
                message += " among those taken; it is in a subfolder (take subfolders too), or left out"
        elif relative_name(root, source) == relative_name(root, target):
            message = f"line {number}: source and target are the same picture, {shortened(source)!r}"
        else:
            before, after = known[relative_name(root, source)], known[relative_name(root, target)]
            words = one_line(instruction) if instruction and instruction.strip() else after.caption
            pairs.append(DatasetPair(source=before.path, target=after.path, instruction=words))
            continue
        problems.append(dataset_error("pairs-unreadable", message, path))
    return pairs
