"""The tree of errors, and what each refusal becomes."""

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
    """The error of an answer."""
    return status_error(Response(status, {}, content), method="POST", path="/models/m/training-images")


def said(**body: Any) -> APIStatusError:
    """The error of a 400 with a body."""
    return refusal(400, orjson.dumps(body))


def test_one_tree() -> None:
    """Every error of the module is a `ScenarioError`; those of requests are an `APIError`."""
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
    """Every error that a caller may meet is to be had from the package itself."""
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
    """Each status has its class; only behind a 5xx may the request have been carried out."""
    error = refusal(status, b'{"reason": "because"}')
    assert type(error) is kind
    assert error.status_code == status
    assert error.in_doubt is (status >= 500)


def test_message() -> None:
    """Method, path, status, what the status means, the service's words and its trace."""
    error = refusal(404, b'{"reason": "no such model", "traceId": "1-abc"}')
    assert str(error) == (
        "POST /models/m/training-images was answered 404 (not found): no such model [trace 1-abc]"
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
        ({"error": {"message": "b"}}, None),
        ({"name": "ValidationError"}, None),
    ],
)
def test_reason(body: dict[str, Any], reason: str | None) -> None:
    """The first of the members in which the service puts its words that has any."""
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
def test_bodies_without_words(content: bytes, body: Any, shown: str, status: int) -> None:
    """HTML, nothing, half a document, no text: the error has what came, and shows its beginning."""
    error = refusal(status, content)
    name = "bad request" if status == 400 else "the service failed"
    assert error.body == body
    assert error.reason is None
    assert error.trace_id is None
    assert str(error) == f"POST /models/m/training-images was answered {status} ({name}){shown}"


@given(st.integers(100, 999), st.binary(max_size=60))
def test_any_refusal(status: int, content: bytes) -> None:
    """No status and no body keeps an error from being made."""
    error = refusal(status, content)
    assert str(status) in str(error)
    assert error.response.content == content
    assert error.details == {} or isinstance(error.body, dict)


# --- the three meanings of 429 ----------------------------------------------------------------


def test_plan_limit() -> None:
    """The ceiling, how much of it is used, of what and whose."""
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


@pytest.mark.parametrize("details", [None, "none", {}, {"actionLimit": None, "actionName": 5}])
def test_plan_limit_that_says_nothing(details: Any) -> None:
    """A ceiling remains one where the service gives no figures."""
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
    """A time that the service wants to be left alone, at the top or in the details."""
    error = refusal(429, orjson.dumps(body))
    assert isinstance(error, CooldownError)
    assert error.seconds == seconds


@pytest.mark.parametrize(
    "content", [b"", b"<html>slow down</html>", b"{}", b"[]", b'{"remainingSeconds": "soon"}', b'"no"']
)
def test_ordinary_throttling(content: bytes) -> None:
    """Without a name and without a time it is neither of the other two."""
    assert type(refusal(429, content)) is RateLimitError


# --- responses and arguments ------------------------------------------------------------------


def test_response() -> None:
    """A body as bytes, text and JSON; its repr shows neither content nor headers."""
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
    """Name, what was given and what would be right; of a long value only the beginning."""
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
    """A whole number is an int, no bool and no float, and not too small."""
    check_whole_number("parts", 1, at_least=1)
    with pytest.raises(InvalidArgumentError, match="a whole number is needed, 0 or more"):
        check_whole_number("parts", wrong, at_least=0)


async def _failing(call: Awaitable[object]) -> weakref.ref[BaseException]:
    """Await what fails, and remember the error without holding it."""
    try:
        await call
    except ScenarioError as error:
        return weakref.ref(error)
    raise AssertionError("it did not fail")


@pytest.mark.parametrize("kind", ["refusal", "no connection"])
async def test_an_error_that_nobody_holds_is_gone(connect: Connector, kind: str) -> None:
    """With all that hangs on it, an answer and a request, and without the garbage collector's help."""
    gc.disable()
    try:
        async with serving(answered(400, {"reason": "no"})) as server:
            url = "http://127.0.0.1:1" if kind == "no connection" else server.url
            images = connect.models(url, max_retries=0).training_images
            error = await _failing(images.add("m", data=png_like(2**16)))
            assert error() is None
    finally:
        gc.enable()
