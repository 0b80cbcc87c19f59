"""Processes that are killed, interrupted or concurrent: the next process resumes without duplicates."""

from __future__ import annotations

import json
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, cast

import pytest
from attrs import define, field

from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Cooldown, Delay, Hang

from .scene import digests_of, folder_of, picture, until_quiet
from .truth import DONE, contents_of

PROGRAM: Final = """
import asyncio, json, sys
from attrs import evolve
from scenario_async import AsyncScenario, Scenario

kind, base_url, model_id, folder, ledger = sys.argv[1:]
arguments = dict(api_key="sandbox-key", api_secret="sandbox-secret", base_url=base_url)

def eager(client):
    transport = client._core.transport
    retries = evolve(transport.options.retries, base=0.005, cap=0.02)
    transport.options = evolve(transport.options, retries=retries)
    return client.models.training_images.upload(model_id, folder, ledger=ledger, raise_on_failure=False)

async def awaited():
    async with AsyncScenario(**arguments) as client:
        return await eager(client)

def blocking():
    with Scenario(**arguments) as client:
        return eager(client)

print("ready", flush=True)
try:
    report = asyncio.run(awaited()) if kind == "awaited" else blocking()
except KeyboardInterrupt:
    print("interrupted", flush=True)
else:
    print(json.dumps(report.to_json()))
"""

PATIENCE: Final = 60.0
"""Seconds after which a process counts as hanging."""


@define
class Uploader:
    """Starts processes that upload a folder with one ledger."""

    sandbox: Sandbox
    model_id: str
    folder: Path
    ledger: Path
    _started: list[subprocess.Popen[str]] = field(factory=list[subprocess.Popen[str]], init=False)

    def start(self, kind: str = "awaited", model_id: str | None = None) -> subprocess.Popen[str]:
        """Start a process; it is about to begin the upload when this returns."""
        where = [self.sandbox.base_url, model_id or self.model_id, str(self.folder), str(self.ledger)]
        process = subprocess.Popen(  # noqa: S603 - a program of the tests
            [sys.executable, "-c", PROGRAM, kind, *where],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._started.append(process)
        assert cast("IO[str]", process.stdout).readline() == "ready\n"
        return process

    def end(self, process: subprocess.Popen[str]) -> dict[str, Any] | None:
        """The report that a process prints at its end; None if it was killed.

        Raises:
            AssertionError: The process failed.
        """
        output, errors = process.communicate(timeout=PATIENCE)
        if process.returncode == -signal.SIGKILL:
            return None
        assert (errors, process.returncode) == ("", 0)
        report: dict[str, Any] = json.loads(output)
        return report

    def until(self, condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
        """Wait until a condition holds or a process has ended."""
        while not condition() and process.poll() is None:
            time.sleep(0.0005)

    def until_requests(self, count: int, process: subprocess.Popen[str]) -> None:
        """Wait for the given number of further requests, or for the end of a process."""
        last = len(self.sandbox.requests) + count
        self.until(lambda: len(self.sandbox.requests) >= last, process)

    def check_the_end(self) -> None:
        """Check that each picture is in the set once, and that another process has nothing to do."""
        report = self.end(self.start())
        assert report is not None
        assert {result["status"] for result in report["results"]} <= DONE
        wanted = dict.fromkeys(digests_of(self.folder).values(), 1)
        assert contents_of(self.sandbox, self.model_id) == wanted
        until_quiet(self.sandbox)
        changes = self.sandbox.requests.changes
        report = self.end(self.start())
        assert report is not None
        assert {result["status"] for result in report["results"]} == {"already attached"}
        assert self.sandbox.requests.changes == changes
        assert list(self.ledger.parent.glob("*damaged*")) == []

    def close(self) -> None:
        """End the processes that still run."""
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def uploader(sandbox: Sandbox, tmp_path: Path) -> Iterator[Uploader]:
    folder = folder_of(tmp_path, 24, large=1)
    sandbox.training_image_limit = 1000
    model_id = sandbox.state.add_model(name="set", type="any").id
    uploader = Uploader(sandbox, model_id, folder, tmp_path / "state" / "ledger.sqlite3")
    yield uploader
    uploader.close()


@pytest.mark.parametrize("kind", ["awaited", "blocking"])
@pytest.mark.parametrize("seed", [1, 2])
def test_after_a_kill_at_any_moment_the_next_process_resumes(
    uploader: Uploader, kind: str, seed: int
) -> None:
    """There are eight kills at random moments: after a random request and a random pause."""
    chance = random.Random(f"{seed} {kind}")  # noqa: S311 - not used for security
    uploader.sandbox.faults = Faults(Rule(Delay(0.01, "before")), seed=seed)
    kills, assets_before = 0, len(uploader.sandbox.state.assets)
    while kills < 8:
        process = uploader.start(kind)
        uploader.until_requests(chance.randrange(8), process)
        time.sleep(chance.choice([0, 0.005, 0.01, 0.02]))
        process.kill()
        # A process that ended before the kill completed its upload.
        kills += uploader.end(process) is None
        if set(contents_of(uploader.sandbox, uploader.model_id)) == set(digests_of(uploader.folder).values()):
            folder_of(uploader.folder.parent, 10, first=100 * (kills + 1))
    uploader.sandbox.faults = Faults()
    uploader.check_the_end()
    orphans = len(uploader.sandbox.state.assets) - assets_before - len(digests_of(uploader.folder))
    assert orphans <= kills * 8  # at most the pictures that were being sent at each kill


def _at_some_request(uploader: Uploader, process: subprocess.Popen[str], chance: random.Random) -> None:
    uploader.until_requests(chance.randrange(1, 9), process)


def _while_nothing_is_answered(
    uploader: Uploader, process: subprocess.Popen[str], chance: random.Random
) -> None:
    uploader.sandbox.faults = Faults(Rule(Hang(chance.choice(["before", "after"])), on="POST *"))
    uploader.until(lambda: uploader.sandbox.faults.count() > 0, process)


def _while_the_service_wants_to_be_left_alone(
    uploader: Uploader, process: subprocess.Popen[str], chance: random.Random
) -> None:
    del chance
    uploader.sandbox.faults = Faults(Rule(Cooldown(60), on="POST *"))
    uploader.until(lambda: uploader.sandbox.faults.count() > 0, process)


@pytest.mark.parametrize("kind", ["awaited", "blocking"])
@pytest.mark.parametrize(
    "moment",
    [_at_some_request, _while_nothing_is_answered, _while_the_service_wants_to_be_left_alone],
    ids=lambda moment: moment.__name__.strip("_"),
)
def test_ctrl_c_ends_the_process_within_a_second_and_the_next_process_resumes(
    uploader: Uploader, kind: str, moment: Callable[..., None]
) -> None:
    """The shutdown of the interpreter alone takes a quarter of a second or more."""
    chance = random.Random(f"{moment.__name__} {kind}")  # noqa: S311 - not used for security
    took: list[float] = []
    for number in range(3):
        folder_of(uploader.folder.parent, 10, first=100 * (number + 1))
        uploader.sandbox.faults = Faults(Rule(Delay(0.01, "before")))
        process = uploader.start(kind)
        moment(uploader, process, chance)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=PATIENCE)
        took.append(time.monotonic() - pressed)
        assert (output, errors, process.returncode) == ("interrupted\n", "", 0)
    # The median, because the machine may be busy during one of them.
    assert statistics.median(took) <= 1.0
    uploader.sandbox.faults = Faults()
    uploader.check_the_end()


def test_ctrl_c_works_while_a_large_file_is_read(uploader: Uploader) -> None:
    path = uploader.folder / "largest.png"
    path.write_bytes(picture(1))
    with path.open("r+b") as file:
        file.truncate(2**36)  # sparse: it uses no space, and takes a minute to read
    process = uploader.start()
    uploader.until(lambda: uploader.sandbox.requests["POST /assets"] > 20, process)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=10)
    assert (output, errors) == ("interrupted\n", "")
    path.unlink()
    uploader.check_the_end()


def test_processes_with_one_model_take_turns_and_send_each_picture_once(uploader: Uploader) -> None:
    processes = [uploader.start(kind) for kind in ("awaited", "blocking", "awaited")]
    reports = [uploader.end(process) for process in processes]
    done = [
        [result["status"] for result in report["results"]].count("attached") for report in reports if report
    ]
    assert sorted(done) == [0, 0, 25]
    assert uploader.sandbox.requests.changes["POST /assets"] == 24
    uploader.check_the_end()


def test_if_a_process_is_killed_the_waiting_process_continues(uploader: Uploader) -> None:
    uploader.sandbox.faults = Faults(Rule(Hang("after"), on="POST /models/*"))
    first = uploader.start()
    uploader.until(lambda: uploader.sandbox.faults.count() > 0, first)
    second = uploader.start()
    uploader.sandbox.faults = Faults()
    first.kill()
    assert uploader.end(second) is not None
    uploader.check_the_end()


def test_processes_with_many_models_share_a_new_ledger(uploader: Uploader) -> None:
    """All processes find no ledger, create one, and write to it at the same time."""
    others = [uploader.sandbox.state.add_model(name="set", type="any").id for _ in range(4)]
    processes = [uploader.start(model_id=model_id) for model_id in others]
    for process in processes:
        report = uploader.end(process)
        assert report is not None
        assert report["succeeded"]
    assert {contents_of(uploader.sandbox, model_id).total() for model_id in others} == {25}
    uploader.check_the_end()
