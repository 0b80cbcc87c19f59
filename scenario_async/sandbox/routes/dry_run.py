"""Dry runs: what something would cost, and nothing done."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from scenario_async.sandbox.context import NO_CHANGE
from scenario_async.sandbox.errors import bad_request
from scenario_async.sandbox.routes.answers import json_answer

DRY_RUN: Final = 269
"""The status that the service documents for a dry run."""


def is_dry_run(request: web.Request) -> bool:
    """Whether a request asks for the price alone, which only its query can say: a body's `dryRun` is ignored.

    Raises:
        Refusal: 400, for a value that is not documented.
    """
    value = request.query.get("dryRun")
    if value not in {None, "true", "api"}:
        raise bad_request("dryRun must be true or api", field="dryRun")
    return value is not None


def dry_run_answer(request: web.Request, cost: float) -> web.Response:
    """Tell a price in creative units. A request that is answered like this has changed nothing."""
    request[NO_CHANGE] = True
    return json_answer({"creativeUnitsCost": cost}, DRY_RUN)
