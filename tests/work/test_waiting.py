"""Waiting for jobs and trainings."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from scenario_async import AsyncScenario, Scenario
from scenario_async.errors import (
    InvalidArgumentError,
    NotFoundError,
    TrainingFailedError,
    WaitTimeoutError,
)
from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Delay, HTMLPage, ServerError, Throttled
from scenario_async.work._internal import timing
from scenario_async.work._internal.progress import WorkProgress
from scenario_async.work._internal.timing import Timing

from .changed import Changed, set_at


async def begun(client: AsyncScenario, sandbox: Sandbox, count: int = 1) -> list[str]:
    """Start the given number of generations."""
    base = sandbox.state.add_model(name="base", type="custom")
    runs = [client.generate.run_model(base.id, body={"prompt": f"{number}"}) for number in range(count)]
    return [response.job.job_id for response in await asyncio.gather(*runs)]


async def test_a_job_is_waited_for_and_its_stages_are_reported(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    sandbox.job_duration = 0.8
    [job_id] = await begun(client, sandbox)
    seen: list[WorkProgress] = []
    job = await client.jobs.wait(job_id, on_progress=seen.append)
    assert (job.job_id, job.status) == (job_id, "success")
    stages = list(dict.fromkeys(one.stage for one in seen))
    # A short status is seen only if the job is requested during it.
    assert stages == [one for one in ("queued", "starting", "running", "finalizing") if one in stages]
    assert {"queued", "running"} <= set(stages)
    assert {one.id for one in seen} == {job_id}
    assert [one.elapsed for one in seen] == sorted(one.elapsed for one in seen)


async def test_many_jobs_are_watched_with_one_request_for_the_list(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    sandbox.job_duration = 0.5
    job_ids = await begun(client, sandbox, 8)
    jobs = await client.jobs.wait_all(job_ids)
    assert [job.job_id for job in jobs] == job_ids
    assert sandbox.requests["GET /jobs"] >= 1
    # The last three are requested one by one.
    assert sandbox.requests["GET /jobs/{jobId}"] < 8


async def test_twenty_jobs_of_two_minutes_take_at_most_thirty_requests(
    sandbox: Sandbox, client: AsyncScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pause advances the sandbox's clock instead of waiting."""
    monkeypatch.setattr(timing, "TIMING", Timing())
    sandbox.job_duration = 120.0
    job_ids = await begun(client, sandbox, 20)
    before = len(sandbox.requests)

    async def sleep(seconds: float) -> None:
        sandbox.advance_clock(seconds)

    monkeypatch.setattr("scenario_async.work._internal.waiting._sleep", sleep)
    jobs = await client.jobs.wait_all(job_ids)
    assert {job.status for job in jobs} == {"success"}
    assert len(sandbox.requests) - before <= 30


async def test_an_unreachable_service_does_not_end_the_wait(sandbox: Sandbox, client: AsyncScenario) -> None:
    [job_id] = await begun(client, sandbox)
    faults = [ServerError(502, "before"), Throttled()]
    sandbox.faults = Faults(Rule(faults, on="GET /jobs/{jobId}", times=6))
    job = await client.jobs.wait(job_id)
    assert job.status == "success"
    assert sandbox.faults.count() == 6


async def test_a_pause_of_the_process_does_not_end_the_wait(
    sandbox: Sandbox, client: AsyncScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that slept for long is often offline for a moment; only that moment counts."""
    monkeypatch.setattr(timing, "TIMING", attrs.evolve(timing.TIMING, outage_seconds=1.0))
    sandbox.job_duration = 0.5
    [job_id] = await begun(client, sandbox)
    pauses = iter([1.2])

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(next(pauses, seconds))

    monkeypatch.setattr("scenario_async.work._internal.waiting._sleep", sleep)
    sandbox.faults = Faults(Rule(ServerError(502, "before"), on="GET /jobs/{jobId}", skip=1, times=2))
    assert (await client.jobs.wait(job_id)).status == "success"
    assert sandbox.faults.count() == 2


async def test_an_unknown_job_id_soon_raises(sandbox: Sandbox, client: AsyncScenario) -> None:
    """It is requested more than once, because a new job may not be visible yet, but for at most 3 s."""
    begin = time.monotonic()
    with pytest.raises(NotFoundError, match=r"^there is no job with this id: GET /jobs/job_of_n") as raised:
        await client.jobs.wait("job_of_nobody")
    assert time.monotonic() - begin < 6
    assert sandbox.requests["GET /jobs/{jobId}"] > 1
    assert (raised.value.status_code, raised.value.path) == (404, "/jobs/job_of_nobody")


async def test_an_unknown_model_id_soon_raises(client: AsyncScenario) -> None:
    with pytest.raises(NotFoundError, match=r"^there is no model with this id: "):
        await client.models.train.wait("model_of_nobody")


async def test_a_job_that_is_listed_late_is_waited_for(sandbox: Sandbox, client: AsyncScenario) -> None:
    [job_id] = await begun(client, sandbox)
    sandbox.faults = Faults(Rule(HTMLPage(404, "before"), on="GET /jobs/{jobId}", times=3))
    assert (await client.jobs.wait(job_id)).status == "success"
    assert sandbox.faults.count() == 3


async def test_a_job_that_was_seen_may_be_missing_for_longer(
    sandbox: Sandbox, client: AsyncScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenario_async.work._internal.waiting._NEVER_SEEN", 0)
    sandbox.job_duration = 0.5
    [job_id] = await begun(client, sandbox)
    sandbox.faults = Faults(Rule(HTMLPage(404, "before"), on="GET /jobs/{jobId}", skip=1, times=3))
    assert (await client.jobs.wait(job_id)).status == "success"
    assert sandbox.faults.count() == 3


async def test_a_job_that_was_just_started_may_be_missing_for_longer(
    sandbox: Sandbox, client: AsyncScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenario_async.work._internal.waiting._NEVER_SEEN", 0)
    sandbox.faults = Faults(Rule(HTMLPage(404, "before"), on="GET /jobs/{jobId}", times=3))
    report = await client.generate.run("model_bfl-flux-1-dev", "a fox", max_cost=None)
    assert report.job.status == "success"
    assert sandbox.faults.count() == 3


async def test_a_deadline_names_the_unfinished_jobs(sandbox: Sandbox, client: AsyncScenario) -> None:
    sandbox.job_duration = 60
    [job_id] = await begun(client, sandbox)
    with pytest.raises(WaitTimeoutError, match="continues and is paid: wait again") as raised:
        await client.jobs.wait(job_id, deadline=0.3)
    assert raised.value.ids == (job_id,)
    sandbox.advance_clock(60)
    assert (await client.jobs.wait(job_id)).status == "success"


@pytest.mark.parametrize("ids", ["", " ", [], ["job_1", ""], [None]])
async def test_wrong_ids_are_refused(sandbox: Sandbox, client: AsyncScenario, ids: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="job_ids: "):
        await client.jobs.wait_all(ids)
    assert len(sandbox.requests) == 0


@pytest.mark.parametrize("deadline", [0, -1, "soon", True])
async def test_a_wrong_deadline_is_refused(sandbox: Sandbox, client: AsyncScenario, deadline: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="deadline: "):
        await client.jobs.wait("job_1", deadline=deadline)
    assert len(sandbox.requests) == 0


async def in_training(client: AsyncScenario, sandbox: Sandbox, folder: Path) -> Model:
    """A model whose training has begun."""
    model = sandbox.state.add_model(name="paper", type="flux.1-lora")
    await client.models.training_images.upload(model.id, folder, ledger=False)
    await client.models.train.trigger(model.id)
    return model


async def test_a_training_is_waited_for(
    sandbox: Sandbox, client: AsyncScenario, folder_of: Callable[[int], Path]
) -> None:
    sandbox.training_duration = 0.5
    model = await in_training(client, sandbox, folder_of(5))
    seen: list[WorkProgress] = []
    trained = await client.models.train.wait(model.id, on_progress=seen.append)
    assert trained.status == "trained"
    assert (seen[-1].stage, seen[-1].id) == ("done", model.id)


async def test_a_canceled_training_is_an_error(
    sandbox: Sandbox, client: AsyncScenario, folder_of: Callable[[int], Path]
) -> None:
    sandbox.training_duration = 60
    model = await in_training(client, sandbox, folder_of(5))
    await client.models.train.action(model.id, action="cancel")
    with pytest.raises(TrainingFailedError, match="was canceled"):
        await client.models.train.wait(model.id)


async def test_the_blocking_client_waits_too(sandbox: Sandbox, client: AsyncScenario) -> None:
    sandbox.job_duration = 0.2
    job_ids = await begun(client, sandbox, 2)

    def wait() -> list[str]:
        with Scenario(
            base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret
        ) as blocking:
            first = blocking.jobs.wait(job_ids[0])
            return [first.job_id, *(job.job_id for job in blocking.jobs.wait_all(job_ids))]

    assert await asyncio.to_thread(wait) == [job_ids[0], *job_ids]


async def test_a_deadline_ends_a_request_that_gets_no_response(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    [job_id] = await begun(client, sandbox)
    model = sandbox.state.add_model(name="paper", type="flux.1-lora")
    sandbox.faults = Faults(Rule(Delay(30, "before"), on=["GET /jobs/{jobId}", "GET /models/{modelId}"]))
    for wait in (client.jobs.wait(job_id, deadline=0.2), client.models.train.wait(model.id, deadline=0.2)):
        with pytest.raises(WaitTimeoutError):
            await asyncio.wait_for(wait, 10)


async def test_a_job_whose_id_is_spelled_otherwise_in_the_response_ends(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    [job_id] = await begun(client, sandbox)
    change = Changed(set_at("job", "jobId", value=job_id.upper()))
    sandbox.faults = Faults(Rule(change, on="GET /jobs/{jobId}"))
    assert (await asyncio.wait_for(client.jobs.wait(job_id), 30)).status == "success"


@pytest.mark.parametrize("deadline", [float("inf"), 1e11])
async def test_a_deadline_may_be_far_away(sandbox: Sandbox, client: AsyncScenario, deadline: float) -> None:
    [job_id] = await begun(client, sandbox)
    assert (await client.jobs.wait(job_id, deadline=deadline)).status == "success"
