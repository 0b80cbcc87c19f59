"""What is known of each picture of each model, so that another run goes on where one broke off.

An entry belongs to one service, one model and one content; no model inherits another's. It is written before
a picture is sent (another run then looks for the asset that may exist), after it became an asset, and once
the model shows it in its set. `Ledger` is all that a batch needs; `SQLiteLedger` keeps it in a file, and
another store, such as a database that machines share, implements the same few methods.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import os
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final, Literal, Protocol, TypeGuard, cast

from attrs import frozen
from yarl import URL

from scenario_async.errors import InvalidArgumentError

logger: Final = logging.getLogger("scenario_async.upload")

LedgerState = Literal["sending", "asset", "attached"]
"""``sending``: being sent, or broken off while it was. ``asset``: it is an asset. ``attached``: the model
showed it in its set."""


@frozen
class Target:
    """What a batch uploads to; entries of another target do not count.

    The project is no part of it: one run may name it and another leave it to the key, and a model's id is
    unique without it.

    Attributes:
        origin: The service's base URL; see `origin_of`.
        model_id: The model.
    """

    origin: str
    model_id: str

    @property
    def lock_name(self) -> str:
        """A file name that no other target has."""
        return hashlib.sha256(f"{self.origin}\n{self.model_id}".encode()).hexdigest()[:32] + ".lock"


def origin_of(base_url: str) -> str:
    """A base URL in the one spelling under which the ledger knows it: all names of this machine are one."""
    try:
        url = URL(base_url)
    except ValueError:
        return base_url
    host = (url.host or "").rstrip(".")
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost" or host.endswith(".localhost")
    return f"{url.scheme}://{'localhost' if is_loopback else host}:{url.port}{url.path.rstrip('/')}"


@frozen
class Entry:
    """What is known of one content.

    Attributes:
        sha256: The digest of the content, 32 bytes.
        asset_id: The asset that it became; None while it is being sent.
        state: How far it is.
        since: When it was first sent (seconds since 1970); 0 if that is not known.
    """

    sha256: bytes
    asset_id: str | None
    state: LedgerState
    since: float = 0.0


class Ledger(Protocol):
    """Keeps the entries of one target."""

    def opened(self) -> AbstractAsyncContextManager[None]:
        """Keep other batches of the same target out, and make the entries available.

        Raises:
            InvalidArgumentError: It cannot be used.
        """
        ...

    async def get(self, sha256: bytes) -> Entry | None:
        """The entry of a content."""
        ...

    async def write(self, *entries: Entry) -> None:
        """Write entries; they are durable when this returns."""
        ...

    async def forget(self, sha256: bytes) -> None:
        """Remove the entry of a content: there is no such asset."""
        ...

    async def is_empty(self) -> bool:
        """Whether there are no entries."""
        ...


class NoLedger:
    """Keeps nothing."""

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """Keep nobody out."""
        yield

    async def get(self, sha256: bytes) -> Entry | None:
        """Know nothing of a content."""
        del sha256
        return None

    async def write(self, *entries: Entry) -> None:
        """Forget them."""

    async def forget(self, sha256: bytes) -> None:
        """Nothing is known of it."""

    async def is_empty(self) -> bool:
        """True."""
        return True


def default_ledger() -> Path:
    """The ledger's file in the user's folder for state.

    Raises:
        RuntimeError: This user has no home.
    """
    import platformdirs

    return Path(platformdirs.user_state_dir("scenario-async", appauthor=False)) / "uploads.sqlite3"


def is_postgres_url(given: object) -> TypeGuard[str]:
    """Whether a ledger is named by the URL of a PostgreSQL database."""
    return isinstance(given, str) and given.startswith(("postgresql://", "postgres://"))


def ledger_path(given: str | os.PathLike[str] | bool) -> Path | None:
    """Where a ledger is kept: True stands for the default, if this user has a home, and False for nowhere.

    Raises:
        InvalidArgumentError: It is none of these.
    """
    if not isinstance(cast("object", given), bool | str | os.PathLike) or given == "":
        expected = "a path is needed, True for the default or False for none"
        raise InvalidArgumentError("ledger", given, expected)
    if is_postgres_url(given):
        # The URL may hold a password: it is not shown.
        expected = "a path is needed; only assets.sync keeps its ledger in PostgreSQL"
        raise InvalidArgumentError("ledger", "postgresql://…", expected)
    if not isinstance(given, bool):
        return Path(given)
    try:
        return default_ledger() if given else None
    except (RuntimeError, OSError, KeyError) as error:  # what the standard library raises varies
        logger.warning("there is no place for the ledger (%s): going on without one", error)
        return None
