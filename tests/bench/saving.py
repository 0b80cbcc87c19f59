"""Save large pictures in a process that is killed, and measure its memory."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image

from scenario_async import AsyncScenario
from scenario_async.sandbox import Sandbox

SAVER: Final = """
import asyncio, sys
from scenario_async import AsyncScenario
from tests.bench.probes import MemoryProbe

async def main():
    base_url, folder, *asset_ids = sys.argv[1:]
    async with AsyncScenario(base_url=base_url, api_key="sandbox-key", api_secret="sandbox-secret") as client:
        await client.assets.save(asset_ids[:1], folder)
        print("begun", flush=True)
        with MemoryProbe() as probe:
            await client.assets.save(asset_ids, folder)
        print(probe.peak)

asyncio.run(main())
"""


async def saving(kills: int, count: int, size: int, parent: Path) -> tuple[int, float]:
    """Save large pictures in processes that are killed at random moments, and once to the end.

    Returns:
        How many files were damaged after the kills, and how much memory grew, in MB.
    """
    draw, damaged = random.Random(2), 0  # noqa: S311 - no secret
    async with (
        Sandbox() as sandbox,
        AsyncScenario(
            base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret
        ) as client,
    ):
        picture = parent / "large.png"
        Image.frombytes("RGB", (1024, size // 3072), os.urandom(1024 * (size // 3072) * 3)).save(picture)
        first = (await client.models.create(name="large")).model.id
        await client.models.training_images.upload(first, picture, ledger=False)
        [stored] = [asset.picture for asset in sandbox.state.assets.values() if asset.name == "large.png"]
        ids = [sandbox.state.add_asset(stored, name=f"{number}.png").id for number in range(count)]
        digest = hashlib.sha256(picture.read_bytes()).hexdigest()
        for number in range(kills):
            folder = parent / f"killed-{number}"
            process = await saver(sandbox, folder, ids[:8])
            await asyncio.sleep(draw.uniform(0.0, 0.5))
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            damaged += sum(
                hashlib.sha256(path.read_bytes()).hexdigest() != digest for path in folder.glob("*.png")
            )
        process = await saver(sandbox, parent / "all", ids)
        output, _ = await process.communicate()
        return damaged, int(output.split()[-1]) / 1e6


async def saver(sandbox: Sandbox, folder: Path, ids: list[str]) -> asyncio.subprocess.Process:
    """Start a process that saves assets."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SAVER, sandbox.base_url, str(folder), *ids), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    return process
