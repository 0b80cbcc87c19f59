"""A shard: some files of a sync, described so that any process on any machine can upload them.

A shard is plain data that can be pickled. It is safe to upload a shard twice, because all workers share a
ledger that records which files are done. So any engine that runs functions can upload shards: Dask, Prefect,
Dagster, Ray, Airflow, or a process pool.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, cast
from uuid import uuid4

from attrs import field, frozen

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.threads import in_thread
from scenario_async.errors import InvalidArgumentError, ScenarioError
from scenario_async.work._internal.arguments import check_text
from scenario_async.work._internal.library.account import check_account
from scenario_async.work._internal.library.arguments import check_ledger, check_limits, check_tags
from scenario_async.work._internal.library.pace import pace_of
from scenario_async.work._internal.library.placing import Placer
from scenario_async.work._internal.library.report import SyncResult, SyncStatus
from scenario_async.work._internal.library.run import Run, RunOptions
from scenario_async.work._internal.library.scopes import scope_of
from scenario_async.work._internal.library.shared_ledger import SharedLedger
from scenario_async.work._internal.library.sources import Found


def _files(given: Iterable[Found]) -> tuple[Found, ...]:
    files = tuple(given) if isinstance(cast("object", given), Iterable) else (None,)
    if not all(isinstance(one, Found) for one in files):
        raise InvalidArgumentError("files", given, "the files that `list_files` returns are needed")
    return cast("tuple[Found, ...]", files)


def _tags(given: Iterable[str]) -> tuple[str, ...]:
    check_tags(given)
    return tuple(given)


@frozen(kw_only=True)
class ShardSpec:
    """The data that a worker needs to upload some files.

    A wrong value raises an `InvalidArgumentError` with the name of its attribute. The object contains no API
    key. Every worker reads the key from its own environment, like a client without arguments. The files
    contain the credentials of a source's URL if it has any; their names do not.

    Attributes:
        files: The files from the listing. A local path has to exist on the worker too.
        base_url: The base URL of the service.
        project_id: The project; None for the project of the key.
        ledger: A ``postgresql://`` URL, or a path that all workers of one machine share. A URL may contain a
            password, so the repr does not show it.
        collection_id: The collection to add the assets to; None for none.
        tags: Tags for every asset.
        concurrency: The number of pictures that one shard sends at the same time.
        rate: Requests per second of all workers together; None for no limit except the service's own.
        lease: Seconds after which another worker takes over the pictures of a dead worker.
    """

    files: tuple[Found, ...] = field(repr=lambda files: f"<{len(files)} files>", converter=_files)
    base_url: str
    project_id: str | None
    ledger: str = field(repr=False)
    collection_id: str | None = None
    tags: tuple[str, ...] = field(default=(), converter=_tags)
    concurrency: int = 8
    rate: float | None = None
    lease: float = 60.0

    def __attrs_post_init__(self) -> None:
        """Check the other values."""
        check_text("base_url", self.base_url, "the URL of a service is needed")
        for name, given in (("project_id", self.project_id), ("collection_id", self.collection_id)):
            if given is not None:
                check_text(name, given, "an id is needed, or None")
        check_ledger(self.ledger)
        check_limits(self.concurrency, self.rate, self.lease)


_STOP_POLL: Final = 1.0
"""Seconds between two checks of whether a shard is to stop."""


@frozen(kw_only=True)
class ShardReport:
    """The result of a shard.

    Attributes:
        results: The result of each file.
        stopped_by: Why the shard ended early; None if it did not.
        permanent: Whether every other shard would end for the same reason, such as wrong credentials or a
            used-up quota.
    """

    results: tuple[SyncResult, ...] = field(repr=lambda results: f"<{len(results)} results>")
    stopped_by: str | None = None
    permanent: bool = False

    @property
    def counts(self) -> Mapping[SyncStatus, int]:
        """The number of files with each status."""
        return Counter(result.status for result in self.results)


def sync_shard(spec: ShardSpec) -> ShardReport:
    """Upload the files of a shard; the call blocks until they are uploaded.

    If the thread has a running event loop, another thread does the work. It reads the credentials from the
    environment (``SCENARIO_SDK_API_KEY``, ``SCENARIO_SDK_API_SECRET``).

    Args:
        spec: The shard.

    Raises:
        MissingCredentialsError: The environment has no credentials.
        InvalidArgumentError: It is not a shard, or its ledger cannot be opened or is about another account.
        APIError: It cannot be checked whether the ledger is about this account.
    """
    if not isinstance(cast("object", spec), ShardSpec):
        raise InvalidArgumentError("spec", spec, "a ShardSpec is needed")
    return run_shard(spec)


def run_shard(spec: ShardSpec, is_stopped: Callable[[], bool] | None = None) -> ShardReport:
    """Upload the files of a shard; see `sync_shard`.

    Args:
        spec: The shard.
        is_stopped: Whether to send no further pictures. It is called in a thread every second.
    """
    from scenario_async.client import AsyncScenario

    async def upload() -> ShardReport:
        async with AsyncScenario(base_url=spec.base_url, project_id=spec.project_id) as client:
            return await _upload(client.assets.sender, spec, is_stopped)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(upload())
    with ThreadPoolExecutor(1, thread_name_prefix="scenario-async-shard") as thread:
        return thread.submit(asyncio.run, upload()).result()


async def _upload(sender: Sender, spec: ShardSpec, is_stopped: Callable[[], bool] | None) -> ShardReport:
    results: list[SyncResult] = []
    worker = new_worker_name()
    async with SharedLedger(spec.ledger, scope_of(sender), worker, spec.lease) as ledger:
        await check_account(sender, ledger)
        pace = pace_of(
            ledger, concurrency=spec.concurrency, rate=spec.rate, files=len(spec.files), lease=spec.lease
        )
        paced = sender.paced(pace)
        placer = Placer(paced, ledger, spec.collection_id, spec.tags)
        options = RunOptions(concurrency=spec.concurrency, lease=spec.lease)
        run = Run(paced, pace, ledger, placer=placer, options=options, on_result=results.append)
        async with _stopped_when(is_stopped, run):
            await run.run(iter(spec.files))
    stopped = run.stopped_by
    return ShardReport(
        results=tuple(results),
        stopped_by=None if stopped is None else str(stopped),
        permanent=pace.stopped_by is not None,
    )


@asynccontextmanager
async def _stopped_when(is_stopped: Callable[[], bool] | None, run: Run) -> AsyncGenerator[None]:
    """Stop a run when a function returns True."""
    if is_stopped is None:
        yield
        return

    async def check() -> None:
        if await in_thread(is_stopped):
            run.stop(ScenarioError("the sync was stopped"))

    async def watch() -> None:
        while run.stopped_by is None:
            await asyncio.sleep(_STOP_POLL)
            await check()

    await check()
    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def new_worker_name() -> str:
    """Make a unique name for this worker, which contains its host and process."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
