"""``scenario-async models create`` and ``models list``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import click

from scenario_async.cli._internal.options import Connection, Output, connection_options, output_options

if TYPE_CHECKING:
    from scenario_async.cli._internal.running import Outcome, Run


@click.group()
def models() -> None:
    """Create a model, or list models."""


@models.command(short_help="Create a model, which is free, and print its id.")
@click.argument("name")
@click.option(
    "--type", "type_", metavar="TYPE", default="flux.1-lora", show_default=True, help="The model's type."
)
@connection_options
@output_options
def create(connection: Connection, output: Output, name: str, type_: str) -> None:
    """Create a model without training images, which is free, and print its id."""
    from scenario_async.cli._internal.running import Words, run

    words = Words(interrupted="the model may have been created; `models list` shows it")
    run(lambda command: _create(command, name, type_), connection, output, words)


@models.command("list")
@click.option(
    "--status",
    type=click.Choice(["new", "training", "trained", "failed", "deleted"]),
    help="Only those with this status.",
)
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N", help="How many at most."
)
@connection_options
@output_options
def list_(connection: Connection, output: Output, status: str | None, limit: int) -> None:
    """List your models, the newest first."""
    from scenario_async.cli._internal.running import Words, run

    run(lambda command: _list(command, status, limit), connection, output, Words())


async def _create(command: Run, name: str, type_: str) -> Outcome:
    from scenario_async.cli._internal.display import lines_of
    from scenario_async.cli._internal.running import Outcome

    model = (await command.client.models.create(name=name, type=cast("Any", type_))).model
    document = {"id": model.id, "name": model.name, "type": model.type}
    return Outcome(document=document, text=lines_of(model.id))


async def _list(command: Run, status: str | None, limit: int) -> Outcome:
    from rich.text import Text

    from scenario_async.cli._internal.display import Column, FittingTable, cell
    from scenario_async.cli._internal.running import Outcome

    found = list[Any]()
    async for model in await command.client.models.list(
        status=cast("Any", status), sort_by="createdAt", sort_direction="desc"
    ):
        found.append(model)
        if len(found) == limit:
            break
    document = [
        {"id": one.id, "name": one.name, "type": one.type, "status": one.status, "created_at": one.created_at}
        for one in found
    ]
    columns = [
        Column(title="model", cells=[cell(one.id) for one in found]),
        Column(title="status", cells=[cell(one.status) for one in found]),
        Column(title="name", cells=[cell(one.name or "") for one in found], keep=3, shortest=16),
        Column(title="type", cells=[cell(one.type) for one in found], keep=2),
        Column(title="created", cells=[cell(one.created_at) for one in found], keep=1),
    ]
    return Outcome(document=document, text=FittingTable(columns) if found else Text("no models"))
