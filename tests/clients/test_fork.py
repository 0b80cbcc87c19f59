"""Forks of a process that has used a blocking client."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scenario_async.sandbox import Sandbox

from .gate import Gate
from .programs import Program

FORK = """
import gc, os, sys, threading, warnings
from scenario_async import Scenario

# Later Pythons warn of every fork beside a thread.
warnings.filterwarnings("ignore", ".*is multi-threaded", DeprecationWarning)

model_id = sys.argv[1]
client = Scenario()
client.models.retrieve(model_id)
child = os.fork()
if child == 0:
    {in_child}
    sys.exit(0)
print("child ended with", os.waitpid(child, 0)[1])
print("parent", client.models.retrieve(model_id).model.id, flush=True)
"""


@pytest.mark.parametrize(
    ("in_child", "printed"),
    [
        ("pass", []),
        ("print(client.models.retrieve(model_id).model.name)", ["paper"]),
        ("print(client.models.retrieve(model_id).model.name); client.close()", ["paper"]),
        ("print(client.with_options(timeout=9).models.retrieve(model_id).model.name)", ["paper"]),
        ("client.close()", []),
        ("del client; gc.collect()", []),
    ],
)
def test_parent_and_child_continue_after_a_fork(
    sandbox: Sandbox, model_id: str, start: Callable[..., Program], in_child: str, printed: list[str]
) -> None:
    program = start(FORK.format(in_child=in_child), model_id)
    assert program.output() == [*printed, "child ended with 0", f"parent {model_id}"]
    calls = 3 if printed else 2
    assert sandbox.requests.count("GET /models/{modelId}", 200) == calls


def test_a_child_can_call_while_a_call_of_the_parent_is_running(
    gate: Gate, model_id: str, start: Callable[..., Program]
) -> None:
    gate.holds = "GET /v1/models/held"
    program = start(
        """
import os, sys, threading, warnings
from scenario_async import Scenario

warnings.filterwarnings("ignore", ".*is multi-threaded", DeprecationWarning)
model_id = sys.argv[1]
client = Scenario()
threading.Thread(target=client.models.retrieve, args=["held"], daemon=True).start()
input()
child = os.fork()
if child == 0:
    print("child", client.models.retrieve(model_id).model.name)
    client.close()
    sys.exit(0)
print("child ended with", os.waitpid(child, 0)[1])
print("parent", client.models.retrieve(model_id).model.name, flush=True)
input()
""",
        model_id,
    )
    gate.until(held=1)
    program.proceed()
    assert [program.line() for _ in range(3)] == ["child paper", "child ended with 0", "parent paper"]
    gate.until(held=1)  # the child did not close the parent's connection
    program.proceed()
    assert program.output() == []


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_of_a_pool_can_call(
    sandbox: Sandbox, model_id: str, start: Callable[..., Program], method: str
) -> None:
    """Forked processes inherit a used client; other processes create one when they import the program."""
    program = start(
        """
import multiprocessing, sys, warnings
from scenario_async import Scenario

warnings.filterwarnings("ignore", ".*is multi-threaded", DeprecationWarning)
client = Scenario()

def name(model_id):
    return client.models.retrieve(model_id).model.name

if __name__ == "__main__":
    method, model_id = sys.argv[1:]
    print(name(model_id))
    with multiprocessing.get_context(method).Pool(2) as pool:
        print(pool.map(name, [model_id] * 4))
    print(name(model_id))
""",
        method,
        model_id,
    )
    assert program.output() == ["paper", "['paper', 'paper', 'paper', 'paper']", "paper"]
    assert sandbox.requests.count("GET /models/{modelId}", 200) == 6
