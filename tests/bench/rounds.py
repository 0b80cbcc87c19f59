"""Run all measurements: a server, and in each round one new process for each client."""

from __future__ import annotations

import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

from .client import SmallCalls, Uploads
from .contestants import AWAITED, BLOCKING
from .imports import IMPORTS, cost

ROOT: Final = Path(__file__).resolve().parents[2]

PICTURE_SIZE: Final = 4_000_000
"""Bytes of a picture: few enough to go inside a JSON body, the only way that all contestants know."""

_HEAD: Final = (
    b"RIFF" + struct.pack("<I", PICTURE_SIZE - 8) + b"WEBPVP8L" + struct.pack("<I", PICTURE_SIZE - 20) + b"/"
)
"""The beginning of a WebP; what follows is random, since no server here decodes it: nothing compresses."""

BATCH: Final = "scenario_async, batch"
"""The library's batch upload, in the column beside its single uploads."""


@dataclass(frozen=True)
class Extent:
    """The extent of the measurements.

    Attributes:
        seconds: Of small calls, for each contestant and number of calls at a time.
        small_rounds: Rounds of small calls.
        pictures: Files in the large folder.
        upload_rounds: Rounds of uploads.
        memory_rounds: Rounds of uploads that are run for their memory alone.
        import_rounds: Rounds of imports, after one that fills the caches.
    """

    seconds: float = 0.4
    small_rounds: int = 14
    pictures: int = 64
    upload_rounds: int = 5
    memory_rounds: int = 3
    import_rounds: int = 9


# As little as possible, because starting the processes takes most of the time.
QUICK: Final = Extent(
    seconds=0.05, small_rounds=1, pictures=2, upload_rounds=1, memory_rounds=0, import_rounds=1
)


class Samples:
    """The figures of each measurement and client, one for each round."""

    def __init__(self) -> None:
        self._figures: defaultdict[tuple[str, str], list[float]] = defaultdict(list)

    def add(self, measure: str, contestant: str, figure: float) -> None:
        """Add the figure of a round."""
        self._figures[measure, contestant].append(figure)

    def median(self, measure: str, contestant: str) -> float | None:
        """The median of all rounds; None if it was not measured."""
        return self.known(measure, contestant) if self._figures.get((measure, contestant)) else None

    def known(self, measure: str, contestant: str) -> float:
        """The median of all rounds."""
        return statistics.median(self._figures[measure, contestant])

    def largest(self, measure: str, contestant: str) -> float:
        """The largest of all rounds."""
        return max(self._figures[measure, contestant])

    def ratio(self, measure: str, contestant: str, other: str) -> float:
        """The median of the ratios of two clients' figures in each round."""
        pairs = zip(self._figures[measure, contestant], self._figures[measure, other], strict=True)
        return statistics.median(one / another for one, another in pairs)


def run(extent: Extent, show: Callable[[str], object]) -> Samples:
    """Run all measurements.

    Args:
        extent: How much to measure.
        show: Called with the current step.
    """
    samples = Samples()
    with running_server() as url, tempfile.TemporaryDirectory() as folder:
        many, few = _pictures(Path(folder), extent.pictures)
        for number in range(extent.small_rounds):
            show(f"small calls, round {number + 1} of {extent.small_rounds}")
            _small_calls(samples, url, extent.seconds, number)
        for number in range(extent.upload_rounds):
            show(f"uploads, round {number + 1} of {extent.upload_rounds}")
            for contestant in (BATCH, *AWAITED, *BLOCKING):
                _upload(samples, "upload", contestant, (url, many), 8)
        for number in range(extent.memory_rounds):
            show(f"memory of uploads, round {number + 1} of {extent.memory_rounds}")
            for contestant in (BATCH, "scenario_async", "sdk, httpx", "sdk, aiohttp"):
                _upload(samples, "few", contestant, (url, few), 8)
                _upload(samples, "wide", contestant, (url, many), 32)
    for number in range(extent.import_rounds + 1):
        show(f"imports, round {number} of {extent.import_rounds}")
        for one in IMPORTS:
            seconds, memory = cost(one)
            if number:  # the first one reads from the disk, the others from the page cache
                samples.add("import seconds", one.label, seconds)
                samples.add("import memory", one.label, memory)
    return samples


def _small_calls(samples: Samples, url: str, seconds: float, number: int) -> None:
    contestants = (*AWAITED, *BLOCKING)
    first = number % len(contestants)  # the previous client affects the machine for the first one
    for contestant in contestants[first:] + contestants[:first]:
        for measure, figure in _measure(SmallCalls(contestant, url, 32, seconds)).items():
            samples.add(measure, contestant, figure)


def _upload(
    samples: Samples, measure: str, contestant: str, where: tuple[str, Path], concurrency: int
) -> None:
    url, folder = where
    client = "scenario_async" if contestant == BATCH else contestant
    for name, figure in _measure(Uploads(client, url, str(folder), concurrency, contestant == BATCH)).items():
        if figure is not None:
            samples.add(f"{measure} {name}", contestant, figure)


def _pictures(folder: Path, number: int) -> tuple[Path, Path]:
    """Write two folders: one with a number of pictures, and one with an eighth of it."""
    many, few = folder / "many", folder / "few"
    many.mkdir()
    few.mkdir()
    for index in range(number):
        picture = many / f"{index:02}.png"
        picture.write_bytes(_HEAD + os.urandom(PICTURE_SIZE - len(_HEAD)))
        if index < max(number // 8, 1):
            (few / picture.name).hardlink_to(picture)
    return many, few


@contextmanager
def running_server() -> Generator[str]:
    """Run the server in a separate process, and yield its URL."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-m", f"{__package__}.server"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        port = int(cast("IO[str]", process.stdout).readline())
        yield f"http://127.0.0.1:{port}"
        cast("IO[str]", process.stdin).close()


def _measure(task: SmallCalls | Uploads) -> dict[str, Any]:
    """Run a task in a new process, and return its figures."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-m", f"{__package__}.client", json.dumps(asdict(task))],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
        # A proxy in the environment must not be used for this machine.
        env={name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures
