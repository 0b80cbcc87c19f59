"""``scenario-async sync``: upload the pictures of a folder or of cloud storage to the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scenario_async.cli._internal.options import (
    Connection,
    Output,
    concurrency_option,
    connection_options,
    json_option,
    output_options,
    page_option,
)

if TYPE_CHECKING:
    from scenario_async.cli._internal.running import Outcome, Run


class CommandWithStatus(click.Command):
    """Runs ``sync SOURCE...``, and passes ``sync status LEDGER`` to the command ``status``."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Make the context of ``status`` if it is the first argument, otherwise of this command."""
        if args[:1] == ["status"]:
            return status.make_context(f"{info_name} status", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands below this one, as a `click.Group` does."""
        del ctx
        return ["status"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Get a command below this one."""
        del ctx
        return status if cmd_name == "status" else None


@click.command("sync", cls=CommandWithStatus)
@click.argument("source", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--collection",
    metavar="NAME",
    help="Put the pictures into the collection with this name or id; it is created if there is none.",
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG",
    help="Give the pictures this tag. May be given several times.",
)
@click.option(
    "--include",
    multiple=True,
    metavar="PATTERN",
    help="Only files that match, e.g. '*.png'. May be given several times.",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="PATTERN",
    help="Leave out files that match. May be given several times.",
)
@click.option("--recursive/--flat", default=True, show_default=True, help="Include subfolders.")
@concurrency_option(128)
@click.option(
    "--rate",
    type=click.FloatRange(0, min_open=True),
    metavar="N",
    help="The highest number of requests per second, of all workers together.",
)
@click.option("--dry-run", is_flag=True, help="Report what would be sent, and upload nothing.")
@click.option(
    "--ledger",
    metavar="LEDGER",
    help="A file, or a postgresql:// URL that several machines share, instead of the user's state folder.",
)
@click.option("--report", metavar="FILE", help="Write the result of each picture here, as JSON lines.")
@connection_options
@output_options
@page_option
def sync(connection: Connection, output: Output, **options: Any) -> None:
    """Upload the pictures of SOURCE to the library, each content once.

    SOURCE is a folder, a file, or a URL such as s3://bucket/folder. If you run the same command again, it
    sends only new pictures. `scenario-async sync status LEDGER` shows the content of a ledger.

    The exit status is 0 if every picture is in the library, 1 if one is not, and 2 if the command itself is
    wrong.
    """
    from scenario_async.cli._internal.running import Words, run

    words = Words(
        arguments={"source": "SOURCE", "tags": "--tag"},
        interrupted="pictures in the library stay there; run the same command again to continue",
    )
    run(lambda command: _sync(command, options), connection, output, words)


async def _sync(command: Run, options: dict[str, Any]) -> Outcome:
    from tempfile import TemporaryDirectory

    from scenario_async._internal.display.words import counted
    from scenario_async.cli._internal.display import lines_of
    from scenario_async.cli._internal.exit_status import FAILED, SUCCESS
    from scenario_async.cli._internal.running import Outcome
    from scenario_async.work._internal.progress_bar import sync_progress

    source, ledger = options.pop("source"), options.pop("ledger")
    # A sync cannot go without a ledger. That of a sandbox which ends with the command is of no use later.
    with command.progress() as show, TemporaryDirectory(prefix="scenario-async-") as folder:
        if ledger is None:
            ledger = Path(folder, "ledger.sqlite3") if command.in_sandbox else True
        report = await command.client.assets.sync(
            source,
            include=options.pop("include") or "*",
            ledger=ledger,
            on_progress=sync_progress(show),
            **options,
        )
    files = counted(report.total, "file")
    lines = [report.summary(), f"{files} in {report.seconds:.1f} s; each result: {report.path}"]
    lines += [f"{one.status}: {one.source}: {one.error}" for one in report.failures[:10]]
    if len(report.failures) > 10:  # noqa: PLR2004 - fills a screen
        lines.append(f"{report.path} lists the other failures")
    return Outcome(
        document=report.to_dict(),
        text=lines_of(*lines),
        status=SUCCESS if report.succeeded else FAILED,
        report=report,
    )


@click.command("status")
@click.argument("ledger", metavar="LEDGER")
@json_option
def status(ledger: str, *, as_json: bool) -> None:
    """Show how many pictures of a ledger are uploaded, in progress, or left by a worker that died.

    LEDGER is a file, or a postgresql:// URL.
    """
    from scenario_async._internal.display.words import counted
    from scenario_async.cli._internal.display import lines_of
    from scenario_async.cli._internal.running import Outcome, Words, fail, show
    from scenario_async.errors import InvalidArgumentError, ScenarioError
    from scenario_async.work._internal.library.arguments import is_ledger_url
    from scenario_async.work._internal.library.database import open_database
    from scenario_async.work._internal.library.ledger import LibraryLedger
    from scenario_async.work._internal.library.scopes import scopes

    output = Output(as_json, quiet=True)
    try:
        if not is_ledger_url(ledger) and not Path(ledger).is_file():
            raise InvalidArgumentError("ledger", ledger, "there is no such file")
        database = open_database(ledger, read_only=True)
        libraries = {
            library.strip(): LibraryLedger(database, library, "status").counts()
            for library in scopes(database)
        }
        database.close()
    except ScenarioError as error:
        fail(error, output, Words(arguments={"ledger": "LEDGER"}))
    lines = [
        f"{library}: {counts['uploaded']} uploaded from {counted(counts['sources'], 'file')}, "
        f"{counts['claimed']} in progress, {counts['abandoned']} left by a worker that died"
        for library, counts in libraries.items()
    ]
    text = lines_of(*lines) or "the ledger has no library"
    show(Outcome(document=libraries, text=text), output)
