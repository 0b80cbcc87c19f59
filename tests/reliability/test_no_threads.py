"""If the system allows no more threads, calls need none or raise an error that says so."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario, Scenario
from scenario_async._internal.background_thread import BackgroundThread
from scenario_async.errors import ScenarioError
from scenario_async.sandbox import Model, Sandbox
from scenario_async.upload._internal.ledger_file import SQLiteLedger

from .scene import folder_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems take any size of a stack")

NO_THREAD = "no thread can be started"


@pytest.fixture
def model(sandbox: Sandbox) -> Model:
    return sandbox.state.add_model(name="set", type="any")


@pytest.fixture
def client(sandbox: Sandbox) -> Callable[[], AsyncScenario]:
    access: dict[str, Any] = {"api_key": sandbox.api_key, "api_secret": sandbox.api_secret}
    return lambda: AsyncScenario(base_url=sandbox.base_url, max_retries=0, **access)


@pytest.fixture
def _no_threads(sandbox: Sandbox) -> Iterator[None]:
    """Make new threads need stacks of 64 TB, which no system has."""
    del sandbox  # the sandbox needs threads to start
    before = threading.stack_size(1 << 46)
    try:
        with pytest.raises(RuntimeError, match="can't start new thread"):
            threading.Thread(target=print).start()
        yield
    finally:
        threading.stack_size(before)


@pytest.mark.usefixtures("_no_threads")
def test_the_blocking_client_raises_an_error_that_says_so(sandbox: Sandbox, model: Model) -> None:
    with (
        Scenario(
            base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret
        ) as blocking,
        pytest.raises(ScenarioError, match=NO_THREAD),
    ):
        blocking.models.retrieve(model.id)


@pytest.mark.usefixtures("_no_threads")
async def test_a_call_of_the_asynchronous_client_needs_no_thread(
    client: Callable[[], AsyncScenario], model: Model
) -> None:
    async with client() as scenario:
        assert (await scenario.models.retrieve(model.id)).model.id == model.id


@pytest.mark.usefixtures("_no_threads")
async def test_an_upload_raises_before_anything_is_sent(
    client: Callable[[], AsyncScenario], sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    async with client() as scenario:
        with pytest.raises(ScenarioError, match=NO_THREAD):
            await scenario.models.training_images.upload(model.id, folder_of(tmp_path, 3))
    assert not sandbox.requests.changes


async def test_an_upload_continues_without_a_ledger_whose_thread_cannot_start(
    client: Callable[[], AsyncScenario],
    model: Model,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The default ledger only saves work."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with_one = SQLiteLedger.opened
    default = threading.stack_size()

    def without(ledger: SQLiteLedger) -> object:
        threading.stack_size(1 << 46)
        asyncio.get_running_loop().call_later(0.05, threading.stack_size, default)
        return with_one(ledger)

    monkeypatch.setattr(SQLiteLedger, "opened", without)
    async with client() as scenario:
        report = await scenario.models.training_images.upload(model.id, folder_of(tmp_path, 3))
    assert report.succeeded
    assert len(model.training_images) == 3
    assert f"({NO_THREAD} (can't start new thread)): continuing without it" in caplog.text


@pytest.mark.usefixtures("_no_threads")
async def test_a_thread_that_could_not_start_may_start_later() -> None:
    thread = BackgroundThread("reader")
    with pytest.raises(ScenarioError, match=NO_THREAD):
        thread.submit(print, "never")
    threading.stack_size(0)
    assert await thread.call(lambda: "later") == "later"
    await thread.closed()
