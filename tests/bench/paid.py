"""Count payments of trainings and generations under faults, and damaged files after kills.

python -m tests.bench.paid --write docs/reliability.md
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from attrs import define, frozen
from PIL import Image

from scenario_async import AsyncScenario
from scenario_async.errors import BudgetError, JobInDoubtError, ScenarioError
from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox._internal.faults.transient import TRANSIENT
from scenario_async.work._internal import timing
from scenario_async.work._internal.timing import Polling, Timing

from .commands import one_command, two_commands
from .marked import write_between
from .saving import saving

BASE: Final = "model_bfl-flux-1-dev"
PROMPT: Final = "a fox"
GENERATE: Final = "POST /generate/custom/{modelId}"
TRAIN: Final = "PUT /models/{modelId}/train"
STEPS: Final = (
    ("GET /models/{modelId}", 0),
    (GENERATE, 0),
    (GENERATE, 1),
    ("GET /jobs", 0),
    ("GET /jobs/{jobId}", 0),
    ("POST /assets/get-bulk", 0),
    ("GET /storage/assets/{assetId}", 0),
    (TRAIN, 0),
    (TRAIN, 1),
    ("GET /models/{modelId}", 1),
    ("GET /models/{modelId}", 2),
)
"""A route, and how many of its requests pass before the fault: the first paid one asks the price."""
RUNS: Final = 6
"""How often a call that failed is made again, as a person would: the last times without faults."""

_QUICK: Final = Polling(first=0.01, factor=1.3, most=0.05)
QUICK: Final = Timing(
    jobs=_QUICK, training=_QUICK, doubt=_QUICK, ceiling=_QUICK, doubt_seconds=0.25, outage_seconds=2.0
)


@define
class Tally:
    """The totals of many runs.

    Attributes:
        runs: How many calls were made to succeed.
        twice: Trainings and generations that were paid more than once.
        after_doubt: Paid requests that were sent although an earlier one had been carried out.
        over_budget: Paid requests whose price was over the budget.
        unfinished: Calls that did not succeed in the end.
    """

    runs: int = 0
    twice: int = 0
    after_doubt: int = 0
    over_budget: int = 0
    unfinished: int = 0


def client_of(sandbox: Sandbox) -> AsyncScenario:
    """Return a client of a sandbox with its default retries."""
    return AsyncScenario(
        base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret, max_retries=0
    )


def trainable(sandbox: Sandbox, folder: Path) -> Model:
    """Create a model with the pictures of a folder, without sending a request."""
    model = sandbox.state.add_model(name="paper", type="flux.1-lora")
    with client_blocking(sandbox) as client:
        client.models.training_images.upload(model.id, folder, ledger=False)
    return model


def client_blocking(sandbox: Sandbox) -> Any:
    """A blocking client of a sandbox."""
    from scenario_async import Scenario

    return Scenario(base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret)


def paid(sandbox: Sandbox, kind: str) -> int:
    """Return the number of paid jobs of a kind."""
    return sum(kind in job.type for job in sandbox.state.jobs.values())


async def until_done(
    sandbox: Sandbox, call: Callable[[str], Awaitable[object]], kind: str, tally: Tally
) -> None:
    """Repeat a call until it succeeds, and count its payments."""
    tally.runs += 1
    done, on_doubt = False, "raise"
    for attempt in range(RUNS):
        if attempt == RUNS - 2:
            sandbox.faults.stop()
        before = paid(sandbox, kind)
        try:
            await call(on_doubt)
        except JobInDoubtError:
            # As a person would do after checking the web page: send it again only if it was not paid.
            on_doubt = "raise" if before or paid(sandbox, kind) else "resend"
        except ScenarioError:
            pass
        else:
            done = True
            break
        tally.after_doubt += max(0, paid(sandbox, kind) - max(before, 1))
    tally.unfinished += not done
    tally.twice += paid(sandbox, kind) > 1


async def one_scene(
    faults: Faults, folder: Path, parent: Path, tally: Tally, *, train: bool, generate: bool
) -> None:
    """Train and generate under faults, each until it succeeds."""
    scene = Path(tempfile.mkdtemp(dir=parent))
    ledger = scene / "ledger.sqlite3"
    async with Sandbox(job_duration=0.02, training_duration=0.02) as sandbox, client_of(sandbox) as client:
        model = await asyncio.to_thread(trainable, sandbox, folder)
        sandbox.faults = faults.fresh()
        if train:
            await until_done(
                sandbox,
                lambda _: client.models.train.run(model.id, max_cost=None, ledger=ledger),
                "training",
                tally,
            )
        if generate:
            await until_done(
                sandbox,
                lambda on_doubt: client.generate.run(
                    BASE,
                    PROMPT,
                    max_cost=None,
                    to=scene / "out",
                    key="one",
                    ledger=ledger,
                    on_doubt=on_doubt,  # type: ignore[arg-type]
                ),
                "custom",
                tally,
            )


async def with_every_fault(folder: Path, parent: Path) -> Tally:
    """Try each temporary fault once at each step."""
    tally = Tally()
    for route, skip in STEPS:
        for fault in TRANSIENT:
            with suppress(ValueError):  # the fault cannot happen on this route
                rule = Rule(fault, on=route, skip=skip, times=1)
                train = route == TRAIN or (route, skip) in STEPS[-2:]
                await one_scene(Faults(rule), folder, parent, tally, train=train, generate=not train)
    return tally


async def with_random_faults(seeds: int, folder: Path, parent: Path) -> Tally:
    """Let each request fail with a probability of 20 %."""
    tally = Tally()
    for seed in range(seeds):
        faults = Faults(Rule(TRANSIENT, probability=0.2), seed=seed)
        await one_scene(faults, folder, parent, tally, train=True, generate=True)
    return tally


async def over_budget(seeds: int, folder: Path, parent: Path) -> Tally:
    """Try a budget that is slightly too low, under faults."""
    tally = Tally()
    for seed in range(seeds):
        async with (
            Sandbox(job_duration=0.02, training_duration=0.02) as sandbox,
            client_of(sandbox) as client,
        ):
            model = await asyncio.to_thread(trainable, sandbox, folder)
            sandbox.faults = Faults(Rule(TRANSIENT, probability=0.2), seed=seed)
            ledger = parent / f"budget-{seed}.sqlite3"
            for _ in range(3):
                tally.runs += 1
                with suppress(BudgetError, ScenarioError):
                    await client.generate.run(BASE, PROMPT, max_cost="10.5", ledger=ledger)
                with suppress(BudgetError, ScenarioError):
                    await client.models.train.run(model.id, max_cost=1, ledger=ledger)
            tally.over_budget += paid(sandbox, "custom") + paid(sandbox, "training")
    return tally


WORKER: Final = """
import asyncio, sys
from pathlib import Path
from scenario_async import AsyncScenario
from scenario_async.work._internal import timing
from tests.bench.paid import BASE, PROMPT, QUICK
timing.TIMING = QUICK

async def main():
    base_url, model_id, scene, on_doubt = sys.argv[1:]
    ledger, out = Path(scene) / "ledger.sqlite3", Path(scene) / "out"
    async with AsyncScenario(base_url=base_url, api_key="sandbox-key", api_secret="sandbox-secret") as client:
        print("begun", flush=True)
        await client.models.train.run(model_id, max_cost=None, ledger=ledger)
        await client.generate.run(
            BASE, PROMPT, count=4, max_cost=None, to=out, key="one", ledger=ledger, on_doubt=on_doubt
        )

asyncio.run(main())
"""


async def after_kills(kills: int, folder: Path, parent: Path) -> tuple[Tally, int]:
    """Kill a process that trains and generates at a random moment, and run it again.

    Returns:
        The payments, and the number of damaged files.
    """
    tally, damaged, draw = Tally(), 0, random.Random(1)  # noqa: S311 - no secret
    for _ in range(kills):
        scene = Path(tempfile.mkdtemp(dir=parent))
        async with Sandbox(job_duration=0.1, training_duration=0.1) as sandbox:
            model = await asyncio.to_thread(trainable, sandbox, folder)
            tally.runs += 1
            await killed(sandbox, model.id, scene, after=draw.uniform(0.0, 1.2))
            if not await finished(sandbox, model.id, scene, "raise"):
                was_paid = paid(sandbox, "custom") > 0
                tally.unfinished += not await finished(
                    sandbox, model.id, scene, "raise" if was_paid else "resend"
                )
            tally.twice += (paid(sandbox, "training") > 1) + (paid(sandbox, "custom") > 1)
        damaged += len(damaged_in(scene / "out"))
    return tally, damaged


async def started(sandbox: Sandbox, *arguments: str | Path) -> asyncio.subprocess.Process:
    """Start the worker, and wait until it has imported everything."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WORKER, sandbox.base_url, *map(str, arguments)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    return process


async def killed(sandbox: Sandbox, model_id: str, scene: Path, *, after: float) -> None:
    """Start the worker and kill it after some seconds."""
    process = await started(sandbox, model_id, scene, "raise")
    await asyncio.sleep(after)
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def finished(sandbox: Sandbox, model_id: str, scene: Path, on_doubt: str) -> bool:
    """Run the worker to its end, and return whether it succeeded."""
    process = await started(sandbox, model_id, scene, on_doubt)
    return await process.wait() == 0


def damaged_in(folder: Path) -> list[Path]:
    """Count the files of a folder that cannot be decoded, including partial files with a final name."""
    damaged = list[Path]()
    for path in folder.glob("*.png"):
        try:
            with Image.open(path) as image:
                image.load()
        except OSError:
            damaged.append(path)
    return damaged


def small_pictures(parent: Path, count: int) -> Path:
    """A folder of small pictures."""
    folder = parent / "pictures"
    folder.mkdir()
    for number in range(count):
        Image.new("L", (8, 8), number).save(folder / f"{number:02}.png")
    return folder


@frozen
class Row:
    """A row of the table."""

    measure: str
    bar: str
    measured: str


def commands(parent: Path) -> Iterator[Row]:
    """Run the commands that lead from the example's folder to pictures on the disk."""
    both, alone = parent / "two", parent / "one"
    training, generating = two_commands(both)
    seconds = one_command(alone)
    assert not [*damaged_in(both), *damaged_in(alone)]
    yield Row(
        "`train`, then `generate -n 4`, with a sandbox beside: time; decodable pictures",
        "< 30 s; 4",
        f"{training:.1f} s and {generating:.1f} s; {len(list(both.glob('*.png')))}",
    )
    yield Row(
        "`train --sandbox` alone: time; decodable pictures",
        "< 30 s; 1",
        f"{seconds:.1f} s; {len(list(alone.glob('*.png')))}",
    )


def rows(arguments: argparse.Namespace, parent: Path) -> Iterator[Row]:
    """Measure everything."""
    yield from commands(parent)
    folder = small_pictures(parent, 5)
    every = asyncio.run(with_every_fault(folder, parent))
    random_faults = asyncio.run(with_random_faults(arguments.seeds, folder, parent))
    budget = asyncio.run(over_budget(max(1, arguments.seeds // 10), folder, parent))
    kills, damaged_by_kills = asyncio.run(after_kills(arguments.kills, folder, parent))
    damaged, memory = asyncio.run(saving(arguments.kills, arguments.pictures, 8_000_000, parent))
    yield Row(f"every temporary fault at every step, {every.runs} calls: paid twice", "0", f"{every.twice}")
    yield Row(
        f"20 % of requests fail, {arguments.seeds} seeds, {random_faults.runs} calls: paid twice",
        "0",
        f"{random_faults.twice}",
    )
    yield Row(
        "paid requests sent after one that was carried out",
        "0",
        f"{every.after_doubt + random_faults.after_doubt}",
    )
    yield Row(f"over budget, {budget.runs * 2} calls under faults: paid", "0", f"{budget.over_budget}")
    yield Row(f"killed at {arguments.kills} random moments and run again: paid twice", "0", f"{kills.twice}")
    yield Row(
        "calls of these that did not succeed in the end",
        "0",
        f"{every.unfinished + random_faults.unfinished + kills.unfinished}",
    )
    yield Row(
        f"files damaged or half-written after {2 * arguments.kills} kills",
        "0",
        f"{damaged + damaged_by_kills}",
    )
    yield Row(f"memory while saving {arguments.pictures} pictures of 8 MB", "≤ + 24 MB", f"+ {memory:.0f} MB")


def main() -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    timing.TIMING = QUICK
    os.environ["NO_PROXY"] = "*"
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        lines = [f"| {one.measure} | {one.bar} | {one.measured} |" for one in rows(arguments, Path(name))]
    table = ["| measure | target | measured |", "|---|---|---|", *lines]
    sys.stdout.write("\n".join([*table, f"{time.monotonic() - began:.0f} s\n"]))
    if arguments.write is not None:
        write_between(arguments.write, "paid", table)


if __name__ == "__main__":
    main()
