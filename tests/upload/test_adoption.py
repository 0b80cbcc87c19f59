"""The search for the asset of a request whose response was lost."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from scenario_async import AsyncScenario
from scenario_async.sandbox import Sandbox
from scenario_async.upload._internal import adoption

from .pictures import png


@pytest.mark.parametrize(("pages", "is_found"), [(2, False), (3, True)])
async def test_the_search_stops_at_the_limit_of_pages(
    client: AsyncScenario, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, pages: int, is_found: bool
) -> None:
    """The asset is on the third page, because two newer assets come before it."""
    monkeypatch.setattr(adoption, "_PAGE_SIZE", 1)
    since = datetime.now(UTC)
    made = [(await client.assets.upload(image=png(number), name="a.png")).asset.id for number in range(3)]
    content = png(0)
    found = await adoption.find_made_asset(
        client.assets.sender,
        name="a.png",
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        since=since,
        pages=pages,
    )
    assert found == (made[0] if is_found else None)
    assert sandbox.requests["GET /assets"] == pages


async def test_at_most_200_pages_are_searched_by_default(
    client: AsyncScenario, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of the 201 assets matches; each page has one asset."""
    monkeypatch.setattr(adoption, "_PAGE_SIZE", 1)
    since = datetime.now(UTC)
    for _ in range(201):
        await client.assets.upload(image=png(0), name="other.png")
    found = await adoption.find_made_asset(
        client.assets.sender, name="a.png", size=1, sha256=hashlib.sha256(b"a").digest(), since=since
    )
    assert found is None
    assert sandbox.requests["GET /assets"] == 200


async def test_an_asset_is_found_although_the_clock_of_this_machine_is_hours_ahead(
    client: AsyncScenario, sandbox: Sandbox
) -> None:
    """By this clock, the asset was created hours before the request; it is still on the newest page."""
    content = png(1)
    made = (await client.assets.upload(image=content, name="a.png")).asset.id
    found = await adoption.find_made_asset(
        client.assets.sender,
        name="a.png",
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        since=datetime.now(UTC) + timedelta(hours=5),
    )
    assert found == made
    assert sandbox.requests["GET /assets"] == 1
