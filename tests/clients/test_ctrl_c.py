"""Ctrl-C during a blocking call, in another process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scenario_async.sandbox import Sandbox

from .gate import Gate
from .programs import Program

LEFT_OVER = '''
import gc, asyncio, threading, time, psutil

def left_over():
    """Threads, tasks and sockets of this process, but for its main thread; idle threads end in a moment."""
    end = time.monotonic() + 5
    while threading.active_count() > 1 and time.monotonic() < end:
        time.sleep(0.05)
    tasks = [one for one in gc.get_objects() if isinstance(one, asyncio.Task) and not one.done()]
    return [threading.active_count() - 1, len(tasks), len(psutil.Process().net_connections())]
'''


def test_ctrl_c_cancels_the_call_and_leaves_the_client_usable(
    gate: Gate, model_id: str, start: Callable[..., Program]
) -> None:
    gate.holds = "GET /v1/models/held"
    program = start(
        LEFT_OVER
        + """
import sys
from scenario_async import Scenario

client = Scenario()
try:
    client.models.retrieve("held")
except KeyboardInterrupt:
    print("interrupted", flush=True)
input()
print(client.models.retrieve(sys.argv[1]).model.id)
client.close()
print(left_over())
""",
        model_id,
    )
    gate.until(held=1)
    program.interrupt()
    assert program.line() == "interrupted"
    gate.until(connections=0)  # the request has ended too
    program.proceed()
    assert program.output() == [model_id, "[0, 0, 0]"]


def test_ctrl_c_waits_for_the_coroutine_to_clean_up(start: Callable[..., Program]) -> None:
    program = start(
        """
import asyncio
from scenario_async._internal.http.background import Background

async def work():
    print("at work", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0.05)
        print("cleaned up", flush=True)

async def last():
    pass

background = Background(last)
try:
    background.run(work())
except KeyboardInterrupt:
    print("interrupted", flush=True)
background.close()
"""
    )
    assert program.line() == "at work"
    program.interrupt()
    assert program.output() == ["cleaned up", "interrupted"]


def test_ctrl_c_works_at_the_moment_when_the_caller_begins_to_wait(start: Callable[..., Program]) -> None:
    """A signal between the last check for signals and the wait does not interrupt the wait on a lock."""
    program = start(
        """
import _thread, asyncio, threading, time
from scenario_async._internal.http.background import Background

async def last():
    pass

background = Background(last)
asleep = threading.Timer(0.3, _thread.interrupt_main)
asleep.start()
started = time.monotonic()
try:
    background.run(asyncio.sleep(20))
except KeyboardInterrupt:
    print(time.monotonic() - started < 1.3)
background.close()
"""
    )
    assert program.output() == ["True"]


def test_ctrl_c_before_the_loop_has_started_the_call_cancels_it(
    start: Callable[..., Program],
) -> None:
    """For example, a slow callback of another thread's batch blocks the loop."""
    program = start(
        """
import threading
from scenario_async._internal.http.background import Background

busy, released = threading.Event(), threading.Event()

async def keep_the_loop_busy():
    busy.set()
    released.wait()

async def work():
    print("at work", flush=True)

async def last():
    pass

background = Background(last)
other = threading.Thread(target=background.run, args=[keep_the_loop_busy()])
other.start()
busy.wait()
try:
    print("calling", flush=True)
    background.run(work())
except KeyboardInterrupt:
    print("interrupted", flush=True)
released.set()
other.join()
background.run(last())
background.close()
"""
    )
    assert program.line() == "calling"
    program.interrupt()
    assert program.output() == ["interrupted"]


def test_ctrl_c_cancels_a_batch_which_can_be_resumed(
    gate: Gate, sandbox: Sandbox, model_id: str, folder: Path, start: Callable[..., Program]
) -> None:
    gate.holds = "POST /v1/assets"
    program = start(
        LEFT_OVER
        + """
import sys
from scenario_async import Scenario

with Scenario() as client:
    try:
        client.models.training_images.upload(*sys.argv[1:])
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    input()
    print(client.models.training_images.upload(*sys.argv[1:]).summary())
print(left_over())
""",
        model_id,
        str(folder),
    )
    gate.until(held=3)
    program.interrupt()
    assert program.line() == "interrupted"
    gate.until(held=0)
    gate.holds = None
    program.proceed()
    assert program.output() == [f"model {model_id}: 3 attached", "[0, 0, 0]"]
    assert len(sandbox.state.models[model_id].training_images) == 3
