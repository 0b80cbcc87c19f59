"""Process each picture until it can be attached: read it, skip it if it is in the set, send it, queue it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Final

from attrs import frozen

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.http.pace import Pace, StoppedError
from scenario_async._internal.pictures.picture import INLINE_LIMIT
from scenario_async._internal.tasks import TaskGroup, task_group
from scenario_async.errors import APIError, InvalidArgumentError, ScenarioError, printable
from scenario_async.upload._internal.adoption import PAGES_AT_MOST, find_made_asset
from scenario_async.upload._internal.evidence import Evidence
from scenario_async.upload._internal.examining import Examiner
from scenario_async.upload._internal.imports import ImportFailedError
from scenario_async.upload._internal.ledger import Entry, Ledger
from scenario_async.upload._internal.options import BatchOptions
from scenario_async.upload._internal.outcomes import Outcomes
from scenario_async.upload._internal.progress import ProgressReporter
from scenario_async.upload._internal.refusals import Permissions
from scenario_async.upload._internal.sending import PictureSender
from scenario_async.upload._internal.stages import Examined, Planned, Sent
from scenario_async.upload._internal.training_set import TrainingSet
from scenario_async.upload._internal.ways import WayChooser

logger: Final = logging.getLogger("scenario_async.upload")

_AHEAD: Final = 8
"""The largest number of pictures that are prepared while the allowed number of pictures is sent."""


_PAGES_WITHOUT_TIME: Final = 5
"""Pages of the newest assets that are searched if the time of an earlier request is not known."""


@frozen(kw_only=True)
class BatchParts:
    """The components that all parts of a batch share."""

    sender: Sender
    pace: Pace
    model_id: str
    options: BatchOptions
    examiner: Examiner
    ledger: Ledger
    training_set: TrainingSet
    evidence: Evidence
    outcomes: Outcomes
    progress: ProgressReporter


class Uploader:
    """Creates assets from the pictures of a batch, several at a time.

    Args:
        parts: The components of the batch.
        files: The pictures.
        round_trip: Seconds that a request without a picture took.

    Attributes:
        queue: The assets to attach; None after the last one.
    """

    def __init__(self, parts: BatchParts, files: Sequence[Planned], round_trip: float) -> None:
        self._parts = parts
        self._waiting = deque(files)
        self._sizes = Counter(file.size for file in files)
        self._pictures = PictureSender(parts.sender, parts.examiner.thread, parts.options.concurrency)
        self._permissions = Permissions()
        self._ways = WayChooser(parts.options.way, parts.options.concurrency)
        self._ways.answered_in(round_trip)
        self._first_with: dict[bytes, Planned] = {}
        self._copies_of = defaultdict[int, list[Planned]](list)
        self._ledger_may_know = True
        """Whether the ledger may have an entry of a picture that is not examined yet."""
        self._may_exist = set[bytes]()
        """Contents whose asset was searched for. If none was found, it may be listed later."""
        self._content_of = dict[str, bytes]()
        """The digest of each asset's content, since a response may have the id of another picture's asset."""
        self._tasks: TaskGroup
        self._under_way = 0
        self._sending = set[int]()
        self.queue: asyncio.Queue[Sent | None] = asyncio.Queue()

    async def run(self) -> None:
        """Create assets from all pictures, or until the batch stops."""
        self._ledger_may_know = not await self._parts.ledger.is_empty()
        async with task_group() as tasks:
            self._tasks = tasks
            self._begin_more()

    def _begin_more(self) -> None:
        """Start more pictures, up to the number that may be in progress.

        `PictureSender` limits how many are sent at the same time. Meanwhile, others are read and written to
        the ledger, so that the connection is never idle, and the same number may wait for the service's
        import.
        """
        most, stopped = self._parts.options.concurrency, self._parts.pace.stopped
        ahead = min(most, _AHEAD)
        while (
            self._waiting
            and not stopped.is_set()
            and len(self._sending) < most + ahead
            and self._under_way < 2 * most + ahead
        ):
            file = self._waiting.popleft()
            self._under_way += 1
            self._sending.add(file.place)
            work = self._work(file)
            try:
                self._tasks.create_task(work)
            except RuntimeError:  # the group is ending, and an error here would hide its cancellation
                work.close()
                return

    async def _work(self, file: Planned) -> None:
        self._parts.outcomes.begin(file)
        try:
            await self._upload_one(file)
        except StoppedError:
            return
        finally:
            self._under_way -= 1
            self._sending.discard(file.place)
        self._begin_more()

    async def _stored(self, examined: Examined, sending: _Sending, digest: bytes) -> None:
        """Let another picture use the connection while the service imports this one.

        The digest may be new. It is written before the import, so that a later run finds the asset of an
        import whose response was lost.
        """
        self._sending.discard(examined.planned.place)
        self._begin_more()
        if sending.digest is None:
            sending.digest = digest
            await self._parts.ledger.write(sending.entry(digest))

    async def _upload_one(self, file: Planned) -> None:
        """Read it, skip it if it is in the set, send it, queue it for attaching."""
        sha256: bytes | None = None
        try:
            # The digest of a small picture is computed anyway, so it costs nothing.
            needs_digest = file.size > INLINE_LIMIT and self._may_equal_something(file)
            examined = await self._parts.examiner.examine(file, needs_digest=needs_digest)
            sha256 = examined.sha256
            if sha256 is not None and self._is_copy(file, sha256):
                return
            self._parts.progress.size_changed(file, examined.picture.size)
            sent = await self._find(examined, sha256) if sha256 is not None else None
            if self._parts.outcomes.of(file) is not None:
                return
            if self._parts.options.dry_run:
                self._parts.outcomes.end(file, "to send", sent=sent)
                return
            self.queue.put_nowait(sent or await self._send(examined))
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - any failure becomes a result in the report
            self._fail(file, error, sha256)

    def _fail(self, file: Planned, error: Exception, sha256: bytes | None) -> None:
        self._parts.outcomes.end(file, "failed", error=as_scenario_error(error))
        if isinstance(error, InvalidArgumentError) and sha256 is not None:
            # The failure concerns only this file, so another file with the same content is sent instead.
            self._first_with.pop(sha256, None)
            self._ledger_may_know = True
            self._waiting.extendleft(reversed(self._copies_of.pop(file.place, [])))

    def _may_equal_something(self, file: Planned) -> bool:
        """Whether a known picture may have the same content as a file."""
        return (
            self._sizes[file.size] > 1
            or self._parts.training_set.may_have(file.name)
            or not self._parts.evidence.was_complete
            or self._ledger_may_know
        )

    def _is_copy(self, file: Planned, sha256: bytes) -> bool:
        """Whether a file of the batch has this content already; then this file gets its outcome."""
        first = self._first_with.setdefault(sha256, file)
        if first is file:
            return False
        self._copies_of[first.place].append(file)
        return True

    async def _find(self, examined: Examined, sha256: bytes) -> Sent | None:
        """Find out whether a picture is in the set or is an asset already; set its outcome if it is known."""
        parts, file = self._parts, examined.planned
        entry = await parts.ledger.get(sha256) if self._ledger_may_know else None
        if entry is not None and entry.asset_id is not None and not self._is_own(entry.asset_id, sha256):
            entry = Entry(sha256, None, "sending", entry.since)
        asset_id = None if entry is None else entry.asset_id
        presence = parts.evidence.known_before(asset_id, entry)
        try:
            if presence != "in":
                same = await parts.training_set.same_as(file.name, sha256)
                asset_id, presence = (asset_id, presence) if same is None else (same, "in")
            if asset_id is None and (presence == "in doubt" or entry is not None):
                since = 0.0 if entry is None else entry.since
                asset_id = await self._made_before(examined, sha256, since)
        except StoppedError:
            raise
        except APIError as error:
            parts.outcomes.end(file, "in doubt", error=error)
            return None
        if asset_id is None:
            if presence == "in doubt":
                parts.outcomes.end(file, "in doubt", error=parts.evidence.cannot_tell())
            return None
        self._content_of[asset_id] = sha256
        sent = _sent(examined, sha256, asset_id, from_ledger=True)
        if presence != "in":
            return sent
        if not parts.options.dry_run:
            await parts.ledger.write(Entry(sha256, asset_id, "attached", entry.since if entry else 0.0))
        parts.outcomes.end(file, "already attached", sent=sent, caption=parts.training_set.caption(asset_id))
        return None

    async def _send(self, examined: Examined) -> Sent:
        """Create an asset from a picture.

        If a failed request may have been carried out, the library is searched for the asset before another
        one is created. If the asset is not found, another one is created. The first one may stay in the
        library, but is never added to the training set.
        """
        parts, file, since = self._parts, examined.planned, time.time()
        sending = _Sending(examined, since, self._ways, parts.progress)
        try:
            if examined.sha256 is not None:
                await parts.ledger.write(sending.entry(examined.sha256))
            asset_id, digest = await self._send_until_known(examined, sending)
        except (APIError, StoppedError) as error:
            if self._permissions.are_missing(error) and isinstance(error, APIError):
                parts.pace.stop(error)  # before the ledger is written, when another picture could be sent
            sha256 = sending.digest
            if sha256 is not None and not error.in_doubt and sha256 not in self._may_exist:
                await parts.ledger.forget(sha256)
            raise
        except asyncio.CancelledError:
            sha256 = sending.digest
            if sha256 is not None and not sending.has_begun and sha256 not in self._may_exist:
                parts.ledger.forget_later(sha256)
            raise
        self._permissions.granted()
        await parts.examiner.check_unchanged(examined, digest)
        parts.progress.sent(file)
        await parts.ledger.write(Entry(digest, asset_id, "asset", since))
        return _sent(examined, digest, asset_id)

    async def _send_until_known(self, examined: Examined, sending: _Sending) -> tuple[str, bytes]:
        """Send a picture until it is an asset, and return the asset's id and the content's digest."""
        outcomes, pace, file = self._parts.outcomes, self._parts.pace, examined.planned
        left, sent_now = len(self._waiting) + 1, len(self._sending)
        in_parts = self._ways.in_parts(examined.picture.size, left, sent_now)
        for attempt in count(1):
            outcomes.count_sending(file)
            wait: float | None = None
            failure: APIError | ImportFailedError
            try:
                return await self._send_once(examined, sending, in_parts=in_parts)
            except APIError as error:
                if not error.in_doubt:
                    raise
                failure, retries = error, self._parts.sender.retries
                wait = pace.wait_before_retry(error, attempt, retries, repeatable=True)
            except ImportFailedError as error:
                if error.status != "imported":
                    raise
                failure = error  # it is an asset with an unknown id
            if wait is not None:
                logger.info("%s; again in %.1f s", failure, wait)
                await asyncio.sleep(wait)
            if sending.digest is not None:
                found = await self._made_before(examined, sending.digest, sending.since)
                if found is not None:
                    return found, sending.digest
            if wait is None:
                raise failure
        raise AssertionError  # pragma: no cover - an infinite count

    async def _send_once(self, examined: Examined, sending: _Sending, *, in_parts: bool) -> tuple[str, bytes]:
        """Send a picture, and check that the id in the response is not the id of another picture's asset.

        Raises:
            APIError: It is. The new asset is unknown, so the error is in doubt.
        """
        asset_id, digest = await self._pictures.send(
            examined, sending, in_parts=in_parts, on_stored=partial(self._stored, examined, sending)
        )
        if asset_id in self._parts.training_set or not self._is_own(asset_id, digest):
            message = f"the response has the id of another picture's asset ({printable(asset_id, 100)})"
            raise APIError(message, in_doubt=True)
        return asset_id, digest

    async def _made_before(self, examined: Examined, sha256: bytes, since: float) -> str | None:
        """Find the asset that an interrupted request created from a picture; None if none is found."""
        self._may_exist.add(sha256)
        try:
            found = await find_made_asset(
                self._parts.sender,
                name=examined.planned.name,
                size=examined.picture.size,
                sha256=sha256,
                since=datetime.fromtimestamp(since, UTC),
                pages=PAGES_AT_MOST if since else _PAGES_WITHOUT_TIME,
            )
        except APIError as error:
            logger.info("could not search for an asset that may exist: %s", error)
            return None
        if found is not None:
            self._content_of[found] = sha256
        return found

    def _is_own(self, asset_id: str, sha256: bytes) -> bool:
        """Record the asset of a content; return False if another content of this batch has it already."""
        return self._content_of.setdefault(asset_id, sha256) == sha256

    async def send_again(self, sent: Sent) -> Sent | None:
        """Create a new asset from a picture if the asset of an earlier run does not exist any more.

        Returns:
            The new asset; None if that failed, and the picture has its outcome.
        """
        await self._parts.ledger.forget(sent.sha256)
        try:
            examined = await self._parts.examiner.examine(sent.planned, needs_digest=True)
            return await self._send(examined)
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - any failure becomes a result in the report
            self._fail(sent.planned, error, None)
            return None

    def settle_copies(self) -> None:
        """Give all files with the same content the outcome of the first of them."""
        for first in self._first_with.values():
            for file in self._copies_of.pop(first.place, []):
                self._parts.outcomes.copy(file, first)


class _Sending:
    """Counts the bytes of a picture that the current attempt has sent.

    Attributes:
        since: When the first attempt began, in seconds since 1970.
        has_begun: Whether any attempt has begun to send them.
        digest: The digest of the content; None until it is known.
    """

    def __init__(
        self, examined: Examined, since: float, ways: WayChooser, progress: ProgressReporter
    ) -> None:
        self._file = examined.planned
        self.since = since
        self.digest: bytes | None = examined.sha256
        self._ways = ways
        self._progress = progress
        self._before = 0
        self.has_begun: bool = False

    def entry(self, digest: bytes) -> Entry:
        """Return the entry of the ledger for a content that is being sent."""
        return Entry(digest, None, "sending", self.since)

    def __call__(self, sent: int) -> None:
        self.has_begun = True
        if sent > self._before:
            self._ways.moved(sent - self._before)
        self._before = sent
        if sent:
            self._progress.sending(self._file, sent)


def _sent(examined: Examined, sha256: bytes, asset_id: str, *, from_ledger: bool = False) -> Sent:
    picture = examined.picture
    return Sent(examined.planned, picture.mime_type, picture.size, sha256, asset_id, from_ledger)


def as_scenario_error(error: Exception) -> ScenarioError:
    """Convert an unexpected exception, which an odd response can cause, to an error of this package."""
    if isinstance(error, ScenarioError):
        return error
    made = ScenarioError(f"a response could not be read ({type(error).__name__}: {error})")
    made.__cause__ = error
    return made
