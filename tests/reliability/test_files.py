"""Files and ledgers that change or disappear during a batch, and cleanup after a cancelled batch."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from scenario_async import DeadlineExceededError, InvalidArgumentError
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Delay, Hang
from scenario_async.upload._internal import examining
from scenario_async.upload._internal.examining import Examiner
from scenario_async.upload._internal.progress import UploadProgress
from scenario_async.upload._internal.stages import Planned

from .scene import (
    COUNT,
    LARGE,
    Scene,
    awaited_client,
    folder_of,
    picture,
    until_quiet,
    upload_and_cancel,
    upload_awaited,
)
from .truth import contents_of

ATTACH: Final = "POST /models/{modelId}/training-images"


def _once(name: str, stage: str, act: Callable[[], object]) -> Callable[[UploadProgress], None]:
    """Calls a function once, when a file has reached a stage."""
    left = [act]

    def tell(progress: UploadProgress) -> None:
        if left and progress.path.name == name and progress.stage == stage:
            left.pop()()

    return tell


def test_a_file_that_grew_since_it_was_planned_is_sent_with_its_current_content(scene: Scene) -> None:
    """Sending only as many bytes as planned would attach an incomplete picture."""
    last = max(scene.folder.iterdir())

    def grow() -> None:
        last.write_bytes(picture(900, size=5000))

    report = scene.upload(concurrency=1, on_progress=_once("00000.png", "sent", grow))
    assert report.succeeded
    assert report.results[-1].size == last.stat().st_size > 5000
    assert scene.falsehoods(report) == []
    assert scene.is_whole()


@pytest.mark.parametrize("size", [0, LARGE])
def test_a_file_that_changes_while_it_is_sent_fails_and_its_asset_is_never_used(
    scene: Scene, tmp_path: Path, size: int
) -> None:
    changing = scene.folder / "changing.png"
    changing.write_bytes(picture(900, size=size))

    def change() -> None:
        changing.write_bytes(picture(901, size=size))

    with Sandbox(decode_pictures=False) as scene.sandbox:  # the sent bytes mix both contents
        scene.model_id = scene.sandbox.state.add_model(name="set", type="any").id
        report = scene.upload(
            ledger=tmp_path / "ledger", on_progress=_once("changing.png", "sending", change)
        )
        assert [result.path.name for result in report.having("failed")] == ["changing.png"]
        assert scene.falsehoods(report) == []
        for number in (900, 901):
            changing.write_bytes(picture(number, size=size))
            before = contents_of(scene.sandbox, scene.model_id)
            report = scene.upload(ledger=tmp_path / "ledger")
            assert report.succeeded
            assert scene.falsehoods(report, before=before) == []


def test_a_file_that_disappears_fails_alone(scene: Scene) -> None:
    last = max(scene.folder.iterdir())
    report = scene.upload(concurrency=1, on_progress=_once("00000.png", "sent", last.unlink))
    assert [result.path for result in report.failed] == [last]
    assert len(report.attached) == COUNT - 1


def test_results_are_in_the_given_order(scene: Scene) -> None:
    images = sorted(scene.folder.iterdir(), reverse=True)
    scene.sandbox.faults = Faults(Rule(Delay(0.02, "before"), on="POST /assets", probability=0.5))
    report = upload_awaited(scene.sandbox, scene.model_id, images, ledger=False)
    assert [result.path for result in report.results] == images
    assert report.results[3] == report.results[:][3] == list(report.results)[3]


def test_a_ledger_that_is_damaged_during_the_batch_loses_no_picture(scene: Scene, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"

    def damage() -> None:
        for path in tmp_path.glob("ledger*"):
            if path.suffix != ".lock":
                # Overwritten in place: a process ends with SIGBUS if the index it has mapped gets shorter.
                with path.open("r+b") as file:
                    file.write(b"noise" * 20_000)

    report = scene.upload(ledger=ledger, concurrency=1, on_progress=_once("00003.png", "sent", damage))
    assert report.succeeded
    assert scene.falsehoods(report) == []
    changes = scene.sandbox.requests.changes
    assert scene.upload(ledger=ledger).succeeded
    assert scene.sandbox.requests.changes == changes
    assert scene.is_whole()


def test_a_ledger_that_cannot_be_opened_raises_before_anything_is_sent(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match="ledger"):
        scene.upload(ledger=tmp_path)
    assert scene.sandbox.requests.counts() == {}


@pytest.mark.parametrize("route", ["GET /models/{modelId}", "POST /assets", ATTACH])
def test_a_cancelled_batch_leaves_no_thread_and_no_lock(scene: Scene, tmp_path: Path, route: str) -> None:
    scene.sandbox.faults = Faults(Rule(Hang("after"), on=route))
    cancelled = upload_and_cancel(
        scene.sandbox,
        scene.model_id,
        scene.folder,
        ledger=tmp_path / "ledger",
        when=lambda: scene.sandbox.faults.count() > 0,
    )
    assert cancelled
    assert [thread for thread in threading.enumerate() if "ledger" in thread.name] == []
    scene.sandbox.faults = Faults()
    until_quiet(scene.sandbox)
    report = scene.upload(ledger=tmp_path / "ledger", deadline=20)  # the limit if the lock is still held
    assert report.succeeded
    assert scene.is_whole()


async def test_batches_of_one_model_take_turns_and_one_that_waits_can_be_cancelled(
    sandbox: Sandbox, folder: Path, tmp_path: Path
) -> None:
    model_id = sandbox.state.add_model(name="set", type="any").id
    sandbox.faults = Faults(Rule(Delay(0.05, "before"), on="POST *"))
    async with awaited_client(sandbox) as client:

        def upload() -> asyncio.Task[Any]:
            images = client.models.training_images
            return asyncio.create_task(images.upload(model_id, folder, ledger=tmp_path / "ledger"))

        first = upload()
        while not sandbox.requests["POST /assets"]:  # noqa: ASYNC110 - the batch runs on another thread
            await asyncio.sleep(0.001)
        given_up, second = upload(), upload()
        await asyncio.sleep(0.02)  # until the others wait, or are about to
        given_up.cancel()
        reports = [await first, await second]
        with pytest.raises(asyncio.CancelledError):
            await given_up
    assert sorted(len(report.attached) for report in reports) == [0, COUNT]
    assert sandbox.requests.changes["POST /assets"] == COUNT
    assert contents_of(sandbox, model_id).total() == COUNT


async def test_batches_of_many_models_share_a_new_ledger(
    sandbox: Sandbox, folder: Path, tmp_path: Path
) -> None:
    model_ids = [sandbox.state.add_model(name="set", type="any").id for _ in range(10)]
    async with awaited_client(sandbox) as client:
        images = client.models.training_images
        batches = [images.upload(model_id, folder, ledger=tmp_path / "ledger") for model_id in model_ids]
        reports = await asyncio.gather(*batches)
    assert all(report.succeeded for report in reports)
    assert {contents_of(sandbox, model_id).total() for model_id in model_ids} == {COUNT}


async def test_reading_a_large_file_for_its_digest_stops_when_the_batch_is_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(picture(1))
    size = 2**32
    with path.open("r+b") as file:
        file.truncate(size)  # sparse: it uses no space, and takes some seconds to read
    read, begun = [0], asyncio.Event()
    loop = asyncio.get_running_loop()

    class Counting:
        """Counts the bytes it gets, and signals the first ones."""

        def update(self, chunk: bytes) -> None:
            read[0] += len(chunk)
            loop.call_soon_threadsafe(begun.set)

        def digest(self) -> bytes:
            return b""

    monkeypatch.setattr(examining, "sha256", Counting)
    before = set(threading.enumerate())
    async with Examiner() as examiner:
        task = asyncio.create_task(
            examiner.examine(Planned(0, str(path), "image/png", size), needs_digest=True)
        )
        await begun.wait()
        (thread,) = (one for one in threading.enumerate() if "examiner" in one.name and one not in before)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await asyncio.to_thread(thread.join, 5)
    assert not thread.is_alive()
    assert read[0] < size


def test_a_hanging_disk_does_not_extend_a_batch_past_its_deadline(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = threading.Event()

    class Hanging:
        """Accepts no bytes until it is released."""

        def __init__(self, content: bytes = b"") -> None:
            self.update(content)

        def update(self, content: bytes) -> None:
            if content:
                hanging.wait(30)

        def digest(self) -> bytes:
            return b""

    monkeypatch.setattr(examining, "sha256", Hanging)
    began = time.monotonic()
    report = scene.upload(deadline=0.2)
    assert time.monotonic() - began < 5
    hanging.set()
    assert isinstance(report.stopped_by, DeadlineExceededError)
    assert {result.status for result in report.results} == {"not tried"}


def test_duplicates_have_the_status_of_their_original(scene: Scene) -> None:
    for path in sorted(scene.folder.iterdir())[:3]:
        (scene.folder / f"copy-{path.name}").write_bytes(path.read_bytes())
    report = scene.upload()
    assert len(report.having("duplicate")) == 3
    assert scene.falsehoods(report) == []
    assert scene.is_whole()


def test_an_error_in_the_callback_loses_no_picture(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: UploadProgress) -> None:
        raise RuntimeError("the display is gone")

    report = scene.upload(on_progress=fail)
    assert report.succeeded
    assert scene.is_whole()
    assert "on_progress failed" in caplog.text


def test_a_folder_of_links_and_subfolders_uploads_its_pictures(scene: Scene, tmp_path: Path) -> None:
    folder_of(tmp_path / "pictures", 2, first=70)  # a subfolder
    (scene.folder / "link.png").symlink_to(scene.folder / "00000.png")
    report = scene.upload()
    assert report.succeeded
    assert {result.status for result in report.results} == {"attached", "duplicate", "skipped"}
