"""Jobs, with the sandbox's clock."""

from __future__ import annotations

from typing import Any

import pytest

from .wire import Wire, running


async def generation(wire: Wire, **body: Any) -> str:
    """Start to generate a picture with a model that needs no training; return the job's id."""
    model_id = await wire.model(type="custom")
    answer = await wire.ask("POST", f"/generate/custom/{model_id}", {"prompt": "a fox", **body})
    assert answer.status == 200, answer
    job_id: str = answer.body["job"]["jobId"]
    return job_id


async def detection(wire: Wire) -> str:
    """Start a detection in a new asset, as a job that can be canceled; return the job's id."""
    body = {"image": await wire.asset(), "modality": "canny"}
    answer = await wire.ask("POST", "/generate/detect", body)
    assert answer.status == 200, answer
    job_id: str = answer.body["job"]["jobId"]
    return job_id


async def job(wire: Wire, job_id: str) -> Any:
    """Get a job."""
    return (await wire.ask("GET", f"/jobs/{job_id}")).body["job"]


async def test_a_job_follows_the_clock() -> None:
    """A job goes from queued to success as the clock advances, and its result is created at the end."""
    async with running(job_duration=1000) as wire:
        job_id = await generation(wire)
        seen: list[tuple[str, int]] = []
        for seconds in (10, 250, 250, 250, 200, 250):
            wire.sandbox.advance_clock(seconds)
            shown = await job(wire, job_id)
            seen.append((shown["status"], round(shown["progress"] * 100)))
            assert ("assetIds" in shown["metadata"]) == (shown["status"] == "success")
        assert [status for status, _ in seen] == [
            "queued", "warming-up", "in-progress", "in-progress", "finalizing", "success",
        ]  # fmt: skip
        assert [progress for _, progress in seen] == [0, 0, 2, 52, 92, 100]
        history = [change["status"] for change in shown["statusHistory"]]
        assert history == ["queued", "warming-up", "in-progress", "finalizing", "success"]
        assert shown["statusHistory"][-1]["date"] == shown["updatedAt"]


async def test_cancel() -> None:
    """A canceled job stays canceled and creates nothing; a job that has ended cannot be canceled."""
    async with running(job_duration=1000) as wire:
        job_id = await detection(wire)
        answer = await wire.ask("POST", f"/jobs/{job_id}/action", {"action": "cancel"})
        assert (answer.status, answer.body["job"]["status"]) == (200, "canceled")
        assert (await wire.ask("POST", f"/jobs/{job_id}/action", {"action": "cancel"})).status == 400
        wire.sandbox.advance_clock(2000)
        assert (await job(wire, job_id))["status"] == "canceled"
        assert len(wire.sandbox.state.assets) == 1
        done = await detection(wire)
        wire.sandbox.advance_clock(2000)
        assert (await wire.ask("POST", f"/jobs/{done}/action", {"action": "cancel"})).status == 400
        assert (await job(wire, done))["status"] == "success"


async def test_generations_cannot_be_canceled(wire: Wire) -> None:
    """A job of the type `custom` is refused with the service's message and continues."""
    job_id = await generation(wire)
    answer = await wire.ask("POST", f"/jobs/{job_id}/action", {"action": "cancel"})
    assert (answer.status, answer.body["reason"]) == (
        400,
        "Cannot cancel this type of job. Action not permitted.",
    )
    wire.sandbox.advance_clock(10)
    assert (await job(wire, job_id))["status"] == "success"


async def test_a_job_has_its_result_without_being_requested() -> None:
    """The result of a job exists after its duration, also if no request gets the job."""
    async with running(job_duration=1000) as wire:
        await generation(wire, numOutputs=3)
        assert (await wire.ask("GET", "/assets")).body["assets"] == []
        wire.sandbox.advance_clock(1000)
        assert len((await wire.ask("GET", "/assets")).body["assets"]) == 3


async def test_list() -> None:
    """Jobs are listed newest first, by status and by type, in pages."""
    async with running(job_duration=1000) as wire:
        first = await generation(wire)
        wire.sandbox.advance_clock(1000)
        second = await generation(wire)
        await wire.ask("POST", "/generate/embed", {"text": "a fox"})

        async def listed(query: str) -> list[str]:
            jobs = (await wire.ask("GET", f"/jobs?{query}")).body["jobs"]
            return [job["jobId"] for job in jobs]

        assert (await listed(""))[1:] == [second, first]
        assert await listed("type=custom&status=success") == [first]
        assert await listed("types=custom&types=caption&status=queued") == [second]
        assert len(await listed("pageSize=1")) == 1


@pytest.mark.parametrize("action", [{}, {"action": "pause"}])
async def test_refused_actions(wire: Wire, action: dict[str, str]) -> None:
    """Only the documented action is accepted, and only for an existing job."""
    job_id = await generation(wire)
    assert (await wire.ask("POST", f"/jobs/{job_id}/action", action)).status == 400
    assert (await wire.ask("GET", "/jobs/job_x")).status == 404


async def test_events_are_recorded(wire: Wire) -> None:
    """An endpoint that subscribes to generations gets their events and no others."""
    path = "/projects/proj_sandbox/webhook-endpoints"
    wanted = {"url": "https://example.org", "enabledEvents": ["generation.completed"]}
    endpoint = (await wire.ask("POST", path, wanted)).body["webhookEndpoint"]
    job_id = await generation(wire)
    wire.sandbox.advance_clock(10)
    events = (await wire.ask("GET", f"{path}/{endpoint['id']}/events")).body["items"]
    assert [event["type"] for event in events] == ["generation.completed"]
    event = await wire.ask("GET", f"{path}/{endpoint['id']}/events/{events[0]['id']}")
    assert event.body["webhookEvent"]["payload"] == {"jobId": job_id}
