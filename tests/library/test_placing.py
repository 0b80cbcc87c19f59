"""Collections of a sync: refused groups, lists that are late, and responses that are not as documented."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario
from scenario_async.errors import APIError, IncompleteResponseError
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Fault, HTMLPage, PlanLimit, Unauthorized
from scenario_async.work._internal.library import placing
from tests.library.pictures import fill, small_png
from tests.work.changed import Changed, set_at

_ADD = "PUT /collections/{collectionId}/assets"
_LARGE = 10**399
"""A number that is too large for a float."""

REFUSALS = [HTMLPage(403, "before"), PlanLimit(5), Unauthorized()]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: type(one).__name__)
async def test_a_refused_group_of_unchanged_files_is_sent_once_and_ends_the_sync_with_a_report(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, refusal: Fault
) -> None:
    folder = fill(tmp_path / "in", 250)
    await client.assets.sync(folder, ledger=tmp_path / "ledger", report=tmp_path / "1.jsonl")
    sandbox.faults = Faults(Rule(refusal, on=_ADD))
    report = await client.assets.sync(
        folder, collection="foxes", ledger=tmp_path / "ledger", report=tmp_path / "2.jsonl"
    )
    assert sandbox.requests[_ADD] == 1
    assert dict(report.counts) == {"unchanged": 250}
    assert report.stopped_by is not None
    assert report.stopped_by.startswith("PUT /collections/")


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: type(one).__name__)
async def test_a_refused_group_of_new_files_is_sent_once_and_the_next_run_places_them(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, refusal: Fault
) -> None:
    """Uploads that run at the time of the refusal do not send the group again; all of them have succeeded."""
    folder = fill(tmp_path / "in", 150)
    options: dict[str, Any] = {"collection": "foxes", "ledger": tmp_path / "ledger"}
    sandbox.faults = Faults(Rule(refusal, on=_ADD))
    report = await client.assets.sync(folder, report=tmp_path / "1.jsonl", **options)
    assert sandbox.requests[_ADD] == 1
    assert report.total == 150
    assert report.counts["uploaded"] == len(sandbox.state.assets) >= 49
    assert not report.counts.get("failed")
    sandbox.faults = Faults()
    again = await client.assets.sync(folder, report=tmp_path / "2.jsonl", **options)
    assert again.succeeded
    (collection,) = sandbox.state.collections.values()
    assert sorted(collection.asset_ids) == sorted(sandbox.state.assets)
    assert len(sandbox.state.assets) == 150


_PLACES: list[dict[str, Any]] = [
    {"collection": "foxes"},
    {"tags": ["fox"]},
    {"collection": "foxes", "tags": ["fox"]},
]


@pytest.mark.parametrize("place", _PLACES)
async def test_pictures_that_were_deleted_in_the_library_are_uploaded_again_and_all_are_placed(
    sandbox: Sandbox,
    client: AsyncScenario,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: dict[str, Any],
) -> None:
    """The service refuses a whole group because of one deleted asset, and two files have one of them."""
    monkeypatch.setattr(placing, "LATE_LOOKS", (0.0, 0.0))
    folder, ledger = fill(tmp_path / "in", 260), tmp_path / "ledger"
    (folder / "copy.png").write_bytes(small_png(0))
    await client.assets.sync(folder, ledger=ledger, report=tmp_path / "1.jsonl")
    for asset_id in [one.id for one in sandbox.state.assets.values()][0:200:20]:
        del sandbox.state.assets[asset_id]
    fill(folder, 5, start=900)
    report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "2.jsonl", **place)
    assert report.succeeded, report.summary()
    assert report.total == 266
    assert report.counts["uploaded"] == 15
    names = [one.name for one in sandbox.state.assets.values()]
    assert len(names) == len(set(names)) == 265
    for collection in sandbox.state.collections.values():
        assert sorted(collection.asset_ids) == sorted(sandbox.state.assets)
    assert all(one.tags == place.get("tags", []) for one in sandbox.state.assets.values())
    again = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "3.jsonl", **place)
    assert dict(again.counts) == {"unchanged": 266}


@pytest.mark.parametrize(
    "change",
    [set_at("assets", value=None), set_at("assets", value=[None]), set_at("assets", value=[{"id": 7}])],
)
async def test_pictures_that_cannot_be_looked_up_do_not_count_as_deleted(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, change: Callable[[Any], object]
) -> None:
    folder, ledger = fill(tmp_path / "in", 10), tmp_path / "ledger"
    await client.assets.sync(folder, ledger=ledger, report=tmp_path / "1.jsonl")
    await client.collections.create(name="foxes")
    sandbox.faults = Faults(
        Rule(Changed(change), on="POST /assets/get-bulk"), Rule(HTMLPage(404, "before"), on=_ADD)
    )
    report = await client.assets.sync(folder, collection="foxes", ledger=ledger, report=tmp_path / "2.jsonl")
    assert dict(report.counts) == {"unchanged": 10}
    assert report.stopped_by is not None
    assert len(sandbox.state.assets) == 10


def change_assets(document: Any) -> None:
    """Put large numbers where only small ones are documented."""
    for asset in document["assets"]:
        asset["properties"]["size"] = _LARGE
        asset["large"] = _LARGE


@pytest.mark.parametrize(
    ("change", "is_added"),
    [
        (set_at("assets", value=None), False),
        (set_at("assets", value=7), False),
        (set_at("assets", value=[None, 7, {"id": 7, "collectionIds": 7}]), False),
        (change_assets, True),
    ],
)
async def test_odd_assets_of_a_collection_end_the_sync_with_a_report(
    sandbox: Sandbox,
    client: AsyncScenario,
    tmp_path: Path,
    change: Callable[[Any], object],
    *,
    is_added: bool,
) -> None:
    """One asset is in the collection already, so the group is refused, and its assets are looked up."""
    folder = fill(tmp_path / "in", 10)
    await client.assets.sync(folder, ledger=tmp_path / "ledger", report=tmp_path / "1.jsonl")
    made = await client.collections.create(name="foxes")
    await client.collections.assets.add(made.collection.id, asset_ids=list(sandbox.state.assets)[:1])
    sandbox.faults = Faults(Rule(Changed(change), on="POST /assets/get-bulk"))
    report = await client.assets.sync(
        folder, collection="foxes", ledger=tmp_path / "ledger", report=tmp_path / "2.jsonl"
    )
    assert dict(report.counts) == {"unchanged": 10}
    assert report.succeeded is is_added
    assert len(sandbox.state.collections[made.collection.id].asset_ids) == (10 if is_added else 1)


async def test_a_tag_with_a_comma_is_no_other_tags(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    folder, ledger = fill(tmp_path / "in", 2), tmp_path / "ledger"
    for tags in (["a,b"], ["a", "b"], ["a,b", "c"]):
        report = await client.assets.sync(folder, tags=tags, ledger=ledger, report=tmp_path / "r")
        assert report.succeeded
    assert all(set(asset.tags) == {"a,b", "a", "b", "c"} for asset in sandbox.state.assets.values())
    changes = sandbox.requests.changes
    for tags in (["b", "a"], ["c", "a,b"]):
        await client.assets.sync(folder, tags=tags, ledger=ledger, report=tmp_path / "r")
    assert sandbox.requests.changes == changes, "each is in the ledger"


async def sync_one(client: AsyncScenario, tmp_path: Path, collection: str = "foxes") -> Any:
    async with asyncio.timeout(20):
        return await client.assets.sync(
            fill(tmp_path / "in", 1), collection=collection, ledger=tmp_path / "l", report=tmp_path / "r"
        )


@pytest.mark.parametrize("listed", [[], [None], [{"name": "foxes"}, {"name": 7, "id": "badgers"}, 7]])
async def test_a_new_collection_that_is_not_listed_yet_is_used(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, listed: list[Any]
) -> None:
    """Entries of the list that lack an id or a name are left out."""
    sandbox.faults = Faults(Rule(Changed(set_at("collections", value=listed)), on="GET /collections"))
    report = await sync_one(client, tmp_path)
    assert report.succeeded
    (collection,) = sandbox.state.collections.values()
    assert report.collection_id == collection.id
    assert collection.asset_ids == list(sandbox.state.assets)


@pytest.mark.parametrize("collections", [None, 7, "foxes", {}])
async def test_a_list_without_collections_ends_the_sync_before_anything_is_sent(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, collections: Any
) -> None:
    """There may be a collection of the name, so no other one is created."""
    sandbox.faults = Faults(Rule(Changed(set_at("collections", value=collections)), on="GET /collections"))
    with pytest.raises(APIError, match=r"no collections|no list in 'collections'"):
        await sync_one(client, tmp_path)
    assert not sandbox.requests.changes.total()


@pytest.mark.parametrize("member", [None, 7, {}, {"id": None}, {"id": 7, "createdAt": 7}])
async def test_a_created_collection_that_is_missing_in_the_response_is_found_in_the_list(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, member: Any
) -> None:
    sandbox.faults = Faults(Rule(Changed(set_at("collection", value=member)), on="POST /collections"))
    report = await sync_one(client, tmp_path)
    assert report.succeeded
    assert [report.collection_id] == list(sandbox.state.collections)


async def test_a_created_collection_that_is_nowhere_ends_the_sync_before_pictures_are_sent(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    sandbox.faults = Faults(
        Rule(Changed(set_at("collection", value=None)), on="POST /collections"),
        Rule(Changed(set_at("collections", value=[])), on="GET /collections"),
    )
    with pytest.raises(IncompleteResponseError, match="no collection"):
        await sync_one(client, tmp_path)
    assert not sandbox.state.assets


def change_collections(document: Any) -> None:
    """Put large numbers and other types where only small numbers and text are documented."""
    for one in [document["collection"]] if "collection" in document else document["collections"]:
        one["assetCount"] = one["itemCount"] = one["createdAt"] = _LARGE
        one["large"] = _LARGE


async def test_a_collection_with_odd_members_is_used(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    sandbox.faults = Faults(Rule(Changed(change_collections), on="* /collections"))
    for _ in range(2):
        report = await sync_one(client, tmp_path)
        assert report.succeeded
        assert [report.collection_id] == list(sandbox.state.collections)


async def test_of_two_collections_without_dates_all_workers_keep_the_same(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """Another worker creates a collection of the name at the same moment, and the list has one date only."""

    def create_another(_: Any) -> None:
        (own,) = sandbox.state.collections.values()
        sandbox.state.collections["another"] = another = copy(own)
        another.id = "another"

    def remove_date(document: Any) -> None:
        for one in document["collections"]:
            one["createdAt"] = None if one["id"] == "another" else one["createdAt"]

    sandbox.faults = Faults(
        Rule(Changed(create_another), on="POST /collections"),
        Rule(Changed(remove_date), on="GET /collections"),
    )
    report = await sync_one(client, tmp_path)
    assert report.succeeded
    assert report.collection_id == "another"
    assert list(sandbox.state.collections) == ["another"]


@pytest.mark.parametrize("token", [7, [], {}], ids=["number", "list", "object"])
async def test_a_token_that_is_no_text_ends_a_list(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, token: Any
) -> None:
    change = set_at("nextPaginationToken", value=token)
    sandbox.faults = Faults(Rule(Changed(change), on="GET /collections"))
    report = await sync_one(client, tmp_path)
    assert [report.collection_id] == list(sandbox.state.collections)


async def test_a_list_that_repeats_its_token_ends(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """Otherwise the second page would be requested for ever. It is requested twice, and counts once."""
    for number in range(101):
        await client.collections.create(name=str(number))
    tokens: list[Any] = []

    def repeat(document: Any) -> None:
        tokens.append(document.get("nextPaginationToken"))
        document["nextPaginationToken"] = tokens[0]

    sandbox.faults = Faults(Rule(Changed(repeat), on="GET /collections"))
    for name in ("0", "100", "foxes"):
        report = await sync_one(client, tmp_path, name)
        assert report.succeeded
        assert sandbox.state.collections[report.collection_id].name == name
    assert tokens[0] is not None
    assert len(sandbox.state.collections) == 102
