"""Lists in pages, shown on assets."""

from __future__ import annotations

from typing import Any

import pytest

from .wire import Wire, running


async def pages(wire: Wire, query: str) -> list[list[str]]:
    """Follow the tokens to the end."""
    found: list[list[str]] = []
    more: dict[str, str] = {}
    while not found or more:
        answer = await wire.ask("GET", f"/assets?{query}", params=more)
        assert answer.status == 200
        found.append([asset["id"] for asset in answer.body["assets"]])
        token = answer.body.get("nextPaginationToken")
        more = {} if token is None else {"paginationToken": token}
    return found


async def test_empty_list(wire: Wire) -> None:
    """An empty list is one empty page."""
    assert (await wire.ask("GET", "/assets")).body == {"assets": []}


@pytest.mark.parametrize("size", [1, 2, 4, 5, 100])
async def test_every_page_size(wire: Wire, size: int) -> None:
    """All pages together have each asset once, newest first."""
    ids = [await wire.asset() for _ in range(4)]
    found = await pages(wire, f"pageSize={size}")
    assert [one for page in found for one in page] == ids[::-1]
    assert all(len(page) == size for page in found[:-1])
    assert 1 <= len(found[-1]) <= size


async def test_oldest_first(wire: Wire) -> None:
    """A list can begin with the oldest asset."""
    ids = [await wire.asset() for _ in range(3)]
    assert await pages(wire, "pageSize=2&sortBy=createdAt&sortDirection=asc") == [ids[:2], ids[2:]]


async def test_default_page_size() -> None:
    """The default page size is fifty."""
    async with running(decode_pictures=False) as wire:
        for _ in range(51):
            await wire.asset()
        assert [len(page) for page in await pages(wire, "")] == [50, 1]


async def test_changes_between_pages(wire: Wire) -> None:
    """Assets that are added or deleted meanwhile do not repeat or hide others."""
    ids = [await wire.asset() for _ in range(4)]
    first = (await wire.ask("GET", "/assets?pageSize=2")).body
    await wire.asset()
    deleted = await wire.ask("DELETE", "/assets", {"assetIds": [ids[2], ids[1]]})
    assert deleted.status == 200
    second = await wire.ask("GET", f"/assets?pageSize=2&paginationToken={first['nextPaginationToken']}")
    assert [asset["id"] for asset in first["assets"]] == [ids[3], ids[2]]
    assert [asset["id"] for asset in second.body["assets"]] == [ids[0]]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"pageSize": "0"}, 400),
        ({"pageSize": "101"}, 400),
        ({"pageSize": "-1"}, 400),
        ({"pageSize": "ten"}, 400),
        ({"pageSize": "2.0"}, 400),
        ({"pageSize": ""}, 400),
        ({"paginationToken": ""}, 400),
        ({"paginationToken": "nonsense"}, 400),
        ({"paginationToken": "caf\u00e9"}, 400),
        ({"paginationToken": "YXNjOjE="}, 400),  # a token of the other direction
        ({"sortDirection": "up"}, 400),
        ({"sortBy": "score"}, 501),
        ({"tags": "a"}, 501),
        ({"type": "uploaded"}, 501),
    ],
)
async def test_refused_queries(wire: Wire, query: dict[str, Any], status: int) -> None:
    """An invalid or unsupported query is refused."""
    assert (await wire.ask("GET", "/assets", params=query)).status == status
