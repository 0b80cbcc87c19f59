"""Send the captions of a folder to the training images of a model, or fetch them."""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final, Literal, cast

from attrs import frozen

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.display.words import counted
from scenario_async._internal.pictures.names import encodable_text, plain_name, sendable_name
from scenario_async._internal.threads import in_thread
from scenario_async._internal.whole_file import write_whole
from scenario_async.errors import InvalidArgumentError, check_boolean
from scenario_async.upload._internal.arguments import read_path
from scenario_async.upload._internal.training_set import TrainingSet, caption_of
from scenario_async.values.training_image import TrainingImage
from scenario_async.work._internal.dataset import Dataset
from scenario_async.work._internal.dataset_captions import one_line, read_text
from scenario_async.work._internal.dataset_pairs import LIST_NAME
from scenario_async.work._internal.describing import set_captions, set_pairs, wanted_captions
from scenario_async.work._internal.looking_up import assets_of, model_of
from scenario_async.work._internal.naming import BYTE_LIMIT, portable_name
from scenario_async.work._internal.progress import Reporter

CaptionStatus = Literal["changed", "unchanged", "no caption", "not in the set", "in doubt", "kept"]
"""The result for one caption.

- ``changed``: it was sent and read back, or written to its file.
- ``unchanged``: it was already the same.
- ``no caption``: there is no caption to send or to fetch.
- ``not in the set``: the model has no training image of this picture.
- ``in doubt``: it was sent, but the asset still has another caption.
- ``kept``: its file has another caption and was not overwritten.
"""

_LARGEST: Final = 1024 * 1024
"""The most bytes of a caption file that is compared with a new caption."""
_NOT_IN_STEM: Final = r"[^0-9A-Za-z_-]"
"""The characters of an id that could lead to another folder."""


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
        return all(one.status not in {"not in the set", "in doubt", "kept"} for one in self.results)

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
    assets = await _assets_of(sender, model_id, dataset)
    wanted = wanted_captions(dataset, assets)
    before = {one.id: one.description for one in await assets_of(sender, list(wanted))} if wanted else {}
    missing = [path for pair in dataset.pairs for path in (pair.source, pair.target) if path not in assets]
    if missing:
        expected = "each picture of a pair has to be a training image of the model"
        raise InvalidArgumentError("source", str(missing[0]), expected)
    reporter = Reporter(None)
    await set_captions(sender, dataset, assets, reporter)
    await set_pairs(sender, model_id, dataset, assets, reporter)
    changed = [asset_id for asset_id, text in wanted.items() if before.get(asset_id) != text]
    after = {one.id: one.description for one in await assets_of(sender, changed)} if changed else {}

    def status(path: Path, caption: str | None) -> CaptionStatus:
        if path not in assets:
            return "not in the set"
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


async def _assets_of(sender: Sender, model_id: str, dataset: Dataset) -> Mapping[Path, str]:
    """Find the training image of each picture by its name, or by its content if names are not unique."""
    names = {one.path: plain_name(sendable_name(one.path.name)) for one in dataset.items}
    training_set = TrainingSet(sender, model_id)
    await training_set.look_up(names=names.values())
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for image in (await model_of(sender, model_id)).training_images or ():
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
    return assets


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").digest()
    except OSError as error:
        raise InvalidArgumentError("source", str(path), f"the file cannot be read ({error})") from error


async def pull_captions(
    sender: Sender, model_id: str, folder: str | os.PathLike[str], *, overwrite: bool
) -> CaptionReport:
    """Write the captions of a model's training images as text files; see `ModelCaptions.pull`.

    A training image without a name and an id is left out, because its file cannot be named.
    """
    path = read_path("folder", folder, "the path of a folder is needed; '.' is the current folder")
    check_boolean("overwrite", overwrite)
    model = await model_of(sender, model_id)
    images = [image for image in model.training_images or () if cast("Any", image.name or image.id)]
    results = await in_thread(_write_all, path, images, _stems(images), overwrite)
    pairs = model.training_image_pairs or []
    if pairs:
        names = {image.id: image.name or image.id for image in images}
        rows = [
            {
                "source": names.get(pair.source_id or "", pair.source_id),
                "target": names.get(pair.target_id or "", pair.target_id),
                "instruction": pair.instruction,
            }
            for pair in pairs
        ]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        results.append(await in_thread(_write, path / LIST_NAME, text, None, overwrite))
    return CaptionReport(model_id=model_id, results=tuple(results), pairs=len(pairs))


def _stems(images: Sequence[TrainingImage]) -> Sequence[str]:
    """Return the stem of each image's caption file: its name's stem, with its id if it is not unique.

    The image's position stands for an id that the response lacks. Many file systems have one file for names
    that differ only in case or in the form of accents.
    """
    names = [sendable_name(image.name or image.id).replace("\\", "/") for image in images]
    stems = [_short(Path(name).stem) for name in names]
    counts = Counter(map(_same_file, stems))
    ids = [
        re.sub(_NOT_IN_STEM, "_", cast("Any", image.id) or str(number))
        for number, image in enumerate(images, 1)
    ]
    return [
        stem if stem and counts[_same_file(stem)] == 1 else f"{stem}-{asset_id}".lstrip("-")
        for stem, asset_id in zip(stems, ids, strict=True)
    ]


def _short(stem: str) -> str:
    return stem if len(stem.encode()) <= BYTE_LIMIT else portable_name(stem)


def _same_file(stem: str) -> str:
    return plain_name(stem).casefold()


def _write_all(
    folder: Path, images: Sequence[TrainingImage], stems: Sequence[str], overwrite: bool
) -> list[CaptionResult]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        expected = f"a folder that can be written to is needed ({error.strerror})"
        raise InvalidArgumentError("folder", str(folder), expected) from error
    results: list[CaptionResult] = []
    for image, stem in zip(images, stems, strict=True):
        path = folder / f"{stem}.txt"
        caption = caption_of(image)
        if caption is None:
            results.append(CaptionResult(path=path, status="no caption", asset_id=image.id))
        else:
            results.append(_write(path, one_line(caption) + "\n", image.id, overwrite))
    return results


def _write(path: Path, text: str, asset_id: str | None, overwrite: bool) -> CaptionResult:
    status: CaptionStatus = "changed"
    try:
        exists = path.exists()
        present, _ = read_text(path, _LARGEST) if exists else (None, None)
        if present is not None and present.split() == text.split():
            status = "unchanged"
        elif exists and not overwrite:
            status = "kept"
        else:
            write_whole(path, text.encode())
    except OSError as error:
        expected = f"a folder that can be written to is needed ({error.strerror})"
        raise InvalidArgumentError("folder", str(path), expected) from error
    return CaptionResult(path=path, status=status, asset_id=asset_id, caption=text.strip())
