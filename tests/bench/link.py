"""Uploads through a line with a rate and a delay: ``python -m tests.bench.link``.

The sandbox, the line and the client are processes of their own. The line carries all connections together at
one rate in each direction, and each byte arrives half a round trip later. A row's bar is a multiple of the
time that the raw bytes alone take at that rate.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, Final, cast
from urllib.parse import urlsplit

from attrs import define, field, frozen

from scenario_async import AsyncScenario
from scenario_async.upload._internal.ways import Way
from tests.upload.pictures import png_of

from .client import say
from .marked import publish_between

_CHUNK: Final = 64 * 1024
"""Bytes that the line carries at a time, of one connection after another."""

_MEGABIT: Final = 1e6 / 8
_WINDOW: Final = 64
"""Chunks of one connection that are on the line at a time: 4 MiB, more than rate times delay."""

_LATE: Final = 0.02
"""Seconds by which the line may be behind and still make up for it."""


@define
class Direction:
    """One direction of the line.

    Attributes:
        rate: Bytes per second, of all connections together.
        delay: Seconds that each byte is on the way.
    """

    rate: float
    delay: float
    _free_at: float = field(default=0.0, init=False)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry the bytes of one connection."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_WINDOW)
        delivering = asyncio.create_task(self._deliver(queue, writer))
        try:
            while chunk := await reader.read(_CHUNK):
                now = time.monotonic()
                # If this process was scheduled late, it sends more, as a real line would have continued.
                self._free_at = max(self._free_at, now - _LATE) + len(chunk) / self.rate
                leaves = self._free_at
                if leaves > now:
                    await asyncio.sleep(leaves - now)
                await queue.put((max(leaves, now) + self.delay, chunk))
        except OSError:
            pass
        await queue.put((time.monotonic() + self.delay, b""))
        await delivering

    @staticmethod
    async def _deliver(queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while True:
                arrives, chunk = await queue.get()
                await asyncio.sleep(max(arrives - time.monotonic(), 0))
                if not chunk:
                    writer.close()
                    return
                writer.write(chunk)
                await writer.drain()
        while (await queue.get())[1]:  # the other end closed the connection
            pass


async def be_the_line(port: int, rate: float, round_trip: float) -> None:
    """Listen, and carry every connection to a port of this machine."""
    up, down = Direction(rate, round_trip / 2), Direction(rate, round_trip / 2)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(up.carry(reader, back), down.carry(there, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    say(json.dumps(server.sockets[0].getsockname()[1]))
    await asyncio.to_thread(sys.stdin.read)


async def be_the_service(models: int) -> None:
    """Be the sandbox, until the end of standard input."""
    from scenario_async.sandbox import Sandbox

    async with Sandbox(keep_bytes=False, decode_pictures=False, training_image_limit=20_000) as sandbox:
        ids = [sandbox.state.add_model(name="set", type="any").id for _ in range(models)]
        say(json.dumps([sandbox.base_url, ids]))
        await asyncio.to_thread(sys.stdin.read)


@contextmanager
def process(*arguments: str) -> Generator[object]:
    """Start this module as a process, and yield its first line, read as JSON."""
    command = [sys.executable, "-m", "tests.bench.link", *arguments]
    root = Path(__file__).resolve().parents[2]
    with Popen(command, cwd=root, stdin=PIPE, stdout=PIPE, text=True) as started:  # noqa: S603 - this module
        yield json.loads(cast("IO[str]", started.stdout).readline())
        started.kill()


@frozen
class Row:
    """An upload through a line.

    Attributes:
        count: How many pictures.
        size: The bytes of each.
        megabits: The line's rate in each direction, in Mbit/s.
        round_trip: Its delay there and back, in seconds.
        bar: What the time may be, as a multiple of the time that the raw bytes take; None: that of `inline`.
    """

    count: int
    size: int
    megabits: float
    round_trip: float
    bar: float | None

    @property
    def raw(self) -> float:
        """Seconds that the raw bytes alone take."""
        return self.count * self.size / (self.megabits * _MEGABIT)

    def __str__(self) -> str:
        size = f"{self.size / 1e6:g} MB" if self.size >= 1e6 else f"{self.size / 1e3:g} kB"
        return f"{self.count} × {size}, {self.megabits:g} Mbit/s, {self.round_trip * 1000:g} ms"


ROUNDS: Final = 3
"""Uploads in each way; three times as many of a row that takes less than a second."""
ROWS: Final = (
    Row(40, 4_000_000, 200, 0.08, 1.15),
    Row(10, 4_000_000, 20, 0.04, 1.08),
    Row(1, 200_000_000, 200, 0.08, 1.08),
    Row(50, 100_000, 200, 0.08, None),
)


async def upload(base_url: str, model_id: str, folder: Path, way: Way) -> float:
    """Upload a folder, and return the seconds."""
    started = time.perf_counter()
    async with AsyncScenario(api_key="sandbox-key", api_secret="sandbox-secret", base_url=base_url) as client:
        await client.models.training_images.upload(model_id, folder, ledger=folder.parent / "led", way=way)
    return time.perf_counter() - started


def measured(row: Row, rounds: int) -> str:
    """Upload in each way by turns, and return a line of the table."""
    times: dict[Way, list[float]] = {"auto": [], "inline": []}
    rate = str(row.megabits * _MEGABIT)
    for round_number in range(rounds if row.raw > 1 else 3 * rounds):
        for way, seconds in times.items():
            with tempfile.TemporaryDirectory() as name, process("--service", "1") as service:
                base_url, (model_id,) = cast("tuple[str, list[str]]", service)
                folder = Path(name) / "pictures"
                folder.mkdir()
                for number in range(row.count):
                    content = png_of(row.size, number + 1000 * round_number)
                    (folder / f"{number:03}.png").write_bytes(content)
                url = urlsplit(base_url)
                with process("--line", str(url.port), rate, str(row.round_trip)) as port:
                    through = f"{url.scheme}://127.0.0.1:{port}{url.path}"
                    seconds.append(asyncio.run(upload(through, model_id, folder, way)))
    auto, inline = (statistics.median(times[way]) for way in ("auto", "inline"))
    met = auto <= (inline if row.bar is None else row.bar * row.raw)
    target = f"≤ {'inline' if row.bar is None else f'{row.bar:.2f}'}: {'met' if met else '**MISSED**'}"
    spread = f"{min(times['auto']):.2f} to {max(times['auto']):.2f}"
    cells = [
        row,
        f"{row.raw:.2f}",
        f"{auto:.2f}",
        spread,
        f"{auto / row.raw:.2f}",
        f"{inline / row.raw:.2f}",
        target,
    ]
    return f"| {' | '.join(map(str, cells))} |"


def table(rounds: int = ROUNDS, rows: Sequence[Row] = ROWS) -> Iterator[str]:
    """Measure, and yield the lines of the table."""
    head = "pictures and connection | raw bytes, s | upload, s | best and worst | upload ÷ raw bytes"
    yield f'| {head} | the same, `way="inline"` | target |'
    yield "| --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for row in rows:
        yield measured(row, rounds)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--write", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--row", type=int, help="only this one, from 0")
    parser.add_argument("--service", type=int, metavar="MODELS", help=argparse.SUPPRESS)
    parser.add_argument("--line", nargs=3, metavar=("PORT", "RATE", "ROUND_TRIP"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.service is not None:
        asyncio.run(be_the_service(given.service))
    elif given.line is not None:
        port, rate, round_trip = given.line
        asyncio.run(be_the_line(int(port), float(rate), float(round_trip)))
    else:
        rows = ROWS if given.row is None else ROWS[given.row : given.row + 1]
        publish_between("slow connection", table(given.rounds, rows), given.write)


if __name__ == "__main__":
    main()
