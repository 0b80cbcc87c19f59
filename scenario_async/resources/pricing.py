"""Prices."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from scenario_async._internal.declare.earlier_names import earlier_name
from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.pricing import OscuRetrievePricesParams


class Oscu(Resource[Mode]):
    """Prices of one-shot creative units."""

    retrieve_prices: Final = sends(OscuRetrievePricesParams)


class EarlierOscu(Resource[Mode]):
    """The operations of `pricing.oscu` under their earlier name ``oscu``; each call gives a warning."""

    retrieve_prices: Final = earlier_name(Oscu.retrieve_prices, "pricing.oscu.retrieve_prices")


class Pricing(Resource[Mode]):
    """Prices."""

    @cached_property
    def oscu(self) -> Oscu[Mode]:
        """Prices of one-shot creative units."""
        return Oscu(self.sender, self.runner)
