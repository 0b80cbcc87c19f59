"""The images that a model learns from."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final, Literal

import attrs
from attrs import field

from scenario_async._internal.declare.converter import is_sequence
from scenario_async._internal.declare.operation import (
    Async,
    Body,
    DataUrl,
    Given,
    Mode,
    Resource,
    operation,
    sends,
)
from scenario_async.errors import InvalidArgumentError, UploadError
from scenario_async.resources.requests import OriginalAssetsRequest, ProjectDeletion, ProjectRequest
from scenario_async.upload.plan import Images
from scenario_async.upload.progress import OnProgress
from scenario_async.upload.report import UploadReport
from scenario_async.values.training_image import (
    TrainingImageAddResponse,
    TrainingImagePair,
    TrainingImageReplacePairsResponse,
    TrainingImageReplaceResponse,
)

GROUP_LIMIT: Final = 10
"""How many assets the service takes in one request (documented)."""

DEFAULT_CONCURRENCY: Final = 8
"""How many pictures of a batch are on their way at the same time."""

TrainingImagePreset = Literal["default", "style", "subject"]

ALREADY_ATTACHED: Final = "already a training image"
"""What the service says of an asset that is attached already (documented)."""


def _at_most_ten(instance: object, attribute: attrs.Attribute[Any], value: Sequence[str] | None) -> None:
    del instance
    if value is None:
        return
    if not is_sequence(value):
        raise InvalidArgumentError(attribute.name, value, "a list of asset ids is needed; for one, asset_id")
    if not 1 <= len(value) <= GROUP_LIMIT:
        expected = f"1 to {GROUP_LIMIT} asset ids fit into one request, and these are {len(value)}"
        raise InvalidArgumentError(attribute.name, value, expected)
    for asset_id in value:
        if not isinstance(asset_id, str) or not asset_id.strip():
            raise InvalidArgumentError(attribute.name, value, "every id has to be a string that is not empty")


def _not_empty(instance: object, attribute: attrs.Attribute[Any], value: str | None) -> None:
    del instance
    if value is not None and not value.strip():
        raise InvalidArgumentError(attribute.name, value, "an id is needed: a string that is not empty")


class TrainingImageAddParams(
    OriginalAssetsRequest[TrainingImageAddResponse], endpoint="POST /models/{model_id}/training-images"
):
    """Add a training image to a model.

    Give one of `asset_id`, `asset_ids` and `data`. An asset that is attached already is refused with a
    `BadRequestError`, so a call with ids may be tried again after a doubtful failure; a call with `data`
    adds one more image each time, so it is tried again only when it surely was not processed.

    Args:
        model_id: The model to add to.
        asset_id: An asset to use. With it, `data` and `name` are ignored by the service.
        asset_ids: 1 to 10 assets to use. The service refuses it beside `asset_id`, `data` or `name`.
        data: A picture: a data URL, a path, bytes, or a binary file open for reading.
        name: The picture's file name; that of `data` if it has one.
        preset: What the images are used for.
    """

    model_id: str = field(kw_only=False)
    asset_id: str | None = field(default=None, validator=_not_empty)
    asset_ids: Sequence[str] | None = field(default=None, validator=_at_most_ten)
    data: DataUrl = None
    name: str | None = None
    preset: TrainingImagePreset | None = None

    @property
    def repeatable(self) -> bool:
        """With ids a repeat is refused; with `data` it would add a second image."""
        return self.data is None

    def settled_by(self, status_code: int, reason: str | None) -> Mapping[str, Any] | None:
        """One asset that is attached already was attached by the attempt in doubt.

        Of a group it cannot be said: one of its assets may have been attached long before.
        """
        ids = [self.asset_id] if self.asset_id is not None else list(self.asset_ids or ())
        if len(ids) == 1 and status_code == 400 and ALREADY_ATTACHED in (reason or ""):  # noqa: PLR2004 - HTTP
            return {"trainingImage": {"id": ids[0]}}
        return None


class TrainingImageReplaceParams(
    OriginalAssetsRequest[TrainingImageReplaceResponse],
    endpoint="PUT /models/{model_id}/training-images/{training_image_id}",
):
    """Put another image in the place of a training image.

    Args:
        training_image_id: The training image to replace.
        model_id: The model that it belongs to.
        asset_id: An asset to use. With it, `data` and `name` are ignored by the service.
        asset_ids: 1 to 10 assets to use. The service refuses it beside `asset_id`, `data` or `name`.
        data: A picture: a data URL, a path, bytes, or a binary file open for reading.
        name: The picture's file name; that of `data` if it has one.
        preset: What the image is used for.
    """

    training_image_id: str = field(kw_only=False)
    model_id: str
    asset_id: str | None = field(default=None, validator=_not_empty)
    asset_ids: Sequence[str] | None = field(default=None, validator=_at_most_ten)
    data: DataUrl = None
    name: str | None = None
    preset: TrainingImagePreset | None = None


class TrainingImageReplacePairsParams(
    ProjectRequest[TrainingImageReplacePairsResponse], endpoint="PUT /models/{model_id}/training-images/pairs"
):
    """Replace all pairs of a model.

    Args:
        body: All the pairs that there are to be: `TrainingImagePair` values, or dicts with the same names
            (``{"source_id": …, "target_id": …, "instruction": …}``). Both ids must be training images.
    """

    model_id: str = field(kw_only=False)
    body: Body[Sequence[Given[TrainingImagePair]]]


class TrainingImageDeleteParams(
    ProjectDeletion[object], endpoint="DELETE /models/{model_id}/training-images/{training_image_id}"
):
    """Take a training image away from a model.

    Args:
        training_image_id: The training image to take away.
        model_id: The model that it belongs to.
    """

    training_image_id: str = field(kw_only=False)
    model_id: str


class TrainingImages(Resource[Mode]):
    """The images that a model learns from."""

    add: Final = sends(TrainingImageAddParams)
    replace: Final = sends(TrainingImageReplaceParams)
    replace_pairs: Final = sends(TrainingImageReplacePairsParams)
    delete: Final = sends(TrainingImageDeleteParams)

    @operation
    async def upload(
        self: TrainingImages[Async],
        model_id: str,
        images: Images,
        *,
        concurrency: int = DEFAULT_CONCURRENCY,
        preset: TrainingImagePreset | None = None,
        on_progress: OnProgress | None = None,
        raise_on_failure: bool = True,
        ledger: str | os.PathLike[str] | bool = True,
        deadline: float | None = None,
        retry_budget: int | None = None,
        dry_run: bool = False,
    ) -> UploadReport:
        """Upload pictures and make them training images of a model: each of them once.

        They are uploaded as assets, several at a time (inside a request up to 4 MiB, in parts above), and
        attached in groups of at most 10, one group at a time. What is in stays in, whatever happens; the
        same call again sends only what is missing.

        Args:
            model_id: The model to add to.
            images: A folder (the files directly in it, by name), a file, or several files.
            concurrency: How many pictures are on their way at the same time.
            preset: What the images are used for.
            on_progress: Called with an `UploadProgress` whenever something moved, on the client's event
                loop: it has to be quick.
            raise_on_failure: Raise if a picture is not in the set at the end; otherwise the report tells.
            ledger: Where to keep what is known of each file: a path; True for the user's folder for state;
                False for nowhere, so that another run knows only what the model itself says.
            deadline: Seconds for all of it; then it stops, and what is in stays in.
            retry_budget: Repeats of requests for all of it; if not given, 20 and 3 more for each file.
            dry_run: Check the files, read the ledger and the model, and say what would be sent, but send
                nothing that changes anything.

        Returns:
            What became of each file, in the order given.

        Raises:
            InvalidArgumentError: An argument cannot be right; nothing was sent.
            UploadError: A picture is not in the set; carries the same report.
            APIError: The model cannot be looked up; nothing was sent.
        """
        # Much comes with it, and the event loop must not be held until all of that is there.
        await asyncio.to_thread(import_module, "scenario_async.upload.batch")
        from scenario_async.upload.batch import Batch, BatchOptions
        from scenario_async.upload.ledger import ledger_path
        from scenario_async.upload.plan import plan

        options = BatchOptions(
            concurrency=concurrency,
            preset=preset,
            on_progress=on_progress,
            ledger=ledger_path(ledger),
            deadline=deadline,
            retry_budget=retry_budget,
            dry_run=dry_run,
        )
        options.check()
        files = await asyncio.to_thread(plan, images)
        report = await Batch(self.sender, model_id, files, options).run()
        if raise_on_failure and not report.succeeded:
            raise UploadError(report)
        return report
