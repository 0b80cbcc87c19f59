"""The search for the asset of a request whose response was lost, so that no picture becomes two assets."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import Final

import pytest

from scenario_async import AsyncScenario
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Altered, Drop
from scenario_async.upload._internal import adoption

from .conftest import Upload
from .pictures import MIB, png, png_of
from .watching import ASSETS, COMPLETE_UPLOAD, Refused, spoil, until

WITHOUT_ID: Final = Rule(
    Altered("missing fields", ("entityId",)), on=(COMPLETE_UPLOAD, "GET /uploads/{uploadId}")
)
"""The service imports a picture, and does not say which asset it became."""


async def found_asset(
    client: AsyncScenario, content: bytes, since: datetime, *, pages: int = adoption.PAGES_AT_MOST
) -> str | None:
    """Search for the asset that was made from a picture named a.png."""
    return await adoption.find_made_asset(
        client.assets.sender,
        name="a.png",
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        since=since,
        pages=pages,
    )


@pytest.mark.parametrize(("pages", "is_found"), [(2, False), (3, True)])
async def test_the_search_stops_at_the_limit_of_pages(
    client: AsyncScenario, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, pages: int, is_found: bool
) -> None:
    """The asset is on the third page, because two newer assets come before it."""
    monkeypatch.setattr(adoption, "_PAGE_SIZE", 1)
    since = datetime.now(UTC)
    made = [(await client.assets.upload(image=png(number), name="a.png")).asset.id for number in range(3)]
    found = await found_asset(client, png(0), since, pages=pages)
    assert found == (made[0] if is_found else None)
    assert sandbox.requests["GET /assets"] == pages


async def test_the_search_ends_at_a_page_with_an_asset_that_is_too_old(
    client: AsyncScenario, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The searched asset would be older still, on the third page."""
    monkeypatch.setattr(adoption, "_PAGE_SIZE", 1)
    for number in range(3):
        await client.assets.upload(image=png(number), name="a.png")
    found = await found_asset(client, png(0), datetime.now(UTC) + timedelta(minutes=3))
    assert found is None
    assert sandbox.requests["GET /assets"] == 1


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
    found = await found_asset(client, content, datetime.now(UTC) + timedelta(hours=5))
    assert found == made
    assert sandbox.requests["GET /assets"] == 1


async def test_an_import_that_was_interrupted_in_the_first_run_is_found_by_the_next_one(
    client: AsyncScenario, sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    """The digest of a large picture is computed while it is sent, and written before the import."""
    for number in range(2):
        (tmp_path / f"{number}.png").write_bytes(png_of(5 * MIB + number, number))
    upload = client.models.training_images.upload
    sandbox.import_delay = 0.5
    first = asyncio.create_task(upload(model.id, tmp_path, ledger=tmp_path / "ledger"))
    await until(lambda: sandbox.requests[COMPLETE_UPLOAD] == 2)
    first.cancel()
    await asyncio.wait([first])
    await until(lambda: len(sandbox.state.assets) == 2)
    assert (await upload(model.id, tmp_path, ledger=tmp_path / "ledger")).succeeded
    assert len(sandbox.state.assets) == len(model.training_images) == 2


async def test_an_import_without_the_id_of_its_asset_is_found(
    upload: Upload, sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(png_of(5 * MIB))
    spoil(sandbox, WITHOUT_ID)
    assert (await upload(tmp_path)).succeeded
    assert len(sandbox.state.assets) == len(model.training_images) == 1


async def test_an_import_without_the_id_of_its_asset_fails_if_the_library_cannot_be_listed(
    upload: Upload, sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    """The next upload finds the asset."""
    (tmp_path / "a.png").write_bytes(png_of(5 * MIB))
    spoil(sandbox, WITHOUT_ID, Rule(Refused(repeat("no list")), on="GET /assets"))
    report = await upload(tmp_path, raise_on_failure=False)
    [failed] = report.having("failed")
    assert re.fullmatch(
        r"upload upload_\S+ \(imported\): the service does not say which asset it became", str(failed.error)
    )
    sandbox.faults.stop()
    assert (await upload(tmp_path)).succeeded
    assert len(sandbox.state.assets) == len(model.training_images) == 1


@pytest.mark.parametrize("ledger", [True, False])
async def test_a_picture_that_is_larger_than_the_largest_response_is_compared(
    upload: Upload, sandbox: Sandbox, model: Model, tmp_path: Path, ledger: bool
) -> None:
    """Its digest is computed while it is downloaded, so its size does not matter."""
    (tmp_path / "a.png").write_bytes(png_of(200_000))
    spoil(sandbox, Rule(Drop("after"), on=ASSETS, times=1))
    for expected in ("attached", "already attached"):
        report = await upload(tmp_path, ledger=ledger, client={"max_response_size": 50_000})
        assert [result.status for result in report.results] == [expected]
    assert len(sandbox.state.assets) == len(model.training_images) == 1


async def test_newer_assets_of_others_do_not_hide_the_asset_of_an_interrupted_request(
    client: AsyncScenario,
    sandbox: Sandbox,
    model: Model,
    folder_of: Callable[[int], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The ledger has the time of the request, so the search ends only at older assets."""
    monkeypatch.setattr(adoption, "_PAGE_SIZE", 1)
    folder = folder_of(1)
    impatient = client.with_options(max_retries=0)
    spoil(sandbox, Rule(Drop("after"), on=ASSETS, times=1), Rule(Drop("before"), on="GET /assets"))
    report = await impatient.models.training_images.upload(
        model.id, folder, raise_on_failure=False, retry_budget=0
    )
    assert [result.status for result in report.results] == ["failed"]
    sandbox.faults.stop()
    for number in range(12):
        await client.assets.upload(image=png(number), name="other.png")
    assert (await client.models.training_images.upload(model.id, folder)).succeeded
    assert len(sandbox.state.assets) == 13
