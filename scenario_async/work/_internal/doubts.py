"""Find the job of a paid request whose response was lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from attrs import frozen

from scenario_async._internal.declare.converter import is_object
from scenario_async._internal.declare.operation import Sender
from scenario_async.errors import NotFoundError
from scenario_async.values.job import Job
from scenario_async.values.model import Model
from scenario_async.work._internal.ledger import WorkEntry, WorkLedger
from scenario_async.work._internal.looking_up import jobs_page, model_of

_MARGIN: Final = timedelta(minutes=5)
"""The largest difference between this machine's clock and the service's clock."""
_EARLIEST: Final = timedelta(seconds=-5)
_LATEST: Final = timedelta(seconds=180)
"""The time window, relative to the request, for a job without a seed."""
_PAGE: Final = 100
_MOST_PAGES: Final = 5


async def find_training(sender: Sender, entry: WorkEntry) -> str | None:
    """Return the training job of a model, if the request in doubt was carried out; None otherwise.

    The request was carried out if the model is in training, or if it names another job than before.
    """
    model = await model_of(sender, entry.model_id)
    return training_job_of(model, entry)


def training_job_of(model: Model, entry: WorkEntry) -> str | None:
    """Return the job that trains a model since the request of an entry; None if there is none."""
    if model.job_id is not None and model.job_id != entry.previous_job_id:
        return model.job_id
    return "" if model.status == "training" else None


async def find_generation(sender: Sender, ledger: WorkLedger, entry: WorkEntry) -> str | None:
    """Find the job of a generation in doubt among the latest jobs; None if none or several match."""
    began = datetime.fromtimestamp(entry.began, UTC)
    others = await ledger.all()
    known = {other.job_id for other in others if other.job_id}
    # Another request in doubt for the same model could have created a job without a mark.
    rivals = [
        other
        for other in others
        if other.state == "submitting" and other.model_id == entry.model_id and other.work_id != entry.work_id
    ]
    jobs = [job for job in await _created_after(sender, began - _MARGIN) if job.job_id not in known]
    fitting = [job for job in jobs if _fits(job, entry, began)]
    if "seed" not in entry.body and rivals:
        return None
    return fitting[0].job_id if len(fitting) == 1 else None


def input_of(job: Job) -> Mapping[str, Any]:
    """Return the input of a job; empty if the response has none."""
    metadata: Any = job.metadata
    given = None if metadata is None else metadata.input
    return cast("Mapping[str, Any]", given) if is_object(given) else {}


def _fits(job: Job, entry: WorkEntry, began: datetime) -> bool:
    given = input_of(job)
    model_ids = [given[name] for name in ("modelId", "baseModelId") if given.get(name)]
    if model_ids and not {entry.model_id, entry.body.get("modelId")} & set(model_ids):
        return False
    if "seed" in entry.body:
        return str(given.get("seed")) == str(entry.body["seed"])
    if not model_ids:
        return False
    try:
        created = datetime.fromisoformat(job.created_at)
    except (ValueError, TypeError):  # the response lacks it or has it in another form
        return False
    created = created if created.tzinfo is not None else created.replace(tzinfo=UTC)
    return _EARLIEST <= created - began <= _LATEST


async def _created_after(sender: Sender, after: datetime) -> Sequence[Job]:
    """Return the jobs that were created after a time, the newest first, up to 500."""
    asked = after.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    found, token = list[Job](), cast("str | None", None)
    for _ in range(_MOST_PAGES):
        jobs, token = await jobs_page(sender, page_size=_PAGE, created_after=asked, token=token)
        found += jobs
        if not token:
            break
    return found


@frozen(kw_only=True)
class SettledDoubt:
    """A paid request that was in doubt, after the service was asked.

    Attributes:
        entry: The request; its state is ``submitted`` if its job was found.
        job_id: The job; None if it is still in doubt.
    """

    entry: WorkEntry
    job_id: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the object as JSON values."""
        return {
            "work_id": self.entry.work_id,
            "kind": self.entry.kind,
            "model_id": self.entry.model_id,
            "state": self.entry.state,
            "began": datetime.fromtimestamp(self.entry.began, UTC).isoformat(timespec="seconds"),
            "cost": self.entry.cost,
            "job_id": self.job_id,
        }


async def settle_doubts(sender: Sender, ledger: WorkLedger) -> list[SettledDoubt]:
    """Search once for the job of every request in doubt, and record the jobs that are found."""
    settled = list[SettledDoubt]()
    for entry in await ledger.all():
        if entry.state != "submitting":
            continue
        try:
            job_id = (
                await find_training(sender, entry)
                if entry.kind == "train"
                else await find_generation(sender, ledger, entry)
            )
        except NotFoundError:  # the model is deleted
            job_id = None
        if job_id is not None:
            entry = await ledger.write(entry, state="submitted", job_id=job_id)  # noqa: PLW2901
        settled.append(SettledDoubt(entry=entry, job_id=job_id))
    return settled
