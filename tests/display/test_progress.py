"""Progress in a notebook, a terminal, a log and a closed stream."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scenario_async._internal.display.progress import Progress, progress_display

_CELL = """
import threading
from scenario_async._internal.display.progress import Progress, progress_display

with progress_display() as show:
    def work():
        for number in range(1, 4):
            show(Progress(label="uploading", fraction=number / 3, text=f"{number}/3 <b>pictures</b>"))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
"""

_SCRIPT = """
from scenario_async._internal.display.progress import Progress, progress_display

with progress_display() as show:
    show(Progress(label="uploading", fraction=0.5, text="1/2 pictures"))
    show(Progress(label="uploading", fraction=1.0, text="2/2 pictures \\x1b]0;title\\x07"))
"""


def test_a_kernel_shows_one_bar_that_ends_with_the_last_state() -> None:
    """It is drawn from another thread, like the blocking client does, and escaped."""
    nbformat: Any = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbclient: Any = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(_CELL)])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    outputs: list[Any] = notebook.cells[0].outputs
    assert [output.output_type for output in outputs] == ["display_data"]
    shown = outputs[0].data["text/html"]
    assert "3/3 &lt;b&gt;pictures" in shown
    assert 'value="1.0000"' in shown


def test_a_terminal_shows_a_bar_without_escape_sequences_of_names() -> None:
    """The program runs in a pseudo-terminal."""
    written = _terminal_output(_SCRIPT)
    assert b"uploading" in written
    assert b"2/2 pictures" in written
    assert b"\x1b]0;" not in written


def test_a_narrow_terminal_shortens_the_text_and_keeps_the_stage_and_a_bar() -> None:
    script = _SCRIPT.replace("1/2 pictures", "place 1 in the queue, " * 3)
    written = _terminal_output(script, COLUMNS="40")
    assert b"uploading" in written
    assert "\u2501" * 7 in written.decode()
    assert "\u2026" in written.decode()


def _terminal_output(script: str, **environment: str) -> bytes:
    """Return what a program writes to a pseudo-terminal as its standard error."""
    pytest.importorskip("rich", reason="rich is not installed")
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **environment}
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stderr=follower, env=environment):  # noqa: S603 - ours
        os.close(follower)
        written = b""
        try:
            while chunk := os.read(leader, 4096):
                written += chunk
        except OSError:  # the other side is closed
            pass
    os.close(leader)
    return written


def test_a_pipe_shows_lines(tmp_path: Path) -> None:
    """There is no bar and no control character; the last state is always shown."""
    target = tmp_path / "log"
    with target.open("w") as stream:
        subprocess.run([sys.executable, "-c", _SCRIPT], stderr=stream, check=True)  # noqa: S603 - tests
    assert target.read_text() == "uploading 100%: 2/2 pictures \\u001b]0;title\\u0007\n"


def test_lines_are_written_every_few_seconds_and_not_at_each_change(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 6.0, 6.0, 7.0])
    monkeypatch.setattr("scenario_async._internal.display.progress.time.monotonic", lambda: next(clock))
    stream = io.StringIO()
    with progress_display(stream) as show:
        for number in (1, 2, 3):
            show(Progress(label="saving", fraction=None, text=f"{number} files"))
    assert stream.getvalue() == "saving: 2 files\nsaving: 3 files\n"


def test_a_program_without_standard_error_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with progress_display() as show:
        show(Progress(label="saving", fraction=0.5, text=""))


def test_a_closed_stream_stops_only_the_display() -> None:
    stream = io.StringIO()
    done = 0
    with progress_display(stream) as show:
        stream.close()
        for _ in range(3):
            show(Progress(label="saving", fraction=0.5, text=""))
            done += 1
    assert done == 3
