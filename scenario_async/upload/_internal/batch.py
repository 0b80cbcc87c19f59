"""Run a batch: find the files, send them, attach them, and report."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from typing import Final

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.http.pace import Pace, StoppedError, retries_for
from scenario_async._internal.ledgers import origin_of
from scenario_async._internal.locks import alone_on_this_machine
from scenario_async._internal.tasks import task_group
from scenario_async.errors import APIError, DeadlineExceededError, ScenarioError, StalledError
from scenario_async.upload._internal.attach_queue import AttachQueue
from scenario_async.upload._internal.evidence import Evidence
from scenario_async.upload._internal.examining import Examiner
from scenario_async.upload._internal.ledger import Target
from scenario_async.upload._internal.ledger_file import open_ledger
from scenario_async.upload._internal.options import BatchOptions
from scenario_async.upload._internal.outcomes import Outcomes
from scenario_async.upload._internal.plan import Images, plan
from scenario_async.upload._internal.progress import ProgressReporter
from scenario_async.upload._internal.report import FileResult, UploadReport
from scenario_async.upload._internal.sending import requests_needed
from scenario_async.upload._internal.stages import Planned, Refused
from scenario_async.upload._internal.training_set import TrainingSet
from scenario_async.upload._internal.uploading import BatchParts, Uploader, as_scenario_error
from scenario_async.values.training_image import GROUP_LIMIT

logger: Final = logging.getLogger("scenario_async.upload")

_DRAIN_TIMEOUT: Final = 5.0
"""Seconds for running requests to end after the batch stops, so that their results are not lost."""

_LOOK_SECONDS: Final = 1.0
"""Seconds between two looks at the progress. If a look is later by as much, the process was paused."""

_UNKNOWN: Final = ScenarioError("the response to its attaching was lost")


async def upload_batch(sender: Sender, model_id: str, images: Images, options: BatchOptions) -> UploadReport:
    """Upload pictures and add them to the training images of a model; see `TrainingImages.upload`.

    Raises:
        InvalidArgumentError: An argument is wrong; nothing was sent.
        APIError: The model cannot be read; nothing was sent.
    """
    started = time.monotonic()
    batch: Batch | None = None
    stopped_by: Exception | None = None
    limit = asyncio.timeout(options.deadline)
    try:
        async with limit, Examiner(decode=options.dry_run) as examiner:
            find = partial(plan, images, recursive=options.recursive, follow_links=options.follow_links)
            batch = Batch(sender, model_id, await examiner.thread.call(find), options, examiner)
            stopped_by = await batch.run(limit)
    except TimeoutError:
        if not limit.expired():
            raise
        stopped_by = DeadlineExceededError(f"the deadline of {options.deadline} s has passed")
        if batch is not None and batch.has_stalled:
            stopped_by = StalledError(f"nothing moved for {options.stalled} s")
    if batch is not None and batch.exit is not None:
        raise batch.exit
    seconds = time.monotonic() - started
    if batch is None:  # the deadline passed before the files were found
        return UploadReport(model_id=model_id, results=(), seconds=seconds, stopped_by=stopped_by)
    return batch.report(seconds, stopped_by)


class Batch:
    """One run of the batch upload.

    Attributes:
        has_stalled: Whether it was ended because nothing moved.
    """

    def __init__(
        self,
        sender: Sender,
        model_id: str,
        files: Sequence[Planned | Refused],
        options: BatchOptions,
        examiner: Examiner,
    ) -> None:
        budget = options.retry_budget
        self._pace = Pace(options.concurrency, retries_for(len(files)) if budget is None else budget)
        self._sender = sender.paced(self._pace)
        self._model_id = model_id
        self._files = files
        self._uploadable = [file for file in files if isinstance(file, Planned)]
        self._options = options
        self._progress = ProgressReporter(
            options.on_progress, len(files), sum(file.size for file in self._uploadable)
        )
        self._outcomes = Outcomes(files, self._progress)
        self._set = TrainingSet(self._sender, model_id)
        self._target = Target(origin_of(sender.target[0]), model_id)
        self._ledger = open_ledger(options.ledger, self._target, read_only=options.dry_run)
        self._examiner = examiner
        self._before = 0
        self._round_trip = 0.0
        self._evidence: Evidence | None = None
        self._uploader: Uploader | None = None
        self.has_stalled: bool = False

    @property
    def exit(self) -> BaseException | None:
        """The exception that `on_progress` raised to end the program or the batch, if any."""
        return self._progress.exit

    async def run(self, limit: asyncio.Timeout) -> Exception | None:
        """Run the batch, and return the error that stopped it early, if any.

        Args:
            limit: Expires at the deadline, or when there is no progress.

        Raises:
            APIError: The model cannot be read; nothing was sent.
        """
        self._progress.on_exit = partial(_expire, limit)
        async with self._alone(), self._ledger.opened():
            watching = asyncio.create_task(self._watch_for_stall(limit))
            try:
                # Before the first byte, because wrong credentials would waste the whole upload.
                await self._look_up_first()
                for file in self._files:
                    if isinstance(file, Refused):
                        self._outcomes.refuse(file)
                if self._uploadable:
                    await self._work()
            except StoppedError:
                pass
            except Exception as error:
                if self._uploader is None:
                    raise
                return as_scenario_error(error)
            finally:
                watching.cancel()
        return self._pace.stopped_by

    def _alone(self) -> AbstractAsyncContextManager[None]:
        """Make other batches of this machine for the same model wait; a dry run changes nothing."""
        if self._options.dry_run:
            return nullcontext()
        return alone_on_this_machine(self._target.lock_name, f"is uploading to {self._model_id}")

    async def _watch_for_stall(self, limit: asyncio.Timeout) -> None:
        """End the batch after `stalled` seconds without progress.

        If the process was paused meanwhile, by Ctrl-Z or because the machine slept, the time begins again:
        nothing could move.
        """
        stalled, resumed_at = self._options.stalled, 0.0
        while stalled is not None:
            looked_at = time.monotonic()
            idle = looked_at - max(self._progress.moved_at, self._pace.moved_at, resumed_at)
            if idle >= stalled:
                self.has_stalled = True
                _expire(limit)
                return
            wait = min(stalled - idle, _LOOK_SECONDS)
            await asyncio.sleep(wait)
            if (now := time.monotonic()) > looked_at + wait + _LOOK_SECONDS:
                resumed_at = now

    async def _look_up_first(self) -> None:
        started = time.monotonic()
        try:
            await self._set.look_up(names=(file.name for file in self._uploadable))
        except StoppedError as stopped:
            raise self._pace.stopped_by or stopped from stopped.__cause__
        except ScenarioError:
            raise
        except Exception as error:
            message = f"GET /models/{self._model_id}: the response cannot be read ({error})"
            raise APIError(message, method="GET", path=f"/models/{self._model_id}") from error
        self._before, self._round_trip = self._set.number, time.monotonic() - started

    def _parts(self) -> BatchParts:
        self._evidence = evidence = Evidence(self._set, len(self._uploadable), len(self._files))
        return BatchParts(
            sender=self._sender,
            pace=self._pace,
            model_id=self._model_id,
            options=self._options,
            examiner=self._examiner,
            ledger=self._ledger,
            training_set=self._set,
            evidence=evidence,
            outcomes=self._outcomes,
            progress=self._progress,
        )

    async def _work(self) -> None:
        """Send and attach all pictures, or until the batch stops."""
        parts = self._parts()
        self._uploader = uploader = Uploader(parts, self._uploadable, self._round_trip)
        queue = AttachQueue(parts, uploader)
        async with task_group() as tasks:
            attaching = tasks.create_task(queue.run())
            uploading = tasks.create_task(uploader.run())
            cutting_off = tasks.create_task(self._cut_off([attaching, uploading]))
            await asyncio.wait([uploading])
            uploader.queue.put_nowait(None)
            await asyncio.wait([attaching])
            cutting_off.cancel()

    async def _cut_off(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """After the batch stopped, wait for running requests for a limited time."""
        await self._pace.stopped.wait()
        await asyncio.wait(tasks, timeout=_DRAIN_TIMEOUT)
        for task in tasks:
            task.cancel()

    def report(self, seconds: float, stopped_by: Exception | None) -> UploadReport:
        """Set the outcome of all files that have none yet, and return the report.

        Args:
            seconds: The duration of the batch.
            stopped_by: The error that stopped the batch early, if any.
        """
        if self._evidence is not None:
            for claim in self._evidence.open_claims:
                error = stopped_by or claim.error or _UNKNOWN
                self._outcomes.end(claim.sent.planned, "in doubt", error=error, sent=claim.sent)
        if self._uploader is not None:
            self._uploader.settle_copies()
        dry_run, results = self._options.dry_run, self._outcomes.results()
        return UploadReport(
            model_id=self._model_id,
            results=results,
            seconds=seconds,
            stopped_by=stopped_by,
            dry_run=dry_run,
            requests=_requests_needed(results) if dry_run else None,
            images_before=self._before,
        )


def _expire(limit: asyncio.Timeout) -> None:
    """Make a limit expire now."""
    limit.reschedule(asyncio.get_running_loop().time())


def _requests_needed(results: Sequence[FileResult]) -> int:
    """The number of requests of a real run that would change something."""
    to_send = [result for result in results if result.status == "to send"]
    sending = sum(requests_needed(result.size) for result in to_send if result.asset_id is None)
    return sending + -(-len(to_send) // GROUP_LIMIT)
