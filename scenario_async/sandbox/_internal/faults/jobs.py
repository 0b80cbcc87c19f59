"""Faults of jobs: the request succeeds, and its job fails later."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from aiohttp import web
from attrs import field, frozen

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.faults.fault import Fault


@frozen
class JobFails(Fault):
    """The job of a generation or a training ends in ``failure``. It happens after processing.

    If jobs take no time, the job ends before the response is sent, and cannot fail any more.

    Attributes:
        reason: The reason in the job's metadata, such as ``"Blocked by content moderation"``.
        refunded: Whether its price is refunded. The service refunds failed jobs, except some that moderation
            stops.
    """

    routes: ClassVar[frozenset[str]] = frozenset(
        {
            "POST /generate/custom/{modelId}",
            "POST /generate/detect",
            "POST /generate/patch",
            "PUT /models/{modelId}/train",
        }
    )

    reason: str = "The job failed"
    refunded: bool = field(default=True, kw_only=True)

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Make the job fail at its end."""
        if (processed := await arrival.process_to_json()) is None:
            return None
        own, document = processed
        started: dict[str, Any] | None = document.get("job")
        if started is None:
            return None
        context = context_of(arrival.request)
        job = context.state.jobs[cast("str", started["jobId"])]
        if job.is_over(context.clock.now()):
            return None
        job.failure, job.refunds = self.reason, self.refunded
        return own
