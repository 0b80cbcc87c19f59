"""Create all error responses of the sandbox.

The service's error bodies have some of the fields `reason`, `name`, `details`, `message`, `error` and
`traceId`, depending on the layer that refuses the request. The sandbox imitates this: its gateway returns
`message`, its application returns the other fields, and its object storage returns XML.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from xml.sax.saxutils import escape

import orjson
from aiohttp import web

UNHANDLED_IMAGE_FORMAT: Final = "Unhandled image format"
"""The service's message for an unreadable picture; it also uses it for a body that is too large."""


class Refusal(Exception):
    """An error response to the client."""

    def __init__(
        self,
        status: int,
        body: bytes,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.content_type = content_type
        self.headers: Mapping[str, str] = headers or {}

    def response(self) -> web.Response:
        """Return the HTTP response."""
        return web.Response(
            status=self.status, body=self.body, content_type=self.content_type, headers=self.headers
        )


def bad_request(reason: str, *, field: str | None = None) -> Refusal:
    """400: the request is malformed; `field` is the name of the wrong field."""
    # [guess] the service documents the fields of such a body, not which of them this refusal has
    return _application(400, "BadRequestError", reason, None if field is None else {"field": field})


def unhandled_image_format() -> Refusal:
    """400: the response to a broken picture, a file that is not a picture, and a body that is too large."""
    # [documented] docs or tooling: a misleading 400 in these words, for a body that is too large too
    return _application(400, "BadRequestError", UNHANDLED_IMAGE_FORMAT)


def forbidden(reason: str) -> Refusal:
    """403: the credentials are valid but do not allow this."""
    # [guess] the shape of the body
    return _application(403, "ForbiddenError", reason)


def not_found(what: str, identifier: str) -> Refusal:
    """404: the object does not exist."""
    # [guess] the shape of the body; the status is HTTP's
    return _application(404, "NotFoundError", f"{what} {identifier} not found", {"id": identifier})


def already_attached() -> Refusal:
    """400, with the service's message: an asset is in the training set."""
    # [documented] docs or tooling: 400 in these words
    return bad_request("The provided assetId is already a training image of this model")


def model_in_training() -> Refusal:
    """400: a model in training does not accept images."""
    # [guess] both the rule and the message are unknown
    return bad_request("The model is being trained: its training images cannot be changed")


def moderated(asset_id: str | None = None) -> Refusal:
    """403: moderation blocked one picture."""
    details = None if asset_id is None else {"assetId": asset_id}
    # [guess] both the status and the message are unknown
    return _application(403, "ForbiddenError", "The picture was blocked by content moderation", details)


def conflict() -> Refusal:
    """409: the request conflicts with another request."""
    # [guess] no 409 of the service is documented
    return _application(409, "ConflictError", "The resource is being changed by another request")


def plan_limit_reached(*, limit: int, value: int, action: str = "add-training-image") -> Refusal:
    """429 because the plan's quota is used up, by default the quota of training images."""
    details = {
        "actionName": action,
        "actionLimit": limit,
        "actionValue": value,
        "limitScope": "team",
    }
    reason = f"The plan allows no more than {limit} times {action}"
    # [documented] docs or tooling: the name and the details of the body; the reason is the sandbox's own
    return Refusal(429, orjson.dumps({"name": "PlanLimitReachedError", "reason": reason, "details": details}))


def cooling_down(seconds: float, *, in_details: bool) -> Refusal:
    """429 with the seconds to wait, at the top level of the body or in its details."""
    remaining, reason = {"remainingSeconds": seconds}, "Try again later"
    # [documented] docs or tooling: a 429 with `remainingSeconds`, at the top or in the details; the name and
    # the reason are the sandbox's own
    return (
        _application(429, "CooldownError", reason, remaining)
        if in_details
        else Refusal(429, orjson.dumps({"reason": reason, **remaining}))
    )


def throttled(retry_after: str | None) -> Refusal:
    """429 because of too many requests.

    The service documents no ``Retry-After``, but a gateway may send it.
    """
    # [guess] the service throttles, but documents neither the body nor a `Retry-After`
    return from_gateway(429, {} if retry_after is None else {"Retry-After": retry_after})


def url_expired() -> Refusal:
    """403 from the object storage: a presigned URL has expired."""
    # [documented] Amazon S3, presigned URLs
    return from_storage(403, "AccessDenied", "Request has expired")


def not_imitated(what: str) -> Refusal:
    """501: the service may support this, but the sandbox does not."""
    # [sandbox] the service may accept this; the sandbox does not
    return _application(501, "NotImitatedError", f"The sandbox does not imitate {what}")


def unauthorized() -> Refusal:
    """401, from the gateway: no credentials, or wrong ones."""
    # [guess] the shape of the body; the status is HTTP's
    return from_gateway(401)


def from_gateway(status: int, headers: Mapping[str, str] | None = None) -> Refusal:
    """A response of the gateway, which contains only the status."""
    # [documented] Amazon API Gateway, gateway responses: only a `message`
    return Refusal(status, orjson.dumps({"message": HTTPStatus(status).phrase}), headers=headers)


def unknown_host() -> Refusal:
    """421: the ``Host`` header is not a name of the sandbox; the service itself does not do this."""
    message = "This sandbox does not answer to this Host: name it in allowed_hosts"
    # [sandbox] it protects against DNS rebinding; the service has no such check
    return Refusal(421, orjson.dumps({"message": message}))


def outside_of_api() -> Refusal:
    """404: the path is not one of the API, because the client's base URL lacks ``/v1``."""
    # [sandbox] the service's response to a path outside its API is not known
    return Refusal(404, orjson.dumps({"message": "No such path: the base URL of this sandbox ends in /v1"}))


def from_storage(status: int, code: str, message: str) -> Refusal:
    """A response of the object storage, which is XML."""
    body = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    # [documented] Amazon S3, error responses
    return Refusal(
        status, b'<?xml version="1.0" encoding="UTF-8"?>\n' + body.encode(), content_type="application/xml"
    )


def _application(status: int, name: str, reason: str, details: Mapping[str, Any] | None = None) -> Refusal:
    body = {
        "error": HTTPStatus(status).phrase,
        "name": name,
        "reason": reason,
        "traceId": uuid.uuid4().hex,
        **({} if details is None else {"details": details}),
    }
    # [documented] docs or tooling: the names of the fields; it is a guess which of them are sent when
    return Refusal(status, orjson.dumps(body))
