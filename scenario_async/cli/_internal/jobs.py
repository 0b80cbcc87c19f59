"""``scenario-async jobs``: wait for jobs, list them, and search for jobs of requests in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scenario_async.cli._internal.options import (
    Connection,
    Output,
    connection_options,
    deadline_option,
    ledger_option,
    output_options,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from scenario_async.cli._internal.running import Outcome, Run
    from scenario_async.values.job import Job


@click.group()
def jobs() -> None:
    """Wait for jobs, list them, and search for jobs of requests in doubt."""


@jobs.command()
@click.argument("job_ids", nargs=-1, required=True, metavar="JOB...")
@deadline_option("Stop waiting after this time; the jobs continue.")
@connection_options
@output_options
def wait(connection: Connection, output: Output, job_ids: tuple[str, ...], deadline: float | None) -> None:
    """Wait until jobs have ended. The exit status is 1 if one did not succeed."""
    from scenario_async.cli._internal.running import Words, run

    words = Words(
        interrupted="the jobs continue; run the same command again to wait for them",
        arguments={"job_ids": "JOB"},
    )
    run(lambda command: _wait(command, job_ids, deadline), connection, output, words)


@jobs.command("list")
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="How many at most."
)
@connection_options
@output_options
def list_(connection: Connection, output: Output, limit: int) -> None:
    """List the latest jobs."""
    from scenario_async.cli._internal.running import Words, run

    run(lambda command: _list(command, limit), connection, output, Words())


@jobs.command(short_help="List paid requests in doubt, and search for their jobs.")
@ledger_option
@click.option(
    "--drop",
    metavar="WORK",
    help="Stop tracking this request, if you know that it was not paid. WORK is its id in the column `work`.",
)
@connection_options
@output_options
def doubts(connection: Connection, output: Output, ledger: Path | None, drop: str | None) -> None:
    """List paid requests whose response was lost, and search for their jobs.

    If a job is found, it is recorded in the ledger, and the command that started it continues with it when
    you run it again. The exit status is 4 if a request is still in doubt.
    """
    from scenario_async.cli._internal.running import Words, run

    words = Words(arguments={"drop": "--drop"}, interrupted="jobs that were found before are recorded")
    run(lambda command: _doubts(command, ledger, drop), connection, output, words)


async def _wait(command: Run, job_ids: tuple[str, ...], deadline: float | None) -> Outcome:
    from scenario_async.cli._internal.exit_status import FAILED, SUCCESS
    from scenario_async.cli._internal.running import Outcome
    from scenario_async.work._internal.progress_bar import work_progress
    from scenario_async.work._internal.waiting import SUCCEEDED

    with command.progress() as show:
        ended = await command.client.jobs.wait_all(
            job_ids, deadline=deadline, on_progress=work_progress(show), raise_on_failure=False
        )
    status = SUCCESS if all(job.status in SUCCEEDED for job in ended) else FAILED
    return Outcome(document=[_document(job) for job in ended], text=_table(ended), status=status)


async def _list(command: Run, limit: int) -> Outcome:
    from scenario_async.cli._internal.running import Outcome
    from scenario_async.values.job import Job
    from scenario_async.work._internal.documented import as_documented
    from scenario_async.work._internal.looking_up import LARGEST_JOBS_PAGE

    found = list[Any]()
    async for job in await command.client.jobs.list(page_size=min(limit, LARGEST_JOBS_PAGE)):
        if (usable := as_documented(job, Job)) is not None:
            found.append(usable)
        if len(found) == limit:
            break
    return Outcome(document=[_document(job) for job in found], text=_table(found) if found else "no jobs")


async def _doubts(command: Run, given: Path | None, drop: str | None) -> Outcome:
    from scenario_async.cli._internal.display import Column, FittingTable, cell
    from scenario_async.cli._internal.exit_status import IN_DOUBT, SUCCESS
    from scenario_async.cli._internal.running import Outcome
    from scenario_async.errors import InvalidArgumentError, is_encodable
    from scenario_async.work._internal.doubts import settle_doubts
    from scenario_async.work._internal.ledger import WorkLedger

    sender = command.client.sender
    ledger = WorkLedger.of(given or True, sender.target)
    if drop is not None:
        entry = await ledger.get(drop) if is_encodable(drop) else None
        if entry is None or entry.state != "submitting":
            raise InvalidArgumentError(
                "drop", drop, "the id of a request in doubt is needed, from the column `work`"
            )
        await ledger.write(entry, state="rejected")
    settled = await settle_doubts(sender, ledger)
    columns = [
        Column(title="work", cells=[cell(one.entry.work_id) for one in settled], keep=2),
        Column(title="kind", cells=[cell(one.entry.kind) for one in settled]),
        Column(title="model", cells=[cell(one.entry.model_id) for one in settled]),
        Column(title="cost", cells=[cell(one.entry.cost or "") for one in settled], keep=1, right=True),
        Column(title="job", cells=[cell(_found(one.job_id)) for one in settled]),
    ]
    still_open = any(one.job_id is None for one in settled)
    return Outcome(
        document=[one.to_json() for one in settled],
        text=FittingTable(columns) if settled else "nothing is in doubt",
        status=IN_DOUBT if still_open else SUCCESS,
    )


def _found(job_id: str | None) -> str:
    return "not found" if job_id is None else job_id or "in training"


def _error_of(job: Job) -> str | None:
    metadata: Any = job.metadata
    return None if metadata is None else metadata.error


def _document(job: Job) -> dict[str, Any]:
    from scenario_async.work._internal.waiting import asset_ids_of, cost_of

    return {
        "job_id": job.job_id,
        "type": job.job_type,
        "status": job.status,
        "created_at": job.created_at,
        "asset_ids": list(asset_ids_of(job)),
        "error": _error_of(job),
        "cost": cost_of(job),
    }


def _shown_cost(job: Job) -> str:
    from scenario_async.work._internal.waiting import cost_of

    cost = cost_of(job)
    return "" if cost is None else f"{cost:g}"


def _table(found: list[Job]) -> RenderableType:
    from scenario_async.cli._internal.display import Column, FittingTable, cell

    errors = [cell(_error_of(job) or "") for job in found]
    return FittingTable(
        [
            Column(title="job", cells=[cell(job.job_id or "") for job in found]),
            Column(title="status", cells=[cell(job.status or "") for job in found]),
            Column(title="type", cells=[cell(job.job_type or "") for job in found], keep=2),
            Column(title="cost", cells=[cell(_shown_cost(job)) for job in found], keep=3, right=True),
            Column(title="created", cells=[cell(job.created_at or "") for job in found], keep=1),
            Column(title="error", cells=errors, keep=0, shortest=20),
        ]
    )
