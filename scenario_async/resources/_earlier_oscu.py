"""The earlier name of the operations in `pricing.oscu`."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.earlier_names import earlier_name
from scenario_async._internal.declare.operation import Mode, Resource
from scenario_async.resources.pricing import Oscu


class EarlierOscu(Resource[Mode]):
    """The operations of `pricing.oscu` under their earlier name ``oscu``; each call gives a warning."""

    retrieve_prices: Final = earlier_name(Oscu.retrieve_prices, "pricing.oscu.retrieve_prices")
