"""Faults of a service that is not instantly consistent: it shows too little, or acts later."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, cast

import orjson
from aiohttp import web
from attrs import field, frozen, validators

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.faults.fault import ATTACHING_ROUTES, Fault


class _PartialModel(Fault):
    """A model is answered with fewer training images than it has."""

    routes: ClassVar[frozenset[str]] = frozenset({"GET /models/{modelId}"})

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Leave training images out of the answer; a model that already lists few enough is left alone."""
        own = await arrival.process_successfully()
        if not isinstance(own, web.Response) or not isinstance(own.body, bytes):
            return None
        answer = orjson.loads(own.body)
        model = answer["model"]
        images: Sequence[dict[str, Any]] = model["trainingImages"]
        shown = self.shown(images, now=context_of(arrival.request).clock.now())
        if len(shown) == len(images):
            return None
        model["trainingImages"] = shown
        self.count(model)
        return web.Response(body=orjson.dumps(answer), content_type=own.content_type)

    @abstractmethod
    def shown(self, images: Sequence[dict[str, Any]], *, now: float) -> list[dict[str, Any]]:
        """The images that the answer lists. `now` is the sandbox's time, in seconds since the epoch."""

    @abstractmethod
    def count(self, model: dict[str, Any]) -> None:
        """Set the number of images that the answer states."""


@frozen
class Lag(_PartialModel):
    """A model shows an image only some time after it was attached. After processing.

    Its `trainingImagesNumber` lags behind in the same way. Attaching knows better: an image that is not shown
    yet is refused as attached already.

    Attributes:
        seconds: How long after it was attached an image shows, by the sandbox's clock.
    """

    seconds: float = field(validator=validators.ge(0))

    def shown(self, images: Sequence[dict[str, Any]], *, now: float) -> list[dict[str, Any]]:
        """The images that were attached long enough ago."""
        latest = now - self.seconds
        return [one for one in images if datetime.fromisoformat(one["createdAt"]).timestamp() <= latest]

    def count(self, model: dict[str, Any]) -> None:
        """Count the images that are listed."""
        model["trainingImagesNumber"] = len(model["trainingImages"])


@frozen
class Short(_PartialModel):
    """A model lists only some of its images, while `trainingImagesNumber` counts all. After processing.

    Attributes:
        number: How many images it lists at most: the first ones.
    """

    number: int = field(validator=validators.ge(0))

    def shown(self, images: Sequence[dict[str, Any]], *, now: float) -> list[dict[str, Any]]:
        """The first images."""
        del now
        return list(images[: self.number])

    def count(self, model: dict[str, Any]) -> None:
        """Leave the number as it is: it is the true one."""


@frozen
class Accepted(Fault):
    """Attaching answers 202 and an empty object, and is carried out later. Before processing.

    A request that turns out to be refused is answered with 202 all the same, and changes nothing.

    Attributes:
        seconds: How many seconds later it is carried out, by the machine's clock; None never does it.
    """

    routes: ClassVar[frozenset[str]] = ATTACHING_ROUTES

    seconds: float | None = field(
        default=cast("float | None", 1.0), validator=validators.optional(validators.ge(0))
    )

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Answer at once, and let the service process the request later."""
        await arrival.receive()
        if self.seconds is not None:
            arrival.process_later(self.seconds)
        return web.Response(status=202, body=b"{}", content_type="application/json")
