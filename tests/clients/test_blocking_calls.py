"""How the blocking client runs its coroutines: where it may be called, and what reaches the caller."""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable, Generator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NoReturn

import pytest

from scenario_async import ClientClosedError, NotFoundError, Scenario
from scenario_async._internal.http.background import Background
from scenario_async.sandbox import Sandbox
from scenario_async.upload._internal.progress import UploadProgress
from scenario_async.work._internal.library.sync import SyncProgress
from scenario_async.work._internal.progress import WorkProgress

from .conftest import OwnThreads
from .programs import Program


async def test_it_works_where_a_loop_is_running(client: Scenario, model_id: str) -> None:
    """The cells of a notebook run inside a coroutine."""
    assert asyncio.get_running_loop().is_running()
    assert client.models.retrieve(model_id).model.id == model_id


def join(threads: list[threading.Thread]) -> None:
    """Wait until these threads have ended."""
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_a_call_from_its_own_loop_is_refused_and_the_batch_continues(
    client: Scenario, model_id: str, folder: Path
) -> None:
    refusals: list[Exception] = []

    def on_progress(progress: UploadProgress) -> None:
        del progress
        with pytest.raises(
            RuntimeError, match="own event loop would wait for itself; use AsyncScenario"
        ) as caught:
            client.models.retrieve(model_id)
        refusals.append(caught.value)

    report = client.models.training_images.upload(model_id, folder, on_progress=on_progress)
    assert len(report.attached) == 3
    assert refusals


def test_closing_from_its_own_loop_ends_the_call_and_the_thread(
    client: Scenario, model_id: str, folder: Path, own_threads: OwnThreads
) -> None:
    with pytest.raises(ClientClosedError):
        client.models.training_images.upload(model_id, folder, on_progress=lambda _: client.close())
    join(own_threads())


def test_eight_threads_share_one_client(client: Scenario, sandbox: Sandbox, own_threads: OwnThreads) -> None:
    models = [sandbox.state.add_model(name=str(number), type="flux.1-lora") for number in range(8)]

    def call(number: int) -> list[str | None]:
        return [client.models.retrieve(models[number].id).model.name for _ in range(50)]

    with ThreadPoolExecutor(8) as threads:
        names = list(threads.map(call, range(8)))
    assert names == [[str(number)] * 50 for number in range(8)]
    assert sandbox.requests.count("GET /models/{modelId}", 200) == 400
    assert len(own_threads()) == 1


def test_context_variables_of_the_caller_reach_the_coroutine(
    client: Scenario, model_id: str, folder: Path
) -> None:
    caller: ContextVar[str] = ContextVar("caller", default="nobody")
    seen: set[str] = set()

    def upload(name: str) -> None:
        caller.set(name)
        client.models.training_images.upload(
            model_id, folder, on_progress=lambda _: seen.add(caller.get()), raise_on_failure=False
        )

    with ThreadPoolExecutor(1) as threads:
        threads.submit(upload, "anna").result()
        threads.submit(upload, "bert").result()
    assert seen == {"anna", "bert"}
    assert caller.get() == "nobody"


def test_an_error_keeps_its_type_and_shows_where_it_was_raised(client: Scenario) -> None:
    with pytest.raises(NotFoundError) as caught:
        client.models.retrieve("none")
    assert caught.value.status_code == 404
    files = [Path(frame.filename).name for frame in traceback.extract_tb(caught.value.__traceback__)]
    # From the test across the threads to the sending code; the locals of deeper frames would have secrets.
    assert [files[0], files[-1]] == [Path(__file__).name, "transport.py"]
    assert files.index("background.py") < files.index("core.py")


class _OwnError(BaseException):
    """An error that is no `Exception`, like `KeyboardInterrupt`."""


@contextmanager
def background() -> Generator[Background]:
    """The background thread with the event loop of a blocking client, without the client."""

    async def last() -> None:
        pass

    background = Background(last)
    yield background
    background.close()


@pytest.mark.parametrize("error", [SystemExit(), KeyboardInterrupt(), _OwnError()], ids=repr)
def test_an_error_that_is_no_exception_reaches_the_caller_and_the_loop_continues(
    error: BaseException,
) -> None:
    async def fail() -> NoReturn:
        raise error

    async def loop() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    with background() as runner:
        before = runner.run(loop())
        with pytest.raises(type(error)):
            runner.run(fail())
        assert runner.run(loop()) is before


@pytest.mark.parametrize("work", ["sync", "generate and save"])
def test_sys_exit_in_on_progress_reaches_the_caller_and_the_client_stays_usable(
    client: Scenario, sandbox: Sandbox, folder: Path, tmp_path: Path, work: str
) -> None:
    """It is raised in one of several tasks of the call."""
    sandbox.job_duration = 0.05

    def leave(progress: WorkProgress | SyncProgress) -> None:
        if isinstance(progress, SyncProgress) or progress.stage == "saving":
            sys.exit(3)

    def call() -> None:
        if work == "sync":
            client.assets.sync(folder, ledger=tmp_path / "ledger", on_progress=leave)
        else:
            prompt, to = "a fox", tmp_path / "saved"
            client.generate.run("model_bfl-flux-1-dev", prompt, max_cost=None, to=to, on_progress=leave)

    with pytest.raises(SystemExit) as caught:
        call()
    assert caught.value.code == 3
    assert client.models.list() is not None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_loop_that_ends_also_ends_its_calls_and_another_loop_is_started(own_threads: OwnThreads) -> None:
    """A `KeyboardInterrupt` ends a loop if a callback raises it."""

    def fail() -> NoReturn:
        raise KeyboardInterrupt

    async def wait_for_ever() -> None:
        asyncio.get_running_loop().call_soon(fail)
        await asyncio.Event().wait()

    async def succeed() -> str:
        return "done"

    with background() as runner:
        with pytest.raises(CancelledError):
            runner.run(wait_for_ever())
        join(own_threads())
        assert runner.run(succeed()) == "done"


def test_a_loop_that_cannot_start_raises_instead_of_hanging(start: Callable[..., Program]) -> None:
    program = start(
        """
import os, resource, sys
from scenario_async._internal.http.background import Background

sys.unraisablehook = lambda _: None  # the interpreter's own: it cannot clean up a loop that it half made

async def work():
    return "done"

async def last():
    pass

background = Background(last)
most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) - 1, most[1]))
try:
    background.run(work())
except OSError as error:
    print(error.strerror)
resource.setrlimit(resource.RLIMIT_NOFILE, most)
print(background.run(work()))
"""
    )
    assert program.output() == ["Too many open files", "done"]
