"""Prices, in creative units and in money."""

from __future__ import annotations

from scenario_async._internal.declare.value import frozen


@frozen(kw_only=True)
class Priced:
    """What can be asked for as a dry run: then the price, in creative units, is all that is set."""

    creative_units_cost: float | None = None


@frozen(kw_only=True)
class Price:
    """What a pack of creative units costs."""

    creative_units: float | None = None
    currency: str | None = None
    expires: float | None = None
    unit_amount: float | None = None


@frozen(kw_only=True)
class PricesResponse:
    """All prices."""

    prices: list[Price]
