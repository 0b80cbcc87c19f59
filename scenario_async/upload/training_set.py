"""What a model says that it has: the only judge of what is in and what is not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from scenario_async.declare import Async, Sender
from scenario_async.resources.models import Models
from scenario_async.values.training_image import TrainingImage


class TrainingSet:
    """The training images of one model, as they were when it was last looked up.

    Args:
        sender: Sends the requests.
        model_id: The model.
    """

    def __init__(self, sender: Sender, model_id: str) -> None:
        self._sender = sender
        self._models: Models[Async] = Models(sender)
        self._model_id = model_id
        self._captions: dict[str, str | None] = {}
        self._by_name: dict[str, list[TrainingImage]] = {}

    def __len__(self) -> int:
        return len(self._captions)

    def __contains__(self, asset_id: object) -> bool:
        return asset_id in self._captions

    async def look_up(self, *, names: Iterable[str] = ()) -> None:
        """Ask the model.

        Args:
            names: The names of pictures whose images may have to be compared; see `same_as`.

        Raises:
            APIError: It cannot be looked up.
        """
        images = (await self._models.retrieve(self._model_id, original_assets=True)).model.training_images
        self._captions = {image.id: caption_of(image) for image in images or ()}
        wanted = set(names)
        self._by_name = {}
        for image in images or ():
            if image.name in wanted:
                self._by_name.setdefault(image.name, []).append(image)

    def caption(self, asset_id: str | None) -> str | None:
        """What is written under a training image; None if there is nothing, or no such image."""
        return None if asset_id is None else self._captions.get(asset_id)

    async def same_as(self, name: str, sha256: bytes) -> str | None:
        """Find a training image of this name and this content.

        The service names no digests, so the images of that name are downloaded and compared.

        Returns:
            Its id, or None if there is none.

        Raises:
            APIError: One cannot be downloaded, so it is not known.
        """
        for image in self._by_name.get(name, ()):
            if not image.download_url:
                continue
            content = await self._sender.fetch(image.download_url)
            if hashlib.sha256(content).digest() == sha256:
                return image.id
        return None


def caption_of(image: TrainingImage) -> str | None:
    """What is written under a training image: by a person if there is that, by the service if not."""
    return image.description or image.automatic_captioning or None
