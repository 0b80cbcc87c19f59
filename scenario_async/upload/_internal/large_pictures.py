"""Send pictures that are too large for one request in parts, and use their assets by id."""

from __future__ import annotations

from typing import Any, cast

import attrs

from scenario_async._internal.declare.operation import Request, Sender
from scenario_async._internal.pictures.encoded import from_data_url
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import BodyTooLargeError, Picture
from scenario_async._internal.threads import in_thread
from scenario_async.values import training_image as values
from scenario_async.values.asset import AssetRetrieveParams, AssetUploadParams, AssetUploadResponse


async def add_large(
    sender: Sender,
    request: values.TrainingImageAddParams | values.TrainingImageReplaceParams,
    error: BodyTooLargeError,
) -> values.TrainingImageAddResponse:
    """Add or replace a training image with a picture that is sent in parts.

    Raises:
        BodyTooLargeError: Another argument is too large.
    """
    picture = error.picture
    if isinstance(request.data, str) and error.argument == "data" and picture is None:
        picture = await in_thread(_decoded, request.data)
    asset_id = await _sent(sender, picture, request.name, error)
    changed: Request[values.TrainingImageAddResponse] = attrs.evolve(
        cast("Any", request), asset_id=asset_id, data=None, name=None
    )
    return await sender.send(changed)


async def upload_large(
    sender: Sender, request: AssetUploadParams, error: BodyTooLargeError
) -> AssetUploadResponse:
    """Upload a picture in parts as an asset.

    Raises:
        BodyTooLargeError: Another argument is too large, or there are properties of the asset other than its
            name, which an upload in parts cannot set.
    """
    others = (request.canvas, request.collection_ids, request.hide, request.parent_id, request.thumbnail)
    if any(value is not None for value in others):
        raise error
    asset_id = await _sent(sender, error.picture, request.name, error)
    return AssetUploadResponse(asset=(await sender.send(AssetRetrieveParams(asset_id))).asset)


def _decoded(url: str) -> Picture:
    content, _ = from_data_url(url, "data")
    return open_picture(content, "data")


async def _sent(sender: Sender, picture: Picture | None, name: str | None, error: BodyTooLargeError) -> str:
    if picture is None:
        raise error
    from scenario_async.upload._internal.sending import send

    return await send(sender, attrs.evolve(picture, name=name or picture.name))
