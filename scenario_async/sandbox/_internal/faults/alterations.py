"""Faults in the content of a successful JSON response, which is then not as documented."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final, Literal, TypeAlias, cast

import orjson
from aiohttp import web
from attrs import field, frozen

from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.faults.fault import Fault, one_of
from scenario_async.sandbox._internal.routes import API_ROUTES

Alteration: TypeAlias = Literal[
    "missing fields", "null fields", "unknown fields", "unknown values", "numbers as strings"
]
"""How the JSON of a response is altered."""

_INDISPENSABLE: Final = re.compile(
    "id|.*Ids?|status|url|parts|number|metadata|trainingImages|trainingImagePairs"
)
"""Fields that a client needs to continue. They are not altered unless they are named."""

_OPEN_VALUES: Final = frozenset({"kind", "privacy", "source", "type"})
"""Fields with documented values to which the service may add more."""

_ABSENT: Final = object()


@frozen
class Altered(Fault):
    """A successful response is not as documented. It happens after processing.

    Attributes:
        alteration: ``"missing fields"`` leaves fields out. ``"null fields"`` sets fields to null. ``"unknown
            fields"`` adds one field to every object. ``"unknown values"`` replaces values of enumerations by
            an undocumented one. ``"numbers as strings"`` replaces numbers by strings of digits.
        fields: The names of the fields to alter, at any depth (not for unknown fields). If not given, all
            fields are altered except those that a client needs to continue: ids, statuses, URLs, the objects
            that contain them, and the fields at the top level.
    """

    routes: ClassVar[frozenset[str]] = API_ROUTES

    alteration: Alteration = field(validator=one_of(Alteration))
    fields: tuple[str, ...] = ()

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Alter the response."""
        if (processed := await arrival.process_to_json()) is None:
            return None
        own, document = processed
        altered = self._altered(document, top=True)
        return web.Response(status=own.status, body=orjson.dumps(altered), content_type=own.content_type)

    def _altered(self, value: Any, *, top: bool = False) -> Any:
        if isinstance(value, list):
            return [self._altered(entry) for entry in cast("Sequence[Any]", value)]
        if not isinstance(value, dict):
            return value
        altered: dict[str, Any] = {}
        for name, entry in cast("Mapping[str, Any]", value).items():
            changed = _CHANGES[self.alteration](name, entry) if self._alters(name, top=top) else entry
            if changed is not _ABSENT:
                altered[name] = self._altered(changed)
        if self.alteration == "unknown fields":
            altered["unheardOf"] = {"since": 2031, "values": [None, True]}
        return altered

    def _alters(self, name: str, *, top: bool) -> bool:
        if self.fields:
            return name in self.fields
        if self.alteration == "unknown values":
            return name in _OPEN_VALUES
        return self.alteration == "numbers as strings" or not (top or _INDISPENSABLE.fullmatch(name))


def _as_string(_: str, value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _unknown(_: str, value: Any) -> Any:
    return "unheard-of" if isinstance(value, str) else value


_CHANGES: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    "missing fields": lambda _, __: _ABSENT,
    "null fields": lambda _, __: None,
    "unknown fields": lambda _, value: value,
    "unknown values": _unknown,
    "numbers as strings": _as_string,
}
