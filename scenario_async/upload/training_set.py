"""What a model says that it has: the only judge of what is in and what is not."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from scenario_async._internal.declare.operation import Async, Sender
from scenario_async.errors import APIError, APIStatusError
from scenario_async.resources.assets import Assets
from scenario_async.resources.models import Models
from scenario_async.values.asset import AssetRetrieveParams
from scenario_async.values.model import Model, ModelRetrieveParams
from scenario_async.values.training_image import TrainingImage

logger: Final = logging.getLogger("scenario_async.upload")

_LOOKS: Final = 3
"""How often a model is looked at until its answer tells all that is needed of it."""


class TrainingSet:
    """The training images of one model, as they were when it was last looked up.

    Args:
        sender: Sends the requests.
        model_id: The model.
    """

    def __init__(self, sender: Sender, model_id: str) -> None:
        self._sender = sender
        self._models: Models[Async] = Models(sender)
        self._assets: Assets[Async] = Assets(sender)
        self._model_id = model_id
        self._captions: dict[str, str | None] = {}
        self._by_name: defaultdict[str | None, list[TrainingImage]] = defaultdict(list)
        self._digests: dict[str, bytes] = {}
        self._comparing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def __len__(self) -> int:
        return len(self._captions)

    def __contains__(self, asset_id: object) -> bool:
        return asset_id in self._captions

    async def look_up(self, *, names: Iterable[str] | None = None) -> None:
        """Ask the model.

        Args:
            names: At the first look: the names of pictures whose images may have to be compared; see
                `same_as`.

        Raises:
            APIError: It cannot be looked up, or does not tell what it has.
        """
        images = await self._told(first=names is not None)
        self._captions = {image.id: caption_of(image) for image in images}
        if images and names is not None:
            wanted = {None, *names}
            for image in images:
                name = image.name or None
                if name in wanted:
                    self._by_name[name].append(image)

    async def _told(self, *, first: bool) -> Sequence[TrainingImage]:
        """The images that the model tells of; asks again if an answer lacks what is needed of it."""
        model: Model | None = None
        told: Sequence[TrainingImage] | None = None
        number: float | None = None
        for _ in range(_LOOKS):
            model = (await self._models.retrieve(self._model_id, original_assets=True)).model
            # A lenient reader leaves out what an answer lacks, so any of these may be missing.
            told = getattr(model, "training_images", None)
            number = getattr(model, "training_images_number", None)
            is_whole = told is not None and number == len(told)
            if is_whole and not (first and any(map(_lacks_something, told or ()))):
                break
        nothing = number == 0 or (number is None and model is not None and first)
        if told is None and not nothing:
            method, path = ModelRetrieveParams.endpoint.split()
            message = f"{method} {path}: the answer does not tell the training images"
            raise APIError(message, method=method, path=path)
        return [image for image in told or () if getattr(image, "id", None)]

    def caption(self, asset_id: str | None) -> str | None:
        """What is written under a training image; None if there is nothing, or no such image."""
        return None if asset_id is None else self._captions.get(asset_id)

    async def same_as(self, name: str, sha256: bytes) -> str | None:
        """Find a training image of this name, or of none, and this content.

        The service names no digests, so the images of that name are downloaded and compared.

        Returns:
            Its id, or None if there is none.

        Raises:
            APIError: One cannot be downloaded, so it is not known.
        """
        candidates = self._by_name.get(name, []) + self._by_name.get(None, [])
        for image in candidates:
            async with self._comparing[image.id]:
                if image.id not in self._digests:
                    content = await self._content(image)
                    digest = await asyncio.to_thread(hashlib.sha256, content)
                    self._digests[image.id] = digest.digest()
            if self._digests[image.id] == sha256:
                return image.id
        return None

    async def _content(self, image: TrainingImage) -> bytes:
        if image.download_url:
            try:
                return await self._sender.download(image.download_url)
            except APIStatusError as error:
                # It is presigned, and may have expired since the model was looked up.
                logger.info("%s; the asset is asked for another URL", error)
        url = getattr((await self._assets.retrieve(image.id, original_assets=True)).asset, "url", None)
        if not url:
            method, path = AssetRetrieveParams.endpoint.split()
            raise APIError(f"{method} {path}: the answer tells no URL", method=method, path=path)
        return await self._sender.download(url)


def _lacks_something(image: TrainingImage) -> bool:
    return not all(getattr(image, member, None) for member in ("id", "name", "download_url"))


def caption_of(image: TrainingImage) -> str | None:
    """What is written under a training image: by a person if there is that, by the service if not."""
    return image.description or image.automatic_captioning or None
