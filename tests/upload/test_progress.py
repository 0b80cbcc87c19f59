"""The progress of a batch while it runs."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from scenario_async import Scenario
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Drop, ServerError, Throttled
from scenario_async.upload._internal.progress import UploadProgress

from .conftest import Upload
from .pictures import MIB, png_of
from .watching import ASSETS, COMPLETE_UPLOAD, PUT_PART, spoil


def size_of(paths: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def check_counts(shown: Sequence[UploadProgress]) -> None:
    """Check the counts of a batch that ran to its end."""
    for before, after in pairwise(shown):
        assert before.files_done <= after.files_done <= after.files_total
        assert before.files_total == after.files_total
    assert all(0 <= now.bytes_sent <= now.bytes_total for now in shown)
    assert [now.files_done for now in shown if now.stage == "ended"] == list(
        range(1, shown[-1].files_total + 1)
    )
    assert shown[-1].stage == "ended"
    assert shown[-1].files_done == shown[-1].files_total
    assert shown[-1].bytes_sent == shown[-1].bytes_total


async def test_counts_rise_to_their_totals(upload: Upload, folder_of: Callable[[int], Path]) -> None:
    folder = folder_of(12)
    (folder / "large.png").write_bytes(png_of(9 * MIB))
    shown: list[UploadProgress] = []
    await upload(folder, on_progress=shown.append)
    check_counts(shown)
    assert all(before.bytes_sent <= after.bytes_sent for before, after in pairwise(shown))
    assert {now.bytes_total for now in shown} == {size_of(list(folder.iterdir()))}
    assert shown[-1].files_total == 13


async def test_progress_reports_each_stage_of_each_file(
    upload: Upload, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(2)
    shown: list[UploadProgress] = []
    await upload(folder, on_progress=shown.append)
    for name in ("00.png", "01.png"):
        stages = [(now.stage, now.status) for now in shown if now.path == folder / name]
        assert stages == [("sending", None), ("sent", None), ("ended", "attached")]


async def test_progress_of_a_large_picture_rises_in_small_steps(upload: Upload, tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(png_of(9 * MIB))
    shown: list[UploadProgress] = []
    await upload(tmp_path, on_progress=shown.append)
    sent = [now.bytes_sent for now in shown if now.stage == "sending"]
    assert len(sent) > 10
    assert max(after - before for before, after in pairwise([0, *sent])) < MIB


async def test_files_that_need_no_sending_are_not_in_the_final_number_of_bytes(
    upload: Upload, folder_of: Callable[[int], Path]
) -> None:
    """These are files that are already attached, copies of another file, and files that failed."""
    folder = folder_of(3)
    await upload(folder / "00.png")
    (folder / "copy.png").write_bytes((folder / "01.png").read_bytes())
    (folder / "text.png").write_text("about the pictures")
    (folder / "notes.txt").write_text("about the pictures")
    (folder / "cut off.png").write_bytes(png_of(9000)[:5000])
    shown: list[UploadProgress] = []
    await upload(folder, on_progress=shown.append, raise_on_failure=False, concurrency=1)
    check_counts(shown)
    ends = {now.path.name: now.status for now in shown if now.stage == "ended"}
    assert ends == {
        "00.png": "already attached",
        "01.png": "attached",
        "02.png": "attached",
        "copy.png": "duplicate",
        "cut off.png": "failed",
        "notes.txt": "skipped",
        "text.png": "failed",
    }
    assert shown[0].bytes_total > shown[-1].bytes_total == size_of([folder / "01.png", folder / "02.png"])


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Throttled(0), on=ASSETS, times=3),
        Rule(ServerError(502, "after", retry_after=0), on=ASSETS, times=3),
        Rule(Drop("before"), on=ASSETS, times=3),
        Rule(ServerError(503, "before", retry_after=0), on=PUT_PART, times=2),
        Rule(ServerError(503, "after", retry_after=0), on=COMPLETE_UPLOAD, times=1),
    ],
    ids=lambda rule: f"{rule.faults[0]} {rule.on[0]}",
)
async def test_bytes_that_are_sent_again_count_once(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], rule: Rule
) -> None:
    """This also holds for a picture in a request that is sent in several writes.

    `way` is given, because a busy machine is measured as a slow connection, on which parts are faster.
    """
    folder = folder_of(2)
    (folder / "inline.png").write_bytes(png_of(2 * MIB))
    (folder / "large.png").write_bytes(png_of(9 * MIB))
    spoil(sandbox, rule)
    shown: list[UploadProgress] = []
    await upload(folder, on_progress=shown.append, way="inline")
    assert sandbox.faults.count() == rule.times
    check_counts(shown)
    assert shown[-1].bytes_total == size_of(list(folder.iterdir()))


async def test_an_error_in_the_callback_is_logged_once_and_the_upload_completes(
    upload: Upload, model: Model, folder_of: Callable[[int], Path], caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[UploadProgress] = []

    def fail(progress: UploadProgress) -> None:
        calls.append(progress)
        raise LookupError("nobody listens")

    report = await upload(folder_of(5), on_progress=fail)
    assert len(report.attached) == len(model.training_images) == 5
    assert len(calls) == 1
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.name == "scenario_async.upload"
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], LookupError)


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, asyncio.CancelledError])
async def test_a_callback_can_stop_the_upload(
    credentials: Mapping[str, Any], model: Model, folder_of: Callable[[int], Path], error: type[BaseException]
) -> None:
    """These exceptions stop the upload at once and reach the caller, and the client can be used again."""
    folder = folder_of(5)

    def stop(_: UploadProgress) -> None:
        raise error

    def upload() -> bool:
        with Scenario(**credentials) as client:
            try:
                client.models.training_images.upload(model.id, folder, on_progress=stop, way="parts")
            except (error, concurrent.futures.CancelledError):
                return client.models.training_images.upload(model.id, folder).succeeded
        return False

    assert await asyncio.wait_for(asyncio.to_thread(upload), 10)


async def test_on_a_blocking_client_the_callback_runs_on_the_clients_thread(
    credentials: Mapping[str, Any], model: Model, folder_of: Callable[[int], Path]
) -> None:
    threads: set[str] = set()
    folder = folder_of(3)

    def upload() -> int:
        with Scenario(**credentials) as client:
            client.models.training_images.upload(
                model.id, folder, on_progress=lambda _: threads.add(threading.current_thread().name)
            )
        return threading.get_ident()

    assert await asyncio.to_thread(upload) != threading.get_ident()
    assert threads == {"scenario-async"}


async def test_files_that_were_not_tried_do_not_count_as_done(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    sandbox.training_image_limit = 0
    folder = folder_of(3)
    for number in range(3):
        (folder / f"{number}-copy.png").write_bytes((folder / f"{number:02}.png").read_bytes())
    shown: list[UploadProgress] = []
    await upload(folder, on_progress=shown.append, raise_on_failure=False)
    assert all(now.status is not None for now in shown if now.stage == "ended")
    assert shown[-1].files_done == 0
