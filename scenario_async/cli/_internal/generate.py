"""``scenario-async generate``: generate pictures with a model, and save them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scenario_async.cli._internal.options import (
    PAYS_AGAIN,
    Connection,
    GivenPath,
    Output,
    Spending,
    connection_options,
    deadline_option,
    ledger_options,
    output_options,
    page_option,
    spending_options,
)

if TYPE_CHECKING:
    from scenario_async.cli._internal.running import Outcome, Run
    from scenario_async.work._internal.generating import Generation
    from scenario_async.work._internal.money import Price
    from scenario_async.work._internal.reports import GenerationReport
    from scenario_async.work._internal.request_body import Wanted


@click.command()
@click.argument("model_id", metavar="MODEL")
@click.argument("prompt", required=False)
@click.option(
    "-n",
    "--count",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many pictures to generate.",
)
@click.option(
    "--to",
    type=GivenPath(path_type=Path, file_okay=False),
    default=Path(),
    metavar="FOLDER",
    help="The folder to save the pictures in; the current folder if not given.",
)
@click.option(
    "--name",
    default="<prompt>-<id>",
    show_default=True,
    metavar="TEMPLATE",
    help="The names of the files. The tokens are <seed>, <num>, <prompt>, <generator>, <id>, <description>.",
)
@click.option(
    "--base", metavar="MODEL", help="The base model of a LoRA; found by the LoRA's type if not given."
)
@click.option("--scale", type=float, default=1.0, show_default=True, help="The strength of a LoRA, 0 to 2.")
@click.option("--seed", type=click.IntRange(0), metavar="N", help="The seed; a random one if not given.")
@click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="NAME=VALUE",
    help="Another input of the model; @FILE for a picture. May be given several times.",
)
@click.option(
    "--key",
    metavar="KEY",
    help="A name for this generation. The same command with the same key pays only once, even after the "
    "pictures were saved.",
)
@click.option(
    "--on-doubt",
    type=click.Choice(["raise", "resend"]),
    default="raise",
    show_default=True,
    help="What to do if the generation may have been paid but its job is not found: end with status 4, "
    "or send it again, which may pay twice.",
)
@click.option("--dry-run", is_flag=True, help="Show the price, and generate nothing.")
@deadline_option("Stop waiting after this time; the job continues.")
@ledger_options(PAYS_AGAIN)
@spending_options
@connection_options
@output_options
@page_option
def generate(connection: Connection, output: Output, spending: Spending, **options: Any) -> None:
    """Generate pictures with MODEL, a public model or a LoRA that you trained, and save them.

    The command checks your inputs, shows the price, and pays after you agreed. If an earlier run did not
    finish, the same command continues it without a question, and pays only once.

    The exit status is 1 if the generation failed or has no pictures, 2 if the command is wrong or you did not
    confirm the payment, 3 if the price is over --max-cost, and 4 if the generation may have been paid but its
    job was not found.
    """
    from scenario_async.cli._internal.running import run, words_of_paid

    arguments = {"model_id": "MODEL", "prompt": "PROMPT", "inputs": "--input"}
    words = words_of_paid("generation", options["ledger"], arguments)
    run(lambda command: _generate(command, spending, options), connection, output, words)


async def _generate(command: Run, spending: Spending, options: dict[str, Any]) -> Outcome:
    from attrs import evolve

    from scenario_async.cli._internal.confirming import check_can_ask
    from scenario_async.cli._internal.exit_status import FAILED, SUCCESS
    from scenario_async.cli._internal.running import Outcome
    from scenario_async.cli._internal.values import named_values
    from scenario_async.work._internal.arguments import read_folder
    from scenario_async.work._internal.generating import Generation, GenerationOptions
    from scenario_async.work._internal.ledger import WorkLedger
    from scenario_async.work._internal.progress import Reporter
    from scenario_async.work._internal.progress_bar import work_progress
    from scenario_async.work._internal.request_body import Wanted

    same = {name: options[name] for name in ("model_id", "prompt", "base", "scale", "count", "seed")}
    wanted = Wanted(**same, inputs=named_values(options["inputs"], "inputs"))
    if options["dry_run"]:
        price = await _estimate(command, wanted)
        document = None if price is None else price.to_json()
        return Outcome(document=document, text=f"{price or 'no price stated'}; nothing was generated")
    check_can_ask(spending, in_sandbox=command.in_sandbox)
    sender, ledger = command.client.sender, command.ledger(options["ledger"])
    how = GenerationOptions(
        max_cost=spending.max_cost,
        to=read_folder("to", options["to"]),
        **{name: options[name] for name in ("name", "key", "on_doubt", "deadline")},
    )
    generation = Generation(sender, wanted, how, WorkLedger.of(ledger, sender.target), Reporter(None))
    how = evolve(how, max_cost=await _limit(command, spending, generation))
    with command.progress() as show:
        report = await evolve(generation, options=how, reporter=Reporter(work_progress(show))).run()
    status = SUCCESS if report.asset_ids else FAILED
    text = _shown(report, is_kept=bool(ledger))
    return Outcome(document=report.to_json(), text=text, status=status, report=report)


async def _estimate(command: Run, wanted: Wanted) -> Price | None:
    from scenario_async.work._internal.generating import estimate_generation

    with command.progress():  # it shows retries, which may wait for minutes
        return await estimate_generation(command.client.sender, wanted)


async def _limit(command: Run, spending: Spending, generation: Generation) -> Any:
    """Return the highest price that may be paid, after a confirmation if one is needed."""
    from scenario_async._internal.display.words import counted
    from scenario_async.cli._internal.confirming import agreed_limit

    if spending.yes or command.in_sandbox:
        return spending.max_cost
    if not await generation.may_pay():
        return 0  # the earlier run was confirmed, and another payment would need a confirmation
    wanted = generation.wanted
    what = f"{counted(wanted.count, 'picture')} with {wanted.model_id}"
    return await agreed_limit(command, spending, await _estimate(command, wanted), what)


def _shown(report: GenerationReport, *, is_kept: bool) -> Any:
    from rich.console import Group

    from scenario_async.cli._internal.display import cell

    hints = list[str]()
    if not report.asset_ids:
        again = "; the same command looks for them again, without another payment" if is_kept else ""
        hints = [f"the job lists no pictures{again}"]
    return Group(*(cell(path) for path in report.paths), cell(report.summary()), *hints)
