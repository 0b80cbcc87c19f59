"""The base class of faults."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Final, Literal, TypeAlias, get_args

from aiohttp import web
from attrs import Attribute, validators

from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.routes import API_ROUTES, STORAGE_ROUTES

When: TypeAlias = Literal["before", "after"]
"""Whether a fault happens before the request is processed, so that nothing changes, or after."""

WhenOrDuring: TypeAlias = Literal["before", "during", "after"]
"""``"during"`` happens while the body is sent, so that nothing changes either."""

ALL_ROUTES: Final = API_ROUTES | STORAGE_ROUTES

ATTACHING_ROUTES: Final = frozenset(
    {
        "POST /models/{modelId}/training-images",
        "PUT /models/{modelId}/training-images/{trainingImageId}",
    }
)
"""The routes that add and replace training images."""


def one_of(literal: object) -> Callable[[Any, Attribute[Any], Any], None]:
    """Validates that a field is one of the strings of a literal type."""
    return validators.in_(get_args(literal))


class Fault(ABC):
    """The base class of faults: the ways in which a request can fail.

    A fault happens before or after the request is processed. A client cannot see the difference and has to
    handle both. If a kind of fault allows both, its attribute ``when`` chooses. Otherwise its description
    says which.

    To define your own kind of fault, write a frozen attrs class that implements `spoil`.

    Attributes:
        routes: The routes on which the fault can happen, in the form of the request log.
    """

    routes: ClassVar[frozenset[str]] = ALL_ROUTES

    async def concerns(self, arrival: Arrival) -> bool:
        """Whether it can happen to this request, which is on one of its routes."""
        del arrival
        return True

    @abstractmethod
    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Make the request fail.

        Args:
            arrival: The request, with methods that process or drop it.

        Returns:
            The response. None if the fault did not apply; then the sandbox sends its normal response and does
            not count the fault.

        Raises:
            ConnectionError: The connection was dropped, so there is no response.
            aiohttp.web.HTTPException: The sandbox sends its status.
        """
