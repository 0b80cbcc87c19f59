"""A data set on disk: pictures with their captions, or pairs of pictures."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.names import encodable_text

if TYPE_CHECKING:
    from scenario_async.work._internal.dataset_check import DatasetReport

Captions = Literal["auto", "none"] | Mapping[str, str]
"""The source of captions: the files beside the pictures, none, or a mapping from file names."""

ProblemCode = Literal[
    "captions-differ",
    "caption-empty",
    "caption-missing",
    "caption-unreadable",
    "caption-without-picture",
    "captions-identical",
    "count",
    "damaged",
    "duplicate",
    "near-duplicate",
    "instruction-missing",
    "metadata-unreadable",
    "not-a-picture",
    "pair-shapes-differ",
    "pairs-few",
    "pairs-missing",
    "pairs-not-taken",
    "pairs-unreadable",
    "repeats-differ",
    "trigger-in-some",
    "trigger-missing",
    "trigger-spelling",
    "unpaired",
    "small",
    "elongated",
    "transparency",
    "rotated",
    "several-frames",
    "color-model",
    "bit-depth",
]


Severity = Literal["error", "warning"]


@frozen(kw_only=True)
class DatasetProblem:
    """A problem of a data set.

    Attributes:
        severity: ``"error"`` if the training would fail or learn the wrong thing, ``"warning"`` otherwise.
        path: The file with the problem; None if it is about the whole data set.
        code: The kind of problem, for programs.
        message: One sentence that names the problem, and a solution if there is one.
        others: The other pictures that it is about, such as the one that a duplicate equals.
    """

    severity: Severity
    path: Path | None
    code: ProblemCode
    message: str
    others: tuple[Path, ...] = ()

    def __str__(self) -> str:
        where = "" if self.path is None else f"{self.path.name}: "
        return f"{self.severity}: {where}{self.message}"

    def to_dict(self) -> dict[str, str | None]:
        """The problem as JSON values."""
        path = None if self.path is None else encodable_text(self.path)
        return {"severity": self.severity, "path": path, "code": self.code, "message": self.message}


def dataset_error(code: ProblemCode, message: str, path: Path | None = None) -> DatasetProblem:
    """Return an error of a data set, or of one file of it."""
    return DatasetProblem(severity="error", path=path, code=code, message=message)


def dataset_warning(
    code: ProblemCode, message: str, path: Path | None = None, others: tuple[Path, ...] = ()
) -> DatasetProblem:
    """Return a warning about a data set, or about one file of it."""
    return DatasetProblem(severity="warning", path=path, code=code, message=message, others=others)


@frozen(kw_only=True)
class DatasetItem:
    """One picture of a data set.

    Attributes:
        path: Its file.
        caption: The caption that the model learns, including the trigger; None if it has none.
        caption_source: The source of the caption: ``"argument"``, ``"trigger"``, or the name of a file.
        facts: Its width, height and other properties; None if the service does not take its format.
    """

    path: Path
    caption: str | None = None
    caption_source: str | None = None
    facts: PictureFacts | None = None


@frozen(kw_only=True)
class DatasetPair:
    """A picture before and after an edit, for models that edit pictures.

    Attributes:
        source: The picture before the edit.
        target: The picture after the edit.
        instruction: The description of the edit; None if there is none.
    """

    source: Path
    target: Path
    instruction: str | None = None


@frozen(kw_only=True)
class Dataset:
    """Pictures to train a model on, with their captions or in pairs. `read` creates it.

    Attributes:
        items: The pictures, sorted by name, including those of pairs, the sources first.
        pairs: The pairs, sorted by the name of the source.
        trigger: The word in every caption; None if there is none. A prompt uses this word for the trained
            style or subject.
        repeats: How often each picture is used in an epoch, from the name of its folder (``10_knight``); None
            if the name has no number.
        source: The folder, or the files that were given.
        is_paired: Whether the pictures form pairs.
        problems: Problems of captions, metadata and folders; `check` reports them together with other
            problems.
    """

    items: tuple[DatasetItem, ...]
    pairs: tuple[DatasetPair, ...] = ()
    trigger: str | None = None
    repeats: int | None = None
    source: Path | tuple[Path, ...] = ()
    is_paired: bool = False
    problems: tuple[DatasetProblem, ...] = field(default=(), repr=False)

    @classmethod
    def read(
        cls,
        source: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        *,
        include: str | Sequence[str] = "*",
        exclude: str | Sequence[str] = (),
        recursive: bool = False,
        captions: Captions = "auto",
        trigger: str | None = None,
    ) -> Dataset:
        """Read a folder of pictures, their captions and pairs. Nothing is sent.

        The caption of a picture is taken from the first of these sources: `captions` if it is a mapping;
        ``metadata.jsonl`` or ``metadata.csv`` in the picture's folder; a text file beside the picture
        (``fox.txt``, ``fox.caption`` or ``fox.png.txt``). Files with equal names in two subfolders of
        `source`, such as ``before`` and ``after``, are pairs. A file ``pairs.jsonl`` can list the pairs
        instead.

        Args:
            source: A folder, or the files of the pictures.
            include: Patterns of the file names to take, e.g. ``"*.png"``, or of paths relative to the folder.
            exclude: Patterns of the file names to leave out.
            recursive: Take the pictures in subfolders too.
            captions: ``"auto"`` reads captions as above, ``"none"`` reads none; a mapping from file names
                (with or without suffix) to captions takes precedence over the files.
            trigger: The word to put into every caption: it replaces ``[trigger]``, or is put in front. If it
                is not given, the words of a folder named like ``10_knight`` are used. An empty string means
                no trigger.

        Raises:
            InvalidArgumentError: The folder or file does not exist, or an argument has the wrong type.
        """
        from scenario_async.work._internal.dataset_reading import DatasetReader

        reader = DatasetReader(
            include=include, exclude=exclude, recursive=recursive, captions=captions, trigger=trigger
        )
        return reader.read(source)

    def check(self, type: str | None = None, *, near: int | None = 16) -> DatasetReport:
        """Check pictures, captions, pairs, trigger and duplicates before anything is sent.

        If Pillow is installed (extra ``images``), each picture is decoded. If dhash is installed too (extra
        ``datasets``), near-duplicates are found.

        Args:
            type: The model's type, e.g. ``"flux.2-dev-lora"``. Types that edit need pairs, and other types
                take no pairs.
            near: The number of bits, out of 128, in which the difference hashes of near-duplicates may
                differ; None turns this check off. In measurements, a picture that was re-encoded, halved in
                size, brightened, converted to grey or cropped by 2 % differed in at most 12 bits. Different
                pictures differed in 39 or more.

        Raises:
            InvalidArgumentError: `near` or `type` has the wrong type.
        """
        from scenario_async.work._internal.dataset_check import check_dataset

        return check_dataset(self, type, near)

    def _repr_html_(self) -> str | None:
        """Show the pictures and their captions as a table in a notebook."""
        from scenario_async.work._internal.dataset_table import dataset_table

        return dataset_table(self)

    @property
    def captions_found(self) -> Mapping[str, int]:
        """The number of captions from each kind of source, e.g. ``{"metadata.jsonl": 3, "*.txt": 11}``."""
        sources = (item.caption_source for item in self.items)
        return dict(Counter(_kind_of_source(source) for source in sources if source is not None))


def _kind_of_source(source: str) -> str:
    if source in {"argument", "trigger"} or source.startswith("metadata."):
        return source
    return f"*{Path(source).suffix}"
