"""``scenario-async check``: check a data set before anything is sent or paid."""

from __future__ import annotations

from pathlib import Path

import click

from scenario_async.cli._internal.options import GivenPath, Output, output_options, page_option


@click.command()
@click.argument("folder", type=GivenPath(path_type=Path))
@click.option("--type", "type_", metavar="TYPE", help="The type of model, e.g. flux.2-dev-lora.")
@click.option("--trigger", metavar="WORD", help="The trigger word, which is put into every caption.")
@click.option("--recursive", is_flag=True, help="Check the pictures in subfolders too.")
@click.option(
    "--near",
    type=click.IntRange(0, 128),
    default=16,
    show_default=True,
    metavar="BITS",
    help="How many of 128 bits may differ between near-duplicates.",
)
@output_options
@page_option
def check(
    *, folder: Path, type_: str | None, trigger: str | None, recursive: bool, near: int, output: Output
) -> None:
    """Check the pictures of FOLDER, their captions and pairs. Nothing is sent.

    The exit status is 0 if there are no errors (there may be warnings), 1 if there are errors, and 2 if the
    command itself is wrong.
    """
    from scenario_async.cli._internal.dataset_table import dataset_table
    from scenario_async.cli._internal.exit_status import FAILED, SUCCESS
    from scenario_async.cli._internal.running import Outcome, Words, fail, show
    from scenario_async.errors import InvalidArgumentError
    from scenario_async.work._internal.dataset import Dataset

    try:
        report = Dataset.read(folder, recursive=recursive, trigger=trigger).check(type_, near=near)
    except InvalidArgumentError as error:
        fail(error, output, Words(arguments={"source": "FOLDER"}))
    status = SUCCESS if report.ok else FAILED
    show(Outcome(document=report.to_dict(), text=dataset_table(report), status=status, report=report), output)
