"""``train``, ``generate`` and ``jobs`` ask before they pay, and have documented exit statuses."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Cooldown, Drop, Unauthorized
from tests.work.changed import Changed

from .running import run, start_program

BASE = "model_bfl-flux-1-dev"
GENERATE = "POST /generate/custom/{modelId}"

IMPATIENT = """
import attrs
from scenario_async.cli.main import main
from scenario_async.work._internal import timing
timing.TIMING = attrs.evolve(timing.TIMING, {name}=0.2)
main()
"""


@pytest.fixture
def folder(captioned_folder: Callable[[str], Path]) -> Path:
    """Five pictures with captions."""
    return captioned_folder("a knight with {} swords")


@pytest.fixture(autouse=True)
async def _fast(sandbox: Sandbox) -> None:
    sandbox.job_duration = sandbox.training_duration = 0.1


def paid(sandbox: Sandbox) -> int:
    """The number of paid trainings and generations."""
    return sum(job.type == "custom" or "training" in job.type for job in sandbox.state.jobs.values())


async def test_two_commands_lead_from_a_folder_to_pictures(
    sandbox: Sandbox, folder: Path, tmp_path: Path
) -> None:
    command: list[str | Path] = [
        "train",
        folder,
        "--type",
        "flux.1-lora",
        "--name",
        "paper",
        "--max-cost",
        "2000",
        "--yes",
    ]
    trained = await run(*command, "--json")
    assert trained.status == 0
    assert trained.json["status"] == "trained"
    out = tmp_path / "out"
    made = await run("generate", trained.json["model_id"], "a knight", "-n", "2", "--to", out, "--yes")
    assert made.status == 0
    pictures = sorted(out.glob("*.png"))
    assert len(pictures) == 2
    for picture in pictures:
        Image.open(picture).verify()
        assert str(picture) in made.output.replace("\n", "")
    assert paid(sandbox) == 2
    again = await run(*command)
    assert (again.status, paid(sandbox)) == (0, 2)
    assert "paid by an earlier run" in again.output


async def test_in_the_sandbox_one_command_ends_with_a_picture(folder: Path, tmp_path: Path) -> None:
    ended = await run(
        *("train", folder, "--type", "flux.1-lora", "--name", "paper", "--sandbox", "--to", tmp_path / "out")
    )
    assert ended.status == 0
    [picture] = (tmp_path / "out").glob("paper-*.png")
    Image.open(picture).verify()


@pytest.mark.parametrize("command", ["train", "generate"])
async def test_without_a_terminal_and_without_yes_nothing_is_sent(
    sandbox: Sandbox, folder: Path, command: str
) -> None:
    given = [folder, "--type", "flux.1-lora", "--name", "a"] if command == "train" else [BASE, "a fox"]
    ended = await run(command, *given)
    assert ended.status == 2
    assert "add --yes" in ended.errors
    document = (await run(command, *given, "--json")).json
    assert document["error"]["type"] == "NotConfirmedError"
    assert len(sandbox.requests) == 0


async def test_over_the_budget_ends_with_3_and_nothing_is_paid(sandbox: Sandbox, folder: Path) -> None:
    given = ["--type", "flux.1-lora", "--name", "a", "--max-cost", "1", "--yes"]
    ended = await run("train", folder, *given)
    assert ended.status == 3
    assert "the budget is 1; nothing was paid" in ended.errors
    ended = await run("generate", BASE, "a fox", "--max-cost", "1.5", "--yes", "--json")
    assert ended.status == 3
    assert ended.json["error"]["type"] == "BudgetError"
    assert paid(sandbox) == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--input", "widt=512"], "--input widt: this model has no such input"),
        (["--input", "width"], "--input: NAME=VALUE is needed"),
        (["--input", "image=@nowhere.png"], "there is no such file"),
        (["--max-cost", "much"], "--max-cost: "),
        (["-n", "9"], "from 1 to 4"),
        (["--name", "<nonsense>"], "--name: there is no token"),
    ],
)
async def test_a_wrong_input_ends_with_2_and_nothing_is_paid(
    sandbox: Sandbox, given: list[str], said: str
) -> None:
    ended = await run("generate", BASE, "a fox", "--yes", *given)
    assert (ended.status, ended.output) == (2, "")
    assert said in ended.errors
    assert len(ended.errors.splitlines()) == 1
    assert paid(sandbox) == 0


async def test_the_next_command_finds_a_job_that_was_in_doubt(sandbox: Sandbox, tmp_path: Path) -> None:
    """The response and the lookups of the jobs are lost; the next command finds the job."""
    sandbox.faults = Faults(
        Rule(Drop("after"), on=GENERATE, skip=1, times=1), Rule(Drop("before"), on="GET /jobs")
    )
    script = tmp_path / "impatient.py"
    script.write_text(IMPATIENT.format(name="doubt_seconds"))
    program = await start_program(
        sys.executable, script, "generate", BASE, "a fox", "--yes", "--to", tmp_path / "out"
    )
    ended = await program.ended()
    assert ended.status == 4
    assert "may have been carried out; searching for its job" in ended.errors.splitlines()[0]
    assert "may have been carried out: the jobs could not be listed" in ended.errors
    assert "The same command searches for it again" in ended.errors
    assert "--on-doubt resend sends it again" in ended.errors
    sandbox.faults = Faults()
    settled = await run("jobs", "doubts", "--json")
    assert settled.status == 0
    assert settled.json[0]["job_id"] in sandbox.state.jobs
    assert (await run("jobs", "doubts")).output == "nothing is in doubt\n"
    taken_over = await run("generate", BASE, "a fox", "--yes", "--to", tmp_path / "out")
    assert taken_over.status == 0
    assert paid(sandbox) == 1
    assert len(list((tmp_path / "out").glob("*.png"))) == 1


@pytest.mark.parametrize("member", ["metadata", "billing", "status", "jobType", "createdAt"])
async def test_jobs_with_odd_members_are_listed(sandbox: Sandbox, tmp_path: Path, member: str) -> None:
    await run("generate", BASE, "a fox", "--yes", "--to", tmp_path / "out")
    odd: list[Any] = [None, 5, {}, [None]]
    for value in odd:

        def change(document: Any, value: Any = value) -> None:
            document["jobs"][0][member] = value

        sandbox.faults = Faults(Rule(Changed(change), on="GET /jobs"))
        listed = await run("jobs", "list")
        assert (listed.status, "Traceback" in listed.output) == (0, False)
        assert len((await run("jobs", "list", "--json")).json) == 1


async def test_unknown_training_parameters_are_refused_before_the_upload(
    sandbox: Sandbox, folder: Path
) -> None:
    command: list[str | Path] = ["train", folder, "--type", "flux.1-lora", "--name", "paper", "--yes"]
    trained = await run(*command, "--max-cost", "2000", "--parameter", "nope=1")
    assert trained.status == 2
    assert len(sandbox.requests) == 0


async def test_jobs_are_listed_and_waited_for(sandbox: Sandbox, tmp_path: Path) -> None:
    await run("generate", BASE, "a fox", "--yes", "--to", tmp_path / "out")
    [job] = (await run("jobs", "list", "--json")).json
    assert job["status"] == "success"
    waited = await run("jobs", "wait", job["job_id"])
    assert waited.status == 0
    assert job["job_id"] in waited.output
    assert paid(sandbox) == 1


async def test_waiting_for_an_unknown_job_soon_ends_with_a_message() -> None:
    begin = time.monotonic()
    waited = await run("jobs", "wait", "job_of_nobody")
    assert waited.status == 1
    assert "error: there is no job with this id: GET /jobs/job_of_nobody returned 404" in waited.errors
    assert "work continues" not in waited.errors
    assert time.monotonic() - begin < 20


async def test_a_dry_run_names_the_price_and_pays_nothing(sandbox: Sandbox, folder: Path) -> None:
    price = await run("generate", BASE, "a fox", "--dry-run", "--json")
    assert (price.status, json.loads(price.output)["units"]) == (0, "10.75")
    requests = len(sandbox.requests)
    checked = await run("train", folder, "--type", "flux.1-lora", "--name", "a", "--dry-run")
    assert checked.status == 0
    assert "nothing was sent" in checked.output
    assert len(sandbox.requests) == requests
    assert paid(sandbox) == 0


async def test_a_dry_run_of_a_training_needs_no_credentials(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET", "SCENARIO_SDK_JWT"):
        monkeypatch.delenv(name, raising=False)
    checked = await run("train", folder, "--type", "flux.1-lora", "--name", "a", "--dry-run")
    assert (checked.status, checked.errors) == (0, "")
    assert "nothing was sent" in checked.output


@pytest.mark.parametrize("command", ["train", "generate"])
async def test_after_the_deadline_a_command_without_a_ledger_is_not_to_be_run_again(
    sandbox: Sandbox, folder: Path, command: str
) -> None:
    sandbox.job_duration = sandbox.training_duration = 60
    given = [folder, "--type", "flux.1-lora", "--name", "a"] if command == "train" else [BASE, "a fox"]
    ended = await run(command, *given, "--yes", "--deadline", "0.5", "--no-ledger")
    assert ended.status == 1
    assert "is paid: wait for its job with `scenario-async jobs wait`; without a ledger" in ended.errors
    ended = await run(command, *given, "--yes", "--deadline", "0.5")
    assert ended.status == 1
    assert "is paid: run the same command again" in ended.errors


async def test_a_generation_without_pictures_is_no_success_and_the_same_command_finds_them_later(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    def without_pictures(document: Any) -> None:
        document["job"]["metadata"].pop("assetIds", None)

    sandbox.faults = Faults(Rule(Changed(without_pictures), on="GET /jobs/{jobId}"))
    script = tmp_path / "impatient.py"
    script.write_text(IMPATIENT.format(name="late_seconds"))
    command = ["generate", BASE, "a fox", "--yes", "--to", str(tmp_path / "out")]
    ended = await (await start_program(sys.executable, script, *command)).ended()
    assert (ended.status, "0 pictures, 0 saved" in ended.output) == (1, True)
    assert "the same command looks for them again, without another payment" in ended.output
    sandbox.faults = Faults()
    ended = await run(*command)
    assert (ended.status, "1 picture, 1 saved; paid by an earlier run" in ended.output) == (0, True)
    assert paid(sandbox) == 1


@pytest.mark.parametrize("command", ["train", "generate"])
async def test_retries_of_the_price_are_shown(sandbox: Sandbox, folder: Path, command: str) -> None:
    given = [folder, "--type", "flux.1-lora", "--name", "a"] if command == "train" else [BASE, "a fox"]
    route = "PUT /models/{modelId}/train" if command == "train" else GENERATE
    sandbox.faults = Faults(Rule(Cooldown(1), on=route, times=1))
    more = ["--dry-run"] if command == "generate" else ["--yes"]
    ended = await run(command, *given, *more)
    assert (ended.status, "it asks to wait 1 s; again in" in ended.errors) == (0, True)


async def test_an_error_after_the_payment_says_how_to_continue(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults = Faults(Rule(Unauthorized(), on="GET /jobs/{jobId}"))
    ended = await run("generate", BASE, "a fox", "--yes", "--to", tmp_path, "--json")
    assert ended.status == 1
    message = ended.json["error"]["message"]
    assert message.endswith(". The work is paid. The same command continues without another payment")
    assert f"error: {message}" in ended.errors.splitlines()
