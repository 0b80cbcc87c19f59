"""``scenario-async train``: train a model on a folder of pictures."""

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
    from scenario_async.work._internal.from_folder import FolderOptions, Prepared
    from scenario_async.work._internal.ledger import WorkLedger
    from scenario_async.work._internal.reports import GenerationReport, TrainingReport


@click.command()
@click.argument("folder", type=GivenPath(path_type=Path), metavar="FOLDER")
@click.option(
    "--name",
    required=True,
    metavar="NAME",
    help="The model's name. Trainings of the same name, type and --key are paid once.",
)
@click.option(
    "--type", "type_", required=True, metavar="TYPE", help="The model's type, e.g. flux.2-dev-lora."
)
@click.option(
    "--key",
    metavar="KEY",
    help="Distinguishes trainings of the same name and type; another key trains and pays a second model.",
)
@click.option("--trigger", metavar="WORD", help="The trigger word, which is put into every caption.")
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the training, e.g. nbEpochs=10. May be given several times.",
)
@click.option("--ignore-errors", is_flag=True, help="Train although the check of the folder found errors.")
@click.option("--dry-run", is_flag=True, help="Check the folder, and send nothing.")
@deadline_option("Stop waiting after this time; the training continues.")
@click.option(
    "--to",
    type=GivenPath(path_type=Path, file_okay=False),
    default=Path(),
    metavar="FOLDER",
    help="Where --sandbox saves the picture that it generates with the trained model.",
)
@ledger_options(PAYS_AGAIN)
@spending_options
@connection_options
@output_options
@page_option
def train(connection: Connection, output: Output, spending: Spending, **options: Any) -> None:
    """Train a model on the pictures of FOLDER, and wait until it is trained.

    The command checks the folder, uploads its pictures and captions, shows the price, and pays after you
    agreed. The same command again continues where an earlier one stopped. A training of this name and type is
    paid only once. With --sandbox, the command also generates a picture at the end.

    The exit status is 1 if the training failed, 2 if the command is wrong or you did not confirm the payment,
    3 if the price is over --max-cost, and 4 if the training may have been paid but was not found.
    """
    from scenario_async.cli._internal.running import finish, run, words_of_paid

    arguments = {"source": "FOLDER", "parameters": "--parameter"}
    words = words_of_paid("training", options["ledger"], arguments)
    if options["dry_run"]:  # it sends nothing, so it needs no credentials
        finish(_dry_run(options), output, words)
    run(lambda command: _train(command, spending, options), connection, output, words)


async def _train(command: Run, spending: Spending, options: dict[str, Any]) -> Outcome:
    from scenario_async.cli._internal.confirming import check_can_ask
    from scenario_async.cli._internal.display import lines_of
    from scenario_async.cli._internal.running import Outcome
    from scenario_async.work._internal.ledger import WorkLedger

    folder = _folder_options(options, ledger=command.ledger(options["ledger"]))
    check_can_ask(spending, in_sandbox=command.in_sandbox)
    kept = WorkLedger.of(folder.ledger, command.client.sender.target)
    prepared = await _prepare(command, options["folder"], folder, kept)
    report = await _train_prepared(command, spending, prepared, kept, options)
    if not command.in_sandbox:
        return Outcome(document=report.to_json(), text=lines_of(report.summary()), report=report)
    picture = await _try_out(command, report, options)
    return Outcome(
        document={**report.to_json(), "picture": picture.to_json()},
        text=lines_of(
            report.summary(), f"saved {picture.paths[0]}", "in the sandbox: nothing was really paid"
        ),
        report=report,
    )


def _folder_options(options: dict[str, Any], *, ledger: Path | bool) -> FolderOptions:
    """Read the options, and check the parameters of the training before anything is uploaded."""
    from scenario_async.cli._internal.values import named_values
    from scenario_async.work._internal.from_folder import FolderOptions
    from scenario_async.work._internal.training import read_parameters

    read_parameters(named_values(options["parameters"], "parameters"))
    return FolderOptions(
        name=options["name"],
        type=options["type_"],
        key=options["key"],
        trigger=options["trigger"],
        checks="warn" if options["ignore_errors"] else "refuse",
        ledger=ledger,
    )


async def _dry_run(options: dict[str, Any]) -> Outcome:
    from rich.console import Group

    from scenario_async._internal.threads import in_thread
    from scenario_async.cli._internal.dataset_table import dataset_table
    from scenario_async.cli._internal.exit_status import FAILED, SUCCESS
    from scenario_async.cli._internal.running import Outcome
    from scenario_async.work._internal.dataset import Dataset

    folder = _folder_options(options, ledger=False)
    folder.check()
    dataset = await in_thread(Dataset.read, options["folder"], trigger=folder.trigger)
    report = await in_thread(dataset.check, folder.type)
    return Outcome(
        document=report.to_json(),
        text=Group(dataset_table(report), "dry run: nothing was sent"),
        status=SUCCESS if report.ok else FAILED,
        report=report,
    )


async def _prepare(command: Run, source: Path, folder: FolderOptions, ledger: WorkLedger) -> Prepared:
    from scenario_async.cli._internal.running import print_line
    from scenario_async.work._internal.from_folder import prepare_model
    from scenario_async.work._internal.progress import Reporter
    from scenario_async.work._internal.progress_bar import work_progress

    with command.progress() as show:
        reporter = Reporter(work_progress(show))
        prepared = await prepare_model(command.client.sender, source, folder, ledger, reporter)
    if not command.output.quiet:
        for warning in prepared.warnings:
            print_line(warning)
    return prepared


async def _train_prepared(
    command: Run, spending: Spending, prepared: Prepared, ledger: WorkLedger, options: dict[str, Any]
) -> TrainingReport:
    from scenario_async.cli._internal.confirming import agreed_limit
    from scenario_async.cli._internal.values import named_values
    from scenario_async.work._internal.from_folder import TrainingOptions, train_prepared
    from scenario_async.work._internal.progress import Reporter
    from scenario_async.work._internal.progress_bar import work_progress
    from scenario_async.work._internal.training import estimate_training, is_paid

    sender, parameters = command.client.sender, named_values(options["parameters"], "parameters")
    # Otherwise the training has been paid already. If it ended meanwhile, another one needs a confirmation.
    limit: Any = spending.max_cost if spending.yes or command.in_sandbox else 0
    if prepared.upload is not None and not await is_paid(ledger, prepared.model.id, parameters):
        with command.progress():  # it shows retries, which may wait for minutes
            price = await estimate_training(sender, prepared.model.id, parameters)
        limit = await agreed_limit(command, spending, price, f"the training of {options['name']}")
    training = TrainingOptions(parameters=parameters, max_cost=limit, deadline=options["deadline"])
    with command.progress() as show:
        return await train_prepared(sender, prepared, training, ledger, Reporter(work_progress(show)))


async def _try_out(command: Run, report: TrainingReport, options: dict[str, Any]) -> GenerationReport:
    """Generate a picture with a model that was trained in the sandbox."""
    return await command.client.generate.run(
        report.model_id,
        f"{options['trigger'] or options['name']}, in the sandbox",
        max_cost=None,
        to=options["to"],
        name=f"{options['name']}-<id>",
        ledger=False,
    )
