"""Record what is known about each picture of each model, so that another run continues where one stopped.

An entry belongs to one service, one model and one content. It is written before a picture is sent, after the
asset was created, and when the model lists the picture. If a run stops while it sends a picture, the next run
searches for the asset that may exist. `Ledger` is the interface that a batch needs. `SQLiteLedger` stores the
entries in a file. Another store, such as a shared database, would implement the same few methods.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final, Literal, Protocol, cast, get_args

from attrs import frozen

from scenario_async._internal import ledgers
from scenario_async.errors import LedgerError
from scenario_async.upload._internal.response_fields import is_id

logger: Final = logging.getLogger("scenario_async.upload")

LedgerState = Literal["sending", "asset", "attached"]
"""``sending``: it is being sent, or its sending was interrupted. ``asset``: it is an asset. ``attached``: the
model listed it in its training set."""


@frozen
class Target:
    """The service and the model to which a batch uploads; each target has its own entries.

    The project is not part of the target, because a model's id is unique without it. One run may name the
    project, and another may use the project of the key.

    Attributes:
        origin: The service's base URL; see `ledgers.origin_of`.
        model_id: The model.
    """

    origin: str
    model_id: str

    @property
    def lock_name(self) -> str:
        """A file name that is unique for this target."""
        return hashlib.sha256(f"{self.origin}\n{self.model_id}".encode()).hexdigest()[:32] + ".lock"


@frozen
class Entry:
    """What is known about one content.

    Attributes:
        sha256: The digest of the content, 32 bytes.
        asset_id: Its asset; None while it is being sent.
        state: The state of its upload.
        since: When it was first sent (seconds since 1970); 0 if that is not known.
    """

    sha256: bytes
    asset_id: str | None
    state: LedgerState
    since: float = 0.0


def entry_of(sha256: bytes, asset_id: object, state: object, since: object) -> Entry:
    """Return an entry from stored values, which another version or program may have written."""
    known = asset_id if is_id(asset_id) else None
    is_known = known is not None and state in get_args(LedgerState)
    usable = cast("LedgerState", state) if is_known else "sending"
    return Entry(sha256, known, usable, ledgers.usable_time(since, time.time()))


class Ledger(Protocol):
    """Stores the entries of one target."""

    def opened(self) -> AbstractAsyncContextManager[None]:
        """Open the entries, and make other batches of the same target wait.

        Raises:
            InvalidArgumentError: The ledger cannot be used.
        """
        ...

    async def get(self, sha256: bytes) -> Entry | None:
        """Return the entry of a content."""
        ...

    async def write(self, *entries: Entry) -> None:
        """Write entries, which are on disk when this returns."""
        ...

    async def forget(self, sha256: bytes) -> None:
        """Remove the entry of a content whose asset does not exist."""
        ...

    def forget_later(self, sha256: bytes) -> None:
        """Remove the entry of a content with the next write, or when the ledger is closed."""
        ...

    async def is_empty(self) -> bool:
        """Whether there are no entries."""
        ...


class NoLedger:
    """A ledger that stores nothing."""

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """Do nothing."""
        yield

    async def get(self, sha256: bytes) -> Entry | None:
        """Return None."""
        del sha256
        return None

    async def write(self, *entries: Entry) -> None:
        """Do nothing."""

    async def forget(self, sha256: bytes) -> None:
        """Do nothing."""

    def forget_later(self, sha256: bytes) -> None:
        """Do nothing."""

    async def is_empty(self) -> bool:
        """Return True."""
        return True


def ledger_path(given: str | os.PathLike[str] | bool) -> Path | None:
    """Return the path of a ledger: True means the default, if the user has a home, and False means none.

    Raises:
        InvalidArgumentError: The argument is neither a path nor a boolean.
    """
    if (path := ledgers.check_ledger(given)) is not None:
        return path
    try:
        return ledgers.default_ledger() if given else None
    except LedgerError as error:
        logger.warning("%s; continuing without one", error)
        return None
