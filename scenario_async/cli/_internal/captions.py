"""``scenario-async captions push`` and ``captions pull``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scenario_async.cli._internal.options import (
    Connection,
    GivenPath,
    Output,
    connection_options,
    output_options,
)

if TYPE_CHECKING:
    from scenario_async.cli._internal.running import Outcome, Run
    from scenario_async.work._internal.captions import CaptionReport


@click.group()
def captions() -> None:
    """Send the captions of a folder to a model, or write a model's captions to a folder."""


@captions.command(short_help="Send the captions of a folder to a model.")
@click.argument("model_id", metavar="MODEL")
@click.argument("folder", type=GivenPath(path_type=Path))
@connection_options
@output_options
def push(connection: Connection, output: Output, model_id: str, folder: Path) -> None:
    """Send the captions and pairs of FOLDER that differ from those of MODEL.

    The exit status is 0 only if every picture of FOLDER is a training image with its caption.
    """
    from scenario_async.cli._internal.running import Words, run

    words = Words(
        arguments={"model_id": "MODEL", "source": "FOLDER"},
        interrupted="captions that were sent stay; run the same command again to send the others",
    )
    run(lambda command: _push(command, model_id, folder), connection, output, words)


@captions.command(short_help="Write the captions of a model to text files in a folder.")
@click.argument("model_id", metavar="MODEL")
@click.argument("folder", type=GivenPath(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace files that have another caption.")
@connection_options
@output_options
def pull(connection: Connection, output: Output, *, model_id: str, folder: Path, overwrite: bool) -> None:
    """Write the captions of the training images of MODEL as text files into FOLDER.

    A file that has another caption is kept, and the exit status is 1. --overwrite replaces such files.
    """
    from scenario_async.cli._internal.running import Words, run

    words = Words(
        arguments={"model_id": "MODEL", "folder": "FOLDER"},
        interrupted="each caption file is complete or unchanged; run the same command again for the others",
    )
    run(lambda command: _pull(command, model_id, folder, overwrite), connection, output, words)


async def _push(command: Run, model_id: str, folder: Path) -> Outcome:
    return _outcome(await command.client.models.captions.push(model_id, folder))


async def _pull(command: Run, model_id: str, folder: Path, overwrite: bool) -> Outcome:
    return _outcome(await command.client.models.captions.pull(model_id, folder, overwrite=overwrite))


def _outcome(report: CaptionReport) -> Outcome:
    from rich.console import Group

    from scenario_async.cli._internal.display import Column, FittingTable, cell
    from scenario_async.cli._internal.exit_status import FAILED, SUCCESS
    from scenario_async.cli._internal.running import Outcome

    columns = [
        Column(title="file", cells=[cell(one.path.name) for one in report.results]),
        Column(title="status", cells=[cell(one.status) for one in report.results]),
        Column(
            title="caption", cells=[cell(one.caption or "") for one in report.results], keep=1, shortest=20
        ),
    ]
    kept = any(one.status == "kept" for one in report.results)
    hints = ["kept files have another caption than the model; --overwrite replaces them"] if kept else []
    return Outcome(
        document=report.to_dict(),
        text=Group(FittingTable(columns), "", cell(report.summary()), *hints),
        status=SUCCESS if report.succeeded else FAILED,
    )
