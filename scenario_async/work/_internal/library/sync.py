"""Sync a source to the library, on this machine or on a cluster."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from attrs import evolve, frozen

from scenario_async._internal import ledgers
from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.paths import read_path
from scenario_async._internal.pictures.opening import path_text
from scenario_async._internal.threads import in_thread
from scenario_async.errors import (
    APIError,
    InvalidArgumentError,
    LedgerError,
    ScenarioError,
    check_boolean,
)
from scenario_async.work._internal.arguments import check_sendable, check_text, check_texts
from scenario_async.work._internal.library.account import check_account
from scenario_async.work._internal.library.arguments import (
    check_ledger,
    check_limits,
    check_tags,
    is_ledger_url,
)
from scenario_async.work._internal.library.pace import pace_of
from scenario_async.work._internal.library.placing import Placer, collection_named
from scenario_async.work._internal.library.report import (
    ReportWriter,
    SyncReport,
    SyncResult,
    remove_old_reports,
)
from scenario_async.work._internal.library.run import Run, RunOptions
from scenario_async.work._internal.library.scopes import scope_of
from scenario_async.work._internal.library.shards import (
    ShardReport,
    ShardSpec,
    new_worker_name,
)
from scenario_async.work._internal.library.shared_ledger import SharedLedger
from scenario_async.work._internal.library.sources import Found, Selection, Source, is_url, listing
from scenario_async.work._internal.progress import after_calling

logger: Final = logging.getLogger("scenario_async.sync")

DEFAULT_LEASE: Final = 60.0
_DEFAULT_UNUSABLE: Final = (
    "the default in your state folder cannot be used ({}): pass `ledger=`, the path of a file or a "
    "postgresql:// URL, and `report=`, the path of a file"
)

_EXPECTED_FILES: Final = 10_000
"""The number of files for the retry budget, since the real number is known only at the end."""


@frozen(kw_only=True)
class SyncProgress:
    """The progress of a sync.

    Attributes:
        files_done: The number of files with a result.
        uploaded: The number of files that this run uploaded.
        failed: The number of files that failed, are in doubt or were not tried.
        bytes_sent: Bytes of the pictures that were uploaded.
        elapsed: Seconds since the start.
    """

    files_done: int
    uploaded: int
    failed: int
    bytes_sent: int
    elapsed: float


OnSyncProgress = Callable[[SyncProgress], object]
"""Called for each result on the client's event loop, so it has to be quick."""


@frozen(kw_only=True)
class SyncOptions:
    """The options of a sync; see `Assets.sync`."""

    collection: str | None = None
    tags: Sequence[str] = ()
    include: str | Sequence[str] = "*"
    exclude: str | Sequence[str] = ()
    recursive: bool = True
    concurrency: int = 8
    rate: float | None = None
    dry_run: bool = False
    ledger: str | os.PathLike[str] | bool = True
    report: str | os.PathLike[str] | None = None
    engine: Any = None
    lease: float = DEFAULT_LEASE
    on_progress: OnSyncProgress | None = None

    def check(self) -> None:
        """Check the arguments before anything is sent.

        Raises:
            InvalidArgumentError: An argument is wrong.
        """
        check_limits(self.concurrency, self.rate, self.lease)
        for name, flag in (("recursive", self.recursive), ("dry_run", self.dry_run)):
            check_boolean(name, flag)
        if self.collection is not None:
            check_text("collection", self.collection, "a name or an id is needed, or None for no collection")
        include = _patterns("include", self.include)
        if not include or not all(one.strip() for one in include):
            raise InvalidArgumentError("include", self.include, "a pattern that is not blank is needed")
        _patterns("exclude", self.exclude)
        check_tags(self.tags)
        check_sendable("collection", self.collection)
        if not isinstance(self.ledger, bool):
            check_ledger(self.ledger)
        if self.ledger is False:
            expected = "a sync needs a ledger: without one, every run would upload everything again"
            raise InvalidArgumentError("ledger", value=False, expected=expected)
        if self.report is not None:
            read_path("report", self.report, "the path of a file is needed, or None for the default")
        ledger, report = self.ledger_path, self.report_path  # they raise if there is no default
        if not is_ledger_url(self.ledger) and os.path.realpath(report) == os.path.realpath(ledger):
            raise InvalidArgumentError("report", str(report), "another file than the ledger is needed")
        if self.dry_run and self.engine is not None:
            raise InvalidArgumentError("dry_run", True, "a dry run needs no engine: leave it out")

    @property
    def selection(self) -> Selection:
        """The files to take."""
        include, exclude = _patterns("include", self.include), _patterns("exclude", self.exclude)
        return Selection(include, exclude, self.recursive)

    @property
    def ledger_path(self) -> str:
        """The location of the ledger: a path or a URL.

        Raises:
            InvalidArgumentError: There is no default, because the user has no home folder.
        """
        if self.ledger is True:
            return str(_default_ledger("ledger", given=True))
        return os.fspath(cast("str | os.PathLike[str]", self.ledger))

    @property
    def report_path(self) -> Path:
        """The path of the report: beside the default ledger, unless a path was given.

        Raises:
            InvalidArgumentError: There is no default, because the user has no home folder.
        """
        if self.report is not None:
            return Path(self.report)
        name = f"sync-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.jsonl"
        return _default_ledger("report", given=None).with_name(name)


def _default_ledger(argument: str, *, given: bool | None) -> Path:
    try:
        return ledgers.default_ledger()
    except LedgerError as error:
        raise InvalidArgumentError(argument, given, _DEFAULT_UNUSABLE.format(error)) from error


def _patterns(name: str, given: object) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else check_texts(name, given, "a pattern is needed, or several")


async def sync_library(sender: Sender, source: Source, options: SyncOptions) -> SyncReport:
    """Upload the pictures of a source to the library; see `Assets.sync`.

    Raises:
        InvalidArgumentError: An argument is wrong; nothing was sent.
        APIError: The collection or the assets of the ledger cannot be read; nothing was sent.
    """
    options.check()
    await in_thread(_check_paths, source)
    files = listing(source, options.selection)
    # The first file is searched for immediately, so that a wrong source raises before anything is sent.
    first = await in_thread(next, files, None)
    collection_id = None
    async with AsyncExitStack() as stack:
        # Opened before the collection is created, so that a wrong ledger, too, raises before that.
        ledger = await _opened(sender, options, stack)
        writer = ReportWriter.create(options.report_path)
        stack.callback(writer.close)
        if options.report is None:
            await in_thread(remove_old_reports, writer.path)
        tally = _Tally(writer, options.on_progress)
        if options.collection is not None:
            collection_id = await collection_named(sender, options.collection, create=not options.dry_run)
        everything = _Files(first, files)
        if ledger is None:
            stopped_by = await _on_a_cluster(sender, iter(everything), options, collection_id, tally)
        else:
            stopped_by = await _on_this_machine(
                sender, iter(everything), options, collection_id, tally, ledger
            )
    return SyncReport(
        path=writer.path,
        counts=writer.in_order(),
        bytes_sent=tally.bytes_sent,
        seconds=tally.elapsed,
        failures=tuple(writer.failures),
        collection_id=collection_id,
        dry_run=options.dry_run,
        stopped_by=stopped_by or everything.cut_short_by,
    )


def _check_paths(source: Source) -> None:
    """Check that each path of several exists; those of an iterator are known only during the sync.

    Raises:
        InvalidArgumentError: One does not exist, or is not a path.
    """
    if isinstance(source, Sequence | AbstractSet) and not isinstance(source, str | os.PathLike):
        for one in source:
            if not is_url(path_text(one, "source")):
                next(listing(one, Selection(recursive=False)), None)


async def _opened(sender: Sender, options: SyncOptions, stack: AsyncExitStack) -> SharedLedger | None:
    """Open the ledger; on a cluster, only the workers open it, so the cluster is checked and this is None.

    Raises:
        InvalidArgumentError: It cannot be opened, is about another account, or the engine is not a Dask
            client.
    """
    if options.engine is not None:
        from scenario_async.work._internal.library.dask_engine import dask_of

        await in_thread(dask_of, options.engine)
        return None
    where, scope, worker = options.ledger_path, scope_of(sender), new_worker_name()
    ledger = SharedLedger(where, scope, worker, options.lease, read_only=options.dry_run)
    try:
        await stack.enter_async_context(ledger)
    except InvalidArgumentError as error:
        if options.ledger is not True:
            raise
        expected = _DEFAULT_UNUSABLE.format(error.expected)
        raise InvalidArgumentError("ledger", error.value, expected) from error
    try:
        await check_account(sender, ledger)
    except APIError:
        if not options.dry_run:  # which needs no connection
            raise
    return ledger


class _Files:
    """The files of a source. If the listing fails, they end there, since others were sent already.

    Args:
        first: The first file; None if there is none.
        rest: The other files.

    Attributes:
        cut_short_by: Why the listing failed; None if it did not.
    """

    def __init__(self, first: Found | None, rest: Iterator[Found]) -> None:
        self._first = first
        self._rest = rest
        self.cut_short_by: str | None = None

    def __iter__(self) -> Iterator[Found]:
        if self._first is None:
            return
        yield self._first
        try:
            yield from self._rest
        except Exception as error:  # the caller's own iterator may raise any error
            is_own = isinstance(error, ScenarioError)
            reason = str(error) if is_own else f"{type(error).__name__}: {error}"
            self.cut_short_by = f"the source could not be listed to its end: {reason}"
            logger.warning("%s", self.cut_short_by, exc_info=not is_own)


class _Tally:
    """Writes results, and shows the progress of the sync."""

    def __init__(self, writer: ReportWriter, on_progress: OnSyncProgress | None) -> None:
        self._writer = writer
        self._on_progress = on_progress
        self._started = time.monotonic()
        self.bytes_sent = 0

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._started

    def add(self, result: SyncResult) -> None:
        self._writer.add(evolve(result, at=round(self.elapsed, 3)))
        if result.status == "uploaded":
            self.bytes_sent += result.size
        if self._on_progress is None:
            return
        counts = self._writer.counts
        progress = SyncProgress(
            files_done=counts.total(),
            uploaded=counts["uploaded"],
            failed=counts["failed"] + counts["in doubt"] + counts["not tried"],
            bytes_sent=self.bytes_sent,
            elapsed=self.elapsed,
        )
        self._on_progress = after_calling(self._on_progress, progress)

    async def add_report(self, report: ShardReport) -> None:
        """Write the results of a shard; a coroutine, so that another thread can run it on the event loop."""
        for result in report.results:
            self.add(result)


async def _on_this_machine(  # noqa: PLR0917 - as on a cluster, and the ledger
    sender: Sender,
    files: Iterator[Found],
    options: SyncOptions,
    collection_id: str | None,
    tally: _Tally,
    ledger: SharedLedger,
) -> str | None:
    pace = pace_of(
        ledger, concurrency=options.concurrency, rate=options.rate, files=_EXPECTED_FILES, lease=options.lease
    )
    paced = sender.paced(pace)
    placer = Placer(paced, ledger, collection_id, options.tags)
    run_options = RunOptions(concurrency=options.concurrency, lease=options.lease, dry_run=options.dry_run)
    run = Run(paced, pace, ledger, placer=placer, options=run_options, on_result=tally.add)
    await run.run(files)
    return None if run.stopped_by is None else str(run.stopped_by)


async def _on_a_cluster(
    sender: Sender, files: Iterator[Found], options: SyncOptions, collection_id: str | None, tally: _Tally
) -> str | None:
    from scenario_async.work._internal.library.dask_engine import ClusterRun

    base_url, project = sender.target
    spec = ShardSpec(
        files=(),
        base_url=base_url,
        project_id=project or None,
        ledger=options.ledger_path,
        collection_id=collection_id,
        tags=tuple(options.tags),
        concurrency=options.concurrency,
        rate=options.rate,
        lease=options.lease,
    )
    loop = asyncio.get_running_loop()

    def on_report(report: ShardReport) -> None:
        asyncio.run_coroutine_threadsafe(tally.add_report(report), loop).result()

    run = ClusterRun(options.engine, files, spec, on_report)
    running = asyncio.ensure_future(in_thread(run.run))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        run.cancel()
        # The workers have to stop before the caller continues, which may close the cluster.
        await asyncio.wait([running])
        raise
