"""A batch from beginning to end: look at the files, send them, attach them, compare, report."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from attrs import evolve, field, frozen

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.http.pace import Pace, StoppedError
from scenario_async._internal.pictures.picture import PictureChangedError
from scenario_async.errors import APIError, InvalidArgumentError, ScenarioError, check_whole_number
from scenario_async.upload.attaching import Attacher
from scenario_async.upload.examining import Examiner, has_changed
from scenario_async.upload.ledger import Entry, Ledger, Target, default_ledger
from scenario_async.upload.plan import PlannedFile, Results
from scenario_async.upload.progress import OnProgress, ProgressReporter
from scenario_async.upload.report import UploadReport
from scenario_async.upload.sending import requests_needed, send
from scenario_async.upload.training_set import TrainingSet
from scenario_async.values.training_image import GROUP_LIMIT, TrainingImagePreset

logger: Final = logging.getLogger("scenario_async.upload")

_RETRIES_AT_LEAST: Final = 20
_RETRIES_PER_FILE: Final = 3
_COMPARED_AT_MOST: Final = 1000
"""Training images of a set that is held against the report at the end; the service documents 50 at most. The
answer names each of them, some 500 bytes, so that of a far larger set would outweigh all else in memory."""

_PATIENCE: Final = 5.0
"""Seconds that requests on their way have to end once nothing more is sent: what they bring is not lost."""


class DeadlineExceededError(ScenarioError):
    """The time that a batch was given ran out. What is in stays in, and another run goes on from there."""


@frozen(kw_only=True)
class BatchOptions:
    """How a batch is run; see `TrainingImages.upload`."""

    concurrency: int
    preset: TrainingImagePreset | None = None
    on_progress: OnProgress | None = None
    ledger: Path | None = field(factory=default_ledger)
    deadline: float | None = None
    retry_budget: int | None = None
    dry_run: bool = False

    def check(self) -> None:
        """Refuse what cannot be right.

        Raises:
            InvalidArgumentError: What is wrong.
        """
        check_whole_number("concurrency", self.concurrency, at_least=1)
        if self.retry_budget is not None:
            check_whole_number("retry_budget", self.retry_budget, at_least=0)
        given: object = self.deadline  # at run time it may be anything
        is_number = isinstance(given, int | float) and not isinstance(given, bool)
        if given is not None and not (is_number and cast("float", given) > 0):
            raise InvalidArgumentError("deadline", given, "seconds are needed, more than 0")


class Batch:
    """One run of the batch upload; see `TrainingImages.upload`."""

    def __init__(
        self, sender: Sender, model_id: str, files: Sequence[PlannedFile], options: BatchOptions
    ) -> None:
        budget = options.retry_budget
        if budget is None:
            budget = _RETRIES_AT_LEAST + _RETRIES_PER_FILE * len(files)
        self._pace = Pace(options.concurrency, budget)
        self._sender = sender.paced(self._pace)
        self._model_id = model_id
        self._files = files
        self._options = options
        self._going = [file for file in files if file.mime_type is not None]
        self._progress = ProgressReporter(
            options.on_progress, len(files), sum(file.size for file in self._going)
        )
        self._training_set = TrainingSet(self._sender, model_id)
        self._ledger = Ledger(options.ledger, Target(*self._sender.target, model_id))
        self._attacher = Attacher(
            self._sender,
            model_id,
            options.preset,
            training_set=self._training_set,
            ledger=self._ledger,
            on_end=self._ended,
            on_gone=self._send_again,
        )
        self._examiner = Examiner()
        self._first_with: dict[bytes, PlannedFile] = {}
        self._duplicates: list[tuple[PlannedFile, PlannedFile]] = []

    async def run(self) -> UploadReport:
        """Do all of it.

        Raises:
            APIError: The model cannot be looked up; nothing was sent.
        """
        started = time.monotonic()
        stopped_by: Exception | None = None
        number_before = 0
        limit = asyncio.timeout(self._options.deadline)
        try:
            async with limit, self._ledger.opened():
                # Before the first byte: wrong credentials would waste the upload of everything.
                await self._look_up_first()
                number_before = len(self._training_set)
                for file in self._files:
                    if file.mime_type is None:
                        self._ended(file)
                await self._work_all()
                stopped_by = self._pace.stopped_by
                if stopped_by is None and not self._options.dry_run:
                    await self._compare(number_before)
        except TimeoutError:
            if not limit.expired():
                raise
            stopped_by = DeadlineExceededError(f"{self._options.deadline} s were given, and ran out")
        self._settle(stopped_by)
        return UploadReport(
            model_id=self._model_id,
            results=Results(self._files),
            seconds=time.monotonic() - started,
            stopped_by=stopped_by,
            dry_run=self._options.dry_run,
            requests=self._requests_needed() if self._options.dry_run else None,
            images_before=number_before,
        )

    async def _look_up_first(self) -> None:
        try:
            await self._training_set.look_up(names=(file.name for file in self._going))
        except StoppedError as stopped:
            raise cast("APIError", self._pace.stopped_by) from stopped.__cause__

    async def _work_all(self) -> None:
        """Send and attach, to the end or until nothing more is sent."""
        if not self._going:
            return
        waiting = iter(self._going)
        async with self._examiner:
            try:
                async with asyncio.TaskGroup() as tasks:
                    attaching = tasks.create_task(self._attach_all())
                    count = min(self._options.concurrency, len(self._going))
                    workers = [tasks.create_task(self._work(waiting)) for _ in range(count)]
                    cutting_off = tasks.create_task(self._cut_off([attaching, *workers]))
                    await asyncio.wait(workers)
                    self._attacher.put(None)
                    await asyncio.wait([attaching])
                    cutting_off.cancel()
            except BaseExceptionGroup as group:
                raise group.exceptions[0] from None

    async def _cut_off(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Once nothing more is sent, let what is on its way come to its end, but not for ever."""
        await self._pace.stopped.wait()
        await asyncio.wait(tasks, timeout=_PATIENCE)
        for task in tasks:
            task.cancel()

    async def _attach_all(self) -> None:
        with suppress(StoppedError):
            await self._attacher.run()

    async def _work(self, waiting: Iterator[PlannedFile]) -> None:
        """Take the next file, as long as there is one."""
        for file in waiting:
            file.started = time.monotonic()
            try:
                await self._bring(file)
            except StoppedError:
                return
            except ScenarioError as error:
                self._end_failed(file, error)

    async def _bring(self, file: PlannedFile) -> None:
        """Bring one file as far as the attaching, by the shortest way."""
        planned = file.size
        await self._examiner.examine(file)
        self._progress.bytes_total += file.size - planned
        sha256 = cast("bytes", file.sha256)
        first = self._first_with.setdefault(sha256, file)
        if first is not file:
            self._duplicates.append((file, first))
            return
        await self._find(file, sha256)
        if file.status is not None:
            self._ended(file)
        elif self._options.dry_run:
            file.status = "to send"
            self._ended(file)
        else:
            if file.asset_id is None:
                await self._send(file)
            self._attacher.put(file)

    async def _find(self, file: PlannedFile, sha256: bytes) -> None:
        """Find out what an earlier run, or the model itself, knows of a content."""
        entry = await self._ledger.get(sha256)
        if entry is not None:
            file.asset_id, file.from_ledger = entry.asset_id, True
        if file.asset_id not in self._training_set:
            # The ledger's asset was never attached; the same content may have been, by whoever else.
            other = await self._training_set.same_as(file.name, sha256)
            file.asset_id = other or file.asset_id
        if file.asset_id is not None and file.asset_id in self._training_set:
            file.status, file.caption = "already attached", self._training_set.caption(file.asset_id)
            if not self._options.dry_run:
                await self._ledger.write(Entry(sha256, file.asset_id, "attached"))

    async def _send(self, file: PlannedFile) -> None:
        """Make an asset of a file.

        It is tried again after a doubtful failure too: an asset that was made without our knowing its id
        stays in the library, but it never comes into the training set.
        """

        def count(offset: int, length: int) -> None:
            new = max(offset + length - file.sent, 0)  # what is sent again counts once
            file.sent += new
            self._progress.bytes_sent += new
            self._progress.tell(file.path, "sending")

        picture = evolve(file.picture, on_sent=count)
        while True:
            file.attempts += 1
            try:
                asset_id = await send(self._sender, picture)
                break
            except APIError as error:
                wait = (
                    self._pace.wait_before_retry(error, file.attempts, self._sender.retries, repeatable=True)
                    if error.in_doubt
                    else None
                )
                if wait is None:
                    self._progress.bytes_sent -= file.sent
                    file.sent = 0
                    raise
                logger.info("%s; again in %.1f s", error, wait)
            await asyncio.sleep(wait)
        if await has_changed(file):
            raise PictureChangedError("images", file.path, "the file was changed while it was sent")
        self._progress.tell(file.path, "sent")
        file.asset_id = asset_id
        await self._ledger.write(Entry(cast("bytes", file.sha256), asset_id, "asset"))

    async def _send_again(self, file: PlannedFile) -> None:
        """Make a new asset of a file whose asset of an earlier run is not there any more."""
        file.asset_id = None
        await self._ledger.forget(cast("bytes", file.sha256))
        try:
            await self._send(file)
        except StoppedError:
            raise
        except ScenarioError as error:
            self._end_failed(file, error)

    def _end_failed(self, file: PlannedFile, error: ScenarioError) -> None:
        file.status, file.error = "failed", error
        self._ended(file)

    def _ended(self, file: PlannedFile) -> None:
        file.fingerprint = None
        file.seconds = 0.0 if file.started is None else time.monotonic() - file.started
        if file.status != "to send" or file.asset_id is not None:
            self._progress.bytes_total += file.sent - file.size  # the rest of it need not be sent
        self._progress.files_done += 1
        self._progress.tell(file.path, "ended", file.status)

    def _settle(self, stopped_by: Exception | None) -> None:
        """What became of a content became of all files that have it; what is in doubt has its reason."""
        for file in self._going:
            if file.status == "in doubt":
                file.error = file.error or stopped_by
        for file, first in self._duplicates:
            if first.status in {"attached", "already attached", "to send"}:
                file.status, file.asset_id, file.caption = "duplicate", first.asset_id, first.caption
            else:
                file.status, file.error = first.status, first.error
            if file.status is not None:
                self._ended(file)

    async def _compare(self, number_before: int) -> None:
        """Hold what was attached against what the model says it has, and take its captions."""
        attached = [file for file in self._going if file.status == "attached"]
        if not attached or number_before + len(attached) > _COMPARED_AT_MOST:
            return
        try:
            await self._training_set.look_up()
        except (APIError, StoppedError) as error:
            # All was attached; that it cannot be looked up just now makes no failure of it.
            logger.warning("what was attached could not be compared with the model: %s", error)
            return
        missing = [file for file in attached if file.asset_id not in self._training_set]
        if len(missing) == len(attached) and len(self._training_set) >= number_before + len(attached):
            # A training image's id is documented to look like its asset's, not to be the same one.
            return
        for file in attached:
            file.caption = self._training_set.caption(file.asset_id) or file.caption
        for file in missing:
            file.status = "failed"
            file.error = ScenarioError("the service said that it is attached, but the model does not list it")

    def _requests_needed(self) -> int:
        """The requests that would change anything."""
        going = [file for file in self._going if file.status == "to send"]
        sending = sum(requests_needed(file.size) for file in going if file.asset_id is None)
        return sending + -(-len(going) // GROUP_LIMIT)
