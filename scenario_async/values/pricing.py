"""Prices, in creative units and in money."""

from __future__ import annotations

from scenario_async._internal.declare.operation import Request
from scenario_async._internal.declare.value import Value


class Priced(Value):
    """What can be asked for as a dry run: then the price, in creative units, is all that is set."""

    creative_units_cost: float | None = None


class Price(Value):
    """What a pack of creative units costs."""

    creative_units: float | None = None
    currency: str | None = None
    expires: float | None = None
    unit_amount: float | None = None


class PricesResponse(Value):
    """All prices."""

    prices: list[Price]


class OscuRetrievePricesParams(Request[PricesResponse], endpoint="GET /oscu/prices"):
    """Retrieve the prices of one-shot creative units."""
