"""Upload very many files and measure the resources: ``python -m tests.reliability.soak``.

The sandbox is one process and the client another, on this machine. There are two loads: one batch of all the
files, for one model; and as many batches of 50 as there are files, each for another model, by one client with
one ledger. The exit status is 1 if a picture is lost or attached twice, if descriptors or threads remain,
or if memory grows beyond its limit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen
from typing import IO, Any, Final, Self, cast

import psutil  # type: ignore[import-untyped] # psutil has no types
from attrs import asdict, define, field, frozen

from scenario_async import AsyncScenario

BATCH: Final = 50
"""The number of files in each of many batches: the service's documented maximum for one model."""

LIMIT_OF_ONE: Final = 16.0
"""The MiB by which the peak of one batch of 20,000 files may exceed that of a batch of 50."""

LIMIT_OF_MANY: Final = 4.0
"""The MiB by which the last quarter of many batches may exceed the second quarter."""

_INTERVAL: Final = 0.05
"""Seconds between two measurements of a process."""

_MEBIBYTE: Final = 1024 * 1024


@frozen(kw_only=True)
class Load:
    """The uploads of a client, in this order: pairs of a model and the folder to upload to it.

    The first batch opens connections and starts threads that remain; memory is measured after it.
    """

    base_url: str
    batches: Sequence[Sequence[str]]
    ledger: str


@frozen(kw_only=True)
class Figures:
    """Measurements of a client: memory in MiB; descriptors and threads before, at most, and after."""

    attached: int
    seconds: float
    memory: Sequence[float]
    descriptors: Sequence[int]
    threads: Sequence[int]

    @property
    def above_the_first_batch(self) -> float:
        """By how much the peak exceeds the memory after the first batch, in MiB."""
        return max(self.memory) - self.memory[0]

    @property
    def above_the_second_quarter(self) -> float:
        """By how much the last quarter of the time exceeds the second quarter, in MiB."""
        quarter = len(self.memory) // 4
        return median(self.memory[-quarter - 1 :]) - median(self.memory[quarter : 2 * quarter + 1])


@frozen(kw_only=True)
class Outcome:
    """The result of a load: `growth` and `limit` are in MiB."""

    name: str
    files: int
    lost: int
    doubled: int
    figures: Figures
    growth: float
    limit: float

    @property
    def is_sound(self) -> bool:
        """Whether no file is lost or attached twice, no resource remains, and memory is within its limit."""
        is_whole = (self.lost, self.doubled, self.figures.attached) == (0, 0, self.files)
        is_left = any(after > before for before, _, after in (self.figures.descriptors, self.figures.threads))
        return is_whole and not is_left and self.growth <= self.limit

    def row(self) -> str:
        """A line of the table."""
        seen = self.figures
        cells = (
            self.name,
            f"{self.files:,}",
            f"{self.files / seen.seconds:,.0f}",
            str(self.lost),
            str(self.doubled),
            f"{max(seen.memory):.1f}",
            f"{self.growth:+.1f} (limit {self.limit:+.0f})",
            "{}, {}, {}".format(*seen.descriptors),
            "{}, {}, {}".format(*seen.threads),
        )
        return f"| {' | '.join(cells)} |"


HEAD: Final = """\
| load | files | files/s | lost | doubled | peak, MiB | growth, MiB | descriptors | threads |
|---|---|---|---|---|---|---|---|---|"""


def say(line: str) -> None:
    """Write to standard output without buffering, because another process may wait for the line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


# --- the sandbox's process ---------------------------------------------------------------


async def serve(models: int) -> None:
    """Run the service; at the end of standard input, print the number of contents and of duplicates."""
    from scenario_async.sandbox import Sandbox

    async with Sandbox(keep_bytes=False, decode_pictures=False, training_image_limit=sys.maxsize) as sandbox:
        model_ids = [sandbox.state.add_model(name="set", type="any").id for _ in range(models)]
        say(json.dumps([sandbox.base_url, model_ids]))
        await asyncio.to_thread(sys.stdin.read)
        counts = Counter(
            (model.id, image.asset.picture.stored.sha256)
            for model in sandbox.state.models.values()
            for image in model.training_images.values()
        )
        say(json.dumps([len(counts), sum(count > 1 for count in counts.values())]))


# --- the client's process ----------------------------------------------------------------


@define
class Watch:
    """Measures this process repeatedly, in a thread."""

    memory: list[float] = field(factory=list[float], init=False)
    descriptors: int = 0
    threads: int = 0
    _process: Any = field(factory=psutil.Process, init=False)
    _ended: threading.Event = field(factory=threading.Event, init=False)
    _thread: threading.Thread = field(init=False)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self.memory.append(self._process.memory_info().rss / _MEBIBYTE)
            self.descriptors = max(self.descriptors, self._process.num_fds())
            self.threads = max(self.threads, threading.active_count() - 1)  # without the measuring thread
            if self._ended.wait(_INTERVAL):
                return


_IDLE_SECONDS: Final = 0.5


def held() -> tuple[int, int]:
    """The number of open descriptors and threads of this process, after idle threads have ended."""
    time.sleep(_IDLE_SECONDS)
    return psutil.Process().num_fds(), threading.active_count()


async def upload(load: Load) -> tuple[int, float, Watch]:
    """Run the client; return the number of attached files, the seconds, and the measurements."""
    async with AsyncScenario(
        api_key="sandbox-key", api_secret="sandbox-secret", base_url=load.base_url
    ) as client:

        async def attached(batches: Sequence[Sequence[str]]) -> int:
            count = 0
            for model_id, folder in batches:
                report = await client.models.training_images.upload(model_id, folder, ledger=load.ledger)
                # One by one, because a list of all results would need more memory than the batch itself.
                count += sum(result.status == "attached" for result in report.results)
            return count

        first = await attached(load.batches[:1])
        with Watch() as watch:
            started = time.perf_counter()
            others = await attached(load.batches[1:])
            return first + others, time.perf_counter() - started, watch


def watched_upload(load: Load) -> Figures:
    """Run the client from its start to its end."""
    before = held()
    attached, seconds, watch = asyncio.run(upload(load))
    after = held()
    return Figures(
        attached=attached,
        seconds=seconds,
        memory=watch.memory,
        descriptors=(before[0], watch.descriptors, after[0]),
        threads=(before[1], watch.threads, after[1]),
    )


# --- the process that starts both --------------------------------------------------------


def process_of(*arguments: str) -> Popen[str]:
    """Start this module as a process."""
    package = __package__ or ""
    root = Path(__file__).resolve().parents[package.count(".") + 1]
    command = [sys.executable, "-m", f"{package}.soak", *arguments]
    return Popen(command, cwd=root, stdin=PIPE, stdout=PIPE, text=True)  # noqa: S603 - runs this module


def measured(name: str, sizes: Sequence[int], *, limit: float) -> Outcome:
    """Upload a folder of each of these sizes to a new model, after a first folder of `BATCH` files."""
    sizes = (BATCH, *sizes)
    with tempfile.TemporaryDirectory() as root, process_of("--serve", str(len(sizes))) as server:
        base_url, model_ids = json.loads(cast("IO[str]", server.stdout).readline())
        batches = [
            (model_id, str(folder_with(Path(root) / str(place), size, first=sum(sizes[:place]))))
            for place, (model_id, size) in enumerate(zip(model_ids, sizes, strict=True))
        ]
        load = Load(base_url=base_url, batches=batches, ledger=str(Path(root) / "ledger"))
        with process_of("--upload") as client:
            output, _ = client.communicate(json.dumps(asdict(load)))
        figures = Figures(**json.loads(output))
        shown, _ = server.communicate()
    distinct, doubled = json.loads(shown)
    growth = figures.above_the_first_batch if len(sizes) == 2 else figures.above_the_second_quarter
    lost = sum(sizes) - distinct
    return Outcome(
        name=name, files=sum(sizes), lost=lost, doubled=doubled, figures=figures, growth=growth, limit=limit
    )


def folder_with(folder: Path, count: int, *, first: int) -> Path:
    """A folder with the given number of different pictures."""
    from .scene import picture  # imported here, because the client's process does not need it

    folder.mkdir()
    for number in range(first, first + count):
        (folder / f"{number:06}.png").write_bytes(picture(number))
    return folder


def soak(files: int) -> list[Outcome]:
    """Run both loads."""
    many = [BATCH] * max(files // BATCH, 1)
    return [
        measured("one batch", [files], limit=LIMIT_OF_ONE * max(files / 20_000, 0.25)),
        measured(f"{len(many)} batches of {BATCH}", many, limit=LIMIT_OF_MANY),
    ]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--json", action="store_true", help="print the figures of the one batch as JSON")
    parser.add_argument("--serve", type=int, metavar="MODELS", help=argparse.SUPPRESS)
    parser.add_argument("--upload", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve is not None:
        asyncio.run(serve(given.serve))
        return 0
    if given.upload:
        say(json.dumps(asdict(watched_upload(Load(**json.load(sys.stdin))))))
        return 0
    if given.json:
        say(json.dumps(asdict(measured("one batch", [given.files], limit=LIMIT_OF_ONE))))
        return 0
    outcomes = soak(given.files)
    say("\n".join([HEAD, *(outcome.row() for outcome in outcomes)]))
    return 0 if all(outcome.is_sound for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
