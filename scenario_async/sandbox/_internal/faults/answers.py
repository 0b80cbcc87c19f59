"""Faults that replace the response of the service."""

from __future__ import annotations

from abc import abstractmethod
from http import HTTPStatus
from typing import ClassVar, Final

from aiohttp import web
from attrs import field, frozen, validators

from scenario_async.sandbox._internal import errors
from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.faults.fault import Fault, When, one_of
from scenario_async.sandbox._internal.routes import API_ROUTES, STORAGE_ROUTES

_JSON: Final = "application/json"


class OtherAnswer(Fault):
    """Replaces the response. A success replaces it after processing only if the request succeeded."""

    when: When

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Process the request or read its body, and return the other response."""
        if self.when == "before":
            await arrival.swallow()
            return self.answer(arrival)
        answer = self.answer(arrival)
        own = await arrival.process()
        claims_success, succeeded = (one.status < HTTPStatus.BAD_REQUEST for one in (answer, own))
        return None if claims_success and not succeeded else answer

    @abstractmethod
    def answer(self, arrival: Arrival) -> web.Response:
        """Return the other response."""


@frozen
class ServerError(OtherAnswer):
    """A 5xx, from the gateway or the object storage.

    Attributes:
        status: 500, 502, 503, 504 or another from 500 to 599.
        when: ``"before"`` the request is processed, or ``"after"``, as when a gateway times out although the
            service did the work.
        retry_after: Seconds for a ``Retry-After`` header; None sends none.
    """

    status: int = field(validator=[validators.ge(500), validators.le(599)])
    when: When = field(validator=one_of(When))
    retry_after: float | None = field(default=None, kw_only=True)

    def answer(self, arrival: Arrival) -> web.Response:
        """JSON from the gateway, XML from the object storage."""
        if arrival.key in STORAGE_ROUTES:
            # [documented] Amazon S3, error responses
            refusal = errors.from_storage(self.status, "ServiceUnavailable", "Please try again")
        else:
            # [documented] docs or tooling: a gateway sends some 5xx, also in HTML
            refusal = errors.from_gateway(self.status)
        answer = refusal.response()
        if self.retry_after is not None:
            answer.headers["Retry-After"] = f"{self.retry_after:g}"
        return answer


@frozen
class HTMLPage(OtherAnswer):
    """The response is an HTML page instead of JSON.

    Attributes:
        status: Such as 200 or 502.
        when: ``"before"`` the request is processed, or ``"after"``.
    """

    routes: ClassVar[frozenset[str]] = API_ROUTES

    status: int = field(validator=[validators.ge(200), validators.le(599)])
    when: When = field(validator=one_of(When))

    def answer(self, arrival: Arrival) -> web.Response:
        """Return an HTML page with the status."""
        del arrival
        title = f"{self.status} {web.Response(status=self.status).reason}"
        text = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        return web.Response(status=self.status, text=text, content_type="text/html")


@frozen
class _NoDocument(OtherAnswer):
    """A 200 without a JSON document."""

    routes: ClassVar[frozenset[str]] = API_ROUTES

    when: When = field(validator=one_of(When))


@frozen
class Garbled(_NoDocument):
    """A 200 whose body is declared as JSON but is invalid.

    Attributes:
        when: ``"before"`` the request is processed, or ``"after"``.
    """

    def answer(self, arrival: Arrival) -> web.Response:
        """A body that begins like JSON and continues with bytes that are not text."""
        del arrival
        return web.Response(body=b'{"\xff\xfe\x00\x9f: [}', content_type=_JSON)


@frozen
class EmptyBody(_NoDocument):
    """A 200 with an empty body.

    Attributes:
        when: ``"before"`` the request is processed, or ``"after"``.
    """

    def answer(self, arrival: Arrival) -> web.Response:
        """Return an empty response."""
        del arrival
        return web.Response(content_type=_JSON)
