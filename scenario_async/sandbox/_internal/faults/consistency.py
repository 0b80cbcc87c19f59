"""Faults of consistency: the service lists too little, or carries out a request later."""

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
    """The response for a model has fewer training images than the model."""

    routes: ClassVar[frozenset[str]] = frozenset({"GET /models/{modelId}"})

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Leave training images out of the response, unless it already has few enough."""
        if (processed := await arrival.process_to_json()) is None:
            return None
        own, answer = processed
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
        """Return the images for the response. `now` is the sandbox's time, in seconds since the epoch."""

    @abstractmethod
    def count(self, model: dict[str, Any]) -> None:
        """Set the number of images in the response."""


@frozen
class Lag(_PartialModel):
    """A model lists an image only some time after it was attached. It happens after processing.

    The model's `trainingImagesNumber` is late by the same time. Attaching is not late: if the image is
    attached again before it is listed, the sandbox refuses it as already attached.

    Attributes:
        seconds: The time between the attaching of an image and its listing, by the sandbox's clock.
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
    """A model lists only some images, but `trainingImagesNumber` counts all. It happens after processing.

    Attributes:
        number: The largest number of images in the list, which has the first ones.
    """

    number: int = field(validator=validators.ge(0))

    def shown(self, images: Sequence[dict[str, Any]], *, now: float) -> list[dict[str, Any]]:
        """The first images."""
        del now
        return list(images[: self.number])

    def count(self, model: dict[str, Any]) -> None:
        """Do not change the number, which is correct."""


@frozen
class Accepted(Fault):
    """Attaching returns 202 and an empty object, and is carried out later. It happens before processing.

    If the request is refused later, the response was still 202, and nothing changes.

    Attributes:
        seconds: The seconds until it is carried out, by the machine's clock; None means never.
    """

    routes: ClassVar[frozenset[str]] = ATTACHING_ROUTES

    seconds: float | None = field(
        default=cast("float | None", 1.0), validator=validators.optional(validators.ge(0))
    )

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Respond at once, and process the request later."""
        await arrival.receive()
        if self.seconds is not None:
            arrival.process_later(self.seconds)
        return web.Response(status=202, body=b"{}", content_type="application/json")
