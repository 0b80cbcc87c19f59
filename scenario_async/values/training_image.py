"""Training images and their pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, cast

import attrs
from attrs import field

from scenario_async._internal.declare.converter import is_sequence
from scenario_async._internal.declare.operation import Body, DataUrl, OrDict
from scenario_async._internal.declare.value import Value
from scenario_async.errors import InvalidArgumentError
from scenario_async.values._requests import OriginalAssetsRequest, ProjectDeletion, ProjectRequest


class TrainingImage(Value):
    """A training image of a model."""

    automatic_captioning: str
    created_at: str
    description: str
    download_url: str
    id: str
    name: str


class TrainingImagePair(Value):
    """A pair of training images, before and after an edit, from which an edit model learns."""

    instruction: str | None = None
    source_id: str | None = None
    target_id: str | None = None


class TrainingImageAddResponse(Value):
    """The training image that was added or replaced.

    The documentation shows one image, even for a group of assets. It is not known whether the service returns
    one, several or none for a group. `images` has the images in the response.
    """

    training_image: TrainingImage
    training_images: list[TrainingImage] | None = None

    @property
    def images(self) -> list[TrainingImage]:
        """All the training images in the response."""
        one = cast("TrainingImage | None", self.training_image)
        return list(self.training_images or ([one] if one else []))


TrainingImageReplaceResponse = TrainingImageAddResponse


class TrainingImageReplacePairsResponse(Value):
    """All pairs of a model, after they were replaced."""

    count: float
    pairs: list[TrainingImagePair]


GROUP_LIMIT: Final = 10
"""The largest number of assets in one request (documented)."""


TrainingImagePreset = Literal["default", "style", "subject"]
"""What training images are used for."""

ALREADY_ATTACHED: Final = "already a training image"
"""The service's message about an asset that is attached already (documented)."""


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


def _not_empty(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    del instance
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise InvalidArgumentError(attribute.name, value, "an id is needed: a string that is not empty")


class TrainingImageAddParams(
    OriginalAssetsRequest[TrainingImageAddResponse], endpoint="POST /models/{model_id}/training-images"
):
    """Add a training image to a model.

    Give one of `asset_id`, `asset_ids` and `data`. An asset that is attached already is refused with a
    `BadRequestError`, so a call with ids is retried after a failure with unknown outcome. A call with `data`
    adds one more image each time, so it is retried only if the service did not process it.

    Args:
        model_id: The model to add to.
        asset_id: An asset to use. With it, `data` and `name` are ignored by the service.
        asset_ids: 1 to 10 assets to use. The service refuses it together with `asset_id`, `data` or `name`.
        data: A picture: a data URL, a path, bytes, or a binary file open for reading. One above about 4.5 MB
            is sent in parts, and attached by the id of its asset.
        name: The picture's file name; that of `data` if it has one.
        preset: The use of the images.

    Raises:
        InvalidArgumentError: An id is empty, there are more than 10 ids, or `data` is not a picture.
        BadRequestError: An asset is attached already.
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
        """Return success if the only asset of the request is attached already.

        In this case, the attempt in doubt attached the asset. For a group this is not certain, because one of
        its assets may have been attached long before.
        """
        ids = [self.asset_id] if self.asset_id is not None else list(self.asset_ids or ())
        if len(ids) == 1 and status_code == 400 and ALREADY_ATTACHED in (reason or ""):  # noqa: PLR2004 - HTTP
            return {"trainingImage": {"id": ids[0]}}
        return None


class TrainingImageReplaceParams(
    OriginalAssetsRequest[TrainingImageReplaceResponse],
    endpoint="PUT /models/{model_id}/training-images/{training_image_id}",
):
    """Replace a training image by another image.

    Args:
        training_image_id: The training image to replace.
        model_id: The model that it belongs to.
        asset_id: An asset to use. With it, `data` and `name` are ignored by the service.
        asset_ids: 1 to 10 assets to use. The service refuses it together with `asset_id`, `data` or `name`.
        data: A picture: a data URL, a path, bytes, or a binary file open for reading. One above about 4.5 MB
            is sent in parts, and attached by the id of its asset.
        name: The picture's file name; that of `data` if it has one.
        preset: The use of the image.

    Raises:
        InvalidArgumentError: An id is empty, there are more than 10 ids, or `data` is not a picture.
        BadRequestError: An asset is attached already.
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
        body: All pairs of the model: `TrainingImagePair` values, or dicts with the same names
            (``{"source_id": …, "target_id": …, "instruction": …}``). Both ids must be training images.
    """

    model_id: str = field(kw_only=False)
    body: Body[Sequence[OrDict[TrainingImagePair]]]


class TrainingImageDeleteParams(
    ProjectDeletion[object], endpoint="DELETE /models/{model_id}/training-images/{training_image_id}"
):
    """Delete a training image of a model.

    Args:
        training_image_id: The training image to delete.
        model_id: The model that it belongs to.
    """

    training_image_id: str = field(kw_only=False)
    model_id: str
