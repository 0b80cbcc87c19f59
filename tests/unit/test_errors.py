"""The classes of errors, and which class each refusal gets."""

from __future__ import annotations

import gc
import inspect
import weakref
from collections.abc import Awaitable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scenario_async
from scenario_async import errors
from scenario_async.errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    CooldownError,
    InternalServerError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    PlanLimitError,
    RateLimitError,
    Response,
    ScenarioError,
    UnprocessableEntityError,
    check_whole_number,
    status_error,
)

from .conftest import Connector
from .samples import png_like
from .servers import answered, serving


def refusal(status: int, content: bytes) -> APIStatusError:
    """The error of a response."""
    return status_error(Response(status, {}, content), method="POST", path="/models/m/training-images")


def said(**body: Any) -> APIStatusError:
    """The error of a response with status 400 and this body."""
    return refusal(400, orjson.dumps(body))


def test_one_tree() -> None:
    """Each error of the module is a `ScenarioError`; errors of requests are an `APIError`."""
    found = [
        member for _, member in inspect.getmembers(errors, inspect.isclass) if issubclass(member, Exception)
    ]
    assert len(found) > 15
    assert all(issubclass(kind, ScenarioError) for kind in found)
    for kind in (APIConnectionError, APIStatusError, APIResponseValidationError):
        assert issubclass(kind, APIError)
    assert issubclass(APITimeoutError, APIConnectionError)
    assert issubclass(PlanLimitError, RateLimitError)
    assert issubclass(CooldownError, RateLimitError)
    assert issubclass(InvalidArgumentError, ValueError)
    assert not issubclass(InvalidArgumentError, APIError)


def test_public_names() -> None:
    """Each error that a caller may get can be imported from the package."""
    for name, member in inspect.getmembers(errors, inspect.isclass):
        if issubclass(member, ScenarioError):
            assert getattr(scenario_async, name) is member
            assert name in scenario_async.__all__


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (422, UnprocessableEntityError),
        (429, RateLimitError),
        (500, InternalServerError),
        (501, InternalServerError),
        (502, InternalServerError),
        (503, InternalServerError),
        (504, InternalServerError),
        (599, InternalServerError),
        (402, APIStatusError),
        (413, APIStatusError),
        (418, APIStatusError),
        (304, APIStatusError),
    ],
)
def test_statuses(status: int, kind: type[APIStatusError]) -> None:
    """Each status has its class; only for a 5xx may the service have processed the request."""
    error = refusal(status, b'{"reason": "because"}')
    assert type(error) is kind
    assert error.status_code == status
    assert error.in_doubt is (status >= 500)


def test_message() -> None:
    """The message has method, path, status and its meaning, the service's message and the trace."""
    error = refusal(404, b'{"reason": "no such model", "traceId": "1-abc"}')
    assert str(error) == (
        "POST /models/m/training-images returned 404 (not found): no such model [trace 1-abc]"
    )
    assert error.message == str(error)
    assert (error.method, error.path) == ("POST", "/models/m/training-images")
    assert (error.reason, error.trace_id) == ("no such model", "1-abc")
    assert error.body == {"reason": "no such model", "traceId": "1-abc"}
    assert error.response.content == b'{"reason": "no such model", "traceId": "1-abc"}'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"reason": "a", "message": "b", "detail": "c", "error": "d"}, "a"),
        ({"message": "b", "detail": "c", "error": "d"}, "b"),
        ({"detail": "c", "error": "d"}, "c"),
        ({"error": "d"}, "d"),
        ({"reason": "", "message": "b"}, "b"),
        ({"reason": None, "message": 5, "error": "d"}, "d"),
        ({"error": {"message": "b"}}, "b"),
        ({"name": "ValidationError"}, None),
    ],
)
def test_reason(body: dict[str, Any], reason: str | None) -> None:
    """The reason is the first non-empty one of the members in which the service sends its message."""
    assert said(**body).reason == reason


@pytest.mark.parametrize(
    ("content", "body", "shown"),
    [
        (b"", "", ", with an empty body"),
        (b" \n ", " \n ", ", with an empty body"),
        (
            b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>",
            "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>",
            ": <html> <head><title>502 Bad Gateway</title></head> </html>",
        ),
        (b'{"reason": "cut o', '{"reason": "cut o', ': {"reason": "cut o'),
        (b"\xff\xfe\x00", "\ufffd\ufffd\x00", ": \ufffd\ufffd\\x00"),
        (b"x" * 500, "x" * 500, f": {'x' * 120}…"),
        (b"[1, 2]", [1, 2], ": [1,2]"),
        (b"null", None, ": null"),
        (b'"words"', "words", ": words"),
        (b'{"error": {"code": 5}}', {"error": {"code": 5}}, ': {"error":{"code":5}}'),
    ],
)
@pytest.mark.parametrize("status", [400, 502])
def test_bodies_without_a_message(content: bytes, body: Any, shown: str, status: int) -> None:
    """The error keeps an HTML, empty, incomplete or binary body and shows its beginning."""
    error = refusal(status, content)
    name = "bad request" if status == 400 else "the service failed"
    assert error.body == body
    assert error.reason is None
    assert error.trace_id is None
    assert str(error) == f"POST /models/m/training-images returned {status} ({name}){shown}"


@given(st.integers(100, 999), st.binary(max_size=60))
def test_any_refusal(status: int, content: bytes) -> None:
    """Any status and any body give an error."""
    error = refusal(status, content)
    assert str(status) in str(error)
    assert error.response.content == content
    assert error.details == {} or isinstance(error.body, dict)


# --- the three meanings of 429 ----------------------------------------------------------------


def test_plan_limit() -> None:
    """The error has the limit, the used amount, the kind of limit and its owner."""
    error = refusal(
        429,
        orjson.dumps(
            {
                "name": "PlanLimitReachedError",
                "reason": "The limit of your plan is reached",
                "details": {
                    "actionName": "add-training-image",
                    "actionLimit": 25,
                    "actionValue": "24",
                    "limitScope": "team",
                    "remainingSeconds": 5,
                },
            }
        ),
    )
    assert isinstance(error, PlanLimitError)
    assert (error.limit, error.value, error.action, error.scope) == (25, 24, "add-training-image", "team")
    assert error.details["actionLimit"] == 25
    assert "429 (plan limit reached): The limit of your plan is reached" in str(error)


@pytest.mark.parametrize("status", [400, 402, 403, 422, 429, 500, 503])
@pytest.mark.parametrize(
    "body", [{"name": "?"}, {"code": "?"}, {"error": {"name": "?"}}, {"error": {"code": "?"}}]
)
def test_the_name_of_a_plan_limit_decides_whatever_the_status(status: int, body: Any) -> None:
    """Nothing was carried out, and waiting does not help."""
    content = orjson.dumps(body).replace(b"?", b"PlanLimitReachedError")
    error = refusal(status, content)
    assert isinstance(error, PlanLimitError)
    assert (error.status_code, error.in_doubt) == (status, False)


def test_the_fields_of_an_error_in_an_object() -> None:
    body = {"error": {"message": "slow down", "code": "E1", "details": {"remainingSeconds": 7}}}
    error = refusal(429, orjson.dumps(body))
    assert isinstance(error, CooldownError)
    assert (error.reason, error.code, error.seconds) == ("slow down", "E1", 7)


@pytest.mark.parametrize("details", [None, "none", {}, {"actionLimit": None, "actionName": 5}])
def test_plan_limit_without_figures(details: Any) -> None:
    """The refusal counts as a plan limit also if the service sends no figures."""
    error = refusal(429, orjson.dumps({"name": "PlanLimitReachedError", "details": details}))
    assert isinstance(error, PlanLimitError)
    assert (error.limit, error.value, error.action, error.scope) == (None, None, None, None)


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"remainingSeconds": 30}, 30),
        ({"details": {"remainingSeconds": "12"}}, 12),
        ({"remainingSeconds": 0}, 0),
        ({"remainingSeconds": -4}, 0),
    ],
)
def test_cooldown(body: Any, seconds: float) -> None:
    """The seconds to wait are read from the body or from its details."""
    error = refusal(429, orjson.dumps(body))
    assert isinstance(error, CooldownError)
    assert error.seconds == seconds


@pytest.mark.parametrize(
    "content", [b"", b"<html>slow down</html>", b"{}", b"[]", b'{"remainingSeconds": "soon"}', b'"no"']
)
def test_ordinary_throttling(content: bytes) -> None:
    """A 429 without a name and without seconds is an ordinary `RateLimitError`."""
    assert type(refusal(429, content)) is RateLimitError


# --- responses and arguments ------------------------------------------------------------------


def test_response() -> None:
    """A response has its body as bytes, text and JSON; its repr does not show the content or the headers."""
    response = Response(269, {"X-Secret": "s3cret"}, b'{"a": "s3cret"}')
    assert response.is_success
    assert not Response(300, {}, b"").is_success
    assert not Response(199, {}, b"").is_success
    assert response.text == '{"a": "s3cret"}'
    assert response.json() == {"a": "s3cret"}
    assert repr(response) == "Response(status_code=269, content=<15 bytes>)"
    with pytest.raises(ValueError, match="unexpected"):
        Response(200, {}, b"<html>").json()


def test_argument_in_an_error() -> None:
    """The error has the argument's name, the value and the expected value; a long value is shortened."""
    error = InvalidArgumentError("body[0].source_id", "x" * 1000, "an id is needed")
    assert (error.argument, error.value, error.expected) == (
        "body[0].source_id",
        "x" * 1000,
        "an id is needed",
    )
    assert str(error).startswith("body[0].source_id: an id is needed; got 'xxx")
    assert str(error).endswith("… (1,000 characters)")
    assert len(str(error)) < 200


@pytest.mark.parametrize("wrong", [-1, 0.5, 1.0, True, "1", None])
def test_whole_number(wrong: Any) -> None:
    """A whole number is an int that is not a bool and not below the minimum."""
    check_whole_number("parts", 1, at_least=1)
    with pytest.raises(InvalidArgumentError, match="a whole number is needed, 0 or more"):
        check_whole_number("parts", wrong, at_least=0)


async def _failing(call: Awaitable[object]) -> weakref.ref[BaseException]:
    """Await a call that fails, and return a weak reference to its error."""
    try:
        await call
    except ScenarioError as error:
        return weakref.ref(error)
    raise AssertionError("it did not fail")


@pytest.mark.parametrize("kind", ["refusal", "no connection"])
async def test_an_unreferenced_error_is_freed(connect: Connector, kind: str) -> None:
    """It is freed with its response and its request, and without the garbage collector."""
    gc.disable()
    try:
        async with serving(answered(400, {"reason": "no"})) as server:
            url = "http://127.0.0.1:1" if kind == "no connection" else server.url
            images = connect.models(url, max_retries=0).training_images
            error = await _failing(images.add("m", data=png_like(2**16)))
            assert error() is None
    finally:
        gc.enable()
