"""How assets become training images of one model: in groups, one request at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from scenario_async.declare import Async, Sender
from scenario_async.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    PermissionDeniedError,
    PlanLimitError,
    UnprocessableEntityError,
)
from scenario_async.resources.models import Models
from scenario_async.resources.training_images import (
    ALREADY_ATTACHED,
    GROUP_LIMIT,
    TrainingImagePreset,
    TrainingImages,
)
from scenario_async.upload.plan import PlannedFile
from scenario_async.values.training_image import TrainingImage, TrainingImageAddResponse

STOPPING: Final = (PlanLimitError, AuthenticationError, PermissionDeniedError)
"""Refusals that every further request would meet too."""

_ABOUT_ONE_OF_THEM: Final = (BadRequestError, NotFoundError, UnprocessableEntityError)

_ROUNDS: Final = 5
"""How often a group whose outcome is in doubt is settled and sent again."""


class Attacher:
    """Attaches assets to one model, never two requests at a time: whether those would race is not known.

    Args:
        sender: Sends the requests, and repeats them where that is safe.
        model_id: The model.
        preset: What the images are used for.
        on_end: Told of each file when its end is known.
    """

    def __init__(
        self,
        sender: Sender,
        model_id: str,
        preset: TrainingImagePreset | None,
        on_end: Callable[[PlannedFile], object],
    ) -> None:
        self._models: Models[Async] = Models(sender)
        self._images: TrainingImages[Async] = TrainingImages(sender)
        self._model_id = model_id
        self._preset: TrainingImagePreset | None = preset
        self._on_end = on_end
        self._waiting: asyncio.Queue[PlannedFile | None] = asyncio.Queue()

    def put(self, file: PlannedFile | None) -> None:
        """Hand over a file that is an asset; None after the last one."""
        self._waiting.put_nowait(file)

    async def run(self) -> None:
        """Attach what comes until the last one.

        Raises:
            APIStatusError: A refusal that every further request would meet too.
        """
        last = False
        while not last:
            group: list[PlannedFile] = []
            while len(group) < GROUP_LIMIT and not last:
                file = await self._waiting.get()
                last = file is None
                group += [] if file is None else [file]
            if group:
                await self._attach(group)

    async def present(self) -> dict[str, TrainingImage]:
        """All training images that the model says it has, by id."""
        answer = await self._models.retrieve(self._model_id)
        return {image.id: image for image in answer.model.training_images or []}

    async def _attach(self, group: Sequence[PlannedFile]) -> None:
        """Attach a group. A refusal or a doubt is settled by asking the model what it has."""
        left = list(group)
        failure: APIError | None = None
        for _ in range(_ROUNDS):
            try:
                told = (await self._add(left)).told
            except STOPPING:
                raise
            except APIError as error:
                failure = error
            else:
                self._end_attached(left, {image.id: image for image in told})
                return
            present = await self.present()
            landed = [file for file in left if file.asset_id in present]
            left = [file for file in left if file.asset_id not in present]
            self._end_attached(landed, present)
            if not left:
                return
            if not landed and not failure.in_doubt:
                await self._isolate(left, failure)
                return
        self._end_failed(left, failure)

    async def _isolate(self, group: Sequence[PlannedFile], failure: APIError) -> None:
        """Find out which one of a group a refusal is about; nothing of the group is in the model."""
        if len(group) > 1 and isinstance(failure, _ABOUT_ONE_OF_THEM):
            for file in group:
                await self._attach([file])
        elif isinstance(failure, BadRequestError) and ALREADY_ATTACHED in (failure.reason or ""):
            # The service says that it is in. That the model does not list it is for the end to compare.
            self._end_attached(group, {})
        else:
            self._end_failed(group, failure)

    async def _add(self, group: Sequence[PlannedFile]) -> TrainingImageAddResponse:
        for file in group:
            file.attach_attempts += 1
        ids = [file.asset_id for file in group if file.asset_id is not None]
        return await self._images.add(self._model_id, asset_ids=ids, preset=self._preset)

    def _end_attached(self, files: Sequence[PlannedFile], images: Mapping[str, TrainingImage]) -> None:
        for file in files:
            file.status = "attached"
            file.caption = caption_of(images.get(file.asset_id or ""))
            self._on_end(file)

    def _end_failed(self, files: Sequence[PlannedFile], failure: APIError | None) -> None:
        for file in files:
            file.status, file.error = "failed", failure
            self._on_end(file)


def caption_of(image: TrainingImage | None) -> str | None:
    """What is written under a training image: by a person if there is that, by the service if not."""
    return None if image is None else image.description or image.automatic_captioning or None
