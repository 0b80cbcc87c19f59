"""If a blocking client is not closed, the program ends without a message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .gate import Gate
from .programs import Program

STEPS = {
    "never used": "",
    "after a call": "client.models.retrieve(model_id)",
    "after a failed call": """
try:
    client.models.retrieve("none")
except scenario_async.NotFoundError:
    pass
""",
    "after a derived client's call": "client.with_options(timeout=5).models.retrieve(model_id)",
    "after calls of several threads": """
threads = [threading.Thread(target=client.models.retrieve, args=[model_id]) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
""",
    "garbage-collected": """
client.models.retrieve(model_id)
del client
gc.collect()
print(threading.active_count())
""",
    "garbage-collected from a cycle": """
client.models.retrieve(model_id)
cycle = [client]
cycle.append(cycle)
del client, cycle
gc.collect()
print(threading.active_count())
""",
}
"""The statements of a program before it ends."""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("place", ["global", "local"])
def test_an_unclosed_client_neither_hangs_nor_prints(
    sandbox: object, model_id: str, start: Callable[..., Program], step: str, place: str
) -> None:
    del sandbox
    body = f"client = scenario_async.Scenario()\nmodel_id = sys.argv[1]\n{STEPS[step]}"
    if place == "local":
        body = "def main():\n" + "".join(f"    {line}\n" for line in body.splitlines()) + "main()\n"
    program = start(f"import gc, sys, threading, scenario_async\n{body}", model_id)
    assert program.output() == (["1"] if step.startswith("garbage") else [])


def test_a_running_call_in_a_daemon_thread_neither_hangs_nor_prints(
    gate: Gate, start: Callable[..., Program]
) -> None:
    gate.holds = "GET"
    program = start(
        """
import threading, scenario_async

client = scenario_async.Scenario()
threading.Thread(target=client.models.retrieve, args=["held"], daemon=True).start()
input()
"""
    )
    gate.until(held=1)
    program.proceed()
    assert program.output() == []


def test_a_client_that_is_collected_on_its_own_loop_ends_its_thread(
    start: Callable[..., Program],
) -> None:
    """The garbage collector runs in any thread, including the thread of the event loop."""
    program = start(
        """
import gc, threading
from scenario_async._internal.http.background import Background

async def last():
    print("closed", flush=True)

async def nothing():
    pass

background = Background(last)
background.run(nothing())
[thread] = [one for one in threading.enumerate() if one.name == "scenario-async"]
loop = background._thread.loop
gc.disable()  # so that the cycle lies there until it is asked for
cycle = [background]
cycle.append(cycle)
del background, cycle
loop.call_soon_threadsafe(gc.collect)
thread.join(10)
print(thread.is_alive())
"""
    )
    assert program.output() == ["closed", "False"]


def test_a_call_during_interpreter_shutdown_raises(
    sandbox: object, model_id: str, start: Callable[..., Program]
) -> None:
    """The event loop's thread has stopped by then, so the call would wait for ever."""
    del sandbox
    program = start(
        """
import sys, scenario_async

class Late:
    def __init__(self, client, model_id):
        self.client, self.model_id, self.expected = client, model_id, scenario_async.ClientClosedError

    def __del__(self):
        try:
            self.client.models.retrieve(self.model_id)
        except self.expected as error:
            print(error, flush=True)

client = scenario_async.Scenario()
client.models.retrieve(sys.argv[1])
late = Late(client, sys.argv[1])
""",
        model_id,
    )
    assert program.output() == ["the interpreter is ending, and no call can be made any longer"]
