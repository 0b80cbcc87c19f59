"""Errors that end a batch early, and errors that do not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from attrs import frozen

from scenario_async import PermissionDeniedError, PlanLimitError, StalledError
from scenario_async._internal.http.connections import CONNECTIONS
from scenario_async.errors import Response, status_error
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Arrival, Delay, Fault, Hang, PlanLimit
from scenario_async.upload._internal import batch
from scenario_async.upload._internal.ledger_file import SQLiteLedger
from scenario_async.upload._internal.refusals import REFUSALS, About, Permissions, about
from scenario_async.upload._internal.training_set import TrainingSet
from scenario_async.upload._internal.ways import WayChooser
from scenario_async.values.training_image import GROUP_LIMIT

from .conftest import Upload
from .watching import ASSETS, ATTACH, LOOK_UP, spoil


@frozen
class Forbidden(Fault):
    """Respond with 403 and a message that does not say what it concerns.

    Attributes:
        seconds: The time until the response.
    """

    seconds: float = 0

    async def spoil(self, arrival: Arrival) -> web.StreamResponse:
        """Refuse the request."""
        await arrival.swallow()
        await asyncio.sleep(self.seconds)
        return web.json_response({"reason": "Forbidden"}, status=403)


@pytest.mark.parametrize("route", [ASSETS, ATTACH])
async def test_several_403_responses_end_the_batch(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], route: str
) -> None:
    """The credentials lack the permission, so the other pictures would be refused too."""
    spoil(sandbox, Rule(Forbidden(), on=route))
    report = await upload(folder_of(30), concurrency=1, raise_on_failure=False)
    assert isinstance(report.stopped_by, PermissionDeniedError)
    assert sandbox.requests.count(route, 403) == REFUSALS + (route == ATTACH)
    assert len(report.having("failed")) == REFUSALS
    assert len(report.having("not tried")) == 30 - REFUSALS


@pytest.mark.parametrize("route", [ASSETS, ATTACH])
async def test_a_few_403_responses_at_the_beginning_fail_only_their_pictures(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], route: str
) -> None:
    """The messages of the service do not say that they are about a picture."""
    skipped = 1 if route == ATTACH else 0  # the first refusal is about a group
    few = REFUSALS - 1
    spoil(sandbox, Rule(Forbidden(), on=route, times=few + skipped))
    report = await upload(folder_of(12), concurrency=1, raise_on_failure=False)
    assert report.stopped_by is None
    assert (len(report.having("failed")), len(report.attached)) == (few, 12 - few)


async def test_after_a_stop_no_request_that_waited_for_a_connection_is_sent(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """More pictures are allowed at a time than the client has connections.

    The first refusals free connections, and the last one stops the batch.
    """
    spoil(sandbox, Rule(Forbidden(0.3), on=ASSETS, times=REFUSALS), Rule(Forbidden(2), on=ASSETS))
    report = await upload(folder_of(2 * CONNECTIONS), concurrency=2 * CONNECTIONS, raise_on_failure=False)
    assert isinstance(report.stopped_by, PermissionDeniedError)
    assert sandbox.requests[ASSETS] <= CONNECTIONS + REFUSALS - 1


async def test_a_stop_does_not_wait_for_the_ledger(
    upload: Upload,
    sandbox: Sandbox,
    folder_of: Callable[[int], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last refused picture is slowly removed from the ledger, and meanwhile no other is sent."""
    forget, pauses = SQLiteLedger.forget, iter([0.0] * (REFUSALS - 1))

    async def forget_slowly(ledger: SQLiteLedger, sha256: bytes) -> None:
        await asyncio.sleep(next(pauses, 0.5))
        await forget(ledger, sha256)

    monkeypatch.setattr(SQLiteLedger, "forget", forget_slowly)
    spoil(sandbox, Rule(Forbidden(), on=ASSETS))
    report = await upload(folder_of(8), concurrency=1, raise_on_failure=False)
    assert isinstance(report.stopped_by, PermissionDeniedError)
    assert sandbox.requests.count(ASSETS, 403) == REFUSALS


async def test_a_403_among_accepted_pictures_fails_one_picture(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(Forbidden(), on=ASSETS, about="03.png"))
    report = await upload(folder_of(12), raise_on_failure=False)
    assert [result.path.name for result in report.having("failed")] == ["03.png"]
    assert report.stopped_by is None


async def test_a_batch_without_progress_ends_with_its_report(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(Hang("before"), on=ASSETS, skip=2))
    report = await upload(folder_of(6), stalled=1.5, raise_on_failure=False)
    assert isinstance(report.stopped_by, StalledError)
    assert len(report.having("not tried")) >= 4


async def test_a_pause_of_the_process_is_not_a_stall(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch continues after Ctrl-Z or a sleep of the machine; here, its event loop is blocked."""
    look_up = TrainingSet.look_up

    async def pause_soon(*args: Any, **kwargs: Any) -> None:
        asyncio.get_running_loop().call_later(0.2, time.sleep, 2.5)
        await look_up(*args, **kwargs)

    monkeypatch.setattr(TrainingSet, "look_up", pause_soon)
    spoil(sandbox, Rule(Delay(3.2, "before"), on=ASSETS))
    report = await upload(folder_of(4), stalled=1.2, raise_on_failure=False)
    assert report.stopped_by is None
    assert len(report.attached) == 4


async def test_a_request_without_a_response_is_cancelled_after_a_stop(
    upload: Upload,
    sandbox: Sandbox,
    folder_of: Callable[[int], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A request without a response does not keep a stopped batch from ending."""
    monkeypatch.setattr(batch, "_DRAIN_TIMEOUT", 0.2)
    hang = Rule(Hang("before"), on=ASSETS, skip=GROUP_LIMIT, times=1)
    spoil(sandbox, hang, Rule(PlanLimit(), on=ATTACH))
    report = await asyncio.wait_for(upload(folder_of(GROUP_LIMIT + 2), raise_on_failure=False), 20)
    assert isinstance(report.stopped_by, PlanLimitError)


@pytest.mark.parametrize("place", [ASSETS, ATTACH])
@pytest.mark.parametrize("status", [400, 402, 403, 500, 503])
async def test_a_plan_limit_ends_the_batch_whatever_its_status(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], place: str, status: int
) -> None:
    """No further request is sent, and no picture is in doubt."""
    spoil(sandbox, Rule(PlanLimit(status=status), on=place))
    report = await upload(folder_of(12), concurrency=1, raise_on_failure=False)
    assert isinstance(report.stopped_by, PlanLimitError)
    assert sandbox.requests.count(place, status) == 1
    assert {result.status for result in report.results} <= {"not tried", "failed"}


async def test_a_picture_that_is_being_sent_when_the_batch_stops_is_not_lost(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """A request that was sent before the stop completes, and the next run does not repeat it."""
    folder = folder_of(2)
    first_is_slow = Rule(Delay(0.7, "before"), on=ASSETS, times=1)
    spoil(sandbox, first_is_slow, Rule(PlanLimit(), on=ASSETS))
    report = await upload(folder, concurrency=2, raise_on_failure=False)
    assert isinstance(report.stopped_by, PlanLimitError)
    assert [result.status for result in report.results] == ["not tried", "not tried"]
    sandbox.faults.stop()
    assert (await upload(folder)).succeeded
    assert sandbox.requests.count(ASSETS, 200) == 2
    assert sandbox.requests["GET /assets"] == 0  # the refused picture was certainly not sent


async def test_a_named_pipe_that_replaces_a_file_is_not_waited_for(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    import os

    folder = folder_of(2)

    def swap(progress: object) -> None:
        path = folder / "01.png"
        if getattr(progress, "stage", "") == "sending" and path.is_file():
            path.unlink()
            os.mkfifo(path)

    report = await asyncio.wait_for(
        upload(folder, concurrency=1, on_progress=swap, raise_on_failure=False), 20
    )
    assert [result.status for result in report.results] == ["attached", "failed"]
    assert "not a regular file" in str(report.results[1].error)
    assert len(model.training_images) == 1


async def test_a_copy_is_sent_if_the_original_disappears(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(2)
    (folder / "copy.png").write_bytes((folder / "01.png").read_bytes())

    def vanish(progress: object) -> None:
        if getattr(progress, "stage", "") == "sending" and getattr(progress, "path", Path()).name == "01.png":
            (folder / "01.png").unlink(missing_ok=True)

    report = await upload(folder, on_progress=vanish, raise_on_failure=False)
    assert [result.status for result in report.results] == ["attached", "failed", "attached"]
    assert len(model.training_images) == 2


async def test_pictures_that_are_not_files_have_their_names(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    import io

    folder = folder_of(3)
    contents = [path.read_bytes() for path in sorted(folder.iterdir())]
    opened = io.BytesIO(contents[1])
    opened.name = "opened.png"
    report = await upload([("named.png", contents[0]), opened, contents[2]])
    assert {result.status for result in report.results} == {"attached"}
    names = [str(result.path) for result in report.results]
    assert names == ["named.png", "opened.png", "picture-3.png"]
    assert sorted(image.asset.name for image in model.training_images.values()) == sorted(names)


async def test_subfolders_are_included_if_requested(
    upload: Upload, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    """They are sorted by name; a link to a parent folder is followed once."""
    folder = folder_of(3)
    (folder / "more" / "and more").mkdir(parents=True)
    (folder / "01.png").rename(folder / "more" / "01.png")
    (folder / "02.png").rename(folder / "more" / "and more" / "02.png")
    (folder / "more" / "loop").symlink_to(folder)
    report = await upload(folder, recursive=True, raise_on_failure=False)
    paths = [str(result.path.relative_to(folder)) for result in report.having("attached")]
    assert paths == ["00.png", "more/01.png", "more/and more/02.png"]
    del tmp_path


@pytest.mark.parametrize(
    ("status", "reason", "what"),
    [
        (400, "The provided assetId is already a training image of this model", "attached"),
        (404, "Asset asset_1 not found", "gone"),
        (400, "The picture was blocked by content moderation", "asset"),
        (403, "This image is not allowed", "asset"),
        (403, "Blocked by safety filters", "asset"),
        (403, "This violates our usage policy", "asset"),
        (403, "The role's policy denies this action", "unknown"),
        (400, "The asset was deleted", "gone"),
        (404, "asset_1", "gone"),
        (400, "Model is already training", "model"),
        (400, "Cannot add training images while the model is training", "model"),
        (404, "Model model_1 not found", "model"),
        (400, "preset must be one of default, style, subject", "model"),
        (403, "Forbidden", "unknown"),
        (400, "", "unknown"),
    ],
)
def test_the_subject_of_a_refusal_is_read_from_its_message(status: int, reason: str, what: About) -> None:
    import orjson

    failure = status_error(Response(status, {}, orjson.dumps({"reason": reason})))
    assert about(failure, ["asset_1"]) == what


@pytest.mark.parametrize("reason", ["This image is not allowed", "The asset was deleted"])
def test_a_403_about_a_picture_does_not_count_against_the_credentials(reason: str) -> None:
    failure = status_error(Response(403, {}, f'{{"reason": "{reason}"}}'.encode()))
    permissions = Permissions()
    assert not any(permissions.are_missing(failure) for _ in range(2 * REFUSALS))


def test_a_refusal_concerns_the_asset_that_it_names() -> None:
    """This holds for any form of the id."""
    failure = status_error(Response(400, {}, b'{"reason": "a1b2 is locked"}'))
    assert about(failure, ["c3d4", "a1b2"]) == "asset"
    assert about(failure, ["c3d4"]) == "unknown"


def test_the_subject_of_a_refusal_is_also_read_from_its_details() -> None:
    failure = status_error(Response(400, {}, b'{"reason": "Refused", "details": {"why": "nsfw"}}'))
    assert about(failure, ["asset_1"]) == "asset"


def test_the_last_of_several_403_responses_counts_as_a_missing_permission() -> None:
    failure = status_error(Response(403, {}, b"{}"))
    permissions = Permissions()
    counted = [permissions.are_missing(failure) for _ in range(REFUSALS)]
    assert counted == [False] * (REFUSALS - 1) + [True]
    permissions.granted()
    assert not permissions.are_missing(failure)


@pytest.mark.parametrize(
    ("size", "round_trip", "left", "sending", "in_parts"),
    [
        (4_000_000, 0.08, 40, 1, True),
        (4_000_000, 0.08, 1, 1, False),
        (4_000_000, 0.08, 1, 8, True),
        (100_000, 0.08, 50, 8, False),
        (4_000_000, 0.002, 40, 8, False),
        (5_000_000, 0.002, 1, 1, True),
    ],
)
def test_pictures_are_sent_in_parts_if_bandwidth_matters_more_than_latency(
    size: int, round_trip: float, left: int, sending: int, in_parts: bool
) -> None:
    """Until a rate is measured, the connection counts as 200 Mbit/s."""
    ways = WayChooser("auto", 8)
    ways.answered_in(round_trip)
    assert ways.in_parts(size, left, sending) is in_parts


def test_bytes_that_only_fill_buffers_do_not_measure_the_connection() -> None:
    """The last pictures of a new batch are sent in parts, although megabytes seem to be sent already."""
    ways = WayChooser("auto", 8)
    ways.answered_in(0.08)
    ways.moved(8_000_000)
    assert ways.rate is None
    assert ways.in_parts(4_000_000, left=1, sending=8)


def test_a_measured_connection_decides_how_the_last_picture_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 3 MB/s, three more round trips cost a single picture more than the bytes that they save."""
    ways, seconds = WayChooser("auto", 8), iter([0.0, 1.0, 1.0, 1.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    ways.answered_in(0.08)
    assert ways.in_parts(1_000_000, left=1, sending=8)
    ways.moved(3_000_000)
    assert ways.rate == 3_000_000
    assert not ways.in_parts(1_000_000, left=1, sending=8)
    assert ways.in_parts(1_000_000, left=8, sending=8)


@pytest.mark.parametrize(("way", "requests"), [("inline", 0), ("parts", 3)])
async def test_the_caller_can_choose_the_way_of_sending(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], way: str, requests: int
) -> None:
    report = await upload(folder_of(3), way=way)
    assert report.succeeded
    assert sandbox.requests["POST /uploads"] == requests
    assert sandbox.requests[LOOK_UP] >= 2
