"""Spread the shards of a sync over the workers of a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any, Final
from uuid import uuid4

from attrs import evolve

from scenario_async.errors import InvalidArgumentError, ScenarioError
from scenario_async.work._internal.library.report import SyncResult, SyncStatus
from scenario_async.work._internal.library.shards import ShardReport, ShardSpec, run_shard
from scenario_async.work._internal.library.sources import Found

logger: Final = logging.getLogger("scenario_async.sync")

FILES_PER_SHARD: Final = 250
"""The files of one shard: few, so that a lost worker repeats little, but enough for a task."""

_SHARDS_PER_THREAD: Final = 2
"""The number of shards that are submitted ahead for each thread of the cluster."""

_SUBMITTED_AT_MOST: Final = 5
"""The most submissions of a shard whose workers are lost."""

_ENDING_SECONDS: Final = 120.0
"""Seconds to wait for the report of each shard after the run has stopped; its worker may be lost."""


class ClusterRun:
    """Uploads all files of a stream on a Dask cluster.

    If a worker dies, Dask gives its shards to other workers. The shared ledger has the pictures that the dead
    worker had uploaded. If it was sending a picture, the next worker searches for the asset before it sends
    the picture again.

    Args:
        engine: A `distributed.Client`, not an asynchronous one.
        files: The files. Only a few shards of them are in memory at a time.
        spec: The common settings of all shards.
        on_report: Called with the report of each shard when the shard ends.

    Raises:
        InvalidArgumentError: The engine is not a Dask client.
    """

    def __init__(
        self, engine: Any, files: Iterator[Found], spec: ShardSpec, on_report: Callable[[ShardReport], None]
    ) -> None:
        self._distributed = dask_of(engine)
        self._client: Any = engine
        self._files = files
        self._spec = spec
        self._on_report = on_report
        self._submitted: dict[str, tuple[Any, ShardSpec, int]] = {}
        self._ended: SimpleQueue[Any] = SimpleQueue()
        """The futures of shards that have ended; None when the caller does not want the others any more."""
        self._event_name = f"scenario-async-{uuid4().hex}"
        self._stopped_by: str | None = None
        self._shard_stopped_by: str | None = None

    def run(self) -> str | None:
        """Upload the files; the call blocks until there is a report about each file.

        Returns:
            Why the run, or one of its shards, ended early; None if none did.
        """
        self._submit_next()
        while self._submitted:
            try:
                future = self._ended.get(timeout=None if self._stopped_by is None else _ENDING_SECONDS)
            except Empty:
                break
            if future is None:
                self._stop("the sync was cancelled")
                self._cancel()
                return self._stopped_by
            self._take(future)
            if self._stopped_by is None:
                self._submit_next()
        for _, shard, _ in self._submitted.values():
            self._report(shard.files, "in doubt")
        self._cancel()
        while group := list(islice(self._files, FILES_PER_SHARD)):
            self._report(group, "not tried")
        return self._stopped_by or self._shard_stopped_by

    def cancel(self) -> None:
        """End the run soon, without further reports; called from any thread."""
        self._ended.put(None)

    def _submit_next(self) -> None:
        """Submit as many shards as the cluster can soon begin with."""
        ahead = max(1, _SHARDS_PER_THREAD * sum(self._client.nthreads().values()))
        while len(self._submitted) < ahead and (group := list(islice(self._files, FILES_PER_SHARD))):
            self._submit(evolve(self._spec, files=group), 1)

    def _submit(self, shard: ShardSpec, times: int) -> None:
        future = self._client.submit(
            upload_on_worker, shard, self._event_name, pure=False, retries=_SUBMITTED_AT_MOST
        )
        self._submitted[future.key] = (future, shard, times)
        future.add_done_callback(self._ended.put)

    def _take(self, future: Any) -> None:
        """Report the files of a shard that has ended, or submit it again if its worker was lost."""
        _, shard, times = self._submitted.pop(future.key)
        error = future.exception()
        if error is None:
            report: ShardReport = future.result()
            self._on_report(report)
            self._shard_stopped_by = self._shard_stopped_by or report.stopped_by
            if report.permanent and report.stopped_by is not None:
                self._stop(report.stopped_by)
            return
        reason = f"a shard failed: {type(error).__name__}: {error}"
        is_lost = isinstance(error, self._distributed.scheduler.KilledWorker)
        if is_lost and times < _SUBMITTED_AT_MOST and self._stopped_by is None:
            logger.warning("a shard is submitted again: %s", reason)
            self._submit(shard, times + 1)
            return
        self._stop(reason)
        # A shard raises an error of this package only before it sends anything.
        self._report(shard.files, "not tried" if isinstance(error, ScenarioError) else "in doubt")

    def _stop(self, reason: str) -> None:
        """Set the event that stops all workers, since Dask cannot cancel a task that runs."""
        if self._stopped_by is None:
            self._stopped_by = reason
            self._distributed.Event(self._event_name, client=self._client).set()

    def _cancel(self) -> None:
        self._client.cancel([future for future, _, _ in self._submitted.values()])
        self._submitted.clear()

    def _report(self, files: Sequence[Found], status: SyncStatus) -> None:
        results = tuple(
            SyncResult(source=one.name, status="failed", size=one.size, error=one.reason)
            if one.reason
            else SyncResult(source=one.name, status=status, size=one.size, error=self._stopped_by)
            for one in files
        )
        self._on_report(ShardReport(results=results))


def upload_on_worker(shard: ShardSpec, event_name: str) -> ShardReport:
    """Upload a shard in a task of Dask, until an event of the cluster is set."""
    distributed: Any = import_module("distributed")
    event = distributed.Event(event_name, client=distributed.get_client())
    return run_shard(shard, event.is_set)


def dask_of(engine: Any) -> Any:
    """Return the module `distributed` if an engine is a client of it.

    Raises:
        InvalidArgumentError: The engine is not a Dask client.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        expected = "a Dask client needs distributed: python -m pip install 'scenario-async[dask]'"
        raise InvalidArgumentError("engine", type(engine).__name__, expected) from None
    if not isinstance(engine, distributed.Client) or engine.asynchronous:
        expected = "a distributed.Client is needed that is not asynchronous"
        raise InvalidArgumentError("engine", type(engine).__name__, expected)
    return distributed
