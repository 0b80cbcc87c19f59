"""The output in a terminal."""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import struct
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Delay, Drop, Hang, JobFails
from tests.work.changed import Changed, set_at

from .running import API_SECRET, PROGRAM, start

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

import fcntl
import pty
import termios

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


async def seen(
    *arguments: str,
    columns: int = 120,
    ctrl_c: Callable[[], bool] | None = None,
    keys: bytes = b"",
    number: int = signal.SIGINT,
) -> tuple[int, str]:
    """Run a command in a terminal of the given width; return its exit status and its output.

    Args:
        arguments: Of the command.
        columns: How wide the terminal is.
        ctrl_c: When Ctrl-C is pressed; never if not given.
        keys: The keys that are pressed when the terminal shows ``Pay?``.
        number: The signal that is sent instead of that of Ctrl-C.
    """
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    # Not C's environment, because the readline library writes COLUMNS and LINES into it.
    process = await asyncio.create_subprocess_exec(
        *(PROGRAM, *arguments),
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
        env=dict(os.environ),
        # The terminal becomes the one whose keys send signals.
        preexec_fn=partial(fcntl.ioctl, 0, termios.TIOCSCTTY, 0),
    )
    os.close(its)
    reading = asyncio.create_task(asyncio.to_thread(_read, ours, keys))
    if ctrl_c is not None:
        while not ctrl_c():  # noqa: ASYNC110 - the sandbox has only counts
            await asyncio.sleep(0.01)
        process.send_signal(number)
    status = await asyncio.wait_for(process.wait(), 60)
    text = (await reading).decode()
    os.close(ours)
    assert "Traceback" not in text
    assert API_SECRET not in text
    return status, text


def _read(descriptor: int, keys: bytes = b"") -> bytes:
    content = b""
    try:
        while True:
            if b"Pay?" in content and not select.select([descriptor], [], [], 0.5)[0]:
                # Again each half a second, since a key is lost if the program only begins to read.
                os.write(descriptor, keys)
                continue
            if not (piece := os.read(descriptor, 65536)):
                break
            content += piece
    except OSError:  # Linux reports the closed other side like this
        pass
    return content


async def test_a_bar_shows_progress_and_a_table_follows(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    sandbox.faults = Faults(Rule(Delay(0.2, "before"), on="POST /assets"))
    status, text = await seen("upload", str(folder_of(6)), "--model", model.id, "--concurrency", "2")
    assert status == 0
    bars, _, table = text.partition("picture")  # the heading of the first column
    assert "━" in bars
    bars = _ESCAPES.sub("", bars)
    counts = [int(count) for count in re.findall(r"(\d)/6 pictures", f"{bars}picture{table}")]
    assert counts == sorted(counts)
    assert counts[-1] == 6
    assert re.search(r"[1-9]\d* bytes of \d+ bytes, \d", text)  # and the speed
    assert "\x1b[32m" in table  # in green
    plain = _ESCAPES.sub("", table)
    for number in range(6):
        assert f"{number:02}.png" in plain
    assert "6 attached" in plain


@pytest.mark.parametrize(("columns", "shows_ids"), [(120, True), (80, False), (40, False)])
async def test_a_narrow_terminal_does_not_shorten_names_and_statuses(
    model: Model, folder_of: Callable[[int], Path], columns: int, *, shows_ids: bool
) -> None:
    """The caption and the asset's id are omitted first."""
    folder = folder_of(2)
    name = "a-long-name-of-26-letters.png"
    (folder / "00.png").rename(folder / name)
    status, text = await seen("upload", str(folder), "--model", model.id, columns=columns)
    assert status == 0
    lines = _ESCAPES.sub("", text).splitlines()
    assert [line for line in lines if name in line and "attached" in line]
    assert all(len(line.rstrip()) <= columns for line in lines)
    for image_id in model.training_images:
        assert (image_id in "".join(lines)) == shows_ids


async def test_escape_sequences_in_a_name_do_not_reach_the_terminal(
    model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    (folder / "00.png").rename(folder / "a\x1b]0;title\x07\nforged.png")
    status, text = await seen("upload", str(folder), "--model", model.id)
    assert status == 0
    assert "\x1b]0" not in text
    assert r"a\u001b]0;title\u0007\nforged.png" in _ESCAPES.sub("", text)


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_an_interrupted_command_shows_the_cursor_again(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], number: int, expected: int
) -> None:
    sandbox.faults = Faults(Rule(Hang("before"), on="POST /assets"))
    status, text = await seen(
        *("upload", str(folder_of(2)), "--model", model.id),
        ctrl_c=lambda: sandbox.faults.count() == 2,
        number=number,
    )
    assert status == expected
    assert text.rstrip().endswith("run the same command again to continue")
    assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")


async def test_the_cursor_is_visible_while_a_command_runs(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """After Ctrl-Z or `kill -9`, the shell would otherwise have no cursor."""
    sandbox.faults = Faults(Rule(Hang("before"), on="POST /assets"))
    status, text = await seen(
        *("upload", str(folder_of(2)), "--model", model.id),
        ctrl_c=lambda: sandbox.faults.count() == 2,
        number=signal.SIGKILL,
    )
    assert status == -signal.SIGKILL
    assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")


@pytest.mark.parametrize("keys", [b"\x03", b"\x04", b"n\n"], ids=["Ctrl-C", "end of input", "no"])
@pytest.mark.parametrize("command", ["generate", "train"])
async def test_a_payment_that_is_not_confirmed_is_not_made(
    sandbox: Sandbox, captioned_folder: Callable[[str], Path], command: str, keys: bytes
) -> None:
    arguments = {
        "generate": ["model_bfl-flux-1-dev", "a fox"],
        "train": [str(captioned_folder("a fox, {}")), "--name", "fox", "--type", "flux.1-lora"],
    }
    status, text = await seen(command, *arguments[command], keys=keys)
    assert status == 2
    assert text.splitlines()[-1] == "error: not confirmed: nothing was paid"
    assert not sandbox.state.jobs


async def test_a_payment_that_is_confirmed_is_made(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.job_duration = 0.05
    status, text = await seen(
        "generate", "model_bfl-flux-1-dev", "a fox", "--to", str(tmp_path), "--quiet", keys=b"y\n"
    )
    assert (status, "1 saved" in text) == (0, True)
    assert len(sandbox.state.jobs) == 1


async def test_an_unknown_status_of_the_model_does_not_skip_the_question(
    sandbox: Sandbox, captioned_folder: Callable[[str], Path]
) -> None:
    """The model of an earlier call that was not confirmed has no paid training."""
    arguments = [str(captioned_folder("a fox, {}")), "--name", "fox", "--type", "flux.1-lora"]
    for status in ("new", "created"):
        odd = Changed(set_at("model", "status", value=status))
        sandbox.faults = Faults(Rule(odd, on="GET /models/{modelId}"))
        ended, text = await seen("train", *arguments, keys=b"n\n")
        assert ended == 2
        assert "error: not confirmed: nothing was paid" in text.splitlines()
    assert not sandbox.state.jobs


async def test_an_interrupted_generation_is_continued_without_another_question(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """It is paid already, so neither a question nor a lower budget keeps its pictures from the user."""
    sandbox.job_duration = 1.0
    command = ["generate", "model_bfl-flux-1-dev", "a fox", "--to", str(tmp_path / "out")]
    status, text = await seen(
        *command, keys=b"y\n", ctrl_c=lambda: bool(sandbox.requests["GET /jobs/{jobId}"])
    )
    assert (status, text.count("Pay?")) == (130, 1)
    status, text = await seen(*command, "--max-cost", "1")
    assert (status, "Pay?" in text, "paid by an earlier run" in text) == (0, False, True)
    assert len(sandbox.state.jobs) == 1
    status, text = await seen(*command, keys=b"n\n")
    assert (status, "Pay?" in text) == (2, True)


async def test_a_training_that_failed_meanwhile_is_reported_without_another_question(
    sandbox: Sandbox, captioned_folder: Callable[[str], Path]
) -> None:
    """The next command asks before it pays another training."""
    sandbox.training_duration = 60.0
    sandbox.faults = Faults(Rule(JobFails("Out of memory"), on="PUT /models/{modelId}/train", skip=1))
    arguments = [str(captioned_folder("a fox, {}")), "--name", "fox", "--type", "flux.1-lora"]
    counts = set[int]()

    def waits() -> bool:
        """Whether the training is paid, and the command has requested its status since."""
        if sandbox.state.jobs:
            counts.add(sandbox.requests["GET /models/{modelId}"])
        return len(counts) > 1

    status, text = await seen("train", *arguments, keys=b"y\n", ctrl_c=waits)
    assert (status, text.count("Pay?")) == (130, 1)
    sandbox.faults = Faults()
    sandbox.advance_clock(60.0)  # the training fails
    status, text = await seen("train", *arguments, keys=b"n\n")
    assert (status, "Pay?" in text) == (1, False)
    assert "failed: Out of memory" in text
    status, text = await seen("train", *arguments, keys=b"n\n")
    assert (status, text.splitlines()[-1]) == (2, "error: not confirmed: nothing was paid")
    assert len(sandbox.state.jobs) == 1


async def test_to_send_a_generation_in_doubt_again_needs_another_confirmation(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.faults = Faults(Rule(Drop("before"), on="POST /generate/custom/{modelId}", skip=2))
    command = ["generate", "model_bfl-flux-1-dev", "a fox", "--to", str(tmp_path / "out")]
    status, _ = await seen(*command, keys=b"y\n", ctrl_c=lambda: bool(sandbox.requests["GET /jobs"]))
    assert status == 130
    sandbox.faults = Faults()
    status, text = await seen(*command, "--on-doubt", "resend", keys=b"n\n")
    assert (status, "Pay?" in text) == (2, True)
    assert not sandbox.state.jobs


async def test_a_generation_that_another_process_is_making_is_asked_about_when_that_has_ended(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """Without a key, the same command generates and pays again, so it needs another confirmation."""
    sandbox.job_duration = 2.0
    command = ["generate", "model_bfl-flux-1-dev", "a fox", "--to", str(tmp_path / "out")]
    first = await start(*command, "--yes")
    while not sandbox.state.jobs:  # noqa: ASYNC110 - the sandbox has only its state
        await asyncio.sleep(0.01)
    status, text = await seen(*command, keys=b"n\n")
    assert (status, text.splitlines()[-1]) == (2, "error: not confirmed: nothing was paid")
    assert (await first.ended()).status == 0
    assert len(sandbox.state.jobs) == 1
