"""One client in a process of its own: ``python -m tests.bench.client TASK``; prints what was measured."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from .contestants import ASSET_IDS, AWAITED, BLOCKING, Awaited, Blocking, Library
from .probes import MemoryProbe, watching_loop

_WARM_UP: Final = 0.2
"""How long calls are made unmeasured, as a share of how long they are measured."""


@dataclass(frozen=True)
class SmallCalls:
    """Send small calls for some seconds, first one at a time, and then several at a time."""

    contestant: str
    url: str
    concurrency: int
    seconds: float


@dataclass(frozen=True)
class SmallFigures:
    """CPU time of this process in seconds, and calls in a second: one at a time, and several."""

    cpu_alone: float
    rate_alone: float
    cpu_together: float
    rate_together: float


@dataclass(frozen=True)
class Uploads:
    """Upload the files of a folder, several at a time, as a batch or one by one."""

    contestant: str
    url: str
    folder: str
    concurrency: int
    batch: bool


@dataclass(frozen=True)
class UploadFigures:
    """Bytes of pictures in a second, CPU seconds per byte, bytes above idle, seconds of the longest hold."""

    bytes_per_second: float
    cpu_per_byte: float
    peak_memory: int
    longest_hold: float | None


class Stopwatch:
    """Measures the CPU time of this process with all its threads, and the elapsed time."""

    def __init__(self) -> None:
        self._cpu, self._wall = time.process_time(), time.perf_counter()

    def times(self) -> tuple[float, float]:
        """Return the CPU time and the elapsed time in seconds."""
        return time.process_time() - self._cpu, time.perf_counter() - self._wall

    def per_call(self, calls: int) -> tuple[float, float]:
        """CPU seconds of one call, and calls in a second."""
        cpu, wall = self.times()
        return cpu / calls, calls / wall


def say(line: str) -> None:
    """Write a line to the process that started this one."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def small_calls(task: SmallCalls) -> SmallFigures:
    """Measure small calls."""
    if task.contestant in BLOCKING:
        with BLOCKING[task.contestant](task.url) as client:
            alone, together = (
                _blocking_calls(client, task.seconds, number) for number in (1, task.concurrency)
            )
    else:
        alone, together = asyncio.run(_awaited_calls(task))
    return SmallFigures(*alone, *together)


async def _awaited_calls(task: SmallCalls) -> list[tuple[float, float]]:
    async with AWAITED[task.contestant](task.url) as client:

        async def add() -> None:
            _check(await client.add(ASSET_IDS))

        return [await per_call(add, concurrency, task.seconds) for concurrency in (1, task.concurrency)]


async def per_call(
    call: Callable[[], Awaitable[object]], concurrency: int, seconds: float
) -> tuple[float, float]:
    """Make calls for some seconds, and return the CPU seconds of one call and the calls per second."""

    async def work(deadline: float) -> int:
        calls = 0
        while time.perf_counter() < deadline:
            await call()
            calls += 1
        return calls

    async def together(seconds: float) -> int:
        deadline = time.perf_counter() + seconds
        return sum(await asyncio.gather(*(work(deadline) for _ in range(concurrency))))

    await together(seconds * _WARM_UP)
    watch = Stopwatch()
    return watch.per_call(await together(seconds))


def _blocking_calls(client: Blocking, seconds: float, concurrency: int) -> tuple[float, float]:
    def work(deadline: float) -> int:
        calls = 0
        while time.perf_counter() < deadline:
            _check(client.add(ASSET_IDS))
            calls += 1
        return calls

    with ThreadPoolExecutor(concurrency) as pool:

        def together(seconds: float) -> int:
            deadline = time.perf_counter() + seconds
            if concurrency == 1:  # a single caller needs no thread
                return work(deadline)
            return sum(pool.map(work, [deadline] * concurrency))

        together(seconds * _WARM_UP)
        watch = Stopwatch()
        return watch.per_call(together(seconds))


def _check(identifier: str) -> None:
    if identifier != ASSET_IDS[0]:
        raise RuntimeError(f"the answer is about {identifier}")


def uploads(task: Uploads) -> UploadFigures:
    """Measure uploads."""
    paths = sorted(Path(task.folder).iterdir())
    memory = MemoryProbe()
    if task.contestant in BLOCKING:
        with BLOCKING[task.contestant](task.url) as client:
            sent, (cpu, wall) = _blocking_uploads(client, paths, task.concurrency, memory)
            hold = None
    else:
        sent, (cpu, wall), hold = asyncio.run(_awaited_uploads(task, paths, memory))
    if sent != len(paths):
        raise RuntimeError(f"{sent} of {len(paths)} files went")
    size = sum(path.stat().st_size for path in paths)
    return UploadFigures(size / wall, cpu / size, memory.peak, hold)


def _blocking_uploads(
    client: Blocking, paths: Sequence[Path], concurrency: int, memory: MemoryProbe
) -> tuple[int, tuple[float, float]]:
    with memory, ThreadPoolExecutor(concurrency) as pool:
        client.upload(paths[0])  # its time does not count: modules are imported, connections opened
        watch = Stopwatch()
        sent = len(set(pool.map(client.upload, paths)))
        return sent, watch.times()


async def _awaited_uploads(
    task: Uploads, paths: Sequence[Path], memory: MemoryProbe
) -> tuple[int, tuple[float, float], float]:
    async with AWAITED[task.contestant](task.url) as client, watching_loop() as loop:
        with tempfile.TemporaryDirectory() as folder:

            async def send(some: Sequence[Path]) -> int:
                if task.batch and isinstance(client, Library):
                    return await client.upload_batch(some, task.concurrency, Path(folder, "ledger.sqlite3"))
                return await _upload_each(client, some, task.concurrency)

            with memory:
                await send(paths[:1])  # its time does not count: modules are imported, connections opened
                loop.longest = 0.0
                watch = Stopwatch()
                sent = await send(paths)
                times = watch.times()
        return sent, times, loop.longest


async def _upload_each(client: Awaited, paths: Sequence[Path], concurrency: int) -> int:
    limit = asyncio.Semaphore(concurrency)

    async def one(path: Path) -> str:
        async with limit:
            return await client.upload(path)

    return len(set(await asyncio.gather(*map(one, paths))))


def measure(task: Mapping[str, Any]) -> SmallFigures | UploadFigures:
    """Run a task that was read from JSON, and return its figures."""
    return uploads(Uploads(**task)) if "folder" in task else small_calls(SmallCalls(**task))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure(json.loads(sys.argv[1])))))
