"""Compare the sandbox's responses with the documented shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

from .wire import Answer, Wire

_SUCCESS: Final = 200
_ENUMERATION: Final = re.compile(r"e\d+")
_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
}


@cache
def _documentation() -> Any:
    path = Path(__file__).parents[1] / "contract" / "operations.json"
    return orjson.loads(path.read_bytes())


def operations() -> dict[str, str]:
    """The documented shape of every operation's response, by its method and path."""
    return {one["request"]: one["answer"] for one in _documentation()["operations"]}


class Documented(Wire):
    """A client that fails if a successful response is not as documented, and records its requests."""

    asked: set[str]

    async def ask(self, method: str, path: str, json: Any = None, **options: Any) -> Answer:
        """Send a request, and check the response if the operation is documented."""
        answer = await super().ask(method, path, json, **options)
        *_, logged = self.sandbox.requests
        if answer.status == _SUCCESS and logged.key in operations():
            self.asked.add(logged.key)
            assert list(mismatches(answer.body, operations()[logged.key], logged.key)) == []
        return answer

    async def get(self, path: str) -> Any:
        """Send a GET request that has to succeed."""
        return await self.done("GET", path)

    async def done(self, method: str, path: str, json: Any = None, **options: Any) -> Any:
        """Send a request that has to succeed, and return the body of the response."""
        answer = await self.ask(method, path, json, **options)
        assert answer.status == _SUCCESS, (method, path, answer)
        return answer.body


def mismatches(value: Any, kind: str, place: str) -> Iterator[str]:
    """The places where a value is missing, has another type, or is not a documented value."""
    kind = kind.removesuffix("!")
    if kind.startswith("["):
        yield from _mismatches_of_array(value, kind[1:-1], place)
    elif kind in _documentation()["shapes"]:
        yield from _mismatches_of_object(value, _documentation()["shapes"][kind], place)
    elif _ENUMERATION.fullmatch(kind):
        if value not in _documentation()["enumerations"][kind]:
            yield f"{place} is not a documented value: {value!r}"
    elif not _is(value, kind):
        yield f"{place} is not a {kind}: {value!r}"


def _mismatches_of_array(value: Any, kind: str, place: str) -> Iterator[str]:
    if not _is(value, "array"):
        yield f"{place} is not an array"
        return
    for index, one in enumerate(value):
        yield from mismatches(one, kind, f"{place}[{index}]")


def _mismatches_of_object(value: Any, shape: Mapping[str, str], place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is not an object"
        return
    for name, kind in shape.items():
        if name in value:
            yield from mismatches(value[name], kind, f"{place}.{name}")
        elif kind.endswith("!"):
            yield f"{place}.{name} is missing"


def _is(value: Any, kind: str) -> bool:
    if kind == "any":
        return True
    # A mapping with any names is written in braces; in Python a boolean is also an int.
    types = (dict,) if kind.startswith("{") else _KINDS[kind]
    return isinstance(value, types) and (kind == "boolean" or not isinstance(value, bool))
