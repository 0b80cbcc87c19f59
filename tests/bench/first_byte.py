"""The time from a batch upload's call to its first byte: ``python -m tests.bench.first_byte [--write PAGE]``.

The sandbox is a process of its own. An earlier upload has imported all modules and opened the connection.
The batch first requests the model, as always; the bench also measures that request alone.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import aiohttp

from scenario_async import AsyncScenario
from tests.upload.pictures import png_of

from .growth import KEYS
from .link import process
from .marked import publish_between

COUNT: Final = 10
SIZE: Final = 100_000
MODELS: Final = "31"
"""One for each round, and one for the upload before."""
BAR: Final = 0.015
"""Seconds."""


async def measure(url: str, models: list[str]) -> tuple[list[float], list[float]]:
    """Return, for each round, the seconds to the first byte of a picture and of a request for the model."""
    first: list[float] = []

    async def sent(_session: object, _context: object, chunk: aiohttp.TraceRequestChunkSentParams) -> None:
        if chunk.url.path.endswith("/assets"):
            first.append(time.perf_counter())

    watching = aiohttp.TraceConfig()
    watching.on_request_chunk_sent.append(sent)
    batches: list[float] = []
    alone: list[float] = []
    async with AsyncScenario(**KEYS, base_url=url, trace_configs=[watching]) as client:
        for number, model in enumerate(models):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name) / "pictures"
                folder.mkdir()
                for place in range(COUNT):
                    (folder / f"{place}.png").write_bytes(png_of(SIZE, 100 * number + place))
                started = time.perf_counter()
                await client.models.retrieve(model)
                requested = time.perf_counter() - started
                first.clear()
                started = time.perf_counter()
                await client.models.training_images.upload(
                    model, folder, ledger=folder.with_suffix(".ledger")
                )
                batches.append(first[0] - started)
                alone.append(requested)
    return batches, alone


def table() -> Iterator[str]:
    """Measure, and yield the text for the page."""
    with process("--service", MODELS) as service:
        url, models = cast("tuple[str, list[str]]", service)
        (importing, *batches), (_, *alone) = asyncio.run(measure(url, models))
    middle = statistics.median(batches)
    yield (
        f"{middle * 1000:.1f} ms (best {min(batches) * 1000:.1f}, worst {max(batches) * 1000:.1f}) pass "
        f"from the call to the first byte of a picture. Of it, the request for the model takes "
        f"{statistics.median(alone) * 1000:.1f} ms. "
        f"The target is ≤ {BAR * 1000:.0f} ms: {'met' if middle <= BAR else '**MISSED**'}. "
        f"The first batch of a process took {importing * 1000:.0f} ms, because it imports more modules."
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--write", type=Path)
    publish_between("first byte", table(), parser.parse_args().write)


if __name__ == "__main__":
    main()
