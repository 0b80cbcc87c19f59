"""The ledger's entry of a picture that was not sent: kept only if its asset may exist."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from attrs import frozen

from scenario_async import AsyncScenario, PlanLimitError
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Arrival, Cooldown, Fault, Hang, PlanLimit, ServerError
from scenario_async.upload._internal.ways import Way

from .conftest import Upload
from .pictures import png_of
from .watching import ASSETS, COMPLETE_UPLOAD, OPEN_UPLOAD, PUT_PART, spoil, until, when

LIST_ASSETS = "GET /assets"
UPLOAD_STATUS = "GET /uploads/{uploadId}"


@frozen
class NotFound(Fault):
    """The object is not found."""

    async def spoil(self, arrival: Arrival) -> web.StreamResponse:
        """Return a 404."""
        del arrival
        return web.json_response({"reason": "not found"}, status=404)


@pytest.mark.parametrize(
    ("way", "route"), [("inline", ASSETS), ("parts", OPEN_UPLOAD), ("parts", COMPLETE_UPLOAD)]
)
async def test_a_picture_that_the_plan_refuses_is_not_searched_for_by_the_next_run(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], way: str, route: str
) -> None:
    """The refused request was not processed, so there is no asset to find."""
    folder = folder_of(1)
    spoil(sandbox, Rule(PlanLimit(), on=route))
    report = await upload(folder, way=way, raise_on_failure=False)
    assert isinstance(report.stopped_by, PlanLimitError)
    spoil(sandbox)
    assert (await upload(folder, way=way)).succeeded
    assert sandbox.requests[LIST_ASSETS] == 0
    assert len(sandbox.state.assets) == 1


@pytest.mark.parametrize("fault", [Cooldown(3600), PlanLimit(), NotFound()], ids=lambda fault: f"{fault}")
async def test_a_picture_whose_import_cannot_be_watched_is_found_by_the_next_run(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], fault: Fault
) -> None:
    """The error is about the request for the status; the asset exists."""
    folder = folder_of(1)
    sandbox.import_delay = 0.2
    spoil(sandbox, Rule(fault, on=UPLOAD_STATUS), Rule(ServerError(500, "before"), on=LIST_ASSETS))
    await upload(folder, way="parts", retry_budget=0, raise_on_failure=False)
    spoil(sandbox)
    sandbox.advance_clock(1)
    assert (await upload(folder, way="parts")).succeeded
    assert len(sandbox.state.assets) == 1


async def test_the_asset_of_a_failed_file_is_used_for_another_file_with_its_content(
    upload: Upload, sandbox: Sandbox, tmp_path: Path
) -> None:
    """The first file changed after its content was sent, so it failed; its asset has the other's content."""
    paths = [tmp_path / folder / "fox.png" for folder in ("one", "two")]
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(png_of(5000, 1))
    change = when("fox.png", "sending", lambda: paths[0].write_bytes(png_of(6000, 2)))
    report = await upload(paths, on_progress=change, raise_on_failure=False)
    assert [result.status for result in report.results] == ["failed", "attached"]
    assert sandbox.requests[ASSETS] == 1


async def test_a_picture_that_may_have_been_sent_before_the_plan_refused_it_is_found_by_the_next_run(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """The first request created the asset, its response was lost, and the second request was refused."""
    folder = folder_of(1)
    spoil(
        sandbox,
        Rule(ServerError(500, "after"), on=ASSETS, times=1),
        Rule(PlanLimit(), on=ASSETS),
        Rule(NotFound(), on=LIST_ASSETS),
    )
    report = await upload(folder, raise_on_failure=False)
    assert isinstance(report.stopped_by, PlanLimitError)
    assert sandbox.requests[ASSETS] == 2
    spoil(sandbox)
    assert (await upload(folder)).succeeded
    assert len(sandbox.state.assets) == 1


async def test_a_picture_of_an_interrupted_run_that_is_refused_now_is_found_by_the_next_run(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """The second run cannot search for its asset, and the plan refuses to create another one."""
    folder = folder_of(1)
    spoil(sandbox, Rule(ServerError(500, "after"), on=ASSETS), Rule(NotFound(), on=LIST_ASSETS))
    await upload(folder, retry_budget=0, raise_on_failure=False)
    spoil(sandbox, Rule(PlanLimit(), on=ASSETS), Rule(NotFound(), on=LIST_ASSETS))
    await upload(folder, raise_on_failure=False)
    assert sandbox.requests[ASSETS] == 2
    spoil(sandbox)
    assert (await upload(folder)).succeeded
    assert len(sandbox.state.assets) == 1


@pytest.mark.parametrize("way", ["inline", "parts"])
@pytest.mark.parametrize("ends", ["cancelled", "deadline"])
async def test_the_pictures_that_wait_when_a_batch_ends_are_not_searched_for_by_the_next_run(  # noqa: PLR0917 - fixtures
    client: AsyncScenario,
    sandbox: Sandbox,
    model: Model,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
    way: Way,
    ends: str,
) -> None:
    """They were read and entered while the first picture was sent. Only that one is searched for."""
    folder, ledger = folder_of(6), tmp_path / "state" / "ledger"
    route = ASSETS if way == "inline" else PUT_PART
    spoil(sandbox, Rule(Hang("before"), on=route))
    upload = partial(client.models.training_images.upload, model.id, folder, ledger=ledger, way=way)
    batch = asyncio.create_task(upload(concurrency=1, deadline=2 if ends == "deadline" else None))
    await until(lambda: sandbox.faults.count() > 0 and len(states_in(ledger)) > 1)
    if ends == "cancelled":
        batch.cancel()
    await asyncio.wait([batch])
    assert states_in(ledger) == ["sending"]
    spoil(sandbox)
    assert (await upload()).succeeded
    assert len(sandbox.state.assets) == 6
    assert sandbox.requests[LIST_ASSETS] == 1


def states_in(ledger: Path) -> list[str]:
    """The states in a ledger."""
    with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True)) as connection:
        return [state for (state,) in connection.execute("SELECT state FROM pictures")]
