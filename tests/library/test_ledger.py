"""The library ledger: one interface and two databases, with the same tests."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import psutil  # type: ignore[import-untyped] # psutil has no types
import pytest

from scenario_async import InvalidArgumentError
from scenario_async.errors import LedgerError
from scenario_async.upload._internal.ledger import ledger_path
from scenario_async.work._internal.library.claims import Claimed, Held, Known
from scenario_async.work._internal.library.database import SqliteDatabase, open_database
from scenario_async.work._internal.library.ledger import LibraryLedger
from scenario_async.work._internal.library.scopes import scopes
from scenario_async.work._internal.library.tables import Cursor

A, B = "a" * 64, "b" * 64


def opened(ledger: str, worker: str, scope: str = "https://service project") -> LibraryLedger:
    return LibraryLedger(open_database(ledger), scope, worker)


def test_a_content_is_claimed_by_only_one_worker(ledger: str) -> None:
    one, two = opened(ledger, "one"), opened(ledger, "two")
    assert one.claim([A], 60) == {A: Claimed(None)}
    claims = two.claim([A, B], 60)
    held = claims[A]
    assert isinstance(held, Held)
    assert 50 < held.seconds <= 60
    assert claims[B] == Claimed(None)
    one.record({A: "asset_1"})
    assert two.claim([A], 60) == {A: Known("asset_1")}
    one.close()
    two.close()


def test_an_expired_claim_is_taken_over_with_its_original_time(ledger: str) -> None:
    """The new owner searches for assets created since then; the old owner has lost the claim."""
    dead, alive = opened(ledger, "dead"), opened(ledger, "alive")
    before = time.time()
    dead.claim([A], 0.05)
    time.sleep(0.1)
    taken = alive.claim([A], 60)[A]
    assert isinstance(taken, Claimed)
    assert taken.first_claimed_at is not None
    assert abs(taken.first_claimed_at - before) < 10
    assert isinstance(dead.claim([A], 60)[A], Held)
    dead.close()
    alive.close()


def test_renewing_keeps_a_claim(ledger: str) -> None:
    one, two = opened(ledger, "one"), opened(ledger, "two")
    one.claim([A], 0.2)
    one.renew(60)
    time.sleep(0.3)
    assert isinstance(two.claim([A], 60)[A], Held)
    one.close()
    two.close()


def test_a_released_or_forgotten_claim_is_free_immediately(ledger: str) -> None:
    """Released means that the content may have been sent; forgotten means that it was not."""
    one, two = opened(ledger, "one"), opened(ledger, "two")
    one.claim([A, B], 60)
    one.release([A])
    one.forget([B])
    claims = two.claim([A, B], 60)
    released = claims[A]
    assert isinstance(released, Claimed)
    assert released.first_claimed_at is not None
    assert claims[B] == Claimed(None)
    one.forget([A])  # the claim belongs to another worker now
    assert isinstance(one.claim([A], 60)[A], Held)
    one.close()
    two.close()


ODD_VALUES: list[tuple[str, object]] = [
    ("asset_id", ""),
    ("asset_id", " "),
    ("asset_id", "x" * 1000),
    ("asset_id", b"\xff"),
    ("lease_until", float("inf")),
    ("lease_until", "tomorrow"),
    ("claimed_at", float("inf")),
    ("claimed_at", -1e300),
    ("claimed_at", "yesterday"),
    ("claimed_at", 1e11),
]


@pytest.mark.parametrize(("column", "value"), ODD_VALUES, ids=lambda value: repr(value)[:12])
def test_a_content_with_odd_values_is_claimed_again(tmp_path: Path, column: str, value: object) -> None:
    """Another program or a wrong clock wrote them; the content is neither lost nor waited for forever."""
    ledger = str(tmp_path / "ledger")
    dead, alive = opened(ledger, "dead"), opened(ledger, "alive")
    dead.claim([A], 0.001)
    dead.record({}, [("/a.png", "1", A)])
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute(f"UPDATE library_contents SET {column} = ?", (value,))  # noqa: S608 - a name of this test
    time.sleep(0.01)
    assert alive.look_up({"/a.png": "1"}) == {}
    claim = alive.claim([A], 60)[A]
    assert isinstance(claim, Claimed)
    if column == "claimed_at":
        assert claim.first_claimed_at == 0.0, "the search for the asset goes back to the beginning"
    alive.record({A: "asset_1"})
    assert alive.claim([A], 60) == {A: Known("asset_1")}
    dead.close()
    alive.close()


@pytest.mark.parametrize("seconds", [3 * 3600.0, float("inf")])
def test_reservations_of_a_wrong_clock_delay_nobody(ledger: str, seconds: float) -> None:
    """The clock was hours ahead, and was corrected; the rate is shared as before."""
    one = opened(ledger, "one")
    one.reserve(1, 10.0)
    late = time.time() + seconds
    one._database.run(lambda cursor: cursor.execute("UPDATE library_pace SET next_at = ?", (late,)))  # pyright: ignore[reportPrivateUsage]
    assert one.reserve(10, 10.0) < 1
    assert 0.5 < one.reserve(10, 10.0) <= 1.2
    one.close()


def test_a_name_that_is_not_utf_8_or_has_a_null_byte_is_known(ledger: str) -> None:
    one = opened(ledger, "one")
    names = ["/a\udcff.png", "/a\\udcff.png", "/a.png", "memory://a\0.png", "memory://a\\x00.png"]
    one.claim([A], 60)
    one.record({A: "asset_1"}, [(name, str(number), A) for number, name in enumerate(names)])
    found = one.look_up({name: str(number) for number, name in enumerate(names)})
    assert {name: state.status for name, state in found.items()} == dict.fromkeys(names, "known")
    one.close()


def test_twenty_threads_claim_each_of_a_hundred_contents_once(ledger: str) -> None:
    """In any order, no content has two owners and no thread waits for another for ever."""
    digests = [f"{number:064x}" for number in range(100)]
    owners: dict[str, list[str]] = {digest: [] for digest in digests}

    def work(name: str) -> None:
        mine = opened(ledger, name)
        for digest, claim in mine.claim(digests if int(name) % 2 else reversed(digests), 60).items():
            if isinstance(claim, Claimed):
                owners[digest].append(name)
        mine.close()

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(found) for found in owners.values()] == [1] * 100


def test_sources_are_known_by_name_and_version(ledger: str) -> None:
    one = opened(ledger, "one")
    one.claim([A], 60)
    one.record({}, [("/in/a.png", "v1", A), ("/in/b.png", "v1", B)])
    assert one.look_up({"/in/a.png": "v1"}) == {}  # claimed, but not uploaded yet
    one.record({A: "asset_1"})
    one.record_places("collection_1", ["asset_1"])
    found = one.look_up({"/in/a.png": "v1", "/in/b.png": "v1", "/in/c.png": "v1"})
    assert list(found) == ["/in/a.png"]
    assert found["/in/a.png"].status == "known"
    assert found["/in/a.png"].places == {"collection_1"}
    assert one.look_up({"/in/a.png": "v2"})["/in/a.png"].status == "changed"
    one.close()


def test_a_thousand_sources_are_looked_up_together(ledger: str) -> None:
    one = opened(ledger, "one")
    one.claim([A], 60)
    one.record({A: "asset_1"}, ((f"/in/{number}", "v", A) for number in range(1000)))
    assert len(one.look_up({f"/in/{number}": "v" for number in range(1500)})) == 1000
    one.close()


def test_libraries_in_one_database_are_separate(ledger: str) -> None:
    here, there = opened(ledger, "w", "here"), opened(ledger, "w", "there")
    here.claim([A], 60)
    here.record({A: "asset_1"})
    assert there.claim([A], 60) == {A: Claimed(None)}
    assert here.counts() == {"uploaded": 1, "claimed": 0, "abandoned": 0, "sources": 0}
    assert there.counts()["claimed"] == 1
    database = open_database(ledger)
    assert scopes(database) == ["here", "there"]
    for one in (here, there, database):
        one.close()


def test_workers_share_one_rate(ledger: str) -> None:
    """At ten requests a second, three workers with ten requests each wait 0, 1 and 2 seconds."""
    workers = [opened(ledger, str(number)) for number in range(3)]
    waits = [worker.reserve(10, 10.0) for worker in workers]
    assert waits[0] == 0
    assert 0.5 < waits[1] <= 1.0
    assert 1.5 < waits[2] <= 2.0
    for worker in workers:
        worker.close()


def test_a_lost_connection_is_reopened(postgres_ledger: str) -> None:
    import psycopg

    one = opened(postgres_ledger, "one")
    with psycopg.connect(postgres_ledger, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert one.claim([A], 60) == {A: Claimed(None)}
    one.close()


def test_a_transaction_is_repeated_if_its_server_process_stops_responding(
    postgres_ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stopped process keeps its connection, and only the time that passes shows that it is stopped."""
    monkeypatch.setattr("scenario_async.work._internal.library.postgres_database._SILENT_SECONDS", 0.5)
    database = open_database(postgres_ledger)

    def process(cursor: Cursor) -> int:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchall()[0][0])

    stopped = psutil.Process(database.run(process))
    stopped.suspend()
    try:
        assert database.run(process) != stopped.pid
        database.close()
    finally:
        stopped.resume()


def test_a_file_that_is_not_a_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    path.write_bytes(b"something else" * 100)
    with pytest.raises(InvalidArgumentError, match=r"^ledger: ") as caught:
        open_database(path)
    assert path.read_bytes() == b"something else" * 100
    assert caught.value.__cause__ is not None
    assert str(path) not in {file.path for file in psutil.Process().open_files()}, "it is closed again"


def test_a_ledger_that_fails_later_raises_a_ledger_error(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    database = SqliteDatabase(path)
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE library_contents")
    other.close()
    with pytest.raises(LedgerError, match="cannot be used"):
        LibraryLedger(database, "s", "w").claim([A], 60)
    database.close()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_is_not_utf_8_is_refused(postgres: str, encoding: str) -> None:
    import psycopg

    name = f"ledger_{encoding.lower()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'".encode()
        )
    with pytest.raises(InvalidArgumentError, match=rf"^ledger: .*encoding UTF8.* has {encoding}"):
        open_database(postgres.rpartition("/")[0] + "/" + name)


def test_names_of_all_languages_are_known_whatever_encoding_the_environment_names(
    postgres_ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    one = opened(postgres_ledger, "one")
    one.claim([A], 60)
    one.record({A: "asset_1"}, [("/ü €.png", "1", A)])
    assert one.look_up({"/ü €.png": "1"})["/ü €.png"].status == "known"
    one.close()


def test_an_unreachable_server_is_named_without_the_password() -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(InvalidArgumentError) as caught:
        open_database("postgresql://user:hunter2@127.0.0.1:1/db")
    assert "hunter2" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_the_ledger_of_a_training_cannot_be_a_database_server() -> None:
    """The URL is not used as the path of a file, and the error does not show its password."""
    with pytest.raises(InvalidArgumentError, match=r"only assets\.sync") as raised:
        ledger_path("postgresql://user:hidden@host/database")
    assert "hidden" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:hun%zzter2@127.0.0.1:1/db",
        "postgresql://user:hunter2@[::1/db",
        "postgresql://user:hun@ter2@127.0.0.1:1/db",
        "postgresql://user:hun/ter2@127.0.0.1:1/db",
        "postgresql://user:hunter2@127.0.0.1:1/\ud800",
    ],
)
def test_an_unreadable_url_is_refused_without_any_part_of_the_password(url: str) -> None:
    """The messages of PostgreSQL's own library would show parts of it."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(InvalidArgumentError, match="percent-encoded") as caught:
        open_database(url)
    assert "hun" not in str(caught.value)
    assert "ter2" not in str(caught.value)


def _stuck_in_a_transaction(
    ledger: str, release: threading.Event, stuck: threading.Event
) -> threading.Thread:
    """Reserve requests in a thread that says nothing to the server before its commit until it is released."""
    database = open_database(ledger)

    def reserve(cursor: Cursor) -> None:
        cursor.execute("UPDATE library_pace SET next_at = next_at + 0")
        if not stuck.is_set():
            stuck.set()
            release.wait(60)

    def work() -> None:
        database.run(reserve)
        database.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert stuck.wait(20)
    return thread


def test_a_machine_that_is_lost_during_a_transaction_blocks_the_others_only_for_a_short_time(
    postgres_ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its transaction holds a lock that all need; the server ends it, and the lost machine repeats it."""
    monkeypatch.setattr("scenario_async.work._internal.library.postgres_database._IDLE_SECONDS", 1.0)
    other = opened(postgres_ledger, "other")
    other.reserve(1, 10.0)
    release, stuck = threading.Event(), threading.Event()
    thread = _stuck_in_a_transaction(postgres_ledger, release, stuck)
    reserving = threading.Thread(target=other.reserve, args=(1, 10.0))
    reserving.start()
    reserving.join(30)
    assert not reserving.is_alive(), "the other machine waits although nothing is done"
    release.set()
    thread.join(30)
    assert not thread.is_alive()
    other.close()


def test_a_lock_that_is_held_for_too_long_raises_a_ledger_error(
    postgres_ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "scenario_async.work._internal.library.postgres_database"
    monkeypatch.setattr(f"{module}._LOCKED_SECONDS", 0.2)
    monkeypatch.setattr(f"{module}._RECONNECT_SECONDS", 0.5)
    other = opened(postgres_ledger, "other")
    other.reserve(1, 10.0)
    release, stuck = threading.Event(), threading.Event()
    thread = _stuck_in_a_transaction(postgres_ledger, release, stuck)
    try:
        with pytest.raises(LedgerError, match="lock timeout"):
            other.reserve(1, 10.0)
    finally:
        release.set()
        thread.join(30)
        other.close()
