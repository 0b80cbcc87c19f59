"""Messages name what a user typed or set, and not the arguments of Python functions."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Drop, PlanLimit
from tests.conftest import UNKNOWN_USER

from .running import run, start_program

BASE: Final = "model_bfl-flux-1-dev"


@pytest.fixture
def folder(captioned_folder: Callable[[str], Path]) -> Path:
    """Five pictures with captions."""
    return captioned_folder("[trigger] with {} swords")


def picture_in(folder: Path) -> bytes:
    """The content of a picture of a folder."""
    return min(folder.glob("*.png")).read_bytes()


def damaged_copies(folder: Path) -> list[Path]:
    """The files that were set aside as damaged ledgers."""
    return list(folder.glob("*.damaged-*"))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            [BASE, "a fox", "--max-cost", "abc"],
            "--max-cost: a number of creative units is needed, 0 or more; got 'abc'",
        ),
        ([BASE], "PROMPT: this model needs it: a text"),
        ([BASE, ""], "PROMPT: this model needs it: a text"),
        ([BASE, "a fox", "--count", "99"], "--count: a number from 1 to 4 is needed; got 99"),
        (
            [BASE, "a fox", "--input", "numOutputs=99"],
            "--input numOutputs: a number from 1 to 4 is needed; got 99",
        ),
    ],
)
async def test_a_wrong_input_is_named_as_the_user_gave_it(
    sandbox: Sandbox, arguments: list[str], expected: str
) -> None:
    ended = await run("generate", *arguments, "--yes")
    assert (ended.status, ended.errors) == (2, f"error: {expected}\n")
    assert not sandbox.state.jobs


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        (
            "SCENARIO_BASE_URL",
            "http://api.example/v1",
            "https:// is needed: credentials are sent over http:// only to this machine",
        ),
        ("SCENARIO_SDK_API_KEY", "a\nb", "only printable characters can be sent in a header"),
        ("SCENARIO_SDK_API_SECRET", "a\nb", "only printable characters can be sent in a header"),
    ],
)
async def test_a_wrong_variable_of_the_environment_is_named(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(variable, value)
    ended = await run("models", "list")
    assert (ended.status, len(sandbox.requests)) == (2, 0)
    assert ended.errors.startswith(f"error: {variable}: {expected}; got ")


@pytest.mark.parametrize("ledger", ["/dev/null/ledger", "/proc/ledger"])
@pytest.mark.parametrize("command", ["upload", "generate", "train"])
async def test_a_ledger_that_cannot_be_written_is_not_needed(  # noqa: PLR0917 - fixtures
    sandbox: Sandbox, model: Model, folder: Path, tmp_path: Path, command: str, ledger: str
) -> None:
    """The message names an option that exists, and the command works with it.

    The file system at /proc says "not found" for each new file, also for that of a lock.
    """
    sandbox.job_duration = sandbox.training_duration = 0.05
    by_command: dict[str, list[str | Path]] = {
        "upload": [folder, "--model", model.id],
        "generate": [BASE, "a fox", "--to", tmp_path / "saved", "--yes"],
        "train": [folder, "--name", "a", "--type", "flux.1-lora", "--trigger", "KNGHT", "--yes"],
    }
    arguments = by_command[command]
    refused = await run(command, *arguments, "--ledger", ledger)
    assert refused.status == 2
    assert "--ledger: a ledger or the path of a new file is needed, or --no-ledger (" in refused.errors
    assert (await run(command, *arguments, "--no-ledger")).status == 0
    both = await run(command, *arguments, "--no-ledger", "--ledger", tmp_path / "ledger")
    assert (both.status, "either --ledger or --no-ledger" in both.errors) == (2, True)


@pytest.mark.parametrize("home", ["none", "unwritable"])
@pytest.mark.parametrize(
    ("command", "advice"),
    [
        ("generate", "pass --ledger, the path of a file, or --no-ledger"),
        ("train", "pass --ledger, the path of a file, or --no-ledger"),
        (
            "sync",
            "pass --ledger, the path of a file or a postgresql:// URL, and --report, the path of a file",
        ),
    ],
)
async def test_without_a_place_for_the_default_ledger_the_message_names_the_options(  # noqa: PLR0917 - fixtures
    sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch, home: str, command: str, advice: str
) -> None:
    monkeypatch.chdir(folder)
    program = "from scenario_async.cli.main import main; main()"
    if home == "none":
        program = f"import os; os.getuid = lambda: {UNKNOWN_USER}; {program}"
        monkeypatch.delenv("HOME", raising=False)
        monkeypatch.delenv("XDG_STATE_HOME")
    else:
        monkeypatch.setenv("XDG_STATE_HOME", os.devnull)
    by_command: dict[str, list[str | Path]] = {
        "generate": [BASE, "a fox", "--yes"],
        "train": [folder, "--name", "a", "--type", "flux.1-lora", "--trigger", "KNGHT", "--yes"],
        "sync": [folder],
    }
    started = await start_program(sys.executable, "-c", program, command, *by_command[command])
    ended = await started.ended()
    assert ended.status == 2
    assert "error: --ledger: " in ended.errors
    assert advice in ended.errors
    assert "`" not in ended.errors
    assert sandbox.requests.changes.total() == 0


@pytest.mark.parametrize("command", ["upload", "generate", "sync"])
@pytest.mark.parametrize("kind", ["text", "picture", "database"])
async def test_a_file_that_is_no_ledger_stays_as_it_is(
    sandbox: Sandbox, folder: Path, tmp_path: Path, command: str, kind: str
) -> None:
    """It is probably a mistyped path."""
    model = sandbox.state.add_model(name="fox", type="flux.1-lora")
    file = tmp_path / f"mine.{kind}"
    if kind == "database":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE recipes (name TEXT)")
            connection.commit()
    else:
        file.write_bytes(b"a shopping list\n" if kind == "text" else picture_in(folder))
    before = file.read_bytes()
    by_command: dict[str, list[str | Path]] = {
        "upload": [folder, "--model", model.id],
        "generate": [BASE, "a fox", "--yes"],
        "sync": [folder],
    }
    arguments = by_command[command]
    ended = await run(command, *arguments, "--ledger", file)
    assert ended.status in {1, 2}
    assert str(file) in ended.errors
    assert file.read_bytes() == before
    assert not damaged_copies(tmp_path)
    assert not sandbox.state.assets


async def test_after_a_failed_save_the_message_says_how_to_save_without_another_payment(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.job_duration = 0.05
    sandbox.faults = Faults(Rule(Drop("before"), on="GET /storage/assets/{assetId}"))
    command = ["generate", BASE, "a fox", "--yes", "--to", str(tmp_path / "saved")]
    failed = await run(*command)
    assert failed.status == 1
    assert "The generation is paid. The same command with the same --to saves its pictures" in failed.errors
    sandbox.faults = Faults()
    assert (await run(*command)).status == 0
    assert len(sandbox.state.jobs) == 1


async def test_a_wait_that_ends_says_to_run_the_same_command_again(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.job_duration = 60.0
    ended = await run("generate", BASE, "a fox", "--yes", "--deadline", "0.2", "--to", tmp_path)
    assert ended.status == 1
    assert "error: job job_" in ended.errors
    assert "The work continues and is paid: run the same command again" in ended.errors


async def test_a_second_training_of_the_same_name_is_announced_as_the_first_one(
    sandbox: Sandbox, folder: Path
) -> None:
    """Its changed parameters are not used, and --key starts another training."""
    sandbox.training_duration = 0.05
    command: list[str | Path] = [
        "train",
        folder,
        "--name",
        "a",
        "--type",
        "flux.1-lora",
        "--trigger",
        "KNGHT",
        "--yes",
    ]
    assert (await run(*command)).status == 0
    again = await run(*command, "--parameter", "nbEpochs=20")
    assert "choose another name or key" in again.errors
    other = await run(*command, "--parameter", "nbEpochs=20", "--key", "second")
    assert (other.status, "earlier call" in other.errors) == (0, False)
    assert sum("training" in job.type for job in sandbox.state.jobs.values()) == 2


async def test_a_mistyped_parameter_of_a_training_is_recognised(folder: Path) -> None:
    ended = await run(
        "train", folder, "--name", "a", "--type", "flux.1-lora", "--parameter", "nbEpoch=20", "--sandbox"
    )
    assert ended.status == 2
    assert "--parameter['nbEpoch']: there is no such name; nbEpochs may be meant; " in ended.errors


async def test_errors_and_warnings_of_a_folder_are_listed_before_a_training(folder: Path) -> None:
    (folder / "cut.png").write_bytes(picture_in(folder)[:50])
    for options in (["--dry-run"], ["--sandbox"]):
        ended = await run("train", folder, "--name", "a", "--type", "flux.1-lora", *options)
        assert ended.status == 1
        rows = [line.split(maxsplit=2) for line in ended.output.splitlines()]
        assert "cut.png" in {row[1] for row in rows if row[:1] == ["error"]}
        assert [row for row in rows if row[:1] == ["warning"]]


async def test_a_resumed_upload_reports_only_what_it_sent(
    sandbox: Sandbox, model: Model, folder: Path
) -> None:
    sandbox.faults = Faults(Rule(PlanLimit(), on="POST /models/{modelId}/training-images"))
    command: list[str | Path] = ["upload", folder, "--model", model.id]
    assert (await run(*command)).status == 1
    sandbox.faults = Faults()
    again = await run(*command)
    assert (again.status, "5 attached, 0 bytes in " in again.output) == (0, True)


async def test_an_unknown_status_of_models_is_refused(sandbox: Sandbox) -> None:
    ended = await run("models", "list", "--status", "traned")
    assert (ended.status, len(sandbox.requests)) == (2, 0)
    assert "'trained'" in ended.errors


async def test_the_base_url_of_a_sandbox_cannot_be_chosen(sandbox: Sandbox) -> None:
    ended = await run("models", "list", "--sandbox", "--base-url", sandbox.base_url)
    assert (ended.status, "leave out --base-url" in ended.errors) == (2, True)
