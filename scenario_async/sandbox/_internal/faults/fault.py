"""What a fault is: one way in which a request can go wrong."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Final, Literal, TypeAlias, get_args

from aiohttp import web
from attrs import Attribute, validators

from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.routes import API_ROUTES, STORAGE_ROUTES

When: TypeAlias = Literal["before", "after"]
"""Whether a fault strikes before the request is processed, so that nothing changes, or after."""

WhenOrDuring: TypeAlias = Literal["before", "during", "after"]
"""``"during"`` strikes while the body is on its way, so that nothing changes either."""

ALL_ROUTES: Final = API_ROUTES | STORAGE_ROUTES

ATTACHING_ROUTES: Final = frozenset(
    {
        "POST /models/{modelId}/training-images",
        "PUT /models/{modelId}/training-images/{trainingImageId}",
    }
)
"""Where training images are attached."""


def one_of(literal: object) -> Callable[[Any, Attribute[Any], Any], None]:
    """Validates that a field is one of the strings of a literal type."""
    return validators.in_(get_args(literal))


class Fault(ABC):
    """One way in which a request can go wrong; a value that knows nothing of when it happens.

    Each kind says whether it strikes before or after the request was processed, since that is the difference
    that a client has to survive: by its field ``when`` where both can be, and in its description otherwise.

    A kind of your own is a frozen attrs class that implements `spoil`.

    Attributes:
        routes: Where it can happen, as the request log spells routes.
    """

    routes: ClassVar[frozenset[str]] = ALL_ROUTES

    async def concerns(self, arrival: Arrival) -> bool:
        """Whether it can happen to this very request, beyond being one of its routes."""
        del arrival
        return True

    @abstractmethod
    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Do it.

        Args:
            arrival: The request, and what can be done with it.

        Returns:
            What is answered; None if there was nothing to spoil after all, in which case the service's own
            answer goes out and the fault does not count as injected.

        Raises:
            ConnectionError: There is no answer: the connection was dropped.
            aiohttp.web.HTTPException: Its status is answered.
        """
