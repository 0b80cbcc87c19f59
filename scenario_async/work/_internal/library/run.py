"""Run one worker: take files from a stream, upload new ones, place them, and report each file once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final

from attrs import frozen

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.http.pace import StoppedError
from scenario_async._internal.pictures.skipping import reason_to_skip
from scenario_async._internal.tasks import task_group
from scenario_async._internal.threads import in_thread
from scenario_async.errors import APIError, InvalidArgumentError, LedgerError, ScenarioError
from scenario_async.work._internal.library.claims import Claimed, Held, Known
from scenario_async.work._internal.library.creating import create_asset
from scenario_async.work._internal.library.examining import Examined, NotReadableError, examine
from scenario_async.work._internal.library.ledger import SourceState
from scenario_async.work._internal.library.pace import ClaimExpiredError, WorkerPace
from scenario_async.work._internal.library.placing import Placer
from scenario_async.work._internal.library.reading import Reader
from scenario_async.work._internal.library.report import SyncResult, SyncStatus
from scenario_async.work._internal.library.shared_ledger import SharedLedger
from scenario_async.work._internal.library.sources import Found, has_changed

logger: Final = logging.getLogger("scenario_async.sync")

_LISTED_AT_A_TIME: Final = 200
"""Files that are looked up in the ledger by one transaction."""

_FILES_PER_REQUEST: Final = 2
"""Files in progress for each parallel request: one is read and claimed while another one is sent."""

_HELD_PAUSE: Final = 2.0
"""The most seconds between two checks of a content that another worker is sending."""


@frozen(kw_only=True)
class RunOptions:
    """The options of a worker.

    Attributes:
        concurrency: How many pictures are sent at the same time.
        lease: Seconds for which a claim is valid unless it is renewed.
        dry_run: Whether to send nothing.
    """

    concurrency: int
    lease: float
    dry_run: bool = False


class Run:
    """Uploads the files of a stream to the library, each content once.

    Args:
        sender: Sends the requests, limited by `pace`.
        pace: Limits the requests, and stops the run after a permanent error.
        ledger: Records the uploaded pictures; shared with other workers.
        placer: Adds assets to a collection.
        options: The options of the worker.
        on_result: Called once with the result of each file, on the event loop.
    """

    def __init__(
        self,
        sender: Sender,
        pace: WorkerPace,
        ledger: SharedLedger,
        *,
        placer: Placer,
        options: RunOptions,
        on_result: Callable[[SyncResult], None],
    ) -> None:
        self._sender = sender
        self._pace = pace
        self._ledger = ledger
        self._placer = placer
        self._options = options
        self._on_result = on_result
        self._reader = Reader()
        self._queue: asyncio.Queue[Found | None] = asyncio.Queue(2 * options.concurrency)
        self._at_once = _FILES_PER_REQUEST * options.concurrency
        self._sending: dict[str, asyncio.Future[SyncResult]] = {}
        self._counted: set[str] = set()
        self._unplaced: list[tuple[Found, SourceState]] = []
        """Uploaded files whose assets the placer has."""
        self._sent_again: set[str] = set()
        self._has_logged_wait = False
        self._is_cut_off = False
        self._is_ledger_lost = False
        self.stopped_by: Exception | None = None

    async def run(self, files: Iterator[Found]) -> None:
        """Process all files of the stream, or stop when nothing more can be sent; see `stopped_by`."""
        renewing = asyncio.create_task(self._renew())
        try:
            async with task_group() as tasks:
                workers = [tasks.create_task(self._work()) for _ in range(self._at_once)]
                cutting = tasks.create_task(self._cut_off(renewing, workers))
                await self._feed(files)
                for _ in workers:
                    await self._enqueue(None)
                await asyncio.wait(workers)
                cutting.cancel()
            if self.stopped_by is None and not self._options.dry_run:
                await self._flush()
                for asset_id, error in self._placer.gone.items():
                    if asset_id not in self._sent_again:
                        self.stop(error)
        finally:
            renewing.cancel()
            # Its error has ended the run already, and is in the report.
            await asyncio.gather(renewing, return_exceptions=True)

    async def _flush(self) -> None:
        try:
            await self._placer.flush()
        except ScenarioError as error:
            self.stop(error)

    async def _settle(self) -> None:
        """End files whose assets are placed; upload those again whose assets were deleted."""
        unplaced, self._unplaced = self._unplaced, []
        for found, state in unplaced:
            if state.asset_id in self._placer.gone:
                logger.warning("%s is uploaded again: its asset %s was deleted", found.name, state.asset_id)
                self._sent_again.add(state.asset_id)
                try:
                    await self._ledger.forget_asset(state.digest, state.asset_id)
                except LedgerError as error:
                    self.stop(error)
                await self._enqueue(found)
            elif self._placer.is_waiting(state.asset_id) and self.stopped_by is None:
                self._unplaced.append((found, state))
            else:
                self._end(found, "unchanged", asset_id=state.asset_id)

    async def _renew(self) -> None:
        """Renew the claims, of which a dry run has none; raise an error when they may have expired."""
        while True:
            await asyncio.sleep(self._options.lease / 3)
            if not self._options.dry_run:
                at = time.time()
                await asyncio.wait_for(self._ledger.renew(), self._options.lease / 2)
                self._pace.note_renewal(at)

    async def _cut_off(self, renewing: asyncio.Task[None], workers: Sequence[asyncio.Task[None]]) -> None:
        """Cancel running uploads when the claims may have expired, since another worker may take over."""
        with suppress(asyncio.CancelledError):
            await asyncio.wait([renewing])
            if renewing.cancelled():
                return
            self.stop(LedgerError(f"the claims could not be renewed: {renewing.exception()!r}"))
            self._is_cut_off = True
            for worker in workers:
                worker.cancel()
            self._end_queued()

    async def _enqueue(self, found: Found | None) -> None:
        """Pass a file to the workers, or None to end one of them."""
        await self._queue.put(found)
        if self._is_cut_off:  # no worker takes it
            self._end_queued()

    def _end_queued(self) -> None:
        while not self._queue.empty():
            if (found := self._queue.get_nowait()) is not None:
                self._end(found, "not tried", error=str(self.stopped_by))

    def stop(self, error: Exception) -> None:
        """Send no further pictures. The requests that run are completed."""
        self._is_ledger_lost = self._is_ledger_lost or isinstance(error, LedgerError)
        if self.stopped_by is None:
            cause = error.__cause__
            self.stopped_by = (
                cause if isinstance(error, StoppedError) and isinstance(cause, Exception) else error
            )

    async def _feed(self, files: Iterator[Found]) -> None:
        """Look up files in the ledger, a group at a time, and queue unknown ones."""
        while group := await in_thread(lambda: list(islice(files, _LISTED_AT_A_TIME))):
            known = await self._look_up(group)
            for found in group:
                if found.reason:
                    self._end(found, "failed", error=found.reason)
                elif (state := known.get(found.name)) is None or state.status == "changed":
                    await self._enqueue(found)
                elif self._options.dry_run or self._placer.places <= state.places:
                    self._end(found, "unchanged", asset_id=state.asset_id)
                else:
                    await self._put(state.asset_id)
                    self._unplaced.append((found, state))
            await self._settle()
        if self._unplaced:
            await self._flush()
            await self._settle()

    async def _look_up(self, group: Sequence[Found]) -> Mapping[str, SourceState]:
        """Look up files in the ledger; if it cannot be used, stop the run, and treat all files as unknown."""
        if self._is_ledger_lost:  # each attempt may take long
            return {}
        try:
            return await self._ledger.look_up({one.name: one.version for one in group if one.version})
        except LedgerError as error:
            self.stop(error)
            return {}

    async def _work(self) -> None:
        while not self._is_cut_off and (found := await self._queue.get()) is not None:
            if self.stopped_by is not None:
                self._end(found, "not tried", error=str(self.stopped_by))
                continue
            try:
                self._on_result(await self._upload(found))
            except asyncio.CancelledError:
                self._end(found, "in doubt", error="the run ended while it was being sent")
                raise
            except StoppedError as error:
                self.stop(error)
                self._end(found, "in doubt" if error.in_doubt else "not tried", error=str(error))
            except LedgerError as error:
                self.stop(error)
                self._end(found, "in doubt", error=str(error))
            except ScenarioError as error:
                doubt = isinstance(error, APIError) and error.in_doubt
                self._end(found, "in doubt" if doubt else "failed", error=str(error))
            except Exception as error:
                logger.exception("%s failed unexpectedly", found.name)
                self._end(found, "in doubt", error=f"{type(error).__name__}: {error}")

    def _end(
        self, found: Found, status: SyncStatus, *, asset_id: str | None = None, error: str | None = None
    ) -> None:
        self._on_result(
            SyncResult(source=found.name, status=status, size=found.size, asset_id=asset_id, error=error)
        )

    async def _upload(self, found: Found) -> SyncResult:
        """Read a file, and upload its content if it is not in the library."""
        try:
            examined = await in_thread(examine, self._reader, found)
        except InvalidArgumentError as error:
            # Whether a file that cannot be read is a picture is not known.
            is_named = found.is_named or isinstance(error, NotReadableError)
            reason = reason_to_skip(found.file_name, error, is_named=is_named)
            status: SyncStatus = "failed" if reason is None else "skipped"
            return SyncResult(
                source=found.name, status=status, size=found.size, error=reason or error.expected
            )
        try:
            return await self._once(found, examined)
        finally:
            examined.close()

    async def _once(self, found: Found, examined: Examined) -> SyncResult:
        """Send a content unless it is there; files with the same content wait for the first one."""
        digest = examined.digest
        while (first := self._sending.get(digest)) is not None:
            result = await asyncio.shield(first)
            if result.asset_id is None:  # the first file failed, so this one is sent instead
                continue
            await self._ledger.record_source(found.name, found.version, digest)
            return self._result(found, "duplicate", result.asset_id, digest)
        future = self._sending[digest] = asyncio.get_running_loop().create_future()
        failed = SyncResult(source=found.name, status="failed")
        try:
            result = failed = await self._claim_and_send(found, examined)
        finally:
            self._sending.pop(digest, None)
            future.set_result(failed)
        return result

    async def _claim_and_send(self, found: Found, examined: Examined) -> SyncResult:
        digest = examined.digest
        if self._options.dry_run:
            new = digest not in self._counted
            self._counted.add(digest)
            return self._result(found, "to send" if new else "duplicate", None, digest)
        claim, claimed_at = await self._claim(found, digest)
        status: SyncStatus = "uploaded"
        if isinstance(claim, Known):
            asset_id, status = claim.asset_id, "duplicate"
            await self._ledger.record_source(found.name, found.version, digest)
        else:
            try:
                with self._pace.claimed(digest, claimed_at) as pace:
                    sender = self._sender.paced(pace)
                    asset_id = await create_asset(sender, pace, self._ledger, examined, claim)
            except ClaimExpiredError:  # another worker may have sent it meanwhile
                return await self._claim_and_send(found, examined)
            await self._check_unchanged(found, examined)
            await self._ledger.record(digest, asset_id, found.name, found.version)
        await self._put(asset_id)
        return self._result(found, status, asset_id, digest)

    async def _claim(self, found: Found, digest: str) -> tuple[Known | Claimed, float]:
        """Claim a content, and return the time of the claim; first wait for another worker or its lease."""
        lease, began, at = self._options.lease, time.monotonic(), time.time()
        while isinstance(claim := await self._ledger.claim(digest), Held):
            self._pace.check(in_doubt=False)
            waited = time.monotonic() - began
            if waited > _HELD_PAUSE and not self._has_logged_wait:
                self._has_logged_wait = True
                seconds = min(claim.seconds, lease) if claim.has_wrong_time else claim.seconds
                waiting = "%s waits for a worker that is sending the same content; if it has died, for %.0f s"
                logger.warning(waiting, found.name, seconds)
            # A living worker would have renewed its claim meanwhile.
            if claim.has_wrong_time and claim.seconds > lease < waited:
                await self._ledger.end_wrong_claim(digest)
            else:
                await asyncio.sleep(min(max(claim.seconds, 0.05), _HELD_PAUSE))
            at = time.time()
        return claim, at

    async def _check_unchanged(self, found: Found, examined: Examined) -> None:
        """Check after a file was sent that it was not changed meanwhile; else give up the claim.

        Raises:
            InvalidArgumentError: It was changed.
        """
        has_same_content = False
        try:
            has_same_content = examined.is_held or not await in_thread(has_changed, found)
        finally:
            if not has_same_content:
                with suppress(LedgerError):
                    await asyncio.shield(self._ledger.give_up(examined.digest, anything_sent=True))
        if not has_same_content:
            raise InvalidArgumentError("source", found.name, "the file was changed while it was sent")

    async def _put(self, asset_id: str) -> None:
        """Place an asset, unless the run has stopped; then the next run places it."""
        if self.stopped_by is not None:
            return
        try:
            await self._placer.put(asset_id)
        except ScenarioError as error:
            # The picture is in the library, so its own result is a success.
            self.stop(error)

    def _result(self, found: Found, status: SyncStatus, asset_id: str | None, digest: str) -> SyncResult:
        return SyncResult(source=found.name, status=status, size=found.size, asset_id=asset_id, sha256=digest)
