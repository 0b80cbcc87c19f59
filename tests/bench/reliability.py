"""Measure a batch upload under faults, beside the official package, in one run.

python -m tests.bench.reliability --write docs/reliability.md
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import importlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

from attrs import define
from scenario_sdk import AsyncScenario as OfficialScenario

from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import INCONSISTENT, TRANSIENT, Delay, Fault, Hang, PlanLimit
from scenario_async.upload._internal import evidence, imports
from tests.bench import consistency
from tests.bench.consistency import model_in
from tests.bench.report import publish, row
from tests.reliability.scene import digests_of, folder_of, until_quiet, upload_awaited
from tests.reliability.traffic import watching
from tests.reliability.truth import contents_of, falsehoods

PICTURES = 50
RATE = 0.2
CONCURRENCY = 8
ADD = "POST /models/{modelId}/training-images"


@define
class Outcome:
    """The outcomes of the pictures of many runs."""

    lost: int = 0
    doubled: int = 0
    misreported: int = 0

    def __str__(self) -> str:
        return f"{self.lost} / {self.doubled} / {self.misreported}"

    def count(self, sandbox: Sandbox, model_id: str, folder: Path) -> Counter[str]:
        """Count pictures that are not in the set, and pictures that are in it more than once."""
        contents = contents_of(sandbox, model_id)
        self.lost += sum(contents[digest] == 0 for digest in digests_of(folder).values())
        self.doubled += sum(contents[digest] > 1 for digest in digests_of(folder).values())
        return contents


async def add_all(sandbox: Sandbox, model_id: str, pictures: Mapping[Path, str]) -> dict[Path, bool]:
    """Call `add` for every picture, eight at a time, and return whether each call returned.

    Args:
        sandbox: Where to.
        model_id: The model.
        pictures: The data URL of each file.
    """
    limit = asyncio.Semaphore(CONCURRENCY)
    async with OfficialScenario(
        base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret, timeout=5.0
    ) as client:

        async def add(path: Path) -> None:
            async with limit:
                await client.models.training_images.add(model_id, data=pictures[path], name=path.name)

        results = await asyncio.gather(*map(add, pictures), return_exceptions=True)
    return {
        path: not isinstance(result, BaseException) for path, result in zip(pictures, results, strict=True)
    }


def data_urls_of(folder: Path) -> dict[Path, str]:
    """Return the pictures in the form that the official package takes."""
    return {
        path: f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"
        for path in sorted(folder.iterdir())
    }


def all_faults(seed: int) -> Faults:
    """Return rules that make a fifth of all responses faulty, with any temporary fault."""
    return Faults(Rule((*TRANSIENT, *INCONSISTENT), probability=RATE), seed=seed)


def with_faults(seeds: int, folder: Path) -> Iterator[str]:
    """Upload 50 pictures while a fifth of all responses is faulty, with both packages."""
    ours, theirs = Outcome(), Outcome()
    digests = digests_of(folder)
    for seed in range(seeds):
        with Sandbox(training_image_limit=1000) as sandbox:
            model_id = model_in(sandbox)
            sandbox.faults = all_faults(seed)
            report = upload_awaited(sandbox, model_id, folder, ledger=False)
            until_quiet(sandbox)
            ours.misreported += len(falsehoods(report, sandbox, digests))
            ours.count(sandbox, model_id, folder)
        with Sandbox(training_image_limit=1000) as sandbox:
            model_id = model_in(sandbox)
            sandbox.faults = all_faults(seed)
            returned = asyncio.run(add_all(sandbox, model_id, data_urls_of(folder)))
            until_quiet(sandbox)
            contents = theirs.count(sandbox, model_id, folder)
            theirs.misreported += sum(
                (contents[digests[path]] == 1) != well for path, well in returned.items()
            )
    what = f"{PICTURES} pictures, {100 * RATE:.0f} % of all responses faulty, {seeds} seeds: "
    what += f"pictures lost / doubled / misreported, of {seeds * PICTURES:,}"
    yield row(what, "0 / 0 / 0", ours, theirs)


def after_the_ceiling(folder: Path) -> Iterator[str]:
    """Count the requests that start after the plan's limit was reached, with both packages."""
    refusing = Faults(Rule(PlanLimit(25), on=ADD))
    with Sandbox(faults=refusing) as sandbox, watching() as traffic:
        upload_awaited(sandbox, model_in(sandbox), folder, ledger=False)
        ours = len(traffic.requests_after(lambda answer: answer.status == HTTPStatus.TOO_MANY_REQUESTS))
    with Sandbox(faults=refusing) as sandbox:
        asyncio.run(add_all(sandbox, model_in(sandbox), data_urls_of(folder)))
        keys = [request.key for request in sandbox.requests]
        # Seven other requests were running when the first one was refused.
        theirs = len(keys) - keys.index(ADD) - CONCURRENCY
    yield row("requests sent after a plan-limit 429", 0, ours, theirs)


def second_run(folder: Path, ledger: Path) -> Iterator[str]:
    """Count the changing requests of a second run on a finished folder."""
    with Sandbox(training_image_limit=1000) as sandbox:
        model_id = model_in(sandbox)
        upload_awaited(sandbox, model_id, folder, ledger=ledger)
        before = sum(sandbox.requests.changes.values())
        upload_awaited(sandbox, model_id, folder, ledger=ledger)
        ours = sum(sandbox.requests.changes.values()) - before
        model_id = model_in(sandbox)
        asyncio.run(add_all(sandbox, model_id, data_urls_of(folder)))
        before = sum(sandbox.requests.changes.values())
        asyncio.run(add_all(sandbox, model_id, data_urls_of(folder)))
        theirs = sum(sandbox.requests.changes.values()) - before
    what = f"second run on a finished folder of {PICTURES}: requests that change something"
    yield row(what, 0, ours, theirs)


UPLOADING = """
import asyncio, sys
from scenario_async import AsyncScenario, Scenario

kind, base_url, api_key, api_secret, *arguments = sys.argv[1:]
access = {"base_url": base_url, "api_key": api_key, "api_secret": api_secret}

async def upload():
    async with AsyncScenario(**access) as client:
        await client.models.training_images.upload(*arguments, ledger=False)

if kind == "awaited":
    asyncio.run(upload())
else:
    Scenario(**access).models.training_images.upload(*arguments, ledger=False)
"""


def one_press(folder: Path, kind: str, fault: Fault, after: float) -> float | None:
    """Return the seconds from Ctrl-C to the end of one process; None if it ended before."""
    with Sandbox(training_image_limit=1000) as sandbox:
        access = (sandbox.base_url, sandbox.api_key, sandbox.api_secret, model_in(sandbox))
        sandbox.faults = Faults(Rule(fault, on="POST *"))
        command = [sys.executable, "-c", UPLOADING, kind, *access, str(folder)]
        with subprocess.Popen(  # noqa: S603 - our own program
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            while not sandbox.requests["POST /assets"]:
                time.sleep(0.001)
            time.sleep(after)
            started = time.perf_counter()
            process.send_signal(signal.SIGINT)
            process.wait(60)
            return None if process.returncode == 0 else time.perf_counter() - started


def after_ctrl_c(folder: Path, presses: int) -> Iterator[str]:
    """Return the longest time from Ctrl-C to the end of the process, awaited and blocking."""
    chance = random.Random(presses)  # noqa: S311 - no secret
    took: dict[str, list[float]] = {}
    for number in range(presses):
        kind = ("awaited", "blocking")[number % 2]
        # The response is late or never arrives, so that the process is busy at the Ctrl-C.
        fault = Delay(0.5, "before") if number % 4 < 2 else Hang(chance.choice(["before", "after"]))
        seconds = None
        while seconds is None:
            seconds = one_press(folder, kind, fault, chance.uniform(0, 0.2))
        took.setdefault(kind, []).append(seconds)
    worst = ", ".join(f"{kind} {max(seconds):.2f} s" for kind, seconds in took.items())
    yield row(f"time from Ctrl-C to a returned prompt, the worst of {presses} presses", "≤ 1 s", worst, "")


MEASURING = """
import sys, threading, time
import psutil
from scenario_async import Scenario
process, peak = psutil.Process(), 0
client = Scenario(base_url=sys.argv[1], api_key=sys.argv[2], api_secret=sys.argv[3], timeout=120)

def watch():
    global peak
    while True:
        peak = max(peak, process.memory_info().rss)
        time.sleep(0.01)

threading.Thread(target=watch, daemon=True).start()
report = client.models.training_images.upload(sys.argv[4], sys.argv[5], ledger=sys.argv[6])
assert report.succeeded
print(peak)
"""


def many_files(count: int, parent: Path) -> Iterator[str]:
    """Compare the peak memory of uploads of many small files and of fifty."""
    peaks: list[int] = []
    for number in (PICTURES, count):
        folder = folder_of(Path(tempfile.mkdtemp(dir=parent)), number)
        with Sandbox(training_image_limit=count, keep_bytes=False, decode_pictures=False) as sandbox:
            access = (sandbox.base_url, sandbox.api_key, sandbox.api_secret, model_in(sandbox))
            ledger = folder.with_name("ledger.sqlite3")
            command = [sys.executable, "-c", MEASURING, *access, str(folder), str(ledger)]
            done = subprocess.run(  # noqa: S603 - our own program
                command, check=True, capture_output=True, text=True
            )
            peaks.append(int(done.stdout))
    small, large = (peak / 1e6 for peak in peaks)
    what = f"peak memory, {count:,} files compared with {PICTURES}"
    yield row(what, "≤ + 16 MB", f"+ {large - small:.1f} MB ({small:.0f}, {large:.0f} MB)", "")


def main() -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--odd-runs", type=int, default=400)
    parser.add_argument("--kills", type=int, default=63)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    os.environ["NO_PROXY"] = "*"
    with tempfile.TemporaryDirectory() as name:
        rows = [
            *consistency.behind_or_short(Path(name)),
            *consistency.two_spellings(Path(name)),
            *consistency.after_kills(Path(name), 690, arguments.kills),
        ]
    # Both packages wait milliseconds instead of seconds, or 200 runs would take 200 minutes.
    official = importlib.import_module("scenario_sdk._base_client")
    for name, seconds in (("INITIAL_RETRY_DELAY", 0.005), ("MAX_RETRY_DELAY", 0.02)):
        setattr(official, name, seconds)
    evidence.LOOK_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)  # type: ignore[misc, assignment] # for this process only
    imports.POLL_SECONDS = 0.005  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as name:
        parent = Path(name)
        folder = folder_of(parent, PICTURES)
        rows = [
            *with_faults(arguments.seeds, folder),
            *after_the_ceiling(folder),
            *second_run(folder, parent / "ledger.sqlite3"),
            *after_ctrl_c(folder, arguments.presses),
            *many_files(arguments.files, parent),
            *rows,
            *consistency.odd_answers(parent, arguments.odd_runs),
        ]
    publish(rows, arguments.write)


if __name__ == "__main__":
    main()
