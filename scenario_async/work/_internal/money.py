"""Prices and budgets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final

import attrs
from attrs import field, frozen

from scenario_async._internal.declare.converter import is_object
from scenario_async.errors import BudgetError, InvalidArgumentError
from scenario_async.values.cost import Costs
from scenario_async.work._internal.documented import as_documented

_LONGEST_WHOLE_NUMBER: Final = 20
"""The most digits of a number without an exponent."""
_LARGEST_EXPONENT: Final = 400
"""A larger number than any float; a number beyond it is not an amount of creative units."""
_EXACT: Final = Context(prec=1000)
"""The caller may have set a decimal context that rounds to a few digits."""

MaxCost = Decimal | int | float | str | None
"""A budget in creative units; None for no limit."""


@frozen(kw_only=True)
class Price:
    """The price of a training or a generation, in creative units.

    Attributes:
        units: The price from the dry run. It can have fractions.
        details: The price of each kind of work, such as ``custom-generation`` and ``quality-gate``.
        discount: The discount in the response. It is not documented whether it is already subtracted from
            `units`.
    """

    units: Decimal
    details: Mapping[str, Decimal] = field(factory=dict[str, Decimal])
    discount: Decimal = Decimal(0)

    def __str__(self) -> str:
        return f"{self.units} creative units"

    def to_json(self) -> dict[str, Any]:
        """Convert to JSON; numbers are strings, so that no digit is lost."""
        return {
            "units": str(self.units),
            "details": {name: str(units) for name, units in self.details.items()},
            "discount": str(self.discount),
        }


def price_of(response: Costs) -> Price | None:
    """Return the price in a response; None if it has none, or a negative one."""
    costs = as_documented(response, Costs)
    units = None if costs is None else decimal_of(costs.creative_units_cost)
    if costs is not None and units is None:
        units = _estimated_units(costs)
    if costs is None or units is None or units < 0:
        return None
    details: Any = costs.cost_details
    found = {} if details is None else attrs.asdict(details, recurse=False)
    parts = {name.replace("_", "-"): decimal_of(value) for name, value in found.items()}
    return Price(
        units=units,
        details={name: value for name, value in parts.items() if value is not None},
        discount=decimal_of(costs.creative_units_discount) or Decimal(0),
    )


def _estimated_units(costs: Costs) -> Decimal | None:
    """Return the price as the service's page about training spells it; recorded responses differ."""
    found = costs.model_extra.get("creativeUnits")
    return decimal_of(found.get("estimatedCreativeUnits")) if is_object(found) else None


def decimal_of(value: object) -> Decimal | None:
    """Convert a number to its shortest decimal form, for example 840 for 840.0; None for others."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):  # a huge int cannot be converted to text
        return None
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        return None
    is_whole = number == number.to_integral_value() and number.adjusted() < _LONGEST_WHOLE_NUMBER
    return number.quantize(Decimal(1), context=_EXACT) if is_whole else number.normalize(_EXACT)


def read_max_cost(given: object) -> Decimal | None:
    """The budget in an argument.

    Raises:
        InvalidArgumentError: It is not a number of creative units, 0 or more.
    """
    if given is None:
        return None
    limit = decimal_of(given) if isinstance(given, Decimal | int | float | str) else None
    if limit is None or limit < 0:
        raise InvalidArgumentError(
            "max_cost", given, "a number of creative units is needed, 0 or more; None for no limit"
        )
    return limit


def check_budget(price: Price | None, limit: Decimal | None, ids: tuple[str, ...]) -> None:
    """Check that a price is within the budget.

    Raises:
        BudgetError: The price is over the budget, or there is no price to compare. Nothing was paid.
    """
    if limit is None:
        return
    if price is None:
        message = f"the service stated no price to compare with the budget of {limit}; nothing was paid"
        raise BudgetError(message, price=None, limit=limit, ids=ids)
    if price.units > limit:
        message = f"the price is {price}, and the budget is {limit}; nothing was paid"
        raise BudgetError(message, price=price, limit=limit, ids=ids)
