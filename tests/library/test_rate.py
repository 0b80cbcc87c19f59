"""The account's rate limit: several workers of one ledger together stay below it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from scenario_async import AsyncScenario
from scenario_async.sandbox import Sandbox
from tests.library.pictures import fill


async def test_workers_that_share_a_ledger_share_its_rate(ledger: str, tmp_path: Path) -> None:
    """Three concurrent workers: at most 5 % of the requests are refused, and every picture is uploaded."""
    folders = [fill(tmp_path / str(number), 60, start=number * 100) for number in range(3)]

    async def work(folder: Path) -> None:
        async with AsyncScenario(
            api_key=sandbox.api_key, api_secret=sandbox.api_secret, base_url=sandbox.base_url
        ) as client:
            report = await client.assets.sync(folder, ledger=ledger, report=folder.with_suffix(".r"), rate=40)
            assert report.succeeded, report.summary()

    async with Sandbox(rate_limit=50) as sandbox:
        await asyncio.gather(*map(work, folders))
        refused = [one for one in sandbox.requests if one.status == 429]
        assert len(sandbox.state.assets) == 180
        assert len(refused) <= 0.05 * len(sandbox.requests)
