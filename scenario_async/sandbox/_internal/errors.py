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
"""The service's words for a picture that it can't read, and, misleadingly, for a body that is too large."""


class Refusal(Exception):
    """An answer other than success, on its way to the client."""

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
        """The refusal as an HTTP answer."""
        return web.Response(
            status=self.status, body=self.body, content_type=self.content_type, headers=self.headers
        )


def bad_request(reason: str, *, field: str | None = None) -> Refusal:
    """400: the request is malformed; `field` names the offender."""
    # [guess] the service documents the fields of such a body, not which of them this refusal has
    return _application(400, "BadRequestError", reason, None if field is None else {"field": field})


def unhandled_image_format() -> Refusal:
    """400: what a broken picture, a file that is no picture and an oversize body are all answered."""
    # [documented] docs or tooling: a misleading 400 in these words, for a body that is too large too
    return _application(400, "BadRequestError", UNHANDLED_IMAGE_FORMAT, None)


def forbidden(reason: str) -> Refusal:
    """403: the credentials are good, but not for this."""
    # [guess] the shape of the body
    return _application(403, "ForbiddenError", reason, None)


def not_found(what: str, identifier: str) -> Refusal:
    """404: the object does not exist."""
    # [guess] the shape of the body; the status is HTTP's
    return _application(404, "NotFoundError", f"{what} {identifier} not found", {"id": identifier})


def already_attached() -> Refusal:
    """400, in the service's words: an asset is in the training set."""
    # [documented] docs or tooling: 400 in these words
    return bad_request("The provided assetId is already a training image of this model")


def model_in_training() -> Refusal:
    """400: a model that is being trained takes no images."""
    # [guess] both the rule and the words are unknown
    return bad_request("The model is being trained: its training images cannot be changed")


def moderated(asset_id: str | None = None) -> Refusal:
    """403: moderation blocked one picture."""
    details = None if asset_id is None else {"assetId": asset_id}
    # [guess] both the status and the words are unknown
    return _application(403, "ForbiddenError", "The picture was blocked by content moderation", details)


def conflict() -> Refusal:
    """409: something else is at work on the same thing."""
    # [guess] no 409 of the service is documented
    return _application(409, "ConflictError", "The resource is being changed by another request", None)


def plan_limit_reached(*, limit: int, value: int, action: str = "add-training-image") -> Refusal:
    """429, the kind that never goes away by itself: the plan's ceiling, by default for training images."""
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
    """429, the kind that names its end: for how many seconds, at the top of the body or in its details."""
    remaining = {"remainingSeconds": seconds}
    if in_details:
        # [documented] docs or tooling: a 429 with `remainingSeconds`, at the top or in the details; the name
        # and the reason are the sandbox's own
        return _application(429, "CooldownError", "Try again later", remaining)
    # [documented] docs or tooling: a 429 with `remainingSeconds`, at the top or in the details; the reason is
    # the sandbox's own
    return Refusal(429, orjson.dumps({"reason": "Try again later", **remaining}))


def throttled(retry_after: str | None) -> Refusal:
    """429, the ordinary kind. The service documents no ``Retry-After``; a layer before it may send one."""
    # [guess] the service throttles, but documents neither the body nor a `Retry-After`
    return from_gateway(429, {} if retry_after is None else {"Retry-After": retry_after})


def url_expired() -> Refusal:
    """403, from the object storage: a presigned URL whose time is over."""
    # [documented] Amazon S3, presigned URLs
    return from_storage(403, "AccessDenied", "Request has expired")


def not_imitated(what: str) -> Refusal:
    """501: the service may well do this; the sandbox does not."""
    # [sandbox] the service may well do this; the sandbox does not
    return _application(501, "NotImitatedError", f"The sandbox does not imitate {what}", None)


def unauthorized() -> Refusal:
    """401, from the gateway: no credentials, or wrong ones."""
    # [guess] the shape of the body; the status is HTTP's
    return from_gateway(401)


def from_gateway(status: int, headers: Mapping[str, str] | None = None) -> Refusal:
    """An answer of the layer before the application, which tells no more than the status does."""
    # [documented] Amazon API Gateway, gateway responses: a `message` alone
    return Refusal(status, orjson.dumps({"message": HTTPStatus(status).phrase}), headers=headers)


def unknown_host() -> Refusal:
    """421: the request names a host that is not the sandbox; the service itself has nothing like it."""
    message = "This sandbox does not answer to this Host: name it in allowed_hosts"
    # [sandbox] it protects against DNS rebinding; the service has nothing like it
    return Refusal(421, orjson.dumps({"message": message}))


def from_storage(status: int, code: str, message: str) -> Refusal:
    """An answer of the object storage, which speaks XML."""
    body = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    # [documented] Amazon S3, error responses
    return Refusal(
        status, b'<?xml version="1.0" encoding="UTF-8"?>\n' + body.encode(), content_type="application/xml"
    )


def _application(status: int, name: str, reason: str, details: Mapping[str, Any] | None) -> Refusal:
    body = {
        "error": HTTPStatus(status).phrase,
        "name": name,
        "reason": reason,
        "traceId": uuid.uuid4().hex,
        **({} if details is None else {"details": details}),
    }
    # [documented] docs or tooling: the names of the fields; which of them come when is a guess
    return Refusal(status, orjson.dumps(body))
