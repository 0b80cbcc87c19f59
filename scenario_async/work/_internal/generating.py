"""Generate with a model: check, ask for the price, pay once, wait, and save."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from attrs import define, field, frozen

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.threads import in_thread
from scenario_async.errors import DownloadError, JobCanceledError, JobFailedError
from scenario_async.upload._internal.arguments import check_seconds
from scenario_async.values.generation import GenerateRunModelParams
from scenario_async.values.job import Job
from scenario_async.work._internal.arguments import check_key
from scenario_async.work._internal.bases import find_target
from scenario_async.work._internal.doubts import find_generation
from scenario_async.work._internal.ledger import UNFINISHED, WorkEntry, WorkLedger, id_of_work
from scenario_async.work._internal.money import Price, decimal_of, price_of, read_max_cost
from scenario_async.work._internal.naming import check_template
from scenario_async.work._internal.partial_file import make_folder
from scenario_async.work._internal.paying import (
    GENERATION_RESENDS,
    OnDoubt,
    Payment,
    Quote,
    check_on_doubt,
    job_id_of,
    noted_as_paid,
)
from scenario_async.work._internal.progress import Reporter
from scenario_async.work._internal.reports import GenerationReport
from scenario_async.work._internal.request_body import SEED, Wanted, body_for, with_files_uploaded, with_seed
from scenario_async.work._internal.saving import DownloadReport, SaveOptions, save_assets
from scenario_async.work._internal.waiting import (
    CANCELED,
    asset_ids_of,
    cost_of,
    raise_if_failed,
    wait_for_jobs,
)

_FINISHED: Final = frozenset({"succeeded", "saved"})


@frozen(kw_only=True)
class GenerationOptions:
    """The options of paying, waiting and saving; see `Generate.run`."""

    max_cost: object
    to: Path | None
    name: str
    key: str | None
    on_doubt: OnDoubt
    deadline: float | None

    def check(self) -> None:
        """Check the arguments before anything is sent.

        Raises:
            InvalidArgumentError: An argument is wrong.
        """
        read_max_cost(self.max_cost)
        check_template(self.name)
        check_key(self.key)
        check_on_doubt(self.on_doubt)
        check_seconds("deadline", self.deadline)


async def estimate_generation(sender: Sender, wanted: Wanted) -> Price | None:
    """Return the price of a generation; see `Generate.estimate`."""
    wanted.check()
    wanted = await in_thread(wanted.opened)
    target = await find_target(sender, wanted.model_id, wanted.base, wanted.scale)
    body = await with_files_uploaded(sender, body_for(wanted, target))
    return await _price(sender, target.model.id, body)


async def _price(sender: Sender, model_id: str, body: Mapping[str, Any]) -> Price | None:
    request = GenerateRunModelParams(model_id, dry_run="true", body=body)
    return price_of(await sender.send(request))


@define(eq=False)
class Generation:
    """One call of `Generate.run`."""

    sender: Sender
    wanted: Wanted
    options: GenerationOptions
    ledger: WorkLedger
    reporter: Reporter
    _quote: Quote = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._quote = Quote(self.wanted.model_id, self.options.max_cost, self.reporter)

    async def may_pay(self) -> bool:
        """Whether `run` may send a paid request; False if it only continues an earlier call.

        If another process is making the same call, this waits until it has ended.

        Raises:
            InvalidArgumentError: An argument is wrong, or the ledger cannot be used.
        """
        work_id = await self._checked_id()
        async with self.ledger.holding(work_id):
            entry = await self._earlier(work_id)
        return entry is None or (entry.state == "submitting" and self.options.on_doubt == "resend")

    async def run(self) -> GenerationReport:
        """Carry out the whole call; see `Generate.run`."""
        work_id = await self._checked_id()
        async with self.ledger.holding(work_id):
            entry = await self._earlier(work_id)
            return await self._begin(work_id) if entry is None else await self._pay(entry)

    async def _checked_id(self) -> str:
        """Check the arguments, and return the id of the call."""
        self.wanted.check()
        self.options.check()
        self.wanted = await in_thread(self.wanted.opened)
        return id_of_work("generate", await in_thread(self._call))

    def _call(self) -> dict[str, Any]:
        """Return what identifies the call: a call in which all of it is equal is the same call."""
        to = None if self.options.to is None else os.path.realpath(self.options.to)
        return {**self.wanted.with_digests(), "to": to, "key": self.options.key}

    async def _earlier(self, work_id: str) -> WorkEntry | None:
        """Return the entry of an earlier call that this one continues; None if there is none."""
        entry = await self.ledger.get(work_id)
        return entry if entry is not None and self._is_to_be_resumed(entry) else None

    def _is_to_be_resumed(self, entry: WorkEntry) -> bool:
        """Whether to continue an earlier call, because it is unfinished or has a key."""
        if entry.state in {"submitting", "submitted"}:
            return True
        if entry.state == "succeeded" and self.options.to is not None:
            return True  # the pictures are paid, but not all of them are saved
        return entry.state in _FINISHED and self.options.key is not None

    async def _begin(self, work_id: str) -> GenerationReport:
        self.reporter.report("checking", id=self.wanted.model_id)
        sender, wanted = self.sender, self.wanted
        target = await find_target(sender, wanted.model_id, wanted.base, wanted.scale)
        given = await with_files_uploaded(sender, body_for(wanted, target))
        body = with_seed(given, target.model)
        entry = WorkEntry(
            work_id=work_id,
            kind="generate",
            model_id=target.model.id,
            body=body,
            has_drawn_seed=given.get(SEED) is None and SEED in body,
        )
        await self._quote.request(lambda: self._estimate(entry))
        price = self._quote.price
        if self.options.to is not None:
            await in_thread(make_folder, self.options.to)  # before the payment, since it may be impossible
        entry = await self.ledger.write(entry, cost=None if price is None else str(price.units))
        return await self._pay(entry)

    async def _pay(self, entry: WorkEntry) -> GenerationReport:
        payment = Payment(
            entry=entry,
            ledger=self.ledger,
            send=lambda: self._send(payment.entry),
            look=lambda now: find_generation(self.sender, self.ledger, now),
            resends=GENERATION_RESENDS if self.options.on_doubt == "resend" else 0,
            before=lambda: self._quote.keep_fresh(lambda: self._estimate(payment.entry)),
            deadline=self.options.deadline,
        )
        if entry.state in UNFINISHED:
            entry = await payment.make()
        with noted_as_paid(self.ledger, entry.job_id):
            return await self._finish(entry)

    async def _finish(self, entry: WorkEntry) -> GenerationReport:
        """Wait for the job of a paid request, and save its pictures."""
        job = await self._wait(entry)
        asset_ids = tuple(asset_ids_of(job))
        entry = await self.ledger.record(entry, state="succeeded", asset_ids=asset_ids)
        download = await self._save(entry, job)
        if download is not None and asset_ids:  # without ids, the same call looks for the pictures again
            entry = await self.ledger.record(entry, state="saved")
        self.reporter.report("done", id=job.job_id, done=len(asset_ids), total=len(asset_ids), fraction=1.0)
        return self._report(entry, job, download)

    async def _send(self, entry: WorkEntry) -> str | None:
        """Send the paid request once, and return its job's id if the response has it."""
        request = GenerateRunModelParams(entry.model_id, body=entry.body)
        return job_id_of(await self.sender.retrying(0).send(request))

    async def _estimate(self, entry: WorkEntry) -> Price | None:
        return await _price(self.sender, entry.model_id, entry.body)

    async def _wait(self, entry: WorkEntry) -> Job:
        [job] = await wait_for_jobs(
            self.sender,
            [entry.job_id or ""],
            self.reporter,
            deadline=self.options.deadline,
            raise_on_failure=False,
            exists=True,
            assets=True,
        )
        try:
            raise_if_failed(job)
        except (JobFailedError, JobCanceledError):
            await self.ledger.record(entry, state="canceled" if job.status in CANCELED else "failed")
            raise
        return job

    async def _save(self, entry: WorkEntry, job: Job) -> DownloadReport | None:
        if self.options.to is None:
            return None
        metadata = {
            "prompt": self.wanted.prompt,
            "seed": entry.body.get(SEED),
            "job_id": job.job_id,
            "cost": cost_of(job),
        }
        options = SaveOptions(
            to=self.options.to,
            name=self.options.name,
            metadata=True,
            more_metadata=metadata,
            seed=entry.body.get(SEED),
            exist=True,
        )
        if not entry.asset_ids:
            return DownloadReport(results=[], seconds=0.0)
        try:
            return await save_assets(self.sender, entry.asset_ids, options, self.reporter)
        except DownloadError as error:
            message = f"{error}. The generation is paid. {self._how_to_save()}"
            raise DownloadError(message, ids=error.ids, report=error.report) from error

    def _how_to_save(self) -> str:
        if not self.ledger.is_kept:
            return "Save its pictures by their ids with assets.save"
        return "The same call with the same `to` saves its pictures without another payment"

    def _report(self, entry: WorkEntry, job: Job, download: DownloadReport | None) -> GenerationReport:
        return GenerationReport(
            model_id=self.wanted.model_id,
            base_id=entry.model_id,
            job=job,
            prompt=self.wanted.prompt,
            seed=entry.body.get(SEED),
            price=self._quote.price,
            charged=decimal_of(cost_of(job)),
            asset_ids=entry.asset_ids,
            download=download,
            resumed=self._quote.asked is None,
            seconds=self.reporter.elapsed,
        )
