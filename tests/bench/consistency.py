"""Rows of the reliability benchmark about a service that is not instantly consistent; only this package."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scenario_async import ScenarioError
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Delay, Fault, Lag, Short
from tests.bench.report import row
from tests.reliability.odd_answers import OddAnswer
from tests.reliability.scene import digests_of, folder_of, until_quiet, upload_awaited, upload_blocking
from tests.reliability.truth import contents_of, falsehoods

LOOK: Final = "GET /models/{modelId}"

UPLOADING = """
import sys
from scenario_async import Scenario

base_url, model_id, folder, ledger = sys.argv[1:]
with Scenario(base_url=base_url, api_key="sandbox-key", api_secret="sandbox-secret") as client:
    client.models.training_images.upload(model_id, folder, ledger=ledger, raise_on_failure=False)
"""


def model_in(sandbox: Sandbox) -> str:
    """Create a model without images, without sending a request."""
    return sandbox.state.add_model(name="bench", type="any").id


def behind_or_short(parent: Path) -> Iterator[str]:
    """Thirty pictures and a model that is 1.5 s behind, or lists ten images, with the pauses of real use."""
    folder = folder_of(Path(tempfile.mkdtemp(dir=parent)), 30)
    faults: tuple[tuple[str, Fault], ...] = (
        ("lists images 1.5 s late", Lag(1.5)),
        ("lists only 10 images", Short(10)),
    )
    for words, fault in faults:
        lost = doubled = misreported = 0
        for upload in (upload_awaited, upload_blocking):
            for ledger in (False, folder.with_name(f"{upload.__name__}-{type(fault).__name__}.sqlite3")):
                with Sandbox(training_image_limit=1000) as sandbox:
                    model_id = model_in(sandbox)
                    sandbox.faults = Faults(Rule(fault, on=LOOK))
                    report = upload(sandbox, model_id, folder, ledger=ledger)
                    contents = contents_of(sandbox, model_id)
                    lost += sum(contents[digest] == 0 for digest in digests_of(folder).values())
                    doubled += sum(count > 1 for count in contents.values())
                    misreported += len(falsehoods(report, sandbox, digests_of(folder)))
        what = f"30 pictures, a model that {words}, awaited and blocking, with and without a ledger: "
        yield row(
            f"{what}lost / doubled / misreported", "0 / 0 / 0", f"{lost} / {doubled} / {misreported}", ""
        )


def odd_answers(parent: Path, runs: int) -> Iterator[str]:
    """Batches against answers of random shape: bare exceptions, and runs without a report."""
    folder = folder_of(Path(tempfile.mkdtemp(dir=parent)), 12, large=1)
    bare = without = 0
    for seed in range(runs):
        with Sandbox(training_image_limit=1000) as sandbox:
            model_id = model_in(sandbox)
            sandbox.faults = Faults(Rule(OddAnswer(seed), probability=0.2), seed=seed)
            try:
                upload_awaited(sandbox, model_id, folder, ledger=False, retry_budget=40, deadline=20)
            except ScenarioError:
                without += bool(contents_of(sandbox, model_id))
            except Exception:  # noqa: BLE001 - what is counted here
                bare += 1
    what = f"batch upload, responses of random shape, {runs} runs: "
    what += "unexpected exceptions, runs without a report"
    yield row(what, "0, 0", f"{bare}, {without}", "")


def _start(base_url: str, model_id: str, folder: Path, ledger: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", UPLOADING, base_url, model_id, str(folder), str(ledger)]
    return subprocess.Popen(command)  # noqa: S603 - our own program


def two_spellings(parent: Path) -> Iterator[str]:
    """Two processes at once, with one ledger and one model under two spellings of host and path."""
    place = Path(tempfile.mkdtemp(dir=parent))
    folder, state = folder_of(place, 30), place / "state"
    state.mkdir()
    (place / "linked").symlink_to(state)
    with Sandbox(
        training_image_limit=1000, faults=Faults(Rule(Delay(0.02, "before"), on="POST /assets"))
    ) as sandbox:
        model_id = model_in(sandbox)
        other_url = sandbox.base_url.replace("127.0.0.1", "localhost")
        processes = [
            _start(sandbox.base_url, model_id, folder, state / "ledger.sqlite3"),
            _start(other_url, model_id, folder, place / "linked" / "ledger.sqlite3"),
        ]
        for process in processes:
            process.wait(120)
        doubled = sum(count > 1 for count in contents_of(sandbox, model_id).values())
        assets = sandbox.requests.changes["POST /assets"]
    what = "two processes, two spellings of one ledger and model, 30 pictures: doubled (assets created)"
    yield row(what, "0 (30)", f"{doubled} ({assets})", "")


def after_kills(parent: Path, pictures: int, kills: int) -> Iterator[str]:
    """Processes that are killed at random moments and started again: assets made, lost and doubled."""
    place = Path(tempfile.mkdtemp(dir=parent))
    folder, chance = folder_of(place, pictures), random.Random(kills)  # noqa: S311 - no secret
    with Sandbox(training_image_limit=10_000, faults=Faults(Rule(Delay(0.02, "before")))) as sandbox:
        model_id, killed = model_in(sandbox), 0
        each = max(pictures // (kills + 1), 1)
        while killed < kills:
            last = len(sandbox.requests) + chance.randrange(each, 2 * each)
            process = _start(sandbox.base_url, model_id, folder, place / "ledger.sqlite3")
            while len(sandbox.requests) < last and process.poll() is None:
                time.sleep(0.001)
            if process.poll() is not None:
                break  # all pictures were attached before the last kill
            process.kill()
            process.wait()
            killed += 1
        sandbox.faults = Faults()
        _start(sandbox.base_url, model_id, folder, place / "ledger.sqlite3").wait(300)
        until_quiet(sandbox)
        contents, assets = contents_of(sandbox, model_id), sandbox.requests.changes["POST /assets"]
    lost = sum(contents[digest] == 0 for digest in digests_of(folder).values())
    doubled = sum(count > 1 for count in contents.values())
    what = f"{pictures} pictures, {killed} kills: assets created; lost / doubled"
    yield row(what, f"≤ {pictures + 10}; 0 / 0", f"{assets}; {lost} / {doubled}", "")
