"""How assets become training images of one model: in groups, one request at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, cast

from scenario_async._internal.declare.operation import Async, Sender
from scenario_async._internal.http.pace import StoppedError
from scenario_async.errors import APIError, BadRequestError, NotFoundError, UnprocessableEntityError
from scenario_async.resources.training_images import TrainingImages
from scenario_async.upload.ledger import Entry, Ledger, LedgerState
from scenario_async.upload.plan import PlannedFile
from scenario_async.upload.training_set import TrainingSet, caption_of
from scenario_async.values.training_image import (
    ALREADY_ATTACHED,
    GROUP_LIMIT,
    TrainingImage,
    TrainingImageAddParams,
    TrainingImageAddResponse,
    TrainingImagePreset,
)

_ABOUT_ONE_OF_THEM: Final = (BadRequestError, NotFoundError, UnprocessableEntityError)

_ROUNDS: Final = 5
"""How often a group whose outcome is in doubt is settled and sent again."""


class Attacher:
    """Attaches assets to one model, never two requests at a time: whether those would race is not known.

    Args:
        sender: Sends the requests, and repeats them where that is safe.
        model_id: The model.
        preset: What the images are used for.
        training_set: What the model says it has.
        ledger: What is known of each content.
        on_end: Told of each file when its end is known.
        on_gone: Makes a new asset of a file whose asset of an earlier run is not there any more.
    """

    def __init__(
        self,
        sender: Sender,
        model_id: str,
        preset: TrainingImagePreset | None,
        *,
        training_set: TrainingSet,
        ledger: Ledger,
        on_end: Callable[[PlannedFile], object],
        on_gone: Callable[[PlannedFile], Awaitable[object]],
    ) -> None:
        self._images: TrainingImages[Async] = TrainingImages(sender)
        self._model_id = model_id
        self._preset: TrainingImagePreset | None = preset
        self._training_set = training_set
        self._ledger = ledger
        self._on_end = on_end
        self._on_gone = on_gone
        self._waiting: asyncio.Queue[PlannedFile | None] = asyncio.Queue()

    def put(self, file: PlannedFile | None) -> None:
        """Hand over a file that is an asset; None after the last one."""
        self._waiting.put_nowait(file)

    async def run(self) -> None:
        """Attach what comes until the last one.

        Raises:
            StoppedError: Nothing more is sent.
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

    async def _attach(self, group: Sequence[PlannedFile]) -> None:
        """Attach a group. A refusal or a doubt is settled by asking the model what it has."""
        left = list(group)
        failure: APIError | None = None
        for _ in range(_ROUNDS):
            try:
                told = await self._add(left)
            except APIError as error:
                failure = error
            else:
                await self._end_attached(left, {getattr(image, "id", ""): image for image in told})
                return
            try:
                await self._training_set.look_up()
            except APIError:
                self._end_failed(left, failure)
                return
            landed = [file for file in left if file.asset_id in self._training_set]
            left = [file for file in left if file.asset_id not in self._training_set]
            await self._end_attached(landed, {})
            if not left:
                return
            if not landed and not failure.in_doubt:
                await self._isolate(left, failure)
                return
            for file in left:
                file.status = None  # the model says that it is not in
        self._end_failed(left, failure)

    async def _isolate(self, group: Sequence[PlannedFile], failure: APIError) -> None:
        """Find out which one of a group a refusal is about; nothing of the group is in the model."""
        about_one = isinstance(failure, _ABOUT_ONE_OF_THEM)
        if len(group) > 1 and about_one:
            for file in group:
                await self._attach([file])
        elif isinstance(failure, BadRequestError) and ALREADY_ATTACHED in (failure.reason or ""):
            # The service says that it is in. That the model does not list it is for the end to compare.
            await self._end_attached(group, {})
        elif about_one and group[0].from_ledger:
            group[0].from_ledger = False
            await self._on_gone(group[0])
            if group[0].asset_id is not None:
                await self._attach(group)
        else:
            self._end_failed(group, failure)

    async def _add(self, group: Sequence[PlannedFile]) -> list[TrainingImage]:
        """Ask for a group to be attached; gives the images that the answer tells of."""
        await self._write(group, "attaching")
        for file in group:
            file.attach_attempts += 1
            file.status = "in doubt"  # whatever may end this from here on
        ids = [cast("str", file.asset_id) for file in group]
        try:
            return _told(await self._images.add(self._model_id, asset_ids=ids, preset=self._preset))
        except (APIError, StoppedError) as error:
            if not error.in_doubt:
                for file in group:
                    file.status = None
            raise

    async def _write(self, files: Sequence[PlannedFile], state: LedgerState) -> None:
        entries = [Entry(cast("bytes", file.sha256), cast("str", file.asset_id), state) for file in files]
        await self._ledger.write(*entries)

    async def _end_attached(self, files: Sequence[PlannedFile], images: Mapping[str, TrainingImage]) -> None:
        for file in files:
            image = images.get(file.asset_id or "")
            file.caption = caption_of(image) if image else self._training_set.caption(file.asset_id)
            file.status = "attached"
            self._on_end(file)
        if files:
            await self._write(files, "attached")

    def _end_failed(self, files: Sequence[PlannedFile], failure: APIError | None) -> None:
        for file in files:
            file.status, file.error = file.status or "failed", failure
            self._on_end(file)


def _told(answer: TrainingImageAddResponse) -> list[TrainingImage]:
    """The images that an answer tells of.

    Raises:
        APIError: It tells of none. The model has to be asked whether that was a success.
    """
    if not answer.images:
        method, path = TrainingImageAddParams.endpoint.split()
        message = f"{method} {path}: the answer tells of no training image"
        raise APIError(message, method=method, path=path, in_doubt=True)
    return answer.images
