"""The training set of one model, according to the model's list."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, cast

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.pictures.names import plain_name
from scenario_async.errors import APIError, APIStatusError
from scenario_async.upload._internal.adoption import digest_of
from scenario_async.upload._internal.response_fields import id_of, number_of, text_of
from scenario_async.values.asset import AssetRetrieveParams
from scenario_async.values.model import ModelRetrieveParams
from scenario_async.values.training_image import TrainingImage

logger: Final = logging.getLogger("scenario_async.upload")

_LOOKS: Final = 3
"""The most requests for a model until its response has all required fields."""


class TrainingSet:
    """The training images of one model, as in the latest response about it.

    Args:
        sender: Sends the requests.
        model_id: The model.

    Attributes:
        number: The model's number of images.
        is_complete: Whether the latest response listed as many images as this number, each with its own id.
    """

    def __init__(self, sender: Sender, model_id: str) -> None:
        self._sender = sender
        self._model_id = model_id
        self._captions: dict[str, str | None] = {}
        self._by_name: defaultdict[str, list[TrainingImage]] = defaultdict(list)
        self._digests: dict[str, bytes] = {}
        self._comparing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.number: int = 0
        self.is_complete: bool = False

    def __len__(self) -> int:
        return len(self._captions)

    def __contains__(self, asset_id: object) -> bool:
        return asset_id in self._captions

    async def look_up(self, *, names: Iterable[str] | None = None) -> None:
        """Request the model. Images that were listed once are remembered; a later response may list fewer.

        Args:
            names: For the first request, the names of pictures whose images may have to be compared; see
                `same_as`.

        Raises:
            APIError: The request failed, or the response has no list of images.
        """
        images, number = await self._listed(first=names is not None)
        known = [image for image in images if id_of(image)]
        self._captions.update((image.id, caption_of(image)) for image in known)
        # A response without the number may list fewer images than an earlier one.
        self.number = max(len(images), self.number) if number is None else int(number)
        self.is_complete = len({image.id for image in known}) >= self.number
        if names is not None:
            wanted = {"", *map(plain_name, names)}
            for image in known:
                name = plain_name(text_of(image, "name") or "")
                if name in wanted:
                    self._by_name[name].append(image)

    async def _listed(self, *, first: bool) -> tuple[Sequence[TrainingImage], float | None]:
        """Return the model's images and their number; a response that lacks them is requested again."""
        model: object = None
        listed: list[TrainingImage] | None = None
        number: float | None = None
        for _ in range(_LOOKS):
            request = ModelRetrieveParams(self._model_id, original_assets=True)
            model = getattr(await self._sender.send(request), "model", None)
            # The lenient converter omits missing fields, so any of these may be missing or have another type.
            listed, number = _list_of(model), number_of(model, "training_images_number")
            is_whole = listed is not None and number == len(listed) and not _repeats_ids(listed)
            if is_whole and not (first and any(map(_lacks_something, listed or ()))):
                break
        nothing = number == 0 or (number is None and first and id_of(model) is not None)
        if listed is None and not nothing:
            message = f"GET /models/{self._model_id}: the response does not list the training images"
            raise APIError(message, method="GET", path=f"/models/{self._model_id}")
        return listed or (), number

    def caption(self, asset_id: str | None) -> str | None:
        """The caption of a training image; None if it has none, or is not listed."""
        return None if asset_id is None else self._captions.get(asset_id)

    async def same_as(self, name: str, sha256: bytes) -> str | None:
        """Find a training image with this name, or without a name, that has this content.

        The service does not return digests, so the images with that name are downloaded and compared.

        Returns:
            The id of the image; None if no listed image has this content.

        Raises:
            APIError: An image cannot be downloaded, so the result is not known.
        """
        candidates = self._by_name.get(plain_name(name), []) + self._by_name.get("", [])
        for image in candidates:
            async with self._comparing[image.id]:
                if image.id not in self._digests:
                    self._digests[image.id] = await self._digest_of(image)
            if self._digests[image.id] == sha256:
                return image.id
        return None

    def may_have(self, name: str) -> bool:
        """Whether the first response listed an image with this name, or one without a name."""
        return bool(self._by_name.get(plain_name(name)) or self._by_name.get(""))

    async def _digest_of(self, image: TrainingImage) -> bytes:
        url = text_of(image, "download_url")
        if url is not None:
            try:
                return await digest_of(self._sender, url)
            except APIStatusError as error:
                # The URL is presigned, and may have expired since the lookup of the model.
                logger.info("%s; requesting another URL of the asset", error)
        answer = await self._sender.send(AssetRetrieveParams(image.id, original_assets=True))
        url = text_of(getattr(answer, "asset", None), "url")
        if url is None:
            message = f"GET /assets/{image.id}: the response has no URL"
            raise APIError(message, method="GET", path=f"/assets/{image.id}")
        return await digest_of(self._sender, url)


def _list_of(model: object) -> list[TrainingImage] | None:
    listed: object = getattr(model, "training_images", None)
    return cast("list[TrainingImage]", listed) if isinstance(listed, list) else None


def _repeats_ids(images: Sequence[TrainingImage]) -> bool:
    ids = [identifier for image in images if (identifier := id_of(image))]
    return len(set(ids)) < len(ids)


def _lacks_something(image: TrainingImage) -> bool:
    return not (id_of(image) and text_of(image, "name") and text_of(image, "download_url"))


def caption_of(image: TrainingImage) -> str | None:
    """The caption of a training image: a person's if there is one, or else the service's."""
    return text_of(image, "description") or text_of(image, "automatic_captioning")
