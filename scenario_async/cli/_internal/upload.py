"""``scenario-async upload``: a batch upload with progress."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scenario_async.cli._internal.options import (
    Connection,
    GivenPath,
    Output,
    concurrency_option,
    connection_options,
    deadline_option,
    ledger_options,
    output_options,
    page_option,
)

if TYPE_CHECKING:
    from scenario_async.cli._internal.running import Outcome, Run

SAMPLE = Path(__file__).parent / "sample"
"""Four small pictures for trying the command."""


@click.command()
@click.argument("images", nargs=-1, type=GivenPath(path_type=Path), metavar="FOLDER")
@click.option("--sample", is_flag=True, help="Upload four small pictures that come with the program.")
@click.option("--model", "model_id", metavar="ID", help="The model to add the pictures to.")
@concurrency_option(64)
@click.option("--recursive", is_flag=True, help="Upload the pictures in subfolders too.")
@click.option(
    "--preset", type=click.Choice(["default", "style", "subject"]), help="What the images are used for."
)
@click.option("--dry-run", is_flag=True, help="Report what would be sent, and upload nothing.")
@deadline_option("End after this time; run the command again to continue.")
@ledger_options(
    "Use no ledger. The same command again downloads the model's images of the same name to compare them."
)
@connection_options
@output_options
@page_option
def upload(connection: Connection, output: Output, **options: Any) -> None:
    """Upload the pictures of FOLDER and make them training images of a model.

    FOLDER may also be one picture, or several. If you run the same command again, it sends only the pictures
    that are missing.

    The exit status is 0 if every picture is in the training set, 1 if one is not, and 2 if the command itself
    is wrong.
    """
    if options.pop("sample"):
        if options["images"]:
            raise click.UsageError("--sample stands for a FOLDER; leave one of them out")
        options["images"] = (SAMPLE,)
    if not options["images"]:
        raise click.UsageError("say which FOLDER to upload; or try it with --sample --sandbox")
    if connection.sandbox and options["model_id"]:
        raise click.UsageError("--sandbox makes a model of its own; leave out --model")
    if not connection.sandbox and not options["model_id"]:
        raise click.UsageError("say which model with --model ID; or try it with --sandbox, which makes one")
    from scenario_async.cli._internal.running import Words, run

    words = Words(
        arguments={"images": "FOLDER", "model_id": "--model"},
        interrupted="pictures in the training set stay there; run the same command again to continue",
    )
    run(lambda command: _upload(command, options), connection, output, words)


async def _upload(command: Run, options: dict[str, Any]) -> Outcome:
    from scenario_async.cli._internal.exit_status import FAILED, SUCCESS
    from scenario_async.cli._internal.running import Outcome
    from scenario_async.cli._internal.upload_table import upload_table
    from scenario_async.work._internal.progress_bar import upload_progress

    images, model_id = options.pop("images"), options.pop("model_id")
    if model_id is None:
        model_id = (await command.client.models.create(name="tried out in the sandbox")).model.id
    with command.progress() as show:
        report = await command.client.models.training_images.upload(
            model_id,
            images[0] if len(images) == 1 else images,
            on_progress=upload_progress(show),
            raise_on_failure=False,
            ledger=command.ledger(options.pop("ledger")),
            **options,
        )
    return Outcome(
        document=report.to_json(),
        text=upload_table(report, in_sandbox=command.in_sandbox),
        status=SUCCESS if report.succeeded else FAILED,
        report=report,
    )
