"""Failures end with exit status 1, and their messages have the reason and no traceback."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Cooldown, Hang, HTMLPage
from scenario_async.values.training_image import GROUP_LIMIT

from .running import API_KEY, PROGRAM, run, start_program

WITHOUT_WAITS = """
import random
random.random = lambda: 0.0  # every wait between two attempts is drawn from a range that begins at 0
from scenario_async.cli.main import main
main()
"""


async def test_an_incomplete_picture_fails_and_the_others_are_attached(
    model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(3)
    (folder / "01.png").write_bytes((folder / "01.png").read_bytes()[:-20])
    ended = await run("upload", folder, "--model", model.id)
    assert ended.status == 1
    row, reason = (line for line in ended.output.splitlines() if line.startswith("01.png"))
    assert "failed" in row
    assert reason.startswith("01.png: ")
    assert "2 attached" in ended.output
    assert len(model.training_images) == 2


async def test_text_with_the_name_of_a_picture_fails_before_it_is_sent(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    (folder / "text.jpg").write_text("about the pictures")
    ended = await run("upload", folder, "--model", model.id, "--json")
    assert ended.status == 1
    report = ended.json
    assert report["succeeded"] is False
    assert [result["status"] for result in report["results"]] == ["attached", "failed"]
    assert "this is text" in report["results"][1]["error"]
    assert sandbox.requests["POST /assets"] == 1


async def test_the_limit_of_the_plan_is_named(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    ceiling = sandbox.training_image_limit = GROUP_LIMIT
    ended = await run("upload", folder_of(ceiling + 2), "--model", model.id)
    assert ended.status == 1
    assert f"{ceiling} attached" in ended.output
    assert "2 not tried" in ended.output
    assert "plan limit reached" in ended.output
    assert f"no more than {ceiling}" in ended.output


@pytest.mark.parametrize(
    ("route", "status"),
    [("POST /assets", "not tried"), ("POST /models/{modelId}/training-images", "in doubt")],
)
async def test_a_missed_deadline_is_reported(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], route: str, status: str
) -> None:
    sandbox.faults = Faults(Rule(Hang("before"), on=route))
    ended = await run("upload", folder_of(1), "--model", model.id, "--deadline", "1.5")
    assert ended.status == 1
    assert f"1 {status}" in ended.output
    assert "stopped: the deadline of 1.5 s has passed" in ended.output


async def test_wrong_credentials_are_reported_once_and_not_shown(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCENARIO_SDK_API_SECRET", "another-secret")
    ended = await run("upload", folder_of(3), "--model", model.id)
    assert (ended.status, ended.output) == (1, "")
    assert "401 (wrong credentials)" in ended.errors
    assert "another-secret" not in ended.errors
    assert API_KEY not in ended.errors
    assert dict(sandbox.requests.counts()) == {"GET /models/{modelId}": 1}


async def test_an_unknown_model_is_named(sandbox: Sandbox, folder_of: Callable[[int], Path]) -> None:
    ended = await run("upload", folder_of(3), "--model", "model_of_nobody")
    assert (ended.status, ended.output) == (1, "")
    assert "model_of_nobody" in ended.errors
    assert "not found" in ended.errors
    assert sandbox.requests.changes.total() == 0


async def test_an_unreachable_server_is_named(sandbox: Sandbox, folder_of: Callable[[int], Path]) -> None:
    await sandbox.close()
    program = await start_program(
        *(sys.executable, "-c", WITHOUT_WAITS, "upload", folder_of(1), "--model", "model_1")
    )
    ended = await program.ended()
    assert (ended.status, ended.output) == (1, "")
    assert "127.0.0.1: no connection" in ended.errors


async def test_a_response_of_another_server_is_shown(
    sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """For example a proxy responds to all requests, or the base URL is wrong."""
    sandbox.faults = Faults(Rule(HTMLPage(403, "before")))
    ended = await run("upload", folder_of(1), "--model", "model_1")
    assert (ended.status, ended.output) == (1, "")
    assert "403 (not allowed)" in ended.errors
    assert "<title>403 Forbidden</title>" in ended.errors


async def test_a_cool_down_that_is_too_long_is_not_waited_for(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    sandbox.faults = Faults(Rule(Cooldown(3600), on="POST /assets"))
    ended = await run("upload", folder_of(1), "--model", model.id)
    assert ended.status == 1
    assert "cooling down" in ended.output


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
@pytest.mark.parametrize("options", [[], ["--json"]])
async def test_a_file_whose_name_is_invalid_text_is_uploaded_under_a_cleaned_name(
    model: Model, folder_of: Callable[[int], Path], options: list[str]
) -> None:
    folder = folder_of(1)
    try:
        (folder / os.fsdecode(b"\xff.png")).write_bytes((folder / "00.png").read_bytes() + b"more")
    except OSError:
        pytest.skip("no file can be called that here")
    ended = await run("upload", folder, "--model", model.id, *options)
    assert ended.status == 0
    assert r"\udcff.png" in (ended.json["results"][1]["path"] if options else ended.output)
    assert len(model.training_images) == 2


async def test_a_closed_output_causes_no_traceback(model: Model, folder_of: Callable[[int], Path]) -> None:
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(PROGRAM, "upload", folder_of(1), "--model", model.id),
        stdout=writing,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(writing)
    os.close(reading)
    _, errors = await process.communicate()
    assert b"Traceback" not in errors
    assert b"Exception ignored" not in errors
    assert len(model.training_images) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has a device that is always full")  # noqa: PTH110
async def test_a_full_disk_for_standard_output_causes_a_message(
    model: Model, folder_of: Callable[[int], Path]
) -> None:
    with open("/dev/full", "w") as full:  # noqa: ASYNC230, PTH123
        process = await asyncio.create_subprocess_exec(
            *(PROGRAM, "upload", folder_of(1), "--model", model.id, "--quiet"),
            stdout=full,
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors.startswith(b"error: standard output cannot be written: [Errno 28]")
    assert len(errors.splitlines()) == 1
    assert len(model.training_images) == 1


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "full"])
async def test_a_closed_standard_error_does_not_stop_the_upload(
    model: Model, folder_of: Callable[[int], Path], closed: bool
) -> None:
    """This also holds for retry lines and progress lines."""
    redirected = "2>&-" if closed else "2>/dev/full"
    command = f'"{PROGRAM}" upload "{folder_of(12)}" --model {model.id} {redirected}'
    process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert process.returncode == 0
    assert b"12 attached" in output
    assert len(model.training_images) == 12
