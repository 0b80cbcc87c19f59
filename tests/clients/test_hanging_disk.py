"""A hanging disk does not delay a deadline, Ctrl-C, or the end of the program."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from attrs import frozen

from .programs import Program

Start = Callable[..., Program]

UPLOAD = """
import os, sqlite3, sys, threading, time
from scenario_async import Scenario

class HangingDisk:
    '''Never answers a call about the folder of pictures; other calls pass.'''

    def __init__(self, name):
        self._real = getattr(os, name)
        setattr(os, name, self)

    def __call__(self, path, *args, **kwargs):
        if not isinstance(path, int) and str(path).startswith(folder):
            print("hanging", flush=True)
            threading.Event().wait()
        return self._real(path, *args, **kwargs)

model_id, folder, ledger, hanging, deadline = sys.argv[1:]
other = sqlite3.connect(ledger, isolation_level=None, check_same_thread=False)
if hasattr(os, hanging):
    HangingDisk(hanging)

def hang(progress):
    '''Every commit of the ledger waits for 30 s from now on.'''
    if hanging == "commit" and progress.stage == "sending" and not other.in_transaction:
        other.execute("BEGIN IMMEDIATE")
        print("hanging", flush=True)

print("started", flush=True)
began = time.monotonic()
with Scenario() as client:
    try:
        report = client.models.training_images.upload(
            model_id,
            folder,
            ledger=ledger,
            on_progress=hang,
            deadline=float(deadline),
            raise_on_failure=False,
        )
        print(type(report.stopped_by).__name__)
    except KeyboardInterrupt:
        print("interrupted")
print("in time" if time.monotonic() - began < 8 else "too late", flush=True)
"""


@frozen
class Hanging:
    """The operation that hangs, and the ledger of the upload."""

    what: str
    ledger: Path

    def start(self, start: Start, model_id: str, folder: Path, *, deadline: float) -> Program:
        """Upload in another process."""
        return start(UPLOAD, model_id, str(folder), str(self.ledger), self.what, str(deadline))


@pytest.fixture(params=["listdir", "open", "ledger", "commit"])
def hanging(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hanging]:
    """Finding the files, opening a file, opening the ledger, and writing to it during the upload."""
    ledger = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        if request.param == "ledger":
            other.execute("BEGIN EXCLUSIVE")
        yield Hanging(request.param, ledger)


def test_a_deadline_is_kept_and_the_program_ends(
    start: Start, model_id: str, folder: Path, hanging: Hanging
) -> None:
    program = hanging.start(start, model_id, folder, deadline=1)
    lines = [line for line in program.output() if line != "hanging"]
    assert lines == ["started", "DeadlineExceededError", "in time"]


def test_ctrl_c_ends_the_upload_and_the_program(
    start: Start, model_id: str, folder: Path, hanging: Hanging
) -> None:
    program = hanging.start(start, model_id, folder, deadline=100)
    assert program.line() == "started"
    if hanging.what == "ledger":
        assert until(hanging.ledger.with_name("ledger.sqlite3.lock").exists)
    else:
        assert program.line() == "hanging"
    program.interrupt()
    assert [line for line in program.output() if line != "hanging"] == ["interrupted", "in time"]


def until(condition: Callable[[], bool]) -> bool:
    """Wait up to ten seconds for a condition; return whether it holds."""
    latest = time.monotonic() + 10
    while not condition() and time.monotonic() < latest:
        time.sleep(0.02)
    return condition()
