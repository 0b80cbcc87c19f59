"""Write the captions and pairs of a model to files, so that they belong to the pictures of a data set.

A picture's caption file has the stem of its name. If pictures of pairs share a stem, as in a data set with
the folders ``before/`` and ``after/``, the files are written into these folders.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, cast

from attrs import frozen

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.pictures.names import plain_name, sendable_name
from scenario_async._internal.threads import in_thread
from scenario_async._internal.whole_file import write_whole
from scenario_async.errors import IncompleteResponseError, InvalidArgumentError, check_boolean
from scenario_async.upload._internal.training_set import caption_of
from scenario_async.values.training_image import TrainingImage, TrainingImagePair
from scenario_async.work._internal.arguments import read_folder
from scenario_async.work._internal.captions import CaptionReport, CaptionResult, CaptionStatus
from scenario_async.work._internal.dataset_captions import LARGEST_CAPTION, one_line, read_text
from scenario_async.work._internal.dataset_pairs import LIST_NAME, SOURCE_NAMES, TARGET_NAMES
from scenario_async.work._internal.looking_up import model_of, unlisted_images
from scenario_async.work._internal.naming import BYTE_LIMIT, portable_id, portable_name


@frozen(kw_only=True)
class _Place:
    """The place of a training image in a folder.

    Attributes:
        image: The training image.
        folder: The subfolder; empty for the folder itself.
        stem: The stem of its caption file.
        is_unique: Whether no other image in this subfolder has its name.
    """

    image: TrainingImage
    folder: str
    stem: str
    is_unique: bool

    @property
    def picture(self) -> str:
        """The path of the picture relative to the folder, with slashes."""
        return (PurePosixPath(self.folder) / _name_of(self.image)).as_posix()

    @property
    def caption_file(self) -> str:
        """The path of the caption file relative to the folder, with slashes."""
        return (PurePosixPath(self.folder) / f"{self.stem}.txt").as_posix()


async def pull_captions(
    sender: Sender, model_id: str, folder: str | os.PathLike[str], *, overwrite: bool
) -> CaptionReport:
    """Write the captions of a model's training images as text files; see `ModelCaptions.pull`.

    A training image without a name and an id is left out, because its file cannot be named.
    """
    path = read_folder("folder", folder)
    check_boolean("overwrite", overwrite)
    model = await model_of(sender, model_id)
    images = [image for image in model.training_images or () if cast("Any", image.name or image.id)]
    pairs = model.training_image_pairs or []
    results = await in_thread(_write_all, path, images, pairs, overwrite)
    if unlisted := unlisted_images(model):
        place = f"/models/{model_id}"
        message = (
            f"{place}: the response does not list {unlisted} of the training images; the captions of the "
            "others were written, and the same call continues"
        )
        raise IncompleteResponseError(message, path=place)
    return CaptionReport(model_id=model_id, results=tuple(results), pairs=len(pairs))


def _write_all(
    folder: Path, images: Sequence[TrainingImage], pairs: Sequence[TrainingImagePair], overwrite: bool
) -> list[CaptionResult]:
    try:
        places = _places_of(folder, images, pairs)
        for name in {"", *(place.folder for place in places)}:
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    results: list[CaptionResult] = []
    for place in places:
        path = folder / place.caption_file
        caption = caption_of(place.image)
        if caption is None:
            results.append(CaptionResult(path=path, status="no caption", asset_id=place.image.id))
        else:
            results.append(_write(path, one_line(caption) + "\n", place.image.id, overwrite))
    return [*results, *_write_pairs(folder / LIST_NAME, places, pairs, overwrite)]


def _write_pairs(
    path: Path, places: Sequence[_Place], pairs: Sequence[TrainingImagePair], overwrite: bool
) -> list[CaptionResult]:
    by_id = {place.image.id: place for place in places}
    lines: list[str] = []
    ambiguous: list[CaptionResult] = []
    for pair in pairs:
        ends = [by_id.get(asset_id or "") for asset_id in (pair.source_id, pair.target_id)]
        if any(end is not None and not end.is_unique for end in ends):
            ambiguous.append(CaptionResult(path=path, status="names not unique", caption=pair.instruction))
            continue
        source, target = (
            asset_id if end is None else end.picture
            for end, asset_id in zip(ends, (pair.source_id, pair.target_id), strict=True)
        )
        row = {"source": source, "target": target, "instruction": pair.instruction}
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return [*([_write(path, "".join(lines), None, overwrite)] if lines else []), *ambiguous]


def _places_of(
    folder: Path, images: Sequence[TrainingImage], pairs: Sequence[TrainingImagePair]
) -> list[_Place]:
    """Return the place of each image: in the folder, or in a subfolder for each side of the pairs.

    Subfolders are used if they make names unique, or have the pictures.
    """
    sides = _sides_of(folder, pairs)
    if all(image.id in sides for image in images):
        has_pictures = any((folder / sides[image.id] / _name_of(image)).is_file() for image in images)
        if has_pictures or len({_same_file(_stem_of(image)) for image in images}) < len(images):
            return _places_in([sides[image.id] for image in images], images)
    return _places_in([""] * len(images), images)


def _sides_of(folder: Path, pairs: Sequence[TrainingImagePair]) -> Mapping[str, str]:
    """Return the subfolder of each image that is on one side of pairs only, by its id."""
    sources = {pair.source_id for pair in pairs if pair.source_id}
    targets = {pair.target_id for pair in pairs if pair.target_id}
    before, after = _side_folder(folder, SOURCE_NAMES, "before"), _side_folder(folder, TARGET_NAMES, "after")
    return {**dict.fromkeys(sources - targets, before), **dict.fromkeys(targets - sources, after)}


def _side_folder(folder: Path, names: Iterable[str], usual: str) -> str:
    present = sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
    return next((name for name in present if name.lower() in names), usual)


def _places_in(folders: Sequence[str], images: Sequence[TrainingImage]) -> list[_Place]:
    """Return the places of images in their folders; an id makes the name of a caption file unique.

    The image's position stands for an id that the response lacks. Many file systems have one file for names
    that differ only in case or in the form of accents.
    """
    stems = [_stem_of(image) for image in images]
    names = [_name_of(image) for image in images]
    stem_counts = Counter(zip(folders, map(_same_file, stems), strict=True))
    name_counts = Counter(zip(folders, map(_same_file, names), strict=True))
    ids = [portable_id(cast("Any", image.id) or str(number)) for number, image in enumerate(images, 1)]
    return [
        _Place(
            image=image,
            folder=folder,
            stem=stem
            if stem and stem_counts[folder, _same_file(stem)] == 1
            else f"{stem}-{asset_id}".lstrip("-"),
            is_unique=name_counts[folder, _same_file(name)] == 1,
        )
        for image, folder, stem, name, asset_id in zip(images, folders, stems, names, ids, strict=True)
    ]


def _name_of(image: TrainingImage) -> str:
    return PurePosixPath(sendable_name(image.name or image.id).replace("\\", "/")).name


def _stem_of(image: TrainingImage) -> str:
    stem = PurePosixPath(_name_of(image)).stem
    return stem if len(stem.encode()) <= BYTE_LIMIT else portable_name(stem)


def _same_file(stem: str) -> str:
    return plain_name(stem).casefold()


def _write(path: Path, text: str, asset_id: str | None, overwrite: bool) -> CaptionResult:
    status: CaptionStatus = "changed"
    try:
        exists = path.exists()
        present, _ = read_text(path, LARGEST_CAPTION) if exists else (None, None)
        if present is not None and present.split() == text.split():
            status = "unchanged"
        elif exists and not overwrite:
            status = "kept"
        else:
            write_whole(path, text.encode())
    except OSError as error:
        raise _unwritable(path, error) from error
    return CaptionResult(path=path, status=status, asset_id=asset_id, caption=text.strip())


def _unwritable(path: Path, error: OSError) -> InvalidArgumentError:
    expected = f"a folder that can be written to is needed ({error.strerror})"
    return InvalidArgumentError("folder", str(path), expected)
