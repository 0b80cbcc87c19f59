"""Prices, in creative units and in money."""

from __future__ import annotations

from scenario_async._internal.declare.operation import Request
from scenario_async._internal.declare.value import Value


class Priced(Value):
    """A response that has only the price, in creative units, if the request was a dry run."""

    creative_units_cost: float | None = None


class Price(Value):
    """The price of a pack of creative units."""

    creative_units: float | None = None
    currency: str | None = None
    expires: float | None = None
    unit_amount: float | None = None


class PricesResponse(Value):
    """All prices."""

    prices: list[Price]


class OscuRetrievePricesParams(Request[PricesResponse], endpoint="GET /oscu/prices"):
    """Retrieve the prices of one-shot creative units."""
