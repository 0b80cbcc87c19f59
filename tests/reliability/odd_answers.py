"""JSON responses of an undocumented shape."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, cast

import orjson
from aiohttp import web
from attrs import define, field

from scenario_async.sandbox._internal.routes import API_ROUTES
from scenario_async.sandbox.faults import Arrival, Fault

_ODD: Final[tuple[Any, ...]] = (
    None, True, -1, 3.5, 2**70, "", "?", "http://[::1", [], [[]], {},
    {"id": 7}, [None], {"a": {"b": []}},
)  # fmt: skip


@define(eq=False)
class OddAnswer(Fault):
    """Replaces some members of a successful response, after processing.

    Attributes:
        seed: The seed of the random choices.
        share: The share of members that are replaced.
    """

    routes: ClassVar[frozenset[str]] = API_ROUTES

    seed: int
    share: float = 0.1
    _chance: random.Random = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - not used for security

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Replace members of the response."""
        if (processed := await arrival.process_to_json()) is None:
            return None
        own, document = processed
        odd = self._spoilt(document)
        body = orjson.dumps(odd, default=str) if not _has_large(odd) else repr(odd).encode()
        return web.Response(status=own.status, body=body, content_type=own.content_type)

    def _spoilt(self, value: Any) -> Any:
        if self._chance.random() < self.share:
            return self._chance.choice(_ODD)
        if isinstance(value, list):
            return [self._spoilt(entry) for entry in cast("Sequence[Any]", value)]
        if isinstance(value, dict):
            return {name: self._spoilt(entry) for name, entry in cast("Mapping[str, Any]", value).items()}
        return value


def _has_large(value: Any) -> bool:
    """Whether there is a number that orjson cannot write."""
    return str(2**70) in repr(value)
