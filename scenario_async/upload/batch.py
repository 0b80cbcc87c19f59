"""A batch from beginning to end: look at the files, send them, attach them, compare, report."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from typing import Final, cast

from scenario_async.declare import Sender
from scenario_async.errors import APIError, ScenarioError, check_whole_number
from scenario_async.payload import bytes_sent
from scenario_async.pictures import Picture
from scenario_async.resources.training_images import TrainingImagePreset
from scenario_async.retries import RetryPolicy, may_repeat, wait_before_repeating
from scenario_async.upload.attaching import STOPPING, Attacher, caption_of
from scenario_async.upload.pace import PacedSender
from scenario_async.upload.plan import Images, PlannedFile, plan
from scenario_async.upload.progress import OnProgress, ProgressReporter
from scenario_async.upload.report import UploadReport
from scenario_async.upload.sending import send

logger: Final = logging.getLogger("scenario_async.upload")


class Batch:
    """One run of the batch upload; see `TrainingImages.upload` for its arguments."""

    def __init__(
        self,
        sender: Sender,
        model_id: str,
        images: Images,
        *,
        concurrency: int,
        preset: TrainingImagePreset | None,
        on_progress: OnProgress | None,
    ) -> None:
        check_whole_number("concurrency", concurrency, at_least=1)
        self._sender = PacedSender(sender, RetryPolicy(max_retries=5))
        self._model_id = model_id
        self._images = images
        self._concurrency = concurrency
        self._attacher = Attacher(self._sender, model_id, preset, self._ended)
        self._on_progress = on_progress
        self._started = time.monotonic()

    async def run(self) -> UploadReport:
        """Do all of it.

        Raises:
            InvalidArgumentError: `images` cannot be right; nothing was sent.
            APIError: The model cannot be looked up; nothing was sent.
        """
        files = await asyncio.to_thread(plan, self._images)
        going = [file for file in files if file.picture is not None]
        self._progress = ProgressReporter(self._on_progress, len(files), sum(file.size for file in going))
        # Before the first byte: a wrong id or wrong credentials would waste the upload of everything.
        before = await self._attacher.present()
        for file in files:
            if file.picture is None:
                self._ended(file)
        stopped_by = await self._send_all(going)
        if any(file.status == "attached" for file in files):
            await self._compare(files, len(before))
        return UploadReport(
            model_id=self._model_id,
            results=[file.result() for file in files],
            seconds=time.monotonic() - self._started,
            stopped_by=stopped_by,
        )

    async def _send_all(self, going: list[PlannedFile]) -> Exception | None:
        """Send and attach; gives what stopped it before its end."""
        waiting = iter(going)
        try:
            async with asyncio.TaskGroup() as tasks:
                attaching = tasks.create_task(self._attacher.run())
                count = min(self._concurrency, len(going))
                workers = [tasks.create_task(self._work(waiting)) for _ in range(count)]
                await asyncio.gather(*workers)
                self._attacher.put(None)
                await attaching
        except BaseExceptionGroup as group:
            first = group.exceptions[0]
            if isinstance(first, STOPPING):
                return first  # nothing more is sent; what is in stays in
            raise first from None
        return None

    async def _work(self, waiting: Iterator[PlannedFile]) -> None:
        """Take the next file, as long as there is one."""
        for file in waiting:
            started = time.monotonic()
            try:
                await self._send(file, cast("Picture", file.picture))
            except STOPPING:
                raise
            except ScenarioError as error:
                file.status, file.error = "failed", error
                self._ended(file)
            else:
                self._attacher.put(file)
            finally:
                file.seconds = time.monotonic() - started

    async def _send(self, file: PlannedFile, picture: Picture) -> None:
        """Make an asset of a file.

        It is tried again after a doubtful failure too: an asset that was made without our knowing its id
        stays in the library, but it never comes into the training set.
        """

        def count(sent: int) -> None:
            file.sent += sent
            self._progress.bytes_sent += sent
            self._progress.tell(file.path, "sending")

        while True:
            # What went before went in vain.
            self._progress.bytes_sent -= file.sent
            file.sent = 0
            file.attempts += 1
            token = bytes_sent.set(count)
            try:
                file.asset_id = await send(self._sender, picture, file.path.name)
            except APIError as error:
                wait = wait_before_repeating(error, file.attempts, self._sender.policy)
                if wait is None or not error.in_doubt or not may_repeat(error, repeatable=True):
                    raise
            else:
                self._progress.tell(file.path, "sent")
                return
            finally:
                bytes_sent.reset(token)
            await asyncio.sleep(wait)

    def _ended(self, file: PlannedFile) -> None:
        self._progress.files_done += 1
        self._progress.tell(file.path, "ended", file.status)

    async def _compare(self, files: list[PlannedFile], number_before: int) -> None:
        """Hold what was attached against what the model says it has, and take its captions."""
        attached = [file for file in files if file.status == "attached"]
        try:
            present = await self._attacher.present()
        except APIError as error:
            # All was attached; that it cannot be looked up just now makes no failure of it.
            logger.warning("what was attached could not be compared with the model: %s", error)
            return
        listed = [file for file in attached if file.asset_id in present]
        for file in listed:
            file.caption = caption_of(present.get(file.asset_id or "")) or file.caption
        if not listed and len(present) >= number_before + len(attached):
            # A training image's id is documented to look like its asset's, not to be the same one.
            return
        for file in attached:
            if file not in listed:
                file.status = "failed"
                file.error = ScenarioError("it was attached, but the model does not list it")
