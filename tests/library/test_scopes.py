"""Entries of a ledger are shared by clients whose library may be the same, and by no others."""

from __future__ import annotations

import threading

import pytest

from scenario_async.work._internal.library.claims import Claimed, Held, Known
from tests.library.test_ledger import A, B, opened


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://service:443/v1 ", "https://service:443/v1 project"),
        ("https://service:443/v1 project", "https://service:443/v1 "),
        ("https://service/v1 project", "https://service:443/v1 project"),
        ("http://127.0.0.1:80/v1/ ", "http://localhost:80/v1 project"),
    ],
)
def test_scopes_of_one_library_share_their_entries(ledger: str, first: str, second: str) -> None:
    """A client may name the project of its key, and earlier versions wrote URLs as they were spelled."""
    one, two = opened(ledger, "one", first), opened(ledger, "two", second)
    assert one.claim([A, B], 60) == {A: Claimed(None), B: Claimed(None)}
    assert isinstance(two.claim([A], 60)[A], Held)
    one.record({A: "asset_1"}, [("/a.png", "1", A)])
    one.record_places("collection_1", ["asset_1"])
    assert two.claim([A], 60) == {A: Known("asset_1")}
    state = two.look_up({"/a.png": "1"})["/a.png"]
    assert (state.status, state.asset_id, state.places) == ("known", "asset_1", frozenset({"collection_1"}))
    assert two.look_up({"/a.png": "2"})["/a.png"].status == "changed"
    one.release([B])
    released = two.claim([B], 60)[B]
    assert isinstance(released, Claimed)
    assert released.first_claimed_at is not None, "the other worker may have sent it"
    two.record({B: "asset_2"})
    assert one.claim([B], 60) == {B: Known("asset_2")}
    one.close()
    two.close()


def test_two_named_projects_are_separate(ledger: str) -> None:
    one, two = opened(ledger, "one", "https://service one"), opened(ledger, "two", "https://service two")
    one.claim([A], 60)
    one.record({A: "asset_1"}, [("/a.png", "1", A)])
    assert two.look_up({"/a.png": "1"}) == {}
    assert two.claim([A], 60) == {A: Claimed(None)}
    one.close()
    two.close()


def test_the_version_of_a_file_is_known_from_either_scope(ledger: str) -> None:
    one, two = opened(ledger, "one", "https://service "), opened(ledger, "two", "https://service project")
    for worker, version, digest in ((one, "1", A), (two, "2", B)):
        worker.claim([digest], 60)
        worker.record({digest: f"asset_{version}"}, [("/a.png", version, digest)])
    for worker in (one, two):
        for version in "12":
            state = worker.look_up({"/a.png": version})["/a.png"]
            assert (state.status, state.asset_id) == ("known", f"asset_{version}")
        worker.close()


def test_workers_of_two_scopes_claim_each_of_a_hundred_contents_once(ledger: str) -> None:
    digests = [f"{number:064x}" for number in range(100)]
    owners: dict[str, list[str]] = {digest: [] for digest in digests}
    together = threading.Barrier(10)

    def work(name: str) -> None:
        mine = opened(ledger, name, f"https://service {'project' if int(name) % 2 else ''}")
        together.wait()
        for digest in digests:
            if isinstance(mine.claim([digest], 60)[digest], Claimed):
                owners[digest].append(name)
        mine.close()

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(found) for found in owners.values()] == [1] * 100
