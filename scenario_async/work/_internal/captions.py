"""Send the captions of a folder to the training images of a model, and report captions."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final, Literal, cast

from attrs import frozen

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.display.words import counted
from scenario_async._internal.pictures.names import encodable_text, plain_name, sendable_name
from scenario_async._internal.threads import in_thread
from scenario_async.errors import InvalidArgumentError
from scenario_async.upload._internal.training_set import TrainingSet
from scenario_async.work._internal.dataset import Dataset
from scenario_async.work._internal.describing import (
    check_captions,
    present_captions,
    set_captions,
    set_pairs,
    wanted_captions,
)
from scenario_async.work._internal.looking_up import model_of, unlisted_images
from scenario_async.work._internal.progress import Reporter

CaptionStatus = Literal[
    "changed", "unchanged", "no caption", "not in the set", "in doubt", "kept", "names not unique"
]
"""The result for one caption.

- ``changed``: it was sent and read back, or written to its file.
- ``unchanged``: it was already the same.
- ``no caption``: there is no caption to send or to fetch.
- ``not in the set``: the model has no training image of this picture.
- ``in doubt``: it was sent, but the asset still has another caption; or the response lists only some of the
  model's training images, and none of this picture.
- ``kept``: its file has another caption and was not overwritten.
- ``names not unique``: a pair was not written, because other pictures have the names of its pictures.
"""

_UP_TO_DATE: Final = frozenset({"changed", "unchanged", "no caption"})


@frozen(kw_only=True)
class CaptionResult:
    """The result for the caption of one picture.

    Attributes:
        path: The picture's file, or the caption's file when captions were fetched.
        status: The result; see `CaptionStatus`.
        asset_id: The training image; None if there is none.
        caption: The caption; None if there is none.
    """

    path: Path
    status: CaptionStatus
    asset_id: str | None = None
    caption: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """The result as JSON values."""
        path = encodable_text(self.path)
        return {"path": path, "status": self.status, "asset_id": self.asset_id, "caption": self.caption}


@frozen(kw_only=True)
class CaptionReport:
    """The results for the captions of a model.

    Attributes:
        model_id: The model.
        results: One result for each picture.
        pairs: The number of pairs of the model; 0 if the data set has no pairs.
    """

    model_id: str
    results: tuple[CaptionResult, ...]
    pairs: int = 0

    @property
    def succeeded(self) -> bool:
        """Whether every caption is up to date."""
        return all(one.status in _UP_TO_DATE for one in self.results)

    def summary(self) -> str:
        """Return one line: the number of captions with each status."""
        counts = Counter(one.status for one in self.results)
        shown = ", ".join(f"{count} {status}" for status, count in counts.items()) or "no pictures"
        return f"model {self.model_id}: {shown}" + (f", {counted(self.pairs, 'pair')}" if self.pairs else "")

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "model_id": self.model_id,
            "succeeded": self.succeeded,
            "pairs": self.pairs,
            "results": [one.to_dict() for one in self.results],
        }

    def to_json(self) -> dict[str, Any]:
        """Do the same as `to_dict`, under the name that the other reports use."""
        return self.to_dict()


async def push_captions(
    sender: Sender, model_id: str, source: Dataset | str | os.PathLike[str] | Iterable[Any]
) -> CaptionReport:
    """Send the captions and pairs that differ from the model's; see `ModelCaptions.push`."""
    dataset = source if isinstance(source, Dataset) else await in_thread(Dataset.read, source)
    check_captions(dataset, "source")
    assets, is_complete = await _assets_of(sender, model_id, dataset)
    missing = [path for pair in dataset.pairs for path in (pair.source, pair.target) if path not in assets]
    if missing:
        expected = "each picture of a pair has to be a training image of the model"
        raise InvalidArgumentError("source", str(missing[0]), expected)
    reporter = Reporter(None)
    before = await set_captions(sender, dataset, assets, reporter)
    await set_pairs(sender, model_id, dataset, assets, reporter)
    wanted = wanted_captions(dataset, assets).items()
    after = await present_captions(sender, [one for one, text in wanted if before.get(one) != text])

    def status(path: Path, caption: str | None) -> CaptionStatus:
        if path not in assets:
            return "not in the set" if is_complete else "in doubt"
        if not caption:
            return "no caption"
        if before.get(assets[path]) == caption:
            return "unchanged"
        return "changed" if after.get(assets[path]) == caption else "in doubt"

    results = (
        CaptionResult(
            path=one.path,
            status=status(one.path, one.caption),
            asset_id=assets.get(one.path),
            caption=one.caption,
        )
        for one in dataset.items
    )
    return CaptionReport(model_id=model_id, results=tuple(results), pairs=len(dataset.pairs))


async def _assets_of(sender: Sender, model_id: str, dataset: Dataset) -> tuple[Mapping[Path, str], bool]:
    """Find the training image of each picture by its name, or by its content if names are not unique.

    Returns:
        The ids of the images, and whether the response lists all images of the model.
    """
    names = {one.path: plain_name(sendable_name(one.path.name)) for one in dataset.items}
    training_set = TrainingSet(sender, model_id)
    await training_set.look_up(names=names.values())
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    model = await model_of(sender, model_id)
    for image in model.training_images or ():
        if cast("Any", image.id):
            by_name[plain_name(image.name or "")].append(image.id)
    assets: dict[Path, str] = {}
    for path, name in names.items():
        unique = len(by_name[name]) == 1 and list(names.values()).count(name) == 1
        if unique:
            assets[path] = by_name[name][0]
        elif by_name[name]:
            found = await training_set.same_as(name, await in_thread(_digest, path))
            if found is not None:
                assets[path] = found
    return assets, not unlisted_images(model)


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").digest()
    except OSError as error:
        raise InvalidArgumentError("source", str(path), f"the file cannot be read ({error})") from error
