"""Prices."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.pricing import OscuRetrievePricesParams


class Oscu(Resource[Mode]):
    """Prices of one-shot creative units."""

    retrieve_prices: Final = sends(OscuRetrievePricesParams)


class Pricing(Resource[Mode]):
    """Prices."""

    @cached_property
    def oscu(self) -> Oscu[Mode]:
        """Prices of one-shot creative units."""
        return Oscu(self.sender, self.runner)
