"""A sandbox in its own thread, for blocking code."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Hang, ServerError

from .wire import basic


def ask(sandbox: Sandbox, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Send a blocking request; return its status and JSON."""
    request = urllib.request.Request(  # noqa: S310 - the address of the sandbox
        sandbox.base_url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": basic(sandbox.api_key, sandbox.api_secret),
            "Content-Type": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - the sandbox's own address
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def own_threads() -> list[str]:
    """The names of the threads that belong to sandboxes."""
    return [one.name for one in threading.enumerate() if one.name.startswith("scenario-sandbox")]


def test_blocking_code() -> None:
    """Blocking code sends requests, reads the state and changes the faults; after that the thread ends."""
    sandbox = Sandbox()
    with sandbox as entered:
        assert entered is sandbox
        status, answer = ask(sandbox, "POST", "/models", {"name": "fox"})
        assert (status, sandbox.state.models[answer["model"]["id"]].name) == (200, "fox")
        sandbox.faults.add(Rule(ServerError(503, "before"), times=1))
        assert [ask(sandbox, "GET", "/models")[0] for _ in range(2)] == [503, 200]
        assert sandbox.faults.count() == 1
        assert sandbox.requests.changes == {"POST /models": 1}
    assert not own_threads()
    with pytest.raises(RuntimeError, match="not running"):
        _ = sandbox.base_url


def test_start_again() -> None:
    """It can be started again and keeps its state."""
    sandbox = Sandbox()
    for count in (1, 2):
        with sandbox:
            ask(sandbox, "POST", "/models", {"name": "fox"})
            assert len(sandbox.state.models) == count
    assert not own_threads()


async def test_beside_a_running_loop() -> None:
    """It runs beside the event loop of the code that starts it."""
    with Sandbox() as sandbox:
        assert ask(sandbox, "GET", "/models")[0] == 200
        with pytest.raises(RuntimeError, match="already"):
            await sandbox.start()


def test_the_interpreter_ends_without_a_close() -> None:
    """In a notebook or a console, nobody leaves a ``with`` block."""
    program = "from scenario_async.sandbox import Sandbox; sandbox = Sandbox().__enter__()"
    ran = subprocess.run(  # noqa: S603 - the program of this test
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=20
    )
    assert (ran.stderr, ran.returncode) == ("", 0)


def test_start_that_fails() -> None:
    """A failed start leaves no thread, and a refused start does not affect the running thread."""
    with Sandbox() as sandbox:
        with pytest.raises(RuntimeError, match="already"), sandbox:
            pass
        assert ask(sandbox, "GET", "/models")[0] == 200
        port = int(sandbox.base_url.removesuffix("/v1").rpartition(":")[2])
        with pytest.raises(OSError, match="address already in use"), Sandbox(port=port):
            pass
        assert len(own_threads()) == 1
    assert not own_threads()


def test_close_with_a_hanging_request() -> None:
    """It closes immediately while a request hangs, whose client sees a dropped connection."""
    with ThreadPoolExecutor(1) as clients:
        with Sandbox(faults=Faults(Rule(Hang("after")))) as sandbox:
            request = clients.submit(ask, sandbox, "POST", "/models", {})
            while not sandbox.state.models:
                threading.Event().wait(0.001)
        with pytest.raises(ConnectionError):
            request.result(10)


def test_counts_while_it_works() -> None:
    """Counts, requests and faults can be read during many requests."""
    with (
        Sandbox(faults=Faults(Rule(ServerError(503, "before"), probability=0.5))) as sandbox,
        ThreadPoolExecutor(4) as clients,
    ):
        asked = [clients.submit(ask, sandbox, "GET", "/models") for _ in range(60)]
        while not all(one.done() for one in asked):
            seen = len(list(sandbox.requests))
            assert seen <= len(sandbox.requests) <= 60
            assert len(sandbox.faults.injected) <= sandbox.faults.count() <= 60
            assert sandbox.requests.counts().total() >= seen
        statuses = [one.result()[0] for one in asked]
        assert statuses.count(503) == sandbox.faults.count() > 0
