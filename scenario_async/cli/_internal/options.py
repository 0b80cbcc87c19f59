"""Options of many commands. This module imports nothing that is slow, so that `--help` is quick."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

_Command = Callable[..., None]

_PAGE: Final = b"<!doctype html"
_START: Final = 64


class GivenPath(click.Path):
    """A path that is not empty: ``Path("")`` is the current folder, so ``"$UNSET"`` would stand for it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if value == "":
            self.fail("the path is empty; for the current folder, give .", param, ctx)
        return super().convert(value, param, ctx)


class PagePath(GivenPath):
    """The path of a page. No other file is replaced, such as the first picture in ``--html *.png``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        path: Path = super().convert(value, param, ctx)
        try:
            start = _start_of(path) if path.is_file() else b""
        except OSError:  # writing the page says why
            start = b""
        if start and not start.lower().startswith(_PAGE):
            self.fail(
                f"the file {click.format_filename(path)!r} is not an HTML page, and is not replaced",
                param,
                ctx,
            )
        return path


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_START).strip()


class Connection(NamedTuple):
    """The service that a command uses.

    Attributes:
        project_id: The project; None for the project of the key.
        base_url: The base URL; None for ``SCENARIO_BASE_URL`` or the default.
        sandbox: Whether to start a local sandbox and use it instead.
    """

    project_id: str | None
    base_url: str | None
    sandbox: bool


class Output(NamedTuple):
    """The output options of a command.

    Attributes:
        as_json: Whether to print JSON to standard output instead of text.
        quiet: Whether to print no progress to standard error.
        page: The path of the HTML page for the report; None to write no page.
    """

    as_json: bool
    quiet: bool
    page: Path | None = None


def connection_options(command: _Command) -> _Command:
    """Add ``--project``, ``--base-url`` and ``--sandbox``; the command takes a `Connection`."""

    @click.option(
        "--project",
        "project_id",
        metavar="ID",
        help="The project; needed only if the API key does not belong to one.",
    )
    @click.option("--base-url", metavar="URL", help="The base URL; replaces SCENARIO_BASE_URL.")
    @click.option(
        "--sandbox", is_flag=True, help="Use a local imitation of the service: no credentials, no costs."
    )
    @functools.wraps(command)
    def with_connection(
        *, project_id: str | None, base_url: str | None, sandbox: bool, **others: Any
    ) -> None:
        if sandbox and base_url is not None:
            raise click.UsageError("--sandbox starts a service of its own; leave out --base-url")
        command(connection=Connection(project_id, base_url, sandbox), **others)

    return with_connection


def json_option(command: _Command) -> _Command:
    """Add ``--json``; the command takes a boolean as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON (UTF-8).")(command)


def output_options(command: _Command) -> _Command:
    """Add ``--json`` and ``--quiet``; the command takes an `Output`."""

    @json_option
    @click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
    @functools.wraps(command)
    def with_output(*, as_json: bool, quiet: bool, **others: Any) -> None:
        command(output=Output(as_json, quiet), **others)

    return with_output


class Spending(NamedTuple):
    """The payment options of a command.

    Attributes:
        max_cost: The text of the budget in creative units; None for no budget.
        yes: Whether to pay without asking.
    """

    max_cost: str | None
    yes: bool


def page_option(command: _Command) -> _Command:
    """Add ``--html``, below `output_options`."""

    @click.option(
        "--html",
        "page",
        type=PagePath(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write the report as an HTML page too, with its pictures inside.",
    )
    @functools.wraps(command)
    def with_page(*, page: Path | None, output: Output, **others: Any) -> None:
        command(output=output._replace(page=page), **others)

    return with_page


def spending_options(command: _Command) -> _Command:
    """Add ``--max-cost`` and ``--yes``; the command takes a `Spending`."""

    @click.option(
        "--max-cost",
        metavar="UNITS",
        help="Refuse a higher price (in creative units), with exit status 3.",
    )
    @click.option("--yes", "-y", is_flag=True, help="Pay without asking.")
    @functools.wraps(command)
    def with_spending(*, max_cost: str | None, yes: bool, **others: Any) -> None:
        command(spending=Spending(max_cost, yes), **others)

    return with_spending


def ledger_option(command: _Command) -> _Command:
    """Add ``--ledger``; the command takes a path or None as `ledger`."""
    return click.option(
        "--ledger",
        type=GivenPath(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="The ledger file to use instead of the one in your state folder.",
    )(command)


PAYS_AGAIN: Final = (
    "Record nothing. If the command is interrupted after it paid, the same command pays again."
)
"""The help text of ``--no-ledger`` for a command that pays."""


def ledger_options(without: str) -> Callable[[_Command], _Command]:
    """Add ``--ledger`` and ``--no-ledger``; the command takes a path, False or None as `ledger`.

    Args:
        without: The help text of ``--no-ledger``.
    """

    def decorated(command: _Command) -> _Command:
        @ledger_option
        @click.option("--no-ledger", is_flag=True, help=without)
        @functools.wraps(command)
        def with_ledger(*, ledger: Path | None, no_ledger: bool, **others: Any) -> None:
            if ledger is not None and no_ledger:
                raise click.UsageError("give either --ledger or --no-ledger")
            command(ledger=False if no_ledger else ledger, **others)

        return with_ledger

    return decorated


def concurrency_option(most: int) -> Callable[[_Command], _Command]:
    """Add ``--concurrency``; the command takes an int from 1 to `most` as `concurrency`."""
    return click.option(
        "--concurrency",
        default=8,
        show_default=True,
        type=click.IntRange(1, most),
        metavar="N",
        help="How many pictures are uploaded at the same time.",
    )


def deadline_option(text: str) -> Callable[[_Command], _Command]:
    """Add ``--deadline`` with its help text; the command takes seconds or None as `deadline`."""
    return click.option("--deadline", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help=text)
