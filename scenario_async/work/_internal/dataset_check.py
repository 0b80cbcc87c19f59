"""Check a data set for errors and warnings before anything is sent or paid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from scenario_async._internal.display.content import Page
from scenario_async._internal.display.report import HtmlReport
from scenario_async._internal.display.words import counted
from scenario_async.errors import InvalidArgumentError, check_whole_number
from scenario_async.upload._internal.report import DOCUMENTED_SET_LIMIT
from scenario_async.work._internal.dataset import Dataset, DatasetProblem, dataset_error, dataset_warning
from scenario_async.work._internal.dataset_captions import PLACEHOLDER, has_words, shortened
from scenario_async.work._internal.dataset_pixels import Pixels, decode_pictures

ADVISED: Final = range(5, 16)
"""The recommended number of pictures for a training (documented)."""

FEWEST_PAIRS: Final = 2
"""The smallest number of pairs for the training of an edit model (documented)."""

_SHOWN_ERRORS: Final = 5
"""The most errors in a summary."""

_SHAPE_TOLERANCE: Final = 0.02
"""The relative difference of the aspect ratios of a pair that is allowed without a warning."""


@frozen(kw_only=True)
class DatasetReport(HtmlReport):
    """The result of a check.

    Attributes:
        dataset: The data set that was checked.
        type: The type of model that it was checked for; None if none was given.
        problems: Errors first, then warnings, each group in the order of the pictures.
        decoded: Whether the pictures were decoded, which needs Pillow (extra ``images``).
        compared: Whether near-duplicates were searched for, which needs dhash (extra ``datasets``).
    """

    dataset: Dataset
    type: str | None
    problems: tuple[DatasetProblem, ...]
    decoded: bool
    compared: bool

    @property
    def errors(self) -> tuple[DatasetProblem, ...]:
        """The problems that make a training fail or learn the wrong thing."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[DatasetProblem, ...]:
        """The problems that can make a training worse."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    @property
    def ok(self) -> bool:
        """Whether there is no error; there may be warnings."""
        return not self.errors

    def summary(self) -> str:
        """Return one line: the numbers of pictures, captions, pairs and problems, and the first errors."""
        dataset = self.dataset
        parts = [counted(len(dataset.items), "picture")]
        found = ", ".join(f"{count} from {place}" for place, count in dataset.captions_found.items())
        captions = sum(item.caption is not None for item in dataset.items)
        parts.append(counted(captions, "caption") + (f" ({found})" if found else ""))
        if dataset.is_paired:
            parts.append(counted(len(dataset.pairs), "pair"))
        if dataset.trigger:
            parts.append(f"trigger {dataset.trigger!r}")
        if dataset.repeats:
            parts.append(counted(dataset.repeats, "repeat"))
        parts.append(f"{counted(len(self.errors), 'error')}, {counted(len(self.warnings), 'warning')}")
        shown = "; ".join(map(str, self.errors[:_SHOWN_ERRORS]))
        more = len(self.errors) - _SHOWN_ERRORS
        return ", ".join(parts) + (f"; {shown}" if shown else "") + (f"; and {more} more" if more > 0 else "")

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        dataset = self.dataset
        return {
            "ok": self.ok,
            "type": self.type,
            "pictures": len(dataset.items),
            "captions": dict(dataset.captions_found),
            "pairs": len(dataset.pairs),
            "trigger": dataset.trigger,
            "repeats": dataset.repeats,
            "decoded": self.decoded,
            "compared": self.compared,
            "problems": [problem.to_dict() for problem in self.problems],
        }

    def _page(self) -> Page:
        from scenario_async.work._internal.report_pages import dataset_page

        return dataset_page(self)

    def to_json(self) -> dict[str, Any]:
        """Do the same as `to_dict`, under the name that the other reports use."""
        return self.to_dict()


def check_dataset(dataset: Dataset, type: str | None, near: int | None) -> DatasetReport:
    """Check a data set; see `Dataset.check`."""
    if near is not None:
        check_whole_number("near", near, at_least=0)
    if type is not None and not isinstance(type, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers
        raise InvalidArgumentError("type", type, "a type of model such as 'flux.2-dev-lora' is needed")
    paths = [item.path for item in dataset.items if item.facts is not None]
    pixels = decode_pictures(paths, compare=near is not None)
    problems = list(dataset.problems)
    for check in _CHECKS:
        problems += check(dataset)
    problems += _about_type(dataset, type)
    problems += _damaged(pixels)
    groups = _equal_files(paths)
    problems += _duplicates(groups)
    if near is not None:
        problems += _near_duplicates(pixels, [first for first, *_ in groups], near)
    return DatasetReport(
        dataset=dataset,
        type=type,
        problems=tuple(sorted(problems, key=lambda problem: problem.severity != "error")),
        decoded=pixels.decoded,
        compared=pixels.compared,
    )


def _count(dataset: Dataset) -> Iterator[DatasetProblem]:
    number = len(dataset.pairs) if dataset.is_paired else len(dataset.items)
    what = "pairs" if dataset.is_paired else "pictures"
    if not dataset.items:
        yield dataset_error("count", "there are no pictures in it")
    elif len(dataset.items) > DOCUMENTED_SET_LIMIT:
        message = f"{len(dataset.items)} pictures, and a model takes at most {DOCUMENTED_SET_LIMIT}"
        yield dataset_error("count", message)
    elif number and number not in ADVISED:
        message = f"{number} {what}; the service recommends {ADVISED[0]} to {ADVISED[-1]}"
        yield dataset_warning("count", message)


def _pictures(dataset: Dataset) -> Iterator[DatasetProblem]:
    for item in dataset.items:
        for warning in item.facts.warnings if item.facts else ():
            yield dataset_warning(warning.code, warning.message, item.path)


def _captions(dataset: Dataset) -> Iterator[DatasetProblem]:
    if dataset.is_paired:
        return
    written = [item for item in dataset.items if item.caption and item.caption_source != "trigger"]
    broken = {problem.path for problem in dataset.problems if problem.severity == "error"}
    without = [item for item in dataset.items if item not in written and item.path not in broken]
    if not written and dataset.items:
        message = "no picture has a caption; the service writes its own, which can be wrong"
        yield dataset_warning("caption-missing", message)
    elif without:
        message = "it has no caption, and other pictures have one; the service writes its own"
        for item in without:
            yield dataset_warning("caption-missing", message, item.path)
    uses = Counter(item.caption for item in written)
    for caption, count in uses.items():
        if count > 1:
            message = f"{count} pictures have the same caption: {shortened(caption or '')!r}"
            yield dataset_warning("captions-identical", message)


def _trigger(dataset: Dataset) -> Iterator[DatasetProblem]:
    captioned = [item for item in dataset.items if item.caption]
    for item in captioned:
        if PLACEHOLDER in (item.caption or ""):
            message = f"its caption has the placeholder {PLACEHOLDER}, and no trigger was given"
            yield dataset_error("trigger-missing", message, item.path)
    trigger = dataset.trigger
    if not trigger or dataset.is_paired:
        return
    without = [item for item in captioned if not has_words(item.caption or "", trigger)]
    if without and len(without) < len(captioned):
        for item in without:
            message = f"its caption lacks the trigger {trigger!r}, which other captions have"
            yield dataset_error("trigger-in-some", message, item.path)
    for item in captioned:
        rest = (item.caption or "").replace(trigger, "")
        if trigger.lower() in rest.lower():
            message = f"its caption has the trigger {trigger!r} in another spelling too: use the same one"
            yield dataset_warning("trigger-spelling", message, item.path)


def _pairs(dataset: Dataset) -> Iterator[DatasetProblem]:
    if not dataset.is_paired:
        return
    if len(dataset.pairs) < FEWEST_PAIRS:
        message = f"{counted(len(dataset.pairs), 'pair')}, and a training needs {FEWEST_PAIRS} or more"
        yield dataset_error("pairs-few", message)
    facts = {item.path: item.facts for item in dataset.items}
    for pair in dataset.pairs:
        if not pair.instruction:
            message = "its pair has no instruction: write it into a caption of the target or pairs.jsonl"
            yield dataset_error("instruction-missing", message, pair.target)
        elif PLACEHOLDER in pair.instruction and not dataset.trigger:
            message = f"its instruction has the placeholder {PLACEHOLDER}, and no trigger was given"
            yield dataset_error("trigger-missing", message, pair.target)
        shapes = [
            one.width / one.height
            for one in (facts.get(pair.source), facts.get(pair.target))
            if one and one.width and one.height
        ]
        if len(shapes) == 2 and abs(shapes[0] / shapes[1] - 1) > _SHAPE_TOLERANCE:  # noqa: PLR2004 - a pair
            message = f"its shape differs from that of {pair.source.name}"
            yield dataset_warning("pair-shapes-differ", message, pair.target)


_CHECKS: Final[Sequence[Callable[[Dataset], Iterator[DatasetProblem]]]] = (
    _count,
    _pictures,
    _captions,
    _trigger,
    _pairs,
)


def takes_pairs(type: str) -> bool:
    """Whether models of this type are trained on pairs: edit models and kontext models."""
    return "-edit" in type or "kontext" in type


def _about_type(dataset: Dataset, type: str | None) -> Iterator[DatasetProblem]:
    if type is None or not dataset.items:
        return
    if takes_pairs(type) and not dataset.is_paired:
        message = f"{type} learns from pairs: put the pictures into two folders, before/ and after/"
        yield dataset_error("pairs-missing", message)
    elif dataset.is_paired and not takes_pairs(type):
        message = f"{type} takes no pairs: give one folder of pictures, or a type that edits"
        yield dataset_error("pairs-not-taken", message)


def _damaged(pixels: Pixels) -> Iterator[DatasetProblem]:
    for path, why in pixels.damaged.items():
        yield dataset_error("damaged", f"its pixels cannot be decoded ({why})", path)


def _equal_files(paths: Sequence[Path]) -> list[list[Path]]:
    """Group files by equal content."""
    groups: defaultdict[bytes, list[Path]] = defaultdict(list)
    for path in paths:
        try:
            with path.open("rb") as file:
                groups[file_digest(file, "sha256").digest()].append(path)
        except OSError:  # deleted since it was read, so it cannot be compared
            continue
    return list(groups.values())


def _duplicates(groups: Sequence[Sequence[Path]]) -> Iterator[DatasetProblem]:
    for first, *others in groups:
        for path in others:
            yield dataset_warning("duplicate", f"it has the same content as {first.name}", path, (first,))


def _near_duplicates(pixels: Pixels, paths: Sequence[Path], near: int) -> Iterator[DatasetProblem]:
    hashes = [(path, pixels.hashes[path]) for path in paths if path in pixels.hashes]
    for place, (path, value) in enumerate(hashes):
        for other, other_value in hashes[:place]:
            distance = (value ^ other_value).bit_count()
            if distance <= near:
                message = f"it looks nearly like {other.name} ({distance} of 128 bits differ)"
                yield dataset_warning("near-duplicate", message, path, (other,))
                break
