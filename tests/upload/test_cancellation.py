"""A cancelled batch ends immediately, leaves no threads or files open, and can be resumed."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
import traceback
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psutil  # type: ignore[import-untyped] # psutil has no types
import pytest
from attrs import define, field

from scenario_async import AsyncScenario
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Cooldown, Delay, Fault, Hang, ServerError, SlowImport, URLExpired
from scenario_async.upload.progress import UploadProgress
from scenario_async.values.training_image import GROUP_LIMIT

from .pictures import MIB, png_of
from .watching import (
    ASSETS,
    ATTACH,
    COMPLETE_UPLOAD,
    DOWNLOAD,
    LOOK_UP,
    OPEN_UPLOAD,
    PUT_PART,
    open_files,
    spoil,
    until,
)

AT_ONCE = 5.0
"""The seconds within which a cancelled batch ends on a busy machine.

The reliability benchmark measures how long it takes.
"""


@pytest.fixture(autouse=True)
def earlier() -> set[threading.Thread]:
    """The threads that exist before the test; they belong to clients of other tests."""
    return set(threading.enumerate())


def _threads_since(earlier: set[threading.Thread]) -> list[str]:
    """The package's threads that started since then, each with the functions that it runs."""
    frames = sys._current_frames()  # pyright: ignore[reportPrivateUsage] - the documented name
    since = {thread for thread in threading.enumerate() if thread.name.startswith("scenario-async")} - earlier
    return [
        " < ".join([thread.name, *(call.name for call in reversed(traceback.extract_stack(frame)))])
        for thread in since
        if (frame := frames.get(thread.ident or 0)) is not None
    ]


def left_over(folders: Iterable[Path], earlier: set[threading.Thread]) -> list[str]:
    """The package's remaining threads, and files of the batch that are still open; idle threads end soon."""
    end = time.monotonic() + 5
    while (threads := _threads_since(earlier)) and time.monotonic() < end:
        time.sleep(0.05)
    return threads + [path for path in open_files() if any(Path(path).is_relative_to(one) for one in folders)]


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        (LOOK_UP, Hang("before")),
        (DOWNLOAD, Hang("before")),
        (ASSETS, Hang("before")),
        (ASSETS, Hang("after")),
        (OPEN_UPLOAD, Hang("before")),
        (PUT_PART, Hang("during")),
        (COMPLETE_UPLOAD, Hang("after")),
        (COMPLETE_UPLOAD, SlowImport()),
        (ATTACH, Hang("before")),
        (ATTACH, Hang("after")),
        (ASSETS, Cooldown(60)),
        (ATTACH, Cooldown(60)),
    ],
    ids=lambda value: f"{value}",
)
async def test_a_cancelled_batch_ends_immediately_and_can_be_resumed(  # noqa: PLR0917 - fixtures
    earlier: set[threading.Thread],
    client: AsyncScenario,
    sandbox: Sandbox,
    model: Model,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
    route: str,
    fault: Fault,
) -> None:
    folder, ledger = folder_of(12), tmp_path / "state" / "ledger.sqlite3"
    upload = client.models.training_images.upload
    await upload(model.id, folder / "00.png", ledger=False)
    (folder / "large.png").write_bytes(png_of(9 * MIB))
    spoil(sandbox, Rule(fault, on=route))
    tasks = asyncio.all_tasks()
    batch = asyncio.create_task(upload(model.id, folder, ledger=ledger))
    await until(lambda: sandbox.faults.count() > 0)
    await asyncio.sleep(0.05)
    ours = asyncio.all_tasks() - tasks
    batch.cancel()
    _, late = await asyncio.wait([batch], timeout=AT_ONCE)
    assert not late
    assert batch.cancelled()
    assert not [task for task in ours if not task.done() and "scenario_async/upload" in repr(task)]
    assert left_over([folder, ledger.parent], earlier) == []

    spoil(sandbox)
    again = await upload(model.id, folder, ledger=ledger)
    assert again.succeeded
    assert sorted(image.asset.name for image in model.training_images.values()) == [
        *(f"{number:02}.png" for number in range(12)),
        "large.png",
    ]
    assert left_over([folder, ledger.parent], earlier) == []


async def test_a_batch_cancelled_while_it_waits_does_not_disturb_the_running_batch(  # noqa: PLR0917 - fixtures
    earlier: set[threading.Thread],
    client: AsyncScenario,
    sandbox: Sandbox,
    model: Model,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
) -> None:
    folder, ledger = folder_of(3), tmp_path / "state" / "ledger.sqlite3"
    upload = client.models.training_images.upload
    spoil(sandbox, Rule(Hang("before"), on=ASSETS, times=1))
    first = asyncio.create_task(upload(model.id, folder, ledger=ledger))
    await until(lambda: sandbox.faults.count() > 0)
    second = asyncio.create_task(upload(model.id, folder, ledger=ledger))
    await asyncio.sleep(0.1)
    second.cancel()
    _, late = await asyncio.wait([second], timeout=AT_ONCE)
    assert not late
    assert second.cancelled()
    first.cancel()
    await asyncio.wait([first])
    assert left_over([folder, ledger.parent], earlier) == []
    assert (await upload(model.id, folder, ledger=ledger)).succeeded
    assert len(model.training_images) == 3


@pytest.mark.skipif(not hasattr(psutil.Process, "num_fds"), reason="descriptors are not counted here")
async def test_a_closed_client_has_no_open_connection(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """This also holds after a batch was cancelled during its requests."""
    before = psutil.Process().num_fds()
    client = AsyncScenario(api_key=sandbox.api_key, api_secret=sandbox.api_secret, base_url=sandbox.base_url)
    spoil(sandbox, Rule(Hang("before"), on=ASSETS))
    batch = asyncio.create_task(client.models.training_images.upload(model.id, folder_of(8)))
    await until(lambda: sandbox.faults.count() == 8)
    batch.cancel()
    await asyncio.wait([batch])
    await client.close()
    await sandbox.close()  # the server's ends of the connections belong to this process too
    assert psutil.Process().num_fds() <= before


@define
class HeldRequest:
    """A request that suppresses its cancellation.

    Attributes:
        method: The method of the request.
        path: The end of its path.
        reached: Set when the first such request begins.
        cancelled: Set when it is cancelled.
        may_go_on: To set when it may continue after that.
    """

    method: str = "POST"
    path: str = "/assets"
    reached: asyncio.Event = field(factory=asyncio.Event)
    cancelled: asyncio.Event = field(factory=asyncio.Event)
    may_go_on: asyncio.Event = field(factory=asyncio.Event)

    async def hold(self, _: object, __: object, request: aiohttp.TraceRequestStartParams) -> None:
        """Hold the first such request."""
        if request.method != self.method or not request.url.path.endswith(self.path) or self.reached.is_set():
            return
        self.reached.set()
        while not self.may_go_on.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await self.may_go_on.wait()
            self.cancelled.set()

    @asynccontextmanager
    async def client(self, credentials: Mapping[str, Any]) -> AsyncGenerator[AsyncScenario]:
        """A client whose session has a trace that holds the request."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self.hold)
        async with (
            aiohttp.ClientSession(trace_configs=[trace]) as session,
            AsyncScenario(**credentials, session=session) as client,
        ):
            yield client

    async def cancel(self, batch: asyncio.Task[Any]) -> None:
        """Cancel a batch that is ending because of an error, and let it end."""
        await asyncio.wait_for(self.cancelled.wait(), AT_ONCE)
        assert not batch.done()
        batch.cancel()
        await asyncio.sleep(0.01)
        self.may_go_on.set()
        await asyncio.wait([batch], timeout=AT_ONCE)


class Abandon(BaseException):
    """Raised by a callback to end the batch."""


@pytest.mark.parametrize("fails", ["sending", "attaching"])
async def test_a_cancellation_is_raised_although_another_task_of_the_batch_failed(
    sandbox: Sandbox,
    credentials: Mapping[str, Any],
    model: Model,
    folder_of: Callable[[int], Path],
    fails: str,
) -> None:
    """A request is still running when an error ends the batch, and the caller is cancelled then."""
    held = HeldRequest()

    def on_progress(progress: UploadProgress) -> None:
        if progress.stage == ("sent" if fails == "sending" else "ended"):
            raise Abandon

    if fails == "attaching":
        spoil(sandbox, Rule(ServerError(500, "after"), on=ATTACH, times=1))
    async with held.client(credentials) as client:
        batch = asyncio.create_task(
            client.models.training_images.upload(
                model.id, folder_of(GROUP_LIMIT + 1), ledger=False, on_progress=on_progress
            )
        )
        await held.cancel(batch)
    assert batch.cancelled()


@pytest.mark.parametrize("ends", ["cancelled", "deadline"])
async def test_a_batch_ends_although_a_lookup_of_the_model_gets_no_response(
    sandbox: Sandbox,
    credentials: Mapping[str, Any],
    model: Model,
    folder_of: Callable[[int], Path],
    ends: str,
) -> None:
    """The lookup runs beside the uploads, after a group was attached."""
    spoil(sandbox, Rule(Hang("before"), on=LOOK_UP, skip=1), Rule(Delay(0.1, "before"), on=ASSETS))
    async with AsyncScenario(**credentials) as client:
        batch = asyncio.create_task(
            client.models.training_images.upload(
                model.id,
                folder_of(3 * GROUP_LIMIT),
                ledger=False,
                concurrency=1,
                deadline=2 if ends == "deadline" else None,
                raise_on_failure=False,
            )
        )
        await asyncio.wait_for(until(lambda: sandbox.requests[LOOK_UP] > 1), 20)
        if ends == "cancelled":
            batch.cancel()
        await asyncio.wait([batch], timeout=2 + AT_ONCE)
        assert batch.done()


async def test_a_picture_is_not_sent_again_after_a_cancellation_although_one_of_its_parts_failed(
    sandbox: Sandbox, credentials: Mapping[str, Any], model: Model, tmp_path: Path
) -> None:
    """A part is still being stored when another one fails, and the caller is cancelled then."""
    (tmp_path / "large.png").write_bytes(png_of(9 * MIB))
    held = HeldRequest("PUT", "/1")
    spoil(sandbox, Rule(URLExpired(), on=PUT_PART, times=1))
    async with held.client(credentials) as client:
        batch = asyncio.create_task(client.models.training_images.upload(model.id, tmp_path, ledger=False))
        await held.cancel(batch)
    assert batch.cancelled()
    assert sandbox.requests[OPEN_UPLOAD] == 1


async def test_a_session_whose_trace_suppresses_the_cancellation_does_not_hide_it(
    sandbox: Sandbox, credentials: Mapping[str, Any], model: Model, folder_of: Callable[[int], Path]
) -> None:
    """A task that continues after its cancellation starts no other task, and the caller is cancelled then."""
    held = HeldRequest()
    async with held.client(credentials) as client:
        uploading = asyncio.create_task(
            client.models.training_images.upload(model.id, folder_of(6), ledger=False, concurrency=2)
        )
        await held.reached.wait()
        uploading.cancel()
        await held.cancelled.wait()
        held.may_go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await uploading
    assert sandbox.requests[ASSETS] <= 2
