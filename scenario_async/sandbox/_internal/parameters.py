"""Read the fields of a request, and refuse a field whose type is not as documented."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, TypeVar, cast

import orjson
from aiohttp import web
from attrs import frozen

from scenario_async.sandbox._internal.addresses import API
from scenario_async.sandbox._internal.errors import bad_request, not_imitated
from scenario_async.sandbox._internal.request_keys import RequestKey

T = TypeVar("T")

BODY_LIMIT: Final = 6_000_000
"""The largest JSON body in bytes. The service documents "6 MB"; this is the stricter meaning."""

BODY: Final = RequestKey("BODY", bytes)
"""The bytes of a request's body, which the gateway has read."""


@frozen
class _Received:
    body: bytes | None


_RECEIVED: Final = RequestKey("RECEIVED", _Received)

_FLAGS: Final = {"true": True, "false": False}


async def read_body(request: web.Request, *, limit: int | None = None) -> bytes | None:
    """Read a body to its end; None if it is longer than `limit` bytes.

    The rest of a longer body is read and discarded. Otherwise the connection would be reset before the client
    has read the response.
    """
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if limit is not None and size > limit:
            chunks.clear()
        else:
            chunks.append(chunk)
    return None if limit is not None and size > limit else b"".join(chunks)


async def received_body(request: web.Request) -> bytes | None:
    """Return a body, which is read only once; None if it is longer than the API accepts."""
    received = request.get(_RECEIVED)
    if received is None:
        limit = BODY_LIMIT if request.path.startswith(f"{API}/") else None
        received = request[_RECEIVED] = _Received(await read_body(request, limit=limit))
    return received.body


def json_body(request: web.Request) -> Any:
    """Parse the JSON of a body; an empty body is an empty object, as many operations require no field.

    Raises:
        Refusal: 400, if it is not JSON, or the ``Content-Type`` header does not say that it is. Whether the
            service requires the header is unknown.
    """
    body = request[BODY]
    if not body:
        return {}
    if request.content_type != "application/json":
        # [guess] another Content-Type is refused
        raise bad_request("The Content-Type of the body must be application/json")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # [guess] text that is not JSON is refused
        raise bad_request("The body is not valid JSON") from None


def fields_of(request: web.Request) -> Fields:
    """The fields of a body that must be a JSON object."""
    return Fields(json_body(request), "body")


class Fields:
    """The fields of a JSON object. Unknown fields are ignored, as by the service.

    Raises:
        Refusal: 400, if it is not an object, or if a field is null: the service documents that no parameter
            may be null.
    """

    def __init__(self, value: Any, what: str) -> None:
        if not isinstance(value, dict):
            # [guess] a wrong type is refused
            raise bad_request(f"{what} must be an object")
        self._values = cast("Mapping[str, Any]", value)
        for name, entry in self._values.items():
            if entry is None:
                # [documented] official package: no parameter of any operation may be null
                raise bad_request(f"{name} must not be null", field=name)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, *, longest: int | None = None) -> str | None:
        """A string, of at most `longest` characters, or None if it was left out."""
        value = cast("str | None", self._typed(name, str, "a string"))
        if value is not None and longest is not None and len(value) > longest:
            # [guess] longer ones are refused; the caller names the source of the limit
            raise bad_request(f"{name} must have at most {longest} characters", field=name)
        return value

    def flag(self, name: str) -> bool | None:
        """A boolean, or None if it was left out."""
        return cast("bool | None", self._typed(name, bool, "a boolean"))

    def texts(self, name: str) -> list[str] | None:
        """An array of strings, or None if it was left out."""
        values = self._typed(name, list, "an array of strings")
        if values is not None and not all(isinstance(value, str) for value in values):
            # [guess] a wrong type is refused
            raise bad_request(f"{name} must be an array of strings", field=name)
        return cast("list[str] | None", values)

    def array(self, name: str) -> list[Any] | None:
        """An array of anything, or None if it was left out."""
        return cast("list[Any] | None", self._typed(name, list, "an array"))

    def number(self, name: str) -> float | None:
        """A number, or None if it was left out."""
        return cast("float | None", self._typed(name, (int, float), "a number"))

    def whole_number(self, name: str, *, lowest: int, highest: int | None = None) -> int | None:
        """A whole number within bounds, or None if it was left out."""
        value = cast("int | None", self._typed(name, int, "a whole number"))
        if value is not None and (value < lowest or (highest is not None and value > highest)):
            upper = "" if highest is None else f" and at most {highest}"
            # [guess] numbers out of bounds are refused; most bounds are documented
            raise bad_request(f"{name} must be at least {lowest}{upper}", field=name)
        return value

    def choice(self, name: str, choices: Collection[str]) -> str | None:
        """One of the documented strings, or None if it was left out."""
        value = self.text(name)
        if value is not None and value not in choices:
            # [guess] others are refused; the choices are documented (official package)
            raise bad_request(f"{name} must be one of {', '.join(choices)}", field=name)
        return value

    def object(self, name: str) -> Fields:
        """An object; an empty one if it was left out."""
        return Fields(self._values.get(name, {}), name)

    def mapping(self, name: str) -> dict[str, Any] | None:
        """An unchanged object, or None if it is missing."""
        return cast("dict[str, Any] | None", self._typed(name, dict, "an object"))

    def given(self, *names: str) -> dict[str, Any]:
        """The named fields that are present, unchanged."""
        return {name: self._values[name] for name in names if name in self._values}

    def refuse(self, *names: str) -> None:
        """Refuse documented fields that the service uses and the sandbox does not imitate.

        Raises:
            Refusal: 501.
        """
        for name in names:
            if name in self._values:
                # [sandbox] the field is documented; the sandbox does not imitate it
                raise not_imitated(f"the field {name}")

    def _typed(self, name: str, kind: type | tuple[type, ...], what: str) -> Any:
        value = self._values.get(name)
        # In Python a boolean is an int, but in JSON it is not a number.
        if value is not None and (
            not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        ):
            # [guess] a wrong type is refused
            raise bad_request(f"{name} must be {what}", field=name)
        return value


def required(value: T | None, name: str) -> T:
    """A field that must be there.

    Raises:
        Refusal: 400, if it was left out.
    """
    if value is None:
        # [documented] official package: it is required; the status and the message are the sandbox's own
        raise bad_request(f"{name} is required", field=name)
    return value


def not_empty(values: list[str] | None, name: str) -> list[str]:
    """An array that must be there and must not be empty.

    Raises:
        Refusal: 400, if it was left out or is empty.
    """
    values = required(values, name)
    if not values:
        # [guess] an empty array is refused
        raise bad_request(f"{name} must not be empty", field=name)
    return values


def query_flag(request: web.Request, name: str) -> bool | None:
    """Return a boolean of the query string, or None if it is missing.

    Raises:
        Refusal: 400, if it is neither ``true`` nor ``false``. How the service reads other values is unknown.
    """
    value = request.query.get(name)
    if value is None:
        return None
    if value not in _FLAGS:
        # [guess] other values are refused
        raise bad_request(f"{name} must be true or false", field=name)
    return _FLAGS[value]
