"""Ask for confirmation before a payment."""

from __future__ import annotations

import asyncio
import signal
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from scenario_async.cli._internal.options import Spending
from scenario_async.cli._internal.running import NotConfirmedError, Run
from scenario_async.work._internal.money import check_budget, read_max_cost

if TYPE_CHECKING:
    from scenario_async.work._internal.money import Price


def check_can_ask(spending: Spending, *, in_sandbox: bool) -> None:
    """Raise an error if there is no terminal to ask for confirmation, and ``--yes`` was not given.

    Raises:
        NotConfirmedError: There is no terminal.
    """
    read_max_cost(spending.max_cost)
    if spending.yes or in_sandbox or (sys.stdin is not None and sys.stdin.isatty()):  # pyright: ignore[reportUnnecessaryComparison]
        return
    raise NotConfirmedError(
        "this command costs creative units, and there is no terminal to confirm the payment: add --yes. "
        "Nothing was sent"
    )


async def agreed_limit(command: Run, spending: Spending, price: Price | None, what: str) -> Decimal | None:
    """Show a price, ask for confirmation, and return the highest price that may be paid.

    Raises:
        BudgetError: The price is over the budget.
        NotConfirmedError: The answer was no.
    """
    limit = read_max_cost(spending.max_cost)
    check_budget(price, limit, ())
    if spending.yes or command.in_sandbox:
        return limit
    shown = "no price stated" if price is None else str(price)
    if not _is_confirmed(f"{what}: {shown}. Pay?"):
        raise NotConfirmedError("not confirmed: nothing was paid")
    # The server may have closed connections meanwhile; the event loop finds that out now.
    await asyncio.sleep(0.01)
    # If the price has risen since, the user is asked again.
    return limit if price is None else price.units


def _is_confirmed(question: str) -> bool:
    """Ask a question; Ctrl-C and the end of the input count as a no.

    This blocks the event loop. A thread that reads from a terminal cannot be stopped, and would crash the
    interpreter at its end.
    """
    # The event loop's own handler would only cancel a task, which does not run while this waits.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        click.echo(err=True)
        return False
    finally:
        signal.signal(signal.SIGINT, handler)
