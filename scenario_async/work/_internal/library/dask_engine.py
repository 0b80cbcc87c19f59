"""Spread the shards of a sync over the workers of a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any, Final

from scenario_async.errors import InvalidArgumentError
from scenario_async.work._internal.library.shards import ShardReport, ShardSpec, sync_shard, with_files
from scenario_async.work._internal.library.sources import Found

logger: Final = logging.getLogger("scenario_async.sync")

FILES_PER_SHARD: Final = 250
"""The files of one shard: few, so that a lost worker repeats little, but enough for a task."""

_SHARDS_PER_THREAD: Final = 2
"""The number of shards that are submitted ahead for each thread of the cluster."""

_SUBMITTED_AT_MOST: Final = 5
"""The most submissions of a shard whose workers are lost."""


def run_on_dask(
    engine: Any, files: Iterator[Found], spec: ShardSpec, on_report: Callable[[ShardReport], None]
) -> str | None:
    """Upload all files of a stream on a Dask cluster; the call blocks until they are uploaded.

    If a worker dies, Dask gives its shards to other workers. The shared ledger has the pictures that the dead
    worker had uploaded. If it was sending a picture, the next worker searches for the asset before it sends
    the picture again.

    Args:
        engine: A `distributed.Client`, not an asynchronous one.
        files: The files. Only a few shards of them are in memory at a time.
        spec: The common settings of all shards.
        on_report: Called with the report of each shard when the shard ends.

    Returns:
        Why the run ended early; None if it did not.

    Raises:
        InvalidArgumentError: The engine is not a Dask client.
    """
    distributed = dask_of(engine)
    client: Any = engine
    ahead = max(1, _SHARDS_PER_THREAD * sum(client.nthreads().values()))
    submitted: dict[str, tuple[ShardSpec, int]] = {}
    completed: Any = distributed.as_completed()

    def submit(shard: ShardSpec, times: int) -> None:
        future = client.submit(sync_shard, shard, pure=False, retries=_SUBMITTED_AT_MOST)
        submitted[future.key] = (shard, times)
        completed.add(future)

    def submit_next() -> None:
        if group := list(islice(files, FILES_PER_SHARD)):
            submit(with_files(spec, group), 1)

    for _ in range(ahead):
        submit_next()
    for future in completed:
        shard, times = submitted.pop(future.key)
        reason, again, permanent = _outcome(future, distributed.scheduler.KilledWorker, on_report)
        if again and times < _SUBMITTED_AT_MOST:
            logger.warning("a shard is submitted again: %s", reason)
            submit(shard, times + 1)
        elif reason is not None and (permanent or again):
            client.cancel([distributed.Future(key, client) for key in submitted])
            return reason
        submit_next()
    return None


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


def _outcome(
    future: Any, lost: type[Exception], on_report: Callable[[ShardReport], None]
) -> tuple[str | None, bool, bool]:
    """Return why a shard ended early, whether a retry may help, and whether all other shards fail too."""
    error = future.exception()
    if error is not None:
        return f"a shard failed: {type(error).__name__}: {error}", isinstance(error, lost), True
    report: ShardReport = future.result()
    on_report(report)
    return report.stopped_by, False, report.permanent
