"""Set a damaged SQLite file aside, and keep the rows of its other tables.

Uploads, paid work and libraries may share one file. An upload continues without its damaged table, since the
model shows which pictures are attached. But no response shows which work was paid.
"""

from __future__ import annotations

import glob
import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from scenario_async._internal.database_file import OWN_TABLES, connect_to_read

_MARK: Final = ".damaged-"
_BESIDE: Final = ("-wal", "-shm")
"""The suffixes of the files that SQLite keeps beside a database."""

_TABLES: Final = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"


def set_aside(path: Path) -> Path:
    """Rename a damaged file and the files that belong to it, so that nothing is lost; return its new path."""
    aside = path.with_name(f"{path.name}{_MARK}{time.time_ns()}")
    for suffix in ("", *_BESIDE):
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").replace(f"{aside}{suffix}")
    return aside


def copy_readable_tables(aside: Path, connection: sqlite3.Connection, *, without: Collection[str]) -> None:
    """Copy tables of a damaged file to the file in its place, with all rows that can be read.

    Args:
        aside: The damaged file.
        connection: The connection to the new file.
        without: The names of tables that are not copied.

    Raises:
        sqlite3.Error: The new file cannot be written.
    """
    with closing(_open(aside)) as damaged:
        for name, statement in list(_readable(damaged, _TABLES)):
            if name.startswith(OWN_TABLES) and name not in without:
                _copy(damaged, name, statement, connection)


def check_copies(path: Path, table: str, what: str) -> None:
    """Check that every row of a table is still known, although a damaged file may have been set aside.

    Args:
        path: The file that is in use now.
        table: The table.
        what: What its rows record, for the message.

    Raises:
        OSError: A file that was set aside has, or may have, rows that could not be copied.
    """
    for aside in sorted(path.parent.glob(f"{glob.escape(path.name)}{_MARK}*")):
        if aside.name.endswith(_BESIDE):
            continue
        try:
            with closing(_open(aside)) as damaged:
                if table in dict(damaged.execute(_TABLES).fetchall()):
                    for _ in damaged.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - a name of ours
                        pass
        except sqlite3.DatabaseError:
            raise OSError(
                f"{aside.name} beside it is damaged, and may record {what}, which would be repeated: "
                "compare it with what the service has, and then move that file"
            ) from None


def _open(aside: Path) -> sqlite3.Connection:
    # Nobody writes to it. Without a log it is opened as immutable, so that SQLite makes no files beside it.
    return connect_to_read(aside, is_immutable=not Path(f"{aside}-wal").exists())


def _copy(damaged: sqlite3.Connection, name: str, statement: str, connection: sqlite3.Connection) -> None:
    quoted = '"{}"'.format(name.replace('"', '""'))
    with connection:
        connection.execute(statement)
        columns = connection.execute(f"PRAGMA table_info({quoted})").fetchall()
        marks = ", ".join("?" * len(columns))
        rows = _readable(damaged, f"SELECT * FROM {quoted}")  # noqa: S608 - quoted
        connection.executemany(f"INSERT INTO {quoted} VALUES ({marks})", rows)  # noqa: S608 - quoted


def _readable(damaged: sqlite3.Connection, query: str) -> Iterator[Any]:
    """Yield the rows of a query until one cannot be read."""
    with suppress(sqlite3.DatabaseError):
        yield from damaged.execute(query)
