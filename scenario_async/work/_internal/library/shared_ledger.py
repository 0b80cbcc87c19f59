"""The library ledger for coroutines: one thread, and one transaction for all waiting calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from attrs import frozen

from scenario_async._internal.ledgers import HIDDEN_URL, is_postgres_url
from scenario_async.errors import LedgerError
from scenario_async.work._internal.library.claims import Claim, Claimed
from scenario_async.work._internal.library.database import open_database
from scenario_async.work._internal.library.ledger import LibraryLedger, SourceState
from scenario_async.work._internal.library.tables import Database

R = TypeVar("R")
Item = TypeVar("Item")
Result = TypeVar("Result")


class _Together(Generic[Item, Result]):
    """Runs one transaction for all items that arrived during the previous transaction."""

    def __init__(self, run: Callable[[list[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._run = run
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None:
            self._running = asyncio.create_task(self._work())
        # A cancelled caller does not cancel the transaction, because others wait for it too.
        return await asyncio.shield(future)

    async def settle(self) -> None:
        """Wait for all transactions, including those whose callers were cancelled."""
        while self._running is not None:
            await asyncio.wait([self._running])

    async def _work(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting, []
                try:
                    results = await self._run([item for item, _ in taken])
                except Exception as error:  # noqa: BLE001 - raised again where the result is awaited
                    for _, future in taken:
                        future.set_exception(error)
                        future.exception()  # a cancelled caller does not wait for it any more
                else:
                    for (_, future), result in zip(taken, results, strict=True):
                        future.set_result(result)
        finally:
            self._running = None


@frozen
class _Ended:
    """The end of a claim without an asset.

    Attributes:
        digest: The digest of the content.
        anything_sent: Whether a request with the content may have been carried out.
    """

    digest: str
    anything_sent: bool


@frozen
class _Upload:
    """The record of one file.

    Attributes:
        digest: The digest of its content.
        asset_id: The asset of the content; None if the asset is recorded already.
        source: The file.
        version: The file's version; empty if it has none.
    """

    digest: str
    asset_id: str | None
    source: str
    version: str


def _close_opened(opening: Future[Database]) -> None:
    """Close a database that was opened while its caller was cancelled."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


class SharedLedger:
    """A library ledger whose methods are awaited.

    Args:
        ledger: A path, or a ``postgresql://`` URL.
        scope: The library; see `LibraryLedger`.
        worker: This worker's name.
        lease: Seconds for which a claim is valid unless it is renewed.
        read_only: Whether a file that cannot be written is opened too, only to be read.

    Attributes:
        scope: The library.
    """

    def __init__(
        self, ledger: str | Path, scope: str, worker: str, lease: float, *, read_only: bool = False
    ) -> None:
        self._open_ledger = partial(LibraryLedger, scope=scope, worker=worker)
        self._where = ledger
        self._open_database = partial(open_database, ledger, read_only=read_only)
        self.scope = scope
        self._lease = lease
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="scenario-async-library")
        self._ledger: LibraryLedger | None = None
        self._claim_one: _Together[str, Claim] = _Together(self._claim)
        self._end_one: _Together[_Ended, None] = _Together(self._end)
        self._record_one: _Together[_Upload, None] = _Together(self._record)
        self._not_received: dict[str, Claimed] = {}
        """Claims that were made, and that no caller has received yet."""

    async def __aenter__(self) -> Self:
        """Open the database.

        Raises:
            InvalidArgumentError: It cannot be opened.
        """
        opening = self._thread.submit(self._open_database)
        try:
            database = await asyncio.wrap_future(opening)
        except BaseException:
            self._thread.submit(_close_opened, opening)
            self._thread.shutdown(wait=False)
            raise
        self._ledger = self._open_ledger(database)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the database after all waiting calls.

        The claims of cancelled callers are ended, so that the next run need not wait for their leases.
        """
        if self._ledger is not None:
            await asyncio.shield(self._close(self._ledger))

    async def _close(self, ledger: LibraryLedger) -> None:
        try:
            for together in (self._claim_one, self._end_one, self._record_one):
                await together.settle()
            with suppress(LedgerError):  # then the claims end with their leases
                await self._end_claims_without_caller()
        finally:
            closing = self._thread.submit(ledger.close)
            self._thread.shutdown(wait=False)
            await asyncio.wrap_future(closing)

    async def _end_claims_without_caller(self) -> None:
        """End the claims whose callers were cancelled before they received them.

        These callers sent nothing. But a request of an earlier owner may have been carried out.
        """
        ended = [
            _Ended(digest, claim.first_claimed_at is not None) for digest, claim in self._not_received.items()
        ]
        self._not_received.clear()
        await self._end(ended)

    @property
    def shown(self) -> str:
        """The ledger for an error, without a password."""
        return HIDDEN_URL if is_postgres_url(self._where) else str(self._where)

    async def samples(self, most: int) -> dict[str, list[str]]:
        """Return some assets; see `LibraryLedger.samples`."""
        return await self._with(lambda ledger: ledger.samples(most))

    async def leave_out(self, scope: str) -> None:
        """Read no entries of another scope any more."""
        await self._with(lambda ledger: ledger.leave_out(scope))

    async def look_up(self, versions: dict[str, str]) -> dict[str, SourceState]:
        """Look up sources; see `LibraryLedger.look_up`."""
        return await self._with(lambda ledger: ledger.look_up(versions))

    async def known_places(self, asset_ids: Sequence[str]) -> dict[str, set[str]]:
        """Return the collections and tags of assets; see `LibraryLedger.places`."""
        return await self._with(lambda ledger: ledger.places(asset_ids))

    async def claim(self, digest: str) -> Claim:
        """Claim a content; see `LibraryLedger.claim`."""
        claim = await self._claim_one(digest)
        self._not_received.pop(digest, None)
        return claim

    async def record(self, digest: str, asset_id: str, source: str, version: str) -> None:
        """Record the asset of a content and its source; see `record_source`."""
        await self._record_one(_Upload(digest, asset_id, source, version))

    async def record_source(self, source: str, version: str, digest: str) -> None:
        """Record the content of a source; one without a version is left out, as it cannot be recognised."""
        if version:
            await self._record_one(_Upload(digest, None, source, version))

    async def record_places(self, place: str, asset_ids: Sequence[str]) -> None:
        """Record that assets are in a collection or have a tag."""
        await self._with(lambda ledger: ledger.record_places(place, asset_ids))

    async def end_wrong_claim(self, digest: str) -> None:
        """End a claim that was made in the future; see `LibraryLedger.end_wrong_claim`."""
        await self._with(lambda ledger: ledger.end_wrong_claim(digest, self._lease))

    async def forget_asset(self, digest: str, asset_id: str) -> None:
        """Remove an asset that was deleted in the library."""
        await self._with(lambda ledger: ledger.forget_asset(digest, asset_id))

    async def give_up(self, digest: str, *, anything_sent: bool) -> None:
        """Release a claim; if nothing was sent for it, remove it."""
        await self._end_one(_Ended(digest, anything_sent))

    async def renew(self) -> None:
        """Renew all claims of this worker."""
        await self._with(lambda ledger: ledger.renew(self._lease))

    async def reserve(self, requests: int, rate: float) -> float:
        """Reserve requests of the shared rate; see `LibraryLedger.reserve`."""
        return await self._with(lambda ledger: ledger.reserve(requests, rate))

    async def _claim(self, digests: list[str]) -> Sequence[Claim]:
        claims = await self._with(lambda ledger: ledger.claim(digests, self._lease))
        self._not_received |= {digest: one for digest, one in claims.items() if isinstance(one, Claimed)}
        return [claims[digest] for digest in digests]

    async def _end(self, ended: Sequence[_Ended]) -> Sequence[None]:
        released = [one.digest for one in ended if one.anything_sent]
        forgotten = [one.digest for one in ended if not one.anything_sent]
        if released:
            await self._with(lambda ledger: ledger.release(released))
        if forgotten:
            await self._with(lambda ledger: ledger.forget(forgotten))
        return [None] * len(ended)

    async def _record(self, uploads: list[_Upload]) -> Sequence[None]:
        assets = {one.digest: one.asset_id for one in uploads if one.asset_id is not None}
        sources = [(one.source, one.version, one.digest) for one in uploads if one.version]
        await self._with(lambda ledger: ledger.record(assets, sources))
        return [None] * len(uploads)

    async def _with(self, use: Callable[[LibraryLedger], R]) -> R:
        if self._ledger is None:
            raise RuntimeError("the ledger is not open")
        return await self._in_thread(use, self._ledger)

    async def _in_thread(self, function: Callable[..., R], *args: Any) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(function, *args))
