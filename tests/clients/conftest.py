"""Fixtures of the clients' tests. Servers run in another thread, so that tests may block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from yarl import URL

from scenario_async import AsyncScenario, Scenario
from scenario_async.sandbox import Sandbox

from .echo import Echo
from .gate import Gate
from .programs import Program

R = TypeVar("R")

OwnThreads = Callable[[], list[threading.Thread]]
"""The type of the fixture `own_threads`."""


@pytest.fixture
def portal() -> Iterator[BlockingPortal]:
    """An event loop in another thread, for servers."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture
def sandbox(scenario_environment: Sandbox) -> Sandbox:
    """A sandbox whose address is in the environment of every client and every program."""
    return scenario_environment


@pytest.fixture
def gate(sandbox: Sandbox, portal: BlockingPortal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A gate in front of the sandbox; the environment has the gate's address."""
    with portal.wrap_async_context_manager(Gate(URL(sandbox.base_url)).open()) as gate:
        monkeypatch.setenv("SCENARIO_BASE_URL", gate.base_url)
        yield gate


@pytest.fixture
def echo(portal: BlockingPortal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Echo]:
    """A server that records requests; its address is in the environment of every client."""
    with portal.wrap_async_context_manager(Echo().serving()) as echo:
        monkeypatch.setenv("SCENARIO_BASE_URL", echo.base_url)
        monkeypatch.setenv("SCENARIO_SDK_API_KEY", "key")
        monkeypatch.setenv("SCENARIO_SDK_API_SECRET", "secret")
        yield echo


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start a program; it is killed at the end of the test."""
    started: list[Program] = []

    def start(source: str, *arguments: str) -> Program:
        started.append(Program(source, tmp_path, *arguments))
        return started[-1]

    yield start
    for program in started:
        program.kill()


@pytest.fixture(autouse=True)
def own_threads() -> OwnThreads:
    """The threads that blocking clients run, except those of clients that other tests have not closed."""
    earlier = set(threading.enumerate())

    def own_threads() -> list[threading.Thread]:
        since = set(threading.enumerate()) - earlier
        return [thread for thread in since if thread.name == "scenario-async"]

    return own_threads


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Scenario]:
    """A blocking client of the sandbox."""
    assert sandbox.base_url
    with Scenario() as client:
        yield client


@pytest.fixture
def model_id(sandbox: Sandbox) -> str:
    """A model in the sandbox."""
    return sandbox.state.add_model(name="paper", type="flux.1-lora").id


class EitherClient:
    """A client of either kind, and a function that waits for its results.

    To a type checker it is the blocking one.
    """

    def __init__(self, client: Scenario) -> None:
        self.client = client

    def wait(self, outcome: R) -> R:
        """Return the result of an operation; the blocking client has it already."""
        return outcome


class AwaitedClient(EitherClient):
    """The asynchronous client, whose operations return awaitables."""

    def __init__(self, client: AsyncScenario, runner: asyncio.Runner) -> None:
        super().__init__(cast("Any", client))
        self._runner = runner

    def wait(self, outcome: R) -> R:
        """Await the result of an operation."""

        async def awaited() -> R:
            return await cast("Awaitable[R]", outcome)

        return self._runner.run(awaited())


@pytest.fixture(params=["blocking", "awaited"])
def either(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[EitherClient]:
    """A client of the sandbox: first the blocking client, then the asynchronous one."""
    assert sandbox.base_url
    if request.param == "blocking":
        with Scenario() as blocking:
            yield EitherClient(blocking)
    else:
        client = AsyncScenario()
        with asyncio.Runner() as runner:
            yield AwaitedClient(client, runner)
            runner.run(client.close())


@pytest.fixture
def folder(folder_of: Callable[[int], Path]) -> Path:
    """A folder of three pictures."""
    return folder_of(3)


@pytest.fixture
def pictures(folder: Path) -> list[bytes]:
    """The paths of the pictures in the folder."""
    return [path.read_bytes() for path in sorted(folder.iterdir())]
