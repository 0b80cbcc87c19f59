"""Jobs, which take some time by the clock of the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeAlias

from attrs import define, field

JobStatus: TypeAlias = Literal[
    "queued", "warming-up", "in-progress", "finalizing", "success", "failure", "canceled"
]

_WARMING_UP: Final = 0.25
_IN_PROGRESS: Final = 0.5
_FINALIZING: Final = 0.95
"""The part of a job's duration after which it enters a status. The service's timing is not documented."""

_ENDED: Final = frozenset({"success", "failure", "canceled"})


def nothing() -> None:
    """Do nothing."""


@define(kw_only=True)
class Job:
    """A job. Its status depends on the time. All times are seconds since the epoch.

    Attributes:
        duration: The seconds from its creation to its end, by the sandbox's clock.
        cost: Its price in creative units.
        finish: Called at its end; produces the result and returns the new metadata of the job.
        abandon: Called if it is canceled.
        fail: Called if it fails.
        output: The value that `finish` returned; None until then.
        failure: The reason why it will fail at its end; None if it will succeed.
        refunds: Whether its price is refunded if it fails.
        waiting_nodes: The nodes of a workflow that wait for a user's decision. The job cannot end before.
    """

    id: str
    sequence: int
    type: str
    created: float
    duration: float
    cost: float
    input: Mapping[str, Any]
    finish: Callable[[], Mapping[str, Any]] = field(repr=False)
    abandon: Callable[[], None] = field(default=nothing, repr=False)
    fail: Callable[[], None] = field(default=nothing, repr=False)
    failure: str | None = None
    refunds: bool = True
    model_id: str | None = None
    workflow_id: str | None = None
    output: Mapping[str, Any] | None = None
    waiting_nodes: set[str] = field(factory=set[str])
    canceled: float | None = None

    @property
    def ends(self) -> float:
        """The time when the job will end."""
        return self.created + self.duration

    def history(self, now: float) -> list[tuple[JobStatus, float]]:
        """The statuses that it has entered until now, with their times."""
        stages: list[tuple[JobStatus, float]] = [
            ("queued", self.created),
            ("warming-up", self.created + self.duration * _WARMING_UP),
            ("in-progress", self.created + self.duration * _IN_PROGRESS),
        ]
        if not self.waiting_nodes:
            stages.append(("finalizing", self.created + self.duration * _FINALIZING))
            stages.append(("success" if self.failure is None else "failure", self.ends))
        if self.canceled is None:
            return [stage for stage in stages if stage[1] <= now]
        return [*(stage for stage in stages if stage[1] <= self.canceled), ("canceled", self.canceled)]

    def status(self, now: float) -> JobStatus:
        """The current status."""
        return self.history(now)[-1][0]

    def progress(self, now: float) -> float:
        """The progress from 0 to 1; 0 until the job is in progress."""
        status = self.status(now)
        if status == "success":
            return 1.0
        begun = self.created + self.duration * _IN_PROGRESS
        if status not in {"in-progress", "finalizing"} or self.ends <= begun:
            return 0.0
        return min((now - begun) / (self.ends - begun), 0.99)

    def is_over(self, now: float) -> bool:
        """Whether it has ended or was canceled."""
        return self.status(now) in _ENDED

    def charge(self, now: float) -> float:
        """The final cost in creative units: 0 if it failed and its price was refunded."""
        return 0 if self.refunds and self.status(now) == "failure" else self.cost

    def settle(self) -> None:
        """Produce the result, or fail."""
        if self.failure is None:
            self.output = self.finish()
        else:
            self.output = {"error": self.failure}
            self.fail()

    def cancel(self, now: float) -> None:
        """End the job without a result."""
        self.canceled = now
        self.waiting_nodes.clear()
        self.abandon()
