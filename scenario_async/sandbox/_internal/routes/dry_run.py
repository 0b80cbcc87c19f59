"""Prices, and dry runs, which return a price and change nothing."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.context import NO_CHANGE
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.routes.answers import json_answer, present

# [documented] official package, train_trigger_params
DRY_RUN: Final = 269
"""The status of a dry run."""


def is_dry_run(request: web.Request) -> bool:
    """Whether the query string asks only for the price. A `dryRun` in the body is ignored.

    Raises:
        Refusal: 400, for a value that is not documented.
    """
    value = request.query.get("dryRun")
    if value not in {None, "true", "api"}:
        # [guess] others are refused; the values are documented (official package, train_trigger_params)
        raise bad_request("dryRun must be true or api", field="dryRun")
    return value is not None


def price_fields(cost: float, details: dict[str, float] | None = None) -> dict[str, Any]:
    """Return a price in creative units, and its parts if there are any, in the recorded form."""
    # [recorded] a plugin of the team
    return {"creativeUnitsCost": cost, "creativeUnitsDiscount": 0, **present(costDetails=details)}


def dry_run_answer(
    request: web.Request, cost: float, details: dict[str, float] | None = None
) -> web.Response:
    """Return a price. The request has changed nothing."""
    request[NO_CHANGE] = True
    return json_answer(price_fields(cost, details), DRY_RUN)
