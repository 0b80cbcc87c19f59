"""What the ledgers of uploads, paid work and libraries share: their place, and how services are compared.

Each kind of ledger has its own tables. By default, all of them are in one file in the user's state folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeGuard, cast

from yarl import URL

from scenario_async._internal.http.destinations import is_loopback
from scenario_async._internal.paths import read_path
from scenario_async.errors import InvalidArgumentError, LedgerError

UNUSABLE: Final = "a ledger or the path of a new file is needed, or False for none ({})"
"""What is needed instead of a file that cannot be used, for an error."""

HIDDEN_URL: Final = "postgresql://…"
"""How an error shows the URL of a PostgreSQL database, which may contain a password."""

_CLOCK_SKEW: Final = 120.0
"""Seconds by which the clocks of two machines that share a ledger may differ."""


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


def origin_of(base_url: str) -> str:
    """Normalise a base URL for the ledger: all names of this machine are the same."""
    try:
        url = URL(base_url)
    except ValueError:
        return base_url
    host = (url.host or "").rstrip(".")
    name = "localhost" if is_loopback(host) else host
    return f"{url.scheme}://{name}:{url.port}{url.path.rstrip('/')}"


def may_be_one_project(named: str, other: str) -> bool:
    """Whether the projects that two clients named may be the same one; an empty text is a project not named.

    An API key implies a project, which the client does not know. So an entry of a client that named no
    project may be about the same as one of a client that named it. Without this rule, the same pictures would
    be uploaded twice, and the same work would be paid twice.
    """
    return named == other or not named or not other


def usable_time(stored: object, now: float) -> float:
    """Return a stored time; 0 if it is not a time, or is in the future because the clock was wrong."""
    is_time = isinstance(stored, int | float) and 0 <= stored <= now + _CLOCK_SKEW
    return float(cast("float", stored)) if is_time else 0.0
