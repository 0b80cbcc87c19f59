"""Set the captions of uploaded pictures, and the pairs of a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final, NoReturn

from attrs import evolve

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.display.words import counted
from scenario_async.errors import (
    APIStatusError,
    BadRequestError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    UnprocessableEntityError,
)
from scenario_async.upload._internal.report import UploadReport
from scenario_async.values.asset import AssetUpdateParams
from scenario_async.values.training_image import TrainingImagePair, TrainingImageReplacePairsParams
from scenario_async.work._internal.dataset import Dataset
from scenario_async.work._internal.looking_up import assets_of, model_of
from scenario_async.work._internal.progress import Reporter

_NOT_AS_MEANT: Final = ("caption-unreadable", "metadata-unreadable", "captions-differ", "pairs-unreadable")
"""The problems because of which a caption or a pair is missing or may be another one."""


def check_captions(dataset: Dataset, argument: str) -> None:
    """Refuse a data set without pictures, and one whose captions or pairs could not all be read.

    Raises:
        InvalidArgumentError: It cannot be sent as it is meant.
    """
    if not dataset.items:
        source = dataset.source if isinstance(dataset.source, Path) else list(map(str, dataset.source))
        raise InvalidArgumentError(argument, str(source), "at least one picture is needed")
    for problem in dataset.problems:
        if problem.severity == "error" and problem.code in _NOT_AS_MEANT:
            raise InvalidArgumentError(argument, str(problem.path), problem.message)


async def describe_uploaded(
    sender: Sender, dataset: Dataset, upload: UploadReport, reporter: Reporter | None = None
) -> UploadReport:
    """Set the captions of uploaded pictures, and the pairs if all of them are in the set.

    Returns:
        The report of the upload, with the captions that the pictures have now.
    """
    reporter = reporter or Reporter(None)
    uploaded = upload.having("attached", "already attached", "duplicate")
    assets = {one.path: one.asset_id for one in uploaded if one.asset_id is not None}
    await set_captions(sender, dataset, assets, reporter)
    if upload.succeeded:
        await set_pairs(sender, upload.model_id, dataset, assets, reporter)
    captions = {item.path: item.caption for item in dataset.items if item.caption and item.path in assets}
    results = [evolve(one, caption=captions.get(one.path, one.caption)) for one in upload.results]
    return evolve(upload, results=results)


def wanted_captions(dataset: Dataset, assets: Mapping[Path, str]) -> dict[str, str]:
    """Return the captions of a data set by the ids of their assets."""
    return {assets[one.path]: one.caption for one in dataset.items if one.caption and one.path in assets}


async def present_captions(sender: Sender, asset_ids: Collection[str]) -> Mapping[str, str | None]:
    """Look up the present captions of assets, by their ids."""
    assets = await assets_of(sender, list(asset_ids)) if asset_ids else ()
    return {asset.id: asset.description for asset in assets}


async def set_captions(
    sender: Sender, dataset: Dataset, assets: Mapping[Path, str], reporter: Reporter
) -> Mapping[str, str | None]:
    """Set the captions that differ from those of the assets, and return the captions from before.

    A training uses the `description` of an asset as its caption (documented), so captions are set after
    attaching.

    Raises:
        APIError: A request failed. If the service refused only some captions, all others were sent.
    """
    wanted = wanted_captions(dataset, assets)
    present = await present_captions(sender, wanted)
    changed = {asset_id: text for asset_id, text in wanted.items() if present.get(asset_id) != text}
    refusals: dict[str, APIStatusError] = {}
    for number, (asset_id, text) in enumerate(changed.items()):
        reporter.report("captioning", id=asset_id, done=number, total=len(changed))
        try:
            await sender.send(AssetUpdateParams(asset_id, description=text))
        except (BadRequestError, NotFoundError, PermissionDeniedError, UnprocessableEntityError) as error:
            # It is probably about this caption, which would keep back the others in each further run.
            refusals[asset_id] = error
    if refusals:
        _raise_first(refusals, {asset_id: path.name for path, asset_id in assets.items()})
    return present


def _raise_first(refusals: Mapping[str, APIStatusError], names: Mapping[str, str]) -> NoReturn:
    """Raise the first refusal of a caption, with a note that names the pictures."""
    asset_id, error = next(iter(refusals.items()))
    more = f" and {counted(len(refusals) - 1, 'other picture')}" if len(refusals) > 1 else ""
    error.add_note(f"This is about the caption of {names[asset_id]}{more}; all other captions were sent")
    raise error


async def set_pairs(
    sender: Sender, model_id: str, dataset: Dataset, assets: Mapping[Path, str], reporter: Reporter
) -> None:
    """Add the pairs of a data set to those of a model; the service can only replace all pairs."""
    if not dataset.pairs:
        return
    reporter.report("pairing", id=model_id, done=0, total=len(dataset.pairs))
    present = (await model_of(sender, model_id)).training_image_pairs or []
    merged = {(one.source_id, one.target_id): one for one in present}
    for pair in dataset.pairs:
        source_id, target_id = assets[pair.source], assets[pair.target]
        merged[source_id, target_id] = TrainingImagePair(
            source_id=source_id, target_id=target_id, instruction=pair.instruction or ""
        )
    if list(merged.values()) != list(present):
        await sender.send(TrainingImageReplacePairsParams(model_id, body=list(merged.values())))
