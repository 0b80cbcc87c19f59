"""Names of the official package for `client.pricing`; see `scenario_async.types`."""

from scenario_async.values.pricing import PricesResponse as OscuRetrievePricesResponse

__all__ = ["OscuRetrievePricesResponse"]
