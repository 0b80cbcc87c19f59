"""Faults that refuse a request with a 4xx before it is processed."""

from __future__ import annotations

from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import ClassVar, Final, Literal, TypeAlias

from aiohttp import web
from attrs import field, frozen, validators

from scenario_async.sandbox._internal import errors
from scenario_async.sandbox._internal.faults.answers import OtherAnswer
from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.faults.fault import ATTACHING_ROUTES, Fault, When, one_of
from scenario_async.sandbox._internal.routes import API_ROUTES, STORAGE_ROUTES

Place: TypeAlias = Literal["top", "details"]
"""Where a 429 has `remainingSeconds`: at the top level of its body, or in its details."""
Reason: TypeAlias = Literal["already attached", "not found", "moderated"]
"""Why an asset is refused."""
StorageCode: TypeAlias = Literal["AccessDenied", "ExpiredToken", "RequestTimeout", "SlowDown"]
"""The error code in a response of object storage."""

# [documented] Amazon S3, error responses
_STORAGE_ERRORS: Final[dict[StorageCode, tuple[int, str]]] = {
    "AccessDenied": (403, "Access Denied"),
    "ExpiredToken": (400, "The provided token has expired."),
    "RequestTimeout": (
        400,
        "Your socket connection to the server was not read from or written to within the timeout period.",
    ),
    "SlowDown": (503, "Please reduce your request rate."),
}
"""The statuses and messages of object storage by its error codes."""


class _RefusedBefore(OtherAnswer):
    """An error response to a request that is not processed."""

    routes: ClassVar[frozenset[str]] = API_ROUTES
    when: When = "before"

    def answer(self, arrival: Arrival) -> web.Response:
        """Return the error response."""
        del arrival
        return self._refusal().response()

    @abstractmethod
    def _refusal(self) -> errors.Refusal: ...


@frozen
class PlanLimit(_RefusedBefore):
    """429, because the plan's quota is used up. Waiting does not help. It happens before processing.

    The number of training images does not matter. For a limit that counts them, see the sandbox's
    `training_image_limit`.

    Attributes:
        limit: The limit.
        value: How much of it is used; all if not given.
        action: What is limited, such as ``"parallel-training"``.
        status: The status; users report 400 and 402 too; the `name` in the body decides.
    """

    limit: int = 25
    value: int | None = field(default=None, kw_only=True)
    action: str = field(default="add-training-image", kw_only=True)
    status: int = field(default=429, kw_only=True, validator=[validators.ge(400), validators.le(599)])

    def _refusal(self) -> errors.Refusal:
        value = self.limit if self.value is None else self.value
        # [documented] docs or tooling: 429; the other statuses are from users' reports
        refusal = errors.plan_limit_reached(limit=self.limit, value=value, action=self.action)
        refusal.status = self.status
        return refusal


@frozen
class Cooldown(_RefusedBefore):
    """429, with the time to wait. It happens before processing.

    Attributes:
        seconds: The time to wait in the response. The sandbox does not enforce it; the rule sets how often
            the fault happens.
        place: Whether ``remainingSeconds`` is at the ``"top"`` level of the body or in its ``"details"``.
    """

    seconds: float = field(validator=validators.ge(0))
    place: Place = field(default="top", validator=one_of(Place))

    def _refusal(self) -> errors.Refusal:
        # [documented] docs or tooling: a cool-down after consecutive launches
        return errors.cooling_down(self.seconds, in_details=self.place == "details")


@frozen
class Throttled(_RefusedBefore):
    """429, because of too many requests. It happens before processing.

    Attributes:
        retry_after: Seconds for a ``Retry-After`` header; None sends none.
        as_date: Whether the header has a date instead of seconds.
        clock_ahead: How many seconds the service's clock, in ``Date`` and ``Retry-After``, is ahead of this
            machine's; negative if it is behind.
    """

    retry_after: float | None = field(default=None, validator=validators.optional(validators.ge(0)))
    as_date: bool = field(default=False, kw_only=True)
    clock_ahead: float = field(default=0.0, kw_only=True)

    def answer(self, arrival: Arrival) -> web.Response:
        """Return the error response with the headers."""
        now = datetime.now(UTC) + timedelta(seconds=self.clock_ahead)
        answer = super().answer(arrival)
        answer.headers["Date"] = format_datetime(now, usegmt=True)
        if self.retry_after is not None:
            moment = format_datetime(now + timedelta(seconds=self.retry_after), usegmt=True)
            answer.headers["Retry-After"] = moment if self.as_date else f"{self.retry_after:g}"
        return answer

    def _refusal(self) -> errors.Refusal:
        # [guess] the service documents no `Retry-After`; a layer before it may send one
        return errors.throttled(None)


@frozen
class Unauthorized(_RefusedBefore):
    """401, as if the key had been revoked. It happens before processing."""

    def _refusal(self) -> errors.Refusal:
        # [guess] a key that was withdrawn is refused like a wrong one
        return errors.unauthorized()


@frozen
class URLExpired(_RefusedBefore):
    """403 from the object storage: a presigned URL has expired. It happens before processing."""

    routes: ClassVar[frozenset[str]] = STORAGE_ROUTES

    def _refusal(self) -> errors.Refusal:
        # [documented] Amazon S3, presigned URLs
        return errors.url_expired()


@frozen
class AssetRefused(Fault):
    """Attaching a group is refused because of one asset in it. It happens before processing.

    It happens only to requests that contain ids of assets. With the rule's `about`, it happens to one asset.

    Attributes:
        reason: ``"already attached"`` (400), ``"not found"`` (404) or ``"moderated"`` (403). The last two
            name the asset that the rule is about, or else the last one.
        groups_only: Whether a request with a single asset succeeds.
    """

    routes: ClassVar[frozenset[str]] = ATTACHING_ROUTES

    reason: Reason = field(validator=one_of(Reason))
    groups_only: bool = field(default=False, kw_only=True)

    async def concerns(self, arrival: Arrival) -> bool:
        """Whether the request has asset ids, and enough of them."""
        return len(await arrival.asset_ids()) > int(self.groups_only)

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Refuse the request."""
        if self.reason == "already attached":
            # [documented] docs or tooling: 400; it is a guess that the whole group is refused
            return errors.already_attached().response()
        named = await arrival.asset_ids()
        matching = [asset_id for asset_id in named if arrival.about in arrival.names_of(asset_id)]
        refused = (matching or named)[-1]
        # [guess] the whole group is refused; the status of moderation is unknown
        refusal = (
            errors.moderated(refused) if self.reason == "moderated" else errors.not_found("Asset", refused)
        )
        return refusal.response()


@frozen
class ModelInTraining(_RefusedBefore):
    """Attaching returns 400 because the model is in training. It happens before processing.

    The service is known to refuse a second training. It is a guess that it refuses pictures too, with this
    message.
    """

    routes: ClassVar[frozenset[str]] = ATTACHING_ROUTES

    def _refusal(self) -> errors.Refusal:
        # [guess] a model in training accepts no images
        return errors.model_in_training()


@frozen
class PictureModerated(_RefusedBefore):
    """403, because moderation blocks the upload of a picture. It happens before processing.

    With the rule's `about`, it happens to the picture with that name. For a picture that is refused when it
    is attached, see ``AssetRefused("moderated")``. The status 403 is a guess.
    """

    routes: ClassVar[frozenset[str]] = frozenset({"POST /assets", "POST /uploads"})

    def _refusal(self) -> errors.Refusal:
        # [guess] the status of moderation is unknown
        return errors.moderated()


@frozen
class Conflict(_RefusedBefore):
    """409: the request conflicts with another one; a retry may succeed. It happens before processing."""

    def _refusal(self) -> errors.Refusal:
        # [guess] no 409 of the service is documented
        return errors.conflict()


@frozen
class StorageRefused(_RefusedBefore):
    """An error of the object storage, as XML. It happens before processing.

    Attributes:
        code: ``"RequestTimeout"`` (400, a retry helps), ``"ExpiredToken"`` (400, a new URL helps),
            ``"AccessDenied"`` (403) or ``"SlowDown"`` (503).
    """

    routes: ClassVar[frozenset[str]] = STORAGE_ROUTES

    code: StorageCode = field(validator=one_of(StorageCode))

    def _refusal(self) -> errors.Refusal:
        status, message = _STORAGE_ERRORS[self.code]
        # [documented] Amazon S3, error responses
        return errors.from_storage(status, self.code, message)
