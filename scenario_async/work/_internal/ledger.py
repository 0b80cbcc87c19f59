"""Record each training and generation on disk, so that nothing is paid twice.

The states of an entry are ``prepared`` → ``submitting`` (written to disk before the first byte of the paid
request) → ``submitted`` (its job is known) → ``succeeded``, ``failed`` or ``canceled`` → ``saved``. If the
service refuses the request, the state is ``rejected``. If the request is in doubt, the state stays
``submitting``. The entries are in their own table in the upload's ledger.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast, get_args

import attrs
import orjson
from attrs import evolve, field, frozen
from attrs.validators import deep_iterable, in_, instance_of, optional

from scenario_async._internal import ledgers
from scenario_async._internal.background_thread import BackgroundThread
from scenario_async._internal.damaged_database import check_copies
from scenario_async._internal.database_file import DatabaseFile, connect_to_write, place_of
from scenario_async._internal.declare.converter import is_object, is_sequence
from scenario_async._internal.ledgers import UNUSABLE, check_ledger, may_be_one_project, origin_of
from scenario_async._internal.locks import holding
from scenario_async._internal.threads import in_thread
from scenario_async.errors import InvalidArgumentError, LedgerError
from scenario_async.work._internal.arguments import check_sendable

logger: Final = logging.getLogger("scenario_async.work")

R = TypeVar("R")

WorkKind = Literal["train", "generate", "dataset"]
WorkState = Literal[
    "prepared", "submitting", "submitted", "succeeded", "failed", "canceled", "saved", "rejected"
]

UNFINISHED: Final = frozenset({"prepared", "submitting", "submitted"})
"""States that the same call continues."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS work (
    base_url TEXT NOT NULL,
    project TEXT NOT NULL,
    work_id TEXT NOT NULL,
    state TEXT NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (base_url, project, work_id)
) WITHOUT ROWID
"""
_CLOCK_SKEW: Final = timedelta(minutes=5)
"""The largest difference between this machine's clock and the service's clock."""

_LARGEST_EXACT: Final = 2**53
"""The largest float between whose neighbours no whole number is missing."""

_WRITE: Final = "INSERT OR REPLACE INTO work VALUES (?, ?, ?, ?, ?)"
_READ_ONE: Final = "SELECT project, entry FROM work WHERE (base_url, work_id) = (?, ?)"
_READ_ALL: Final = "SELECT project, entry FROM work WHERE base_url = ?"

_DEFAULT_UNUSABLE: Final = (
    "payments are recorded in a file, and the default in your state folder cannot be used ({}): "
    "pass `ledger=`, the path of a file, or False for none"
)


@frozen(kw_only=True)
class WorkEntry:
    """One training, generation or data set.

    Attributes:
        work_id: Identifies the call; calls with the same arguments have the same id.
        kind: The kind of work.
        model_id: The model that is trained or run; empty before a data set has one.
        state: Its state.
        body: The body of the paid request, with the seed that was drawn for it.
        began: When the paid request was first sent, in seconds since the epoch.
        job_id: The job, once it is known.
        previous_job_id: The training job that the model named before.
        previous_status: The status of the model before its training.
        has_drawn_seed: Whether the client drew the seed, so that no other job has it.
        cost: The price in creative units, as text.
        asset_ids: The generated assets.
        project: The project that the client named when the entry was first written; empty if it named none.
    """

    # The validators find a damaged file.
    work_id: str = field(validator=instance_of(str))
    kind: WorkKind = field(validator=in_(get_args(WorkKind)))
    model_id: str = field(validator=instance_of(str))
    state: WorkState = field(default="prepared", validator=in_(get_args(WorkState)))
    body: Mapping[str, Any] = field(factory=dict[str, Any], validator=instance_of(dict))
    began: float = field(default=0.0, validator=instance_of((int, float)))
    job_id: str | None = field(default=None, validator=optional(instance_of(str)))
    previous_job_id: str | None = field(default=None, validator=optional(instance_of(str)))
    previous_status: str | None = field(default=None, validator=optional(instance_of(str)))
    has_drawn_seed: bool = field(default=False, validator=instance_of(bool))
    cost: str | None = field(default=None, validator=optional(instance_of(str)))
    asset_ids: tuple[str, ...] = field(
        factory=tuple[str, ...], converter=tuple, validator=deep_iterable(instance_of(str))
    )
    project: str | None = field(default=None, validator=optional(instance_of(str)))

    def to_json(self) -> dict[str, Any]:
        """Return the object as JSON values."""
        return attrs.asdict(self)

    @property
    def began_at(self) -> datetime:
        """When the paid request was first sent, in UTC."""
        return datetime.fromtimestamp(self.began, UTC)

    @property
    def created_after(self) -> str:
        """The time after which the service created what was requested, in the form that the API takes."""
        return (self.began_at - _CLOCK_SKEW).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def id_of_work(kind: WorkKind, call: Mapping[str, Any]) -> str:
    """Return the id of a call: a digest of its kind and arguments, in which 1 and 1.0 are equal.

    Raises:
        InvalidArgumentError: An argument cannot be sent.
    """
    for name, value in call.items():
        check_sendable("model_id" if name == "model" else name, value)
    content = orjson.dumps(
        [kind, _with_whole_numbers(call)], option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str
    )
    return hashlib.sha256(content).hexdigest()[:40]


def _with_whole_numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST_EXACT:
        return int(value)
    if is_object(value):
        return {name: _with_whole_numbers(one) for name, one in value.items()}
    if is_sequence(value):
        return [_with_whole_numbers(one) for one in value]
    return value


class WorkLedger:
    """The entries of one service and project, in a file, or in memory for one run only.

    Entries that may be of the same project are read too; see `may_be_one_project`.

    Args:
        path: The file; None for memory.
        target: The base URL and the project of the client.
        is_default: Whether the caller gave no path, for the message if it cannot be used.
    """

    def __init__(self, path: Path | None, target: tuple[str, str], *, is_default: bool = False) -> None:
        self._path = path
        self._is_default = is_default
        base_url, self._project = target
        self._base_url = origin_of(base_url)
        self._memory = dict[str, WorkEntry]()

    @classmethod
    def of(cls, given: str | os.PathLike[str] | bool, target: tuple[str, str]) -> WorkLedger:
        """Return the ledger for an argument: a path, True for the user's state folder, False for memory.

        Raises:
            InvalidArgumentError: The argument is neither a path nor a boolean, or there is no default.
        """
        path = check_ledger(given)
        if given is True:
            try:
                path = ledgers.default_ledger()
            except LedgerError as error:
                raise InvalidArgumentError("ledger", given, _DEFAULT_UNUSABLE.format(error)) from error
        return cls(path, target, is_default=given is True)

    @property
    def is_kept(self) -> bool:
        """Whether a later call finds the entries."""
        return self._path is not None

    @property
    def place(self) -> str:
        """The location of the ledger, for messages."""
        return "memory" if self._path is None else str(self._path)

    async def get(self, work_id: str) -> WorkEntry | None:
        """Return the entry of a call; None if there is none."""
        if self._path is None:
            return self._memory.get(work_id)
        entries = self._of_project(await self._in_thread(_READ_ONE, (self._base_url, work_id)))
        return entries[0] if entries else None

    async def all(self) -> list[WorkEntry]:
        """Return all entries, the latest first."""
        if self._path is None:
            entries = list(self._memory.values())
        else:
            entries = self._of_project(await self._in_thread(_READ_ALL, (self._base_url,)))
        return sorted(entries, key=lambda entry: entry.began, reverse=True)

    async def write(self, entry: WorkEntry, **changes: Any) -> WorkEntry:
        """Write an entry with changes to disk, and return the changed entry."""
        entry = evolve(entry, **changes)
        if self._path is None:
            self._memory[entry.work_id] = entry
        else:
            entry = entry if entry.project is not None else evolve(entry, project=self._project)
            content = orjson.dumps(entry.to_json(), default=str).decode()
            # Shielded: a cancellation does not interrupt a write that has begun.
            row = (self._base_url, entry.project, entry.work_id, entry.state, content)
            await asyncio.shield(asyncio.ensure_future(self._in_thread(_WRITE, row)))
        return entry

    async def record(self, entry: WorkEntry, **changes: Any) -> WorkEntry:
        """Do the same as `write` after a payment; log a warning if the file cannot be written.

        The work is paid, so it goes on. A later call finds the earlier entry, and looks for the job.
        """
        try:
            return await self.write(entry, **changes)
        except InvalidArgumentError as error:
            job = changes.get("job_id", entry.job_id)
            logger.warning("job %s is paid, and its state is not recorded: %s", job, error)
            return evolve(entry, **changes)

    @asynccontextmanager
    async def holding(self, work_id: str) -> AsyncGenerator[None]:
        """Hold a lock, so that no other process does the same work at the same time.

        Raises:
            InvalidArgumentError: The ledger cannot be used, or earlier entries of it cannot be read.
        """
        if self._path is None:
            yield
            return
        await self._checked(in_thread(partial(self._path.parent.mkdir, parents=True, exist_ok=True)))
        path = self._path.resolve()
        await self._checked(in_thread(check_copies, path, "work", "paid work"))
        path = path.with_name(f"work-{work_id[:32]}.lock")
        thread = BackgroundThread("scenario-async-work")  # a lock belongs to the thread that acquired it
        async with AsyncExitStack() as stack:
            stack.push_async_callback(thread.closed)
            await self._checked(stack.enter_async_context(holding(thread, path, "is doing the same work")))
            yield

    def _of_project(self, rows: list[tuple[str, str]]) -> list[WorkEntry]:
        """Return the entries of this client's project, then those that may be of it."""
        fitting = [row for row in rows if may_be_one_project(row[0], self._project)]
        return [self._entry(*row) for row in sorted(fitting, key=lambda row: row[0] != self._project)]

    def _entry(self, project: str, content: str) -> WorkEntry:
        try:
            members: dict[str, Any] = {**orjson.loads(content), "project": project}
            known = {one.name for one in attrs.fields(WorkEntry)}
            return WorkEntry(**{name: value for name, value in members.items() if name in known})
        except (ValueError, TypeError, AttributeError) as error:
            expected = "a file with readable entries is needed, and one is damaged: it may be about paid work"
            raise InvalidArgumentError("ledger", self.place, expected) from error

    async def _in_thread(self, statement: str, row: tuple[object, ...]) -> list[Any]:
        path = cast("Path", self._path)
        return await self._checked(in_thread(partial(_execute, path, statement, row)))

    async def _checked(self, using: Awaitable[R]) -> R:
        try:
            return await using
        except (OSError, RuntimeError, sqlite3.Error) as error:
            expected = (_DEFAULT_UNUSABLE if self._is_default else UNUSABLE).format(error)
            raise InvalidArgumentError("ledger", self.place, expected) from error


def _execute(path: Path, statement: str, row: tuple[object, ...]) -> list[Any]:
    """Execute one statement on a new connection, since there are only a few statements."""
    file = DatabaseFile(partial(connect_to_write, place_of(path)))
    with closing(file), file.used() as connection, connection:
        connection.execute(_SCHEMA)
        return connection.execute(statement, row).fetchall()
