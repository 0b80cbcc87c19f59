"""``scenario-async upload``: a batch upload that can be watched."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
from attrs import frozen
from rich.console import Console

from scenario_async.cli.display import print_error, progress_on, repeats_told_on, summary_table
from scenario_async.cli.main import FAILED, INTERRUPTED, MISUSE
from scenario_async.client import AsyncScenario
from scenario_async.errors import InvalidArgumentError, MissingCredentialsError, ScenarioError
from scenario_async.resources.training_images import TrainingImagePreset
from scenario_async.upload.report import UploadReport


@frozen(kw_only=True)
class UploadOptions:
    """What was asked for on the command line; see its help."""

    images: Sequence[Path]
    model_id: str | None
    sandbox: bool
    concurrency: int
    preset: TrainingImagePreset | None
    project_id: str | None
    base_url: str | None
    dry_run: bool
    deadline: float | None
    ledger: Path | None
    as_json: bool


def run_upload(options: UploadOptions) -> int:
    """Do it, and show it; gives the exit status."""
    errors = Console(stderr=True)
    try:
        report = asyncio.run(_upload(options, errors))
    except (InvalidArgumentError, MissingCredentialsError) as error:
        print_error(errors, error)
        return MISUSE
    except ScenarioError as error:
        print_error(errors, error)
        return FAILED
    except KeyboardInterrupt:
        errors.print("interrupted: what is in stays in; the same command again goes on from there")
        return INTERRUPTED
    _show(report, options)
    return 0 if report.succeeded else FAILED


async def _upload(options: UploadOptions, errors: Console) -> UploadReport:
    images = options.images[0] if len(options.images) == 1 else options.images
    async with _client(options) as client:
        model_id = options.model_id
        if model_id is None:
            model_id = (await client.models.create(name="tried out in the sandbox")).model.id
        with progress_on(errors) as on_progress, repeats_told_on(errors):
            return await client.models.training_images.upload(
                model_id,
                images,
                concurrency=options.concurrency,
                preset=options.preset,
                on_progress=on_progress,
                raise_on_failure=False,
                # What is known of a model that is gone with its sandbox is of no use to another run.
                ledger=options.ledger or not options.sandbox,
                deadline=options.deadline,
                dry_run=options.dry_run,
            )


@asynccontextmanager
async def _client(options: UploadOptions) -> AsyncGenerator[AsyncScenario]:
    if not options.sandbox:
        async with AsyncScenario(base_url=options.base_url, project_id=options.project_id) as client:
            yield client
        return
    from scenario_async.sandbox import Sandbox

    async with (
        Sandbox() as sandbox,
        AsyncScenario(
            base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret
        ) as client,
    ):
        yield client


def _show(report: UploadReport, options: UploadOptions) -> None:
    if options.as_json:
        sys.stdout.write(orjson.dumps(report.to_json(), option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)  # a log or a pipe has no width of its own to fold lines at
    console.print(summary_table(report, in_sandbox=options.sandbox))
