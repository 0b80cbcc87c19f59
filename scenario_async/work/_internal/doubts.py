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
from scenario_async.work._internal.looking_up import jobs_page, model_of, text_of
from scenario_async.work._internal.request_body import SEED
from scenario_async.work._internal.waiting import CANCELED, FAILED, TRAINED, TRAINING_ENDED

_EARLIEST: Final = timedelta(seconds=-5)
_LATEST: Final = timedelta(seconds=180)
"""The time window, relative to the request, for a job without a seed."""
_MOST_PAGES: Final = 5
_ASSET: Final = "asset_"


async def find_training(sender: Sender, entry: WorkEntry) -> str | None:
    """Return the training job of a model, if the request in doubt was carried out; None otherwise.

    The request was carried out if the model is in training, or if it names another job than before.
    """
    model = await model_of(sender, entry.model_id)
    return training_job_of(model, entry)


def training_job_of(model: Model, entry: WorkEntry) -> str | None:
    """Return the job that trains a model since the request of an entry; None if there is none.

    Not every key may see the job's id. Without it, the status decides.
    """
    if model.job_id is not None and model.job_id != entry.previous_job_id:
        return model.job_id
    if model.status == "training":
        return ""
    was_known = model.job_id is None and entry.previous_status is not None
    return (
        "" if was_known and model.status in TRAINING_ENDED and model.status != entry.previous_status else None
    )


def is_before(model: Model, entry: WorkEntry) -> bool:
    """Whether a model seems to be in the state from before the training of an entry."""
    if model.job_id is not None:
        return model.job_id == entry.previous_job_id
    return model.status == entry.previous_status


def is_trained_by(model: Model, entry: WorkEntry) -> bool:
    """Whether a model is the result of the training of an entry, as far as its job is known."""
    ids = {one for one in (model.job_id, entry.job_id) if one}
    return model.status == TRAINED and len(ids) <= 1


async def find_generation(sender: Sender, ledger: WorkLedger, entry: WorkEntry) -> str | None:
    """Find the job of a generation in doubt among the latest jobs; None if none or several match.

    Several jobs with a seed that the client drew are all of this generation, which was sent more than once.
    """
    listed = await _jobs_since(sender, entry)
    # Read after the list: the request of each listed job was in a ledger before it was sent.
    others = await ledger.all()
    known = {other.job_id for other in others if other.job_id}
    # Another request in doubt for the same model could have created a job without a mark of its own.
    rivals = [
        other
        for other in others
        if other.state == "submitting"
        and other.model_id == entry.model_id
        and other.work_id != entry.work_id
        and other.body.get(SEED) == entry.body.get(SEED)
    ]
    fitting = [job for job in listed if job.job_id not in known and _fits(job, entry)]
    if entry.has_drawn_seed:
        useful = [job for job in fitting if job.status not in FAILED | CANCELED]
        return next((job.job_id for job in [*useful, *fitting]), None)
    if rivals:
        return None
    fitting = [job for job in fitting if await _may_have_prompt(sender, job, entry.body.get("prompt"))]
    return fitting[0].job_id if len(fitting) == 1 else None


async def _may_have_prompt(sender: Sender, job: Job, prompt: object) -> bool:
    """Whether a job has a prompt, as far as it is known; the service lists a prompt as a text asset."""
    listed = input_of(job).get("prompt")
    if not isinstance(listed, str) or not isinstance(prompt, str) or listed == prompt:
        return True
    if not listed.startswith(_ASSET):
        return False
    text = await text_of(sender, listed)
    return text is None or text == prompt


def input_of(job: Job) -> Mapping[str, Any]:
    """Return the input of a job; empty if the response has none."""
    metadata: Any = job.metadata
    given = None if metadata is None else metadata.input
    return cast("Mapping[str, Any]", given) if is_object(given) else {}


def _fits(job: Job, entry: WorkEntry) -> bool:
    """Whether a job can be the one of a generation in doubt, by its model, its inputs and its time."""
    given = input_of(job)
    listed = [given.get(name) for name in ("modelId", "baseModelId")]
    model_ids = [one for one in listed if one and isinstance(one, str)]
    if model_ids and not {entry.model_id, entry.body.get("modelId")} & set(model_ids):
        return False
    if SEED in entry.body:
        if str(given.get(SEED)) != str(entry.body[SEED]):
            return False
        if entry.has_drawn_seed:
            return True
        # Other jobs may have the caller's seed too, so the rest of the input and the time decide.
        if any(_differs(entry.body[name], given.get(name)) for name in entry.body if name != "prompt"):
            return False
    elif not model_ids:
        return False
    try:
        created = datetime.fromisoformat(job.created_at)
    except (ValueError, TypeError):  # the response lacks it or has it in another form
        return False
    created = created if created.tzinfo is not None else created.replace(tzinfo=UTC)
    return _EARLIEST <= created - entry.began_at <= _LATEST


def _differs(sent: Any, listed: Any) -> bool:
    """Whether an input of a listed job certainly differs from the one that was sent."""
    return type(sent) is type(listed) and isinstance(sent, str | int | float) and bool(sent != listed)


async def _jobs_since(sender: Sender, entry: WorkEntry) -> Sequence[Job]:
    """Return the jobs that were created since the request of an entry, the newest first, up to 500.

    If none of them can be its job, the latest jobs of any time follow: the clock of this machine may be ahead
    by hours. This needs a seed that the client drew, which identifies the job without its time.
    """
    after = entry.created_after
    found, token = list[Job](), cast("str | None", None)
    for _ in range(_MOST_PAGES):
        jobs, token = await jobs_page(sender, created_after=after, token=token)
        found += jobs
        if not token:
            break
    if entry.has_drawn_seed and not any(_fits(job, entry) for job in found):
        latest, _ = await jobs_page(sender)
        found += latest
    return found


@frozen(kw_only=True)
class SettledDoubt:
    """A paid request that was in doubt, after its job was searched for.

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
            "began": self.entry.began_at.isoformat(timespec="seconds"),
            "cost": self.entry.cost,
            "job_id": self.job_id,
        }


async def settle_doubts(sender: Sender, ledger: WorkLedger) -> list[SettledDoubt]:
    """Search once for the job of every request in doubt, and record the jobs that are found."""
    settled = list[SettledDoubt]()
    for entry in await ledger.all():
        if entry.state != "submitting" or entry.kind == "dataset":  # to create a model is free
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
