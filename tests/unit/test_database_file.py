"""Opening SQLite files that other connections use."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from scenario_async._internal.database_file import survive_power_cuts


def test_a_file_that_another_connection_has_locked_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself does not always wait before it sets the write-ahead log."""
    path = tmp_path / "ledger"
    with (
        closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as first,
        closing(sqlite3.connect(path, timeout=0)) as second,
    ):
        first.execute("BEGIN EXCLUSIVE")
        committing = threading.Timer(0.2, first.execute, ["COMMIT"])
        committing.start()
        survive_power_cuts(second)
        assert second.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        committing.join()
