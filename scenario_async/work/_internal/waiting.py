"""Wait until jobs and trainings have ended."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.threads import running_loop
from scenario_async.errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    IncompleteResponseError,
    InternalServerError,
    JobCanceledError,
    JobFailedError,
    NotFoundError,
    RateLimitError,
    TrainingFailedError,
    WaitTimeoutError,
)
from scenario_async.upload._internal.arguments import check_seconds
from scenario_async.values.job import Job
from scenario_async.values.model import Model
from scenario_async.work._internal import timing
from scenario_async.work._internal.looking_up import job_of, jobs_page, model_of
from scenario_async.work._internal.money import decimal_of
from scenario_async.work._internal.progress import Reporter, Stage
from scenario_async.work._internal.timing import Polling

logger: Final = logging.getLogger("scenario_async.work")

SUCCEEDED: Final = frozenset({"success", "succeeded"})
FAILED: Final = frozenset({"failure", "failed"})
CANCELED: Final = frozenset({"canceled", "cancelled"})
"""States in which a job has ended. The service's guides and its package spell some of them differently."""

TRAINED: Final = "trained"
BEGUN: Final = frozenset({"training", TRAINED})
"""Statuses of a model whose training was paid."""
TRAINING_ENDED: Final = frozenset({TRAINED, "failed", "training-canceled"})

PASSING: Final = (
    APIConnectionError,
    APIResponseValidationError,
    IncompleteResponseError,
    InternalServerError,
    RateLimitError,
)
"""Errors after which another request may succeed."""

WAIT_AGAIN: Final = "wait again with the same id"
"""How the error about a deadline ends; the command line replaces it."""

_WATCHED_ONE_BY_ONE: Final = 3
"""For more jobs than this, the list is requested instead of each job."""
_LONGEST_TIMER: Final = 1e6
"""Seconds; some event loops refuse longer timers."""
_NEVER_SEEN: Final = 3.0
"""Seconds for which the service may return 404 for a job or model whose id may be wrong."""

_STAGES: Final[dict[str, Stage]] = {
    "pending": "queued",
    "queued": "queued",
    "queued-for-train": "queued",
    "warming-up": "starting",
    "starting-train": "starting",
    "finalizing": "finalizing",
}


def has_ended(job: Job) -> bool:
    """Whether a job is in a state that does not change any more."""
    return job.status in SUCCEEDED | FAILED | CANCELED


async def wait_for_jobs(
    sender: Sender,
    job_ids: Sequence[str],
    reporter: Reporter,
    *,
    deadline: float | None,
    raise_on_failure: bool,
    exists: bool = False,
    assets: bool = False,
) -> list[Job]:
    """Wait until all of these jobs have ended; see `Jobs.wait`.

    With `exists`, they have just been started. With `assets`, a job that succeeded has assets; they may be
    listed a little later than its success.
    """
    check_seconds("deadline", deadline)
    still_open = list(dict.fromkeys(job_ids))
    ended, total, late = dict[str, Job](), len(still_open), dict[str, float]()

    async def look() -> bool:
        for job_id, job in (await _jobs(sender, still_open)).items():
            lacks_assets = assets and job.status in SUCCEEDED and not asset_ids_of(job)
            is_late = lacks_assets and _since(late, job_id) < timing.TIMING.late_seconds
            if has_ended(job) and not is_late:
                ended[job_id] = job
            _report_job(reporter, job, done=len(ended), total=total)
        still_open[:] = [one for one in still_open if one not in ended]
        return not still_open

    try:
        await poll(look, timing.TIMING.jobs, deadline, still_open, what="job", exists=exists)
    except NotFoundError as error:
        raise _unknown("job", error) from None
    jobs = [ended[one] for one in job_ids]
    if raise_on_failure:
        for job in jobs:
            raise_if_failed(job)
    return jobs


def raise_if_failed(job: Job) -> None:
    """Raise if a job ended without success.

    Raises:
        JobFailedError: It failed.
        JobCanceledError: It was canceled.
    """
    if job.status in CANCELED:
        message = f"job {job.job_id} was canceled{_cost_of(job)}"
        raise JobCanceledError(message, ids=[job.job_id], report=job)
    if job.status in FAILED:
        message = f"job {job.job_id} failed: {_reason_of(job)}{_cost_of(job)}"
        raise JobFailedError(message, ids=[job.job_id], report=job)


def _reason_of(job: Job) -> str:
    metadata: Any = job.metadata
    reason = (metadata and metadata.error) or "the service gives no reason"
    return f"{reason} ({metadata.hint})" if metadata and metadata.hint else reason


def _cost_of(job: Job) -> str:
    """Return the part of a message that shows whether a job that did not succeed was refunded."""
    billing: Any = job.billing
    cost = None if billing is None else decimal_of(billing.cu_cost)
    return "" if cost is None else f"; the job states a cost of {cost} creative units"


async def wait_for_training(
    sender: Sender,
    model_id: str,
    reporter: Reporter,
    *,
    deadline: float | None,
    exists: bool = False,
    is_outdated: Callable[[Model], bool] = lambda _: False,
) -> Model:
    """Wait until the training of a model has ended; see `ModelTraining.wait`.

    If `exists` is set, the training has just been started. Then the service may show for a short time the
    end of an earlier training; `is_outdated` recognises it.
    """
    check_seconds("deadline", deadline)
    seen, late = set[str](), dict[str, float]()
    latest: list[Model] = []

    async def look() -> bool:
        model = await model_of(sender, model_id)
        latest[:] = [model]
        samples = [link.asset_id for epoch in model.epochs or () for link in epoch.assets or ()]
        new = tuple(one for one in samples if one and one not in seen)
        seen.update(new)
        _report_training(reporter, model, new)
        if model.status == "training":
            late["training"] = -math.inf
        is_late = is_outdated(model) and _since(late, "training") < timing.TIMING.late_seconds
        return model.status in TRAINING_ENDED and not is_late

    what = "the training of model"
    try:
        await poll(look, timing.TIMING.training, deadline, [model_id], what=what, exists=exists)
    except NotFoundError as error:
        raise _unknown("model", error) from None
    model = latest[0]
    if model.status != TRAINED:
        message = f"the training of model {model_id} {await _how_it_ended(sender, model)}"
        raise TrainingFailedError(message, ids=[model_id], report=model)
    reporter.report("done", id=model_id, fraction=1.0)
    return model


async def _how_it_ended(sender: Sender, model: Model) -> str:
    """Describe a training that did not succeed, with the reason and the cost if its job can be looked up."""
    was_canceled = model.status == "training-canceled"
    what = "was canceled" if was_canceled else "failed"
    if model.job_id is None:
        return what
    try:
        job = await job_of(sender, model.job_id)
    except APIError:
        return what
    return f"{what}{'' if was_canceled else f': {_reason_of(job)}'}{_cost_of(job)}"


async def poll(
    look: Callable[[], Awaitable[bool]],
    polling: Polling,
    deadline: float | None,
    ids: Sequence[str],
    *,
    what: str,
    exists: bool,
) -> None:
    """Call `look` repeatedly, with growing waits, until it returns true.

    If the service is unreachable for a while, the wait continues, because the work continues meanwhile. After
    a 404, the wait continues for a short time. It continues longer if the object certainly exists, because an
    earlier call has seen it or the caller says so. These times begin with the first request that fails, and
    not with the last success: the machine may have slept in between.

    Raises:
        WaitTimeoutError: The deadline passed.
        APIError: The service returned an error, or was unreachable for too long.
    """
    running_loop()  # raises a clear error under trio
    started, slower = time.monotonic(), 1.0
    failing_since: float | None = None
    for pause in polling.pauses():
        patience, asked_at = math.inf, time.monotonic()
        left = None if deadline is None else max(0.0, started + deadline - time.monotonic())
        timer = asyncio.timeout(left if left is None or left < _LONGEST_TIMER else None)
        try:
            async with timer:
                if await look():
                    return
            failing_since, slower, exists = None, max(1.0, slower / 2), True
        except TimeoutError:
            if not timer.expired():
                raise
        except APIError as error:
            failing_since = asked_at if failing_since is None else failing_since
            patience = _patience(error, exists=exists) - (time.monotonic() - failing_since)
            if patience <= 0:
                raise
            slower = min(slower * 2, 8.0) if isinstance(error, RateLimitError) else slower
            if isinstance(error, NotFoundError):
                logger.info("%s; looking again, since it may not be visible yet", error)
            else:
                logger.info("%s; the work continues meanwhile", error)
        left = math.inf if deadline is None else started + deadline - time.monotonic()
        if left <= 0:
            shown = ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")  # noqa: PLR2004
            several = "s" if len(ids) > 1 else ""
            raise WaitTimeoutError(
                f"{what}{several} {shown} had not ended after {deadline} s. The work continues and is paid: "
                f"{WAIT_AGAIN}",
                ids=ids,
            )
        await _sleep(min(pause * slower, patience, left))


async def _sleep(seconds: float) -> None:
    await asyncio.sleep(seconds)


def _patience(error: APIError, *, exists: bool) -> float:
    """The seconds after the first failed request when this error ends the wait; 0 for at once."""
    if isinstance(error, NotFoundError):
        return timing.TIMING.late_seconds if exists else _NEVER_SEEN
    return timing.TIMING.outage_seconds if isinstance(error, PASSING) else 0.0


def _unknown(what: str, error: NotFoundError) -> NotFoundError:
    """Return the same error with a message that begins with the missing object."""
    return NotFoundError(
        f"there is no {what} with this id: {error}",
        response=error.response,
        body=error.body,
        method=error.method,
        path=error.path,
    )


def asset_ids_of(job: Job) -> Sequence[str]:
    """Return the ids of a job's assets; none if the response has none."""
    metadata: Any = job.metadata
    return (metadata and metadata.asset_ids) or ()


def cost_of(job: Job) -> float | None:
    """Return what a job cost in creative units; None if the response does not have it."""
    return None if job.billing is None else job.billing.cu_cost


def _since(first: dict[str, float], name: str) -> float:
    """Return the seconds since the first call with this name."""
    return time.monotonic() - first.setdefault(name, time.monotonic())


async def _jobs(sender: Sender, job_ids: Sequence[str]) -> Mapping[str, Job]:
    """Return the current state of jobs, with as few requests as possible."""
    found = dict[str, Job]()
    if len(job_ids) > _WATCHED_ONE_BY_ONE:
        jobs, _ = await jobs_page(sender)
        found = {job.job_id: job for job in jobs if job.job_id in set(job_ids)}
    missing = [one for one in job_ids if one not in found]
    for job_id in missing:
        found[job_id] = await job_of(sender, job_id)
    return found


def _report_job(reporter: Reporter, job: Job, *, done: int, total: int) -> None:
    progress: Any = job.progress
    fraction = _fraction(progress)
    stage = _STAGES.get(job.status, "running")
    reporter.report(stage, id=job.job_id, done=done, total=total, fraction=fraction)


def _fraction(progress: Any) -> float | None:
    """Return a fraction from a response; None if it is not a number from 0 to 1."""
    return progress if isinstance(progress, int | float) and 0 <= progress <= 1 else None


def _report_training(reporter: Reporter, model: Model, new_assets: Iterable[str]) -> None:
    progress = model.training_progress
    stage = "running" if progress is None else _STAGES.get(progress.stage, "running")
    members: dict[str, object] = {"id": model.id, "new_assets": tuple(new_assets)}
    if progress is not None:
        members["fraction"] = _fraction(progress.progress) if stage == "running" else None
        if progress.position is not None:
            members["position"] = int(progress.position)
        if progress.remaining_time_ms is not None:
            members["remaining"] = progress.remaining_time_ms / 1000
    reporter.report(stage, **members)
