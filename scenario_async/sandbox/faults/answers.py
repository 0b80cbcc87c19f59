"""Faults that put another answer in the place of the service's own."""

from __future__ import annotations

from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import ClassVar, Final, Literal, TypeAlias

from aiohttp import web
from attrs import field, frozen, validators

from scenario_async.sandbox import errors
from scenario_async.sandbox.faults.arrival import Arrival
from scenario_async.sandbox.faults.fault import Fault, When, one_of
from scenario_async.sandbox.routes import API_ROUTES, STORAGE_ROUTES

Place: TypeAlias = Literal["top", "details"]
Reason: TypeAlias = Literal["already attached", "not found"]

ATTACHING_ROUTES: Final = frozenset(
    {
        "POST /models/{modelId}/training-images",
        "PUT /models/{modelId}/training-images/{trainingImageId}",
    }
)
_JSON: Final = "application/json"


class _Answer(Fault):
    """Answers something else. A success is answered after processing only if the request did succeed."""

    when: When

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Process the request or read it to its end, and give the other answer."""
        if self.when == "before":
            await arrival.swallow()
            return self.answer(arrival)
        answer = self.answer(arrival)
        own = await arrival.process()
        claims_success, succeeded = (one.status < HTTPStatus.BAD_REQUEST for one in (answer, own))
        return None if claims_success and not succeeded else answer

    @abstractmethod
    def answer(self, arrival: Arrival) -> web.Response:
        """The other answer."""


@frozen
class ServerError(_Answer):
    """A 5xx, from the gateway or the object storage.

    Attributes:
        status: 500, 502, 503, 504 or another from 500 to 599.
        when: ``"before"`` the request is processed, or ``"after"``: a gateway gave up, but the work was done.
        retry_after: Seconds for a ``Retry-After`` header; None sends none.
    """

    status: int = field(validator=[validators.ge(500), validators.le(599)])
    when: When = field(validator=one_of(When))
    retry_after: float | None = field(default=None, kw_only=True)

    def answer(self, arrival: Arrival) -> web.Response:
        """JSON from the gateway, XML from the object storage."""
        if arrival.key in STORAGE_ROUTES:
            refusal = errors.from_storage(self.status, "ServiceUnavailable", "Please try again")
        else:
            refusal = errors.from_gateway(self.status)
        answer = refusal.response()
        if self.retry_after is not None:
            answer.headers["Retry-After"] = f"{self.retry_after:g}"
        return answer


@frozen
class HTMLPage(_Answer):
    """A page for people where JSON is expected.

    Attributes:
        status: Such as 200 or 502.
        when: ``"before"`` the request is processed, or ``"after"``.
    """

    routes: ClassVar[frozenset[str]] = API_ROUTES

    status: int = field(validator=[validators.ge(200), validators.le(599)])
    when: When = field(validator=one_of(When))

    def answer(self, arrival: Arrival) -> web.Response:
        """A page that says what its status says."""
        del arrival
        title = f"{self.status} {web.Response(status=self.status).reason}"
        text = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        return web.Response(status=self.status, text=text, content_type="text/html")


@frozen
class Garbled(_Answer):
    """A 200 that claims to be JSON and is none.

    Attributes:
        when: ``"before"`` the request is processed, or ``"after"``.
    """

    routes: ClassVar[frozenset[str]] = API_ROUTES

    when: When = field(validator=one_of(When))

    def answer(self, arrival: Arrival) -> web.Response:
        """Something that begins like JSON and goes on with bytes that are not even text."""
        del arrival
        return web.Response(body=b'{"\xff\xfe\x00\x9f: [}', content_type=_JSON)


@frozen
class EmptyBody(_Answer):
    """A 200 with nothing in it.

    Attributes:
        when: ``"before"`` the request is processed, or ``"after"``.
    """

    routes: ClassVar[frozenset[str]] = API_ROUTES

    when: When = field(validator=one_of(When))

    def answer(self, arrival: Arrival) -> web.Response:
        """Nothing."""
        del arrival
        return web.Response(content_type=_JSON)


class _RefusedBefore(_Answer):
    """A refusal; nothing is processed."""

    routes: ClassVar[frozenset[str]] = API_ROUTES
    when: When = "before"


@frozen
class PlanLimit(_RefusedBefore):
    """429, the kind that never goes away: a ceiling of the plan. Before processing.

    It is answered whatever the training set holds; for a ceiling that counts, see the sandbox's
    `training_image_limit`.

    Attributes:
        limit: The ceiling.
        value: How much of it is used; all if not given.
        action: What is limited.
    """

    limit: int = 25
    value: int | None = field(default=None, kw_only=True)
    action: str = field(default="add-training-image", kw_only=True)

    def answer(self, arrival: Arrival) -> web.Response:
        """The refusal, with its details."""
        del arrival
        value = self.limit if self.value is None else self.value
        return errors.plan_limit_reached(limit=self.limit, value=value, action=self.action).response()


@frozen
class Cooldown(_RefusedBefore):
    """429, the kind that says for how long it will be. Before processing.

    Attributes:
        seconds: What it says. Nothing enforces it: how often it is answered is told by the rule.
        place: Whether ``remainingSeconds`` stands at the ``"top"`` of the body or in its ``"details"``.
    """

    seconds: float = field(validator=validators.ge(0))
    place: Place = field(default="top", validator=one_of(Place))

    def answer(self, arrival: Arrival) -> web.Response:
        """The refusal, with the seconds that remain."""
        del arrival
        return errors.cooling_down(self.seconds, in_details=self.place == "details").response()


@frozen
class Throttled(_RefusedBefore):
    """429, the ordinary kind. Before processing.

    Attributes:
        retry_after: Seconds for a ``Retry-After`` header; None sends none.
        as_date: Whether the header tells the moment as a date, which knows no fractions of a second.
    """

    retry_after: float | None = field(default=None, validator=validators.optional(validators.ge(0)))
    as_date: bool = field(default=False, kw_only=True)

    def answer(self, arrival: Arrival) -> web.Response:
        """The refusal."""
        del arrival
        if self.retry_after is None:
            return errors.throttled(None).response()
        moment = datetime.now(UTC) + timedelta(seconds=self.retry_after)
        told = format_datetime(moment, usegmt=True) if self.as_date else f"{self.retry_after:g}"
        return errors.throttled(told).response()


@frozen
class Unauthorized(_RefusedBefore):
    """401, as if the key had been withdrawn. Before processing."""

    def answer(self, arrival: Arrival) -> web.Response:
        """The refusal."""
        del arrival
        return errors.unauthorized().response()


@frozen
class URLExpired(_RefusedBefore):
    """403 from the object storage: a presigned URL whose time is over. Before processing."""

    routes: ClassVar[frozenset[str]] = STORAGE_ROUTES

    def answer(self, arrival: Arrival) -> web.Response:
        """The refusal."""
        del arrival
        return errors.url_expired().response()


@frozen
class AssetRefused(Fault):
    """Attaching is refused because of one asset, and with it the whole group it came in. Before processing.

    It happens only to requests that name assets by id. Together with a rule's `about` it follows one asset.

    Attributes:
        reason: ``"already attached"`` (400), or ``"not found"`` (404, which names the asset that the rule is
            about, or else the last one).
        groups_only: Whether a request that names a single asset passes.
    """

    routes: ClassVar[frozenset[str]] = ATTACHING_ROUTES

    reason: Reason = field(validator=one_of(Reason))
    groups_only: bool = field(default=False, kw_only=True)

    async def concerns(self, arrival: Arrival) -> bool:
        """Whether it names assets, and enough of them."""
        return len(await arrival.asset_ids()) > int(self.groups_only)

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Refuse the request."""
        if self.reason == "already attached":
            return errors.already_attached().response()
        named = await arrival.asset_ids()
        meant = [asset_id for asset_id in named if arrival.about in arrival.names_of(asset_id)]
        return errors.not_found("Asset", (meant or named)[-1]).response()
