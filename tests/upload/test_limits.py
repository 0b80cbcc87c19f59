"""The limits of a batch: a deadline, a retry budget, and the number of concurrent requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from scenario_async import (
    APIError,
    AsyncScenario,
    CooldownError,
    DeadlineExceededError,
    RateLimitError,
    UploadError,
)
from scenario_async._internal.http.pace import ATTEMPTS, Gate
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Cooldown, Hang, ServerError, Throttled
from scenario_async.upload._internal.ledger import Entry
from scenario_async.upload._internal.ledger_file import SQLiteLedger
from scenario_async.values.training_image import GROUP_LIMIT

from .conftest import Upload
from .watching import ASSETS, ATTACH, LOOK_UP, OPEN_UPLOAD, PUT_PART, Watch, changing, spoil, until, watch

DEADLINE = 0.4

TIME_TO_SEND = 4.0
"""The seconds within which a few small pictures certainly become assets."""


@pytest.mark.parametrize("route", [LOOK_UP, ASSETS, ATTACH])
async def test_a_deadline_ends_a_batch_at_any_stage(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], route: str
) -> None:
    """Without it, a request without a response would block the batch for ever.

    The next run resumes the batch.
    """
    folder = folder_of(4)
    deadline = TIME_TO_SEND if route == ATTACH else DEADLINE
    spoil(sandbox, Rule(Hang("before"), on=route))
    with pytest.raises(UploadError) as caught:
        await upload(folder, deadline=deadline)
    report = caught.value.report
    assert isinstance(report.stopped_by, DeadlineExceededError)
    assert str(report.stopped_by) == f"the deadline of {deadline} s has passed"
    assert report.summary().endswith(str(report.stopped_by))
    assert not report.succeeded
    assert len(report.failed) == 4
    assert report.seconds >= deadline
    # A picture that was being attached at the deadline may be attached; the report says why this is not
    # known.
    doubtful = route == ATTACH
    assert {result.status for result in report.results} == {"in doubt" if doubtful else "not tried"}
    assert {result.error for result in report.results} == {report.stopped_by if doubtful else None}
    spoil(sandbox)
    again = await upload(folder)
    assert len(again.attached) == len(model.training_images) == 4


async def test_a_picture_attached_before_the_deadline_stays_attached(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(GROUP_LIMIT + 2)
    spoil(sandbox, Rule(Hang("before"), on=ATTACH, skip=1))
    report = await upload(folder, deadline=TIME_TO_SEND, raise_on_failure=False)
    assert len(report.attached) == len(model.training_images) == GROUP_LIMIT
    assert len(report.failed) == 2


async def test_the_deadline_includes_the_time_spent_waiting_for_another_batch(
    client: AsyncScenario, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    spoil(sandbox, Rule(Hang("before"), on=ASSETS))
    first = asyncio.create_task(client.models.training_images.upload(model.id, folder))
    await until(lambda: sandbox.faults.count() > 0)
    report = await client.models.training_images.upload(
        model.id, folder, deadline=DEADLINE, raise_on_failure=False
    )
    assert isinstance(report.stopped_by, DeadlineExceededError)
    assert [result.status for result in report.results] == ["not tried"]
    first.cancel()
    await asyncio.wait([first])


@pytest.mark.parametrize("deadline", [60, 60.0, float("inf")])
async def test_a_deadline_that_is_not_reached_changes_nothing(
    upload: Upload, folder_of: Callable[[int], Path], deadline: float
) -> None:
    report = await upload(folder_of(2), deadline=deadline)
    assert report.succeeded
    assert report.stopped_by is None


@pytest.mark.parametrize("budget", [0, 1, 5])
async def test_a_retry_budget_limits_the_retries_of_all_files_together(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], budget: int
) -> None:
    spoil(sandbox, Rule(ServerError(503, "before", retry_after=0), on=ASSETS))
    report = await upload(folder_of(3), retry_budget=budget, raise_on_failure=False)
    assert {result.status for result in report.results} == {"failed"}
    assert sandbox.requests[ASSETS] == 3 + budget


async def test_one_request_has_its_own_limit_of_retries_under_any_budget(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(Throttled(0), on=ASSETS))
    report = await upload(folder_of(1), retry_budget=1000, raise_on_failure=False)
    assert isinstance(report.results[0].error, RateLimitError)
    assert sandbox.requests[ASSETS] == 1 + ATTEMPTS


async def test_the_default_budget_grows_with_the_batch(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """The default budget is 20, and 3 more for each file."""
    spoil(sandbox, Rule(ServerError(503, "before", retry_after=0), on=ASSETS))
    await upload(folder_of(10), raise_on_failure=False)
    assert sandbox.requests[ASSETS] == 10 + 20 + 3 * 10


@pytest.mark.parametrize("concurrency", [1, 3, 8])
async def test_concurrency_limits_the_number_of_pictures_sent_at_a_time(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], concurrency: int
) -> None:
    sending = watch(sandbox, ASSETS, seconds=0.05)
    await upload(folder_of(12), concurrency=concurrency)
    assert max(sending.at_once) == concurrency


async def test_the_next_picture_is_prepared_while_another_one_is_sent(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the connection would be idle while a picture is read and written to the ledger."""
    written: list[float] = []
    write = SQLiteLedger.write

    async def noted(ledger: SQLiteLedger, *entries: Entry) -> None:
        await write(ledger, *entries)
        written.extend(time.monotonic() for entry in entries if entry.state == "sending")

    monkeypatch.setattr(SQLiteLedger, "write", noted)
    sending = watch(sandbox, ASSETS, seconds=0.5)
    await upload(folder_of(3), concurrency=1)
    assert max(sending.at_once) == 1
    assert all(before < arrived for before, arrived in zip(written[1:], sending.times[1:], strict=True))
    assert written[1] < sending.times[0] + 0.5
    assert sending.times[0] + 0.5 < written[2] < sending.times[1] + 0.5


async def test_the_next_upload_is_created_while_parts_are_sent(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """Otherwise the connection would be idle while the service creates the next upload."""
    seconds = 1.0
    created, parts = watch(sandbox, OPEN_UPLOAD), watch(sandbox, PUT_PART, seconds=seconds)
    report = await upload(folder_of(2), way="parts", concurrency=1)
    assert report.succeeded
    assert created.times[1] - parts.times[0] < seconds
    assert max(parts.at_once) == 1


async def test_an_attach_request_counts_towards_the_concurrency(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    at_work = watch(sandbox, ASSETS, ATTACH, seconds=0.02)
    await upload(folder_of(25), concurrency=2)
    assert max(at_work.at_once) == 2


async def test_fewer_pictures_are_sent_at_a_time_after_refusals_and_more_later(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """Eight pictures are refused together, and then four.

    After that two are sent at a time, and slowly more.
    """
    passing = Watch(0.03)
    spoil(sandbox, Rule(Throttled(0), on=ASSETS, times=12), Rule(passing, on=ASSETS))
    report = await upload(folder_of(48), concurrency=8)
    assert report.succeeded
    assert max(passing.at_once[:3]) <= 2
    assert max(passing.at_once) >= 5


async def test_fewer_pictures_are_sent_at_a_time_after_timeouts(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """On a slow connection, eight pictures that time out together would time out again."""
    passing = Watch(0.3)
    spoil(sandbox, Rule(Hang("before"), on=ASSETS, times=8), Rule(passing, on=ASSETS))
    report = await upload(folder_of(16), concurrency=8, client={"timeout": 1.5})
    assert report.succeeded
    assert max(passing.at_once[:6]) <= 4


async def test_no_request_is_sent_during_a_cool_down(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """One response asks for a wait. Running requests end, and no request is sent until the wait is over."""
    seconds = 0.5
    passing = Watch(0.01)
    spoil(sandbox, Rule(Cooldown(seconds), on=ASSETS, skip=4, times=1), Rule(passing, on=ASSETS))
    report = await upload(folder_of(30), concurrency=4)
    assert len(report.attached) == 30
    longest = max(after - before for before, after in pairwise(passing.times))
    assert longest > 0.8 * seconds


@pytest.mark.parametrize("route", [LOOK_UP, ASSETS, ATTACH])
async def test_a_cool_down_that_is_too_long_stops_the_batch(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], route: str
) -> None:
    spoil(sandbox, Rule(Cooldown(3600), on=route))
    folder = folder_of(3)
    if route == LOOK_UP:
        with pytest.raises(CooldownError) as caught:
            await upload(folder)
        assert caught.value.seconds == 3600
        assert changing(sandbox) == 0
        return
    report = await upload(folder, raise_on_failure=False)
    assert isinstance(report.stopped_by, CooldownError)
    assert {result.status for result in report.results} == {"not tried"}


async def test_a_failed_lookup_of_the_model_raises_and_nothing_is_sent(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(ServerError(503, "before", retry_after=0), on=LOOK_UP))
    with pytest.raises(APIError):
        await upload(folder_of(2))
    assert sandbox.requests[LOOK_UP] == 1 + ATTEMPTS
    assert changing(sandbox) == 0


async def places(gate: Gate) -> int:
    """The number of tasks that can pass at the same time."""
    inside = 0

    async def enter() -> None:
        nonlocal inside
        async with gate.passing():
            inside += 1
            await asyncio.Event().wait()

    tasks = [asyncio.create_task(enter()) for _ in range(50)]
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return inside


async def test_a_gate_halves_at_each_push_and_grows_one_by_one() -> None:
    gate = Gate(16)
    assert await places(gate) == 16
    limits: list[int] = []
    for _ in range(6):
        gate.push_back(asyncio.get_running_loop().time(), 0)
        await asyncio.sleep(0.001)
        limits.append(gate.limit)
    assert limits == [8, 4, 2, 1, 1, 1]
    assert await places(gate) == 1
    gate.let_grow()
    assert await places(gate) == gate.limit == 2
    for _ in range(200):
        limits.append(gate.limit)
        gate.let_grow()
    assert sorted(set(limits[6:])) == list(range(2, 17))
    assert limits[6:] == sorted(limits[6:])
    assert await places(gate) == gate.limit == 16


async def test_a_raised_limit_lets_nobody_pass_while_too_many_requests_still_run() -> None:
    """Eight requests run when the limit is lowered to 4 and then raised to 5; a ninth waits for four ends."""
    gate, ends = Gate(8), [asyncio.Event() for _ in range(9)]
    running = 0

    async def request(end: asyncio.Event) -> None:
        nonlocal running
        async with gate.passing():
            running += 1
            await end.wait()
            running -= 1

    async with asyncio.TaskGroup() as tasks:
        for end in ends:
            tasks.create_task(request(end))
        await asyncio.sleep(0.01)
        gate.push_back(asyncio.get_running_loop().time(), 0)
        for _ in range(5):
            gate.let_grow()
        assert gate.limit == 5
        counts: list[int] = []
        for end in ends:
            await asyncio.sleep(0.01)
            counts.append(running)
            end.set()
    assert counts == [8, 7, 6, 5, 5, 4, 3, 2, 1]


async def test_a_request_that_is_cancelled_just_as_it_may_pass_leaves_its_place() -> None:
    gate = Gate(1)
    async with gate.passing():
        waiting = asyncio.create_task(gate.passing().__aenter__())
        await asyncio.sleep(0)
    waiting.cancel()  # its turn has come, but it has not run since
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert await places(gate) == 1


async def test_refusals_of_concurrent_requests_count_once() -> None:
    gate = Gate(16)
    started = asyncio.get_running_loop().time()
    for _ in range(5):
        gate.push_back(started, 0)
    assert gate.limit == 8


async def test_a_gate_is_closed_until_the_longest_wait_is_over() -> None:
    gate = Gate(4)
    clock = asyncio.get_running_loop().time
    started = clock()
    gate.push_back(started, 0.2)
    gate.push_back(started, 0.05)
    async with gate.passing():
        assert clock() - started >= 0.19


async def test_a_gate_is_free_again_after_an_error() -> None:
    gate = Gate(1)
    with pytest.raises(LookupError):
        async with gate.passing():
            raise LookupError
    assert await places(gate) == 1
