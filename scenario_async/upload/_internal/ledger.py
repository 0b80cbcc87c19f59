"""Record what is known about each picture of each model, so that another run continues where one stopped.

An entry belongs to one service, one model and one content. It is written before a picture is sent, after the
asset was created, and when the model lists the picture. If a run stops while it sends a picture, the next run
searches for the asset that may exist. `Ledger` is the interface that a batch needs. `SQLiteLedger` stores the
entries in a file. Another store, such as a shared database, would implement the same few methods.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import os
import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final, Literal, Protocol, TypeGuard, cast, get_args

from attrs import frozen
from yarl import URL

from scenario_async._internal.paths import read_path
from scenario_async.errors import InvalidArgumentError, LedgerError
from scenario_async.upload._internal.response_fields import is_id

_CLOCK_SKEW: Final = 120.0
"""Seconds by which the clocks of two machines that share a ledger may differ."""

UNUSABLE: Final = "a ledger or the path of a new file is needed, or False for none ({})"
"""What is needed instead of a file that cannot be used, for an error."""

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
        origin: The service's base URL; see `origin_of`.
        model_id: The model.
    """

    origin: str
    model_id: str

    @property
    def lock_name(self) -> str:
        """A file name that is unique for this target."""
        return hashlib.sha256(f"{self.origin}\n{self.model_id}".encode()).hexdigest()[:32] + ".lock"


def origin_of(base_url: str) -> str:
    """Normalise a base URL for the ledger: all names of this machine are the same."""
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


def may_be_one_project(named: str, other: str) -> bool:
    """Whether the projects that two clients named may be the same one; an empty text is a project not named.

    An API key implies a project, which the client does not know. So an entry of a client that named no
    project may be about the same as one of a client that named it. Without this rule, the same pictures would
    be uploaded twice, and the same work would be paid twice.
    """
    return named == other or not named or not other


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


def usable_time(stored: object, now: float) -> float:
    """Return a stored time; 0 if it is none, or in the future, so that the clock was wrong."""
    is_time = isinstance(stored, int | float) and 0 <= stored <= now + _CLOCK_SKEW
    return float(cast("float", stored)) if is_time else 0.0


def entry_of(sha256: bytes, asset_id: object, state: object, since: object) -> Entry:
    """Return an entry from stored values, which another version or program may have written."""
    known = asset_id if is_id(asset_id) else None
    is_known = known is not None and state in get_args(LedgerState)
    usable = cast("LedgerState", state) if is_known else "sending"
    return Entry(sha256, known, usable, usable_time(since, time.time()))


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


def default_ledger() -> Path:
    """Return the path of the ledger in the user's state folder.

    Raises:
        LedgerError: The user has no home folder.
    """
    import platformdirs

    try:
        folder = Path(platformdirs.user_state_dir("scenario-async", appauthor=False))
    except (RuntimeError, OSError, KeyError) as error:  # the standard library raises different errors here
        raise LedgerError(f"there is no folder for the ledger: {error}") from error
    if not folder.is_absolute():  # older versions of platformdirs return a path that begins with ~
        raise LedgerError("there is no folder for the ledger: the user has no home folder")
    return folder / "uploads.sqlite3"


HIDDEN_URL: Final = "postgresql://…"
"""How an error shows the URL of a PostgreSQL database, which may contain a password."""


def is_postgres_url(given: object) -> TypeGuard[str]:
    """Whether a ledger is the URL of a PostgreSQL database."""
    return isinstance(given, str) and given.startswith(("postgresql://", "postgres://"))


def check_ledger(given: object) -> Path | None:
    """Return the path of a ledger; None for True or False.

    Raises:
        InvalidArgumentError: The argument is neither a path nor a boolean.
    """
    if isinstance(given, bool):
        return None
    if is_postgres_url(given):
        expected = "a path is needed; only assets.sync keeps its ledger in PostgreSQL"
        raise InvalidArgumentError("ledger", HIDDEN_URL, expected)
    return read_path("ledger", given, "a path is needed, True for the default or False for none")


def ledger_path(given: str | os.PathLike[str] | bool) -> Path | None:
    """Return the path of a ledger: True means the default, if the user has a home, and False means none.

    Raises:
        InvalidArgumentError: The argument is neither a path nor a boolean.
    """
    if (path := check_ledger(given)) is not None:
        return path
    try:
        return default_ledger() if given else None
    except LedgerError as error:
        logger.warning("%s; continuing without one", error)
        return None
