"""Which requests are retried, and when: decisions without a clock or a socket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import orjson
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scenario_async._internal.http.retries import (
    RetryPolicy,
    asked_wait,
    backoff,
    may_retry,
)
from scenario_async.errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    PlanLimitError,
    Response,
    status_error,
)

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
PLAN_LIMIT = {
    "name": "PlanLimitReachedError",
    "reason": "limit reached",
    "details": {"actionName": "add-training-image", "actionLimit": 25, "actionValue": 25},
}


def refusal(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> APIError:
    """The error of a response."""
    return status_error(Response(status, headers or {}, b"" if body is None else orjson.dumps(body)))


def unreadable() -> APIError:
    """The error of a successful response that cannot be read."""
    return APIResponseValidationError("?", response=Response(200, {}, b"<html>"))


ERRORS = st.one_of(
    st.builds(refusal, st.integers(300, 599)),
    st.builds(refusal, st.just(429), st.just(PLAN_LIMIT)),
    st.builds(
        refusal,
        st.sampled_from([429, 500, 503]),
        st.fixed_dictionaries({}, optional={"remainingSeconds": st.floats(0, 1e6), "name": st.just("x")}),
        st.fixed_dictionaries({}, optional={"Retry-After": st.integers(0, 10**6).map(str)}),
    ),
    st.builds(APIConnectionError, st.just("?"), in_doubt=st.booleans()),
    st.builds(APITimeoutError, st.just("?"), in_doubt=st.booleans()),
    st.builds(unreadable),
    st.just(APIError("?")),
)
POLICIES = st.builds(
    RetryPolicy,
    max_retries=st.integers(0, 10**6),
    base=st.floats(0, 100),
    cap=st.floats(0, 1000),
    longest_wait=st.floats(0, 10**4),
)
DRAWN = st.floats(0, 1, exclude_max=True)


# --- whether ----------------------------------------------------------------------------------


@given(ERRORS)
def test_a_request_in_doubt_is_not_retried(error: APIError) -> None:
    """A request that is not safe to repeat is never sent again while it is in doubt."""
    if error.in_doubt:
        assert not may_retry(error, repeatable=False)


@given(st.booleans(), st.dictionaries(st.text(max_size=3), st.text(max_size=3)))
def test_a_plan_limit_is_never_retried(repeatable: bool, more: dict[str, str]) -> None:
    """This holds for any other content of the refusal."""
    error = refusal(429, {**more, **PLAN_LIMIT, "remainingSeconds": 1}, {"Retry-After": "0"})
    assert isinstance(error, PlanLimitError)
    assert not may_retry(error, repeatable=repeatable)


@pytest.mark.parametrize(
    ("status", "in_general", "if_repeatable"),
    [
        (400, False, False),
        (401, False, False),
        (403, False, False),
        (404, False, False),
        (408, True, True),
        (409, True, True),
        (422, False, False),
        (429, True, True),
        (500, False, True),
        (501, False, False),
        (502, False, True),
        (503, False, True),
        (504, False, True),
        (599, False, True),
        (304, False, False),
    ],
)
def test_statuses(status: int, in_general: bool, if_repeatable: bool) -> None:
    """For 429, 408 and 409 the request was not processed; for a 5xx it may have been."""
    assert may_retry(refusal(status), repeatable=False) is in_general
    assert may_retry(refusal(status), repeatable=True) is if_repeatable


@pytest.mark.parametrize("kind", [APIConnectionError, APITimeoutError])
def test_connections(kind: type[APIConnectionError]) -> None:
    """A request that certainly did not arrive may be retried, whether or not it is safe to repeat."""
    assert may_retry(kind("?", in_doubt=False), repeatable=False)
    assert may_retry(kind("?", in_doubt=True), repeatable=True)
    assert may_retry(unreadable(), repeatable=True)


# --- how long ---------------------------------------------------------------------------------


@given(ERRORS, st.integers(1, 10**6), POLICIES, DRAWN)
@example(APIConnectionError("?"), 1100, RetryPolicy(max_retries=5000), 0.5)
@example(APIConnectionError("?"), 5000, RetryPolicy(max_retries=5000, base=0), 0.5)
def test_bounds(error: APIError, attempt: int, policy: RetryPolicy, drawn: float) -> None:
    """A wait is never negative. It exceeds the cap only if the service asks for it, by a tenth at most."""
    wait = backoff(error, attempt, policy, drawn=lambda: drawn)
    asked = asked_wait(error)
    if attempt > policy.max_retries or (asked is not None and asked > policy.longest_wait):
        assert wait is None
    elif asked is None:
        assert wait is not None
        assert 0 <= wait <= policy.cap
    else:
        assert wait is not None
        assert asked <= wait <= max(asked * 1.1, policy.cap)


@given(st.integers(1, 60), DRAWN)
def test_ranges_double(attempt: int, drawn: float) -> None:
    """Up to the cap, each range is twice as wide as the one before.

    The wait is at least half of the range.
    """
    policy = RetryPolicy(max_retries=100, base=0.5, cap=8)
    wait = backoff(APIConnectionError("?"), attempt, policy, drawn=lambda: drawn)
    assert wait == pytest.approx((1 + drawn) / 2 * min(8, 0.5 * 2 ** (attempt - 1)))


def test_number_of_attempts() -> None:
    """`max_retries` is the number of attempts after the first."""
    for retries in (0, 1, 5):
        policy = RetryPolicy(max_retries=retries)
        waits = [backoff(APIConnectionError("?"), attempt, policy) for attempt in range(1, 9)]
        assert sum(wait is not None for wait in waits) == retries


def test_longest_wait() -> None:
    """A wait up to `longest_wait` is followed; a longer one ends the call immediately."""
    policy = RetryPolicy(longest_wait=60)
    assert backoff(refusal(429, {"remainingSeconds": 60}), 1, policy, drawn=lambda: 0) == 60
    assert backoff(refusal(429, {"remainingSeconds": 60.1}), 1, policy) is None
    assert backoff(refusal(503, None, {"Retry-After": "3600"}), 1, policy) is None


def test_clients_with_the_same_wait_do_not_retry_together() -> None:
    """Up to a tenth is added to a wait that the service asks for."""
    refused, policy = refusal(429, {"remainingSeconds": 60}), RetryPolicy()
    assert backoff(refused, 1, policy, drawn=lambda: 0.5) == pytest.approx(63)
    assert len({backoff(refused, 1, policy) for _ in range(20)}) > 1


# --- the requested wait ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "headers", "asked"),
    [
        ({"remainingSeconds": 12}, {}, 12),
        ({"remainingSeconds": "12.5"}, {}, 12.5),
        ({"details": {"remainingSeconds": 7}}, {}, 7),
        ({"remainingSeconds": 3, "details": {"remainingSeconds": 7}}, {}, 3),
        ({"remainingSeconds": -5}, {}, 0),
        ({"remainingSeconds": 12}, {"Retry-After": "20"}, 20),
        ({"remainingSeconds": 12}, {"Retry-After": "5"}, 12),
        ({"remainingSeconds": "soon"}, {}, None),
        ({"remainingSeconds": "inf"}, {}, None),
        ({"remainingSeconds": True}, {}, None),
        ({"details": "soon"}, {}, None),
        (["remainingSeconds"], {}, None),
        ({}, {"Retry-After": "20"}, 20),
        (None, {"Retry-After": "0"}, 0),
        (None, {}, None),
    ],
)
def test_wait_of_a_429(body: Any, headers: dict[str, str], asked: float | None) -> None:
    """The wait is read from the body or its details, as a number or as digits.

    The header counts if it is longer.
    """
    assert asked_wait(refusal(429, body, headers)) == asked


def test_wait_of_other_errors() -> None:
    """A header counts for any status; a broken connection asks for no wait."""
    assert asked_wait(refusal(503, None, {"Retry-After": "2"})) == 2
    assert asked_wait(refusal(503, {"remainingSeconds": 2})) == 2
    assert asked_wait(APIConnectionError("?")) is None


def retry_after(headers: dict[str, str]) -> float | None:
    """The wait in a response with these headers, sent at `NOW` by the clock of the service."""
    return Response(429, {"Date": format_datetime(NOW), **headers}, b"").retry_after


@pytest.mark.parametrize("header", [{"Retry-After": "0"}, {"retry-after-ms": "0"}, {"Retry-After": "-5"}])
def test_a_wait_of_zero_is_not_shorter_than_the_ordinary_wait(header: dict[str, str]) -> None:
    """Otherwise all attempts would be sent within a tenth of a second."""
    for error in (refusal(429, None, header), refusal(429, {"remainingSeconds": 0})):
        waits = [backoff(error, attempt, RetryPolicy(), drawn=lambda: 0) for attempt in (1, 2)]
        assert waits == [0.25, 0.5]


def test_milliseconds_come_before_seconds() -> None:
    assert retry_after({"retry-after-ms": "1500", "Retry-After": "9"}) == 1.5


def test_a_date_is_measured_by_the_clock_of_the_service() -> None:
    """If the clock of this machine is an hour off, a wait of half a minute stays half a minute."""
    then = format_datetime(NOW + timedelta(seconds=30))
    assert retry_after({"Retry-After": then, "Date": format_datetime(NOW)}) == 30


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize("status", [400, 409, 429, 500])
def test_the_service_can_decide_whether_to_retry(status: int, repeatable: bool) -> None:
    assert may_retry(refusal(status, None, {"x-should-retry": "true"}), repeatable=repeatable)
    assert not may_retry(refusal(status, None, {"x-should-retry": "false"}), repeatable=repeatable)


def xml(code: str) -> APIError:
    """An error of object storage."""
    body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>Too slow</Message></Error>'
    return status_error(Response(400, {}, body.encode()))


def test_errors_of_object_storage_are_read() -> None:
    """A timeout there is retried; an expired URL is not, because only a new URL would help."""
    assert may_retry(xml("RequestTimeout"), repeatable=True)
    assert not may_retry(xml("ExpiredToken"), repeatable=True)
    error = xml("ExpiredToken")
    assert isinstance(error, APIStatusError)
    assert (error.code, error.reason) == ("ExpiredToken", "Too slow")
    assert str(error).endswith("(bad request): Too slow")


@given(st.integers(-(10**6), 10**6), st.sampled_from([0, 120, -480]))
def test_date(seconds: int, offset: int) -> None:
    """A date is converted to seconds from now in any time zone; a past date is now."""
    then = (NOW + timedelta(seconds=seconds)).astimezone(timezone(timedelta(minutes=offset)))
    assert retry_after({"Retry-After": format_datetime(then)}) == max(seconds, 0)


def test_date_of_http() -> None:
    """HTTP's own date format is read, and the one without a zone, which means UTC."""
    assert retry_after({"Retry-After": "Fri, 20 Nov 2026 12:00:30 GMT"}) == 30
    assert retry_after({"Retry-After": "Fri, 20 Nov 2026 12:00:30 -0000"}) == 30


@given(st.text(max_size=30) | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [+-]?\w+"))
@example("nan")
@example("-inf")
@example("1e999")
@example("Fri, 99 Nov 2026 12:00:30 GMT")
@example("Fri, 20 Nov 99999999 12:00:30 GMT")
@example("Fri, 20 Nov 2026 12:00:30 +9999999")
@example("Fri, 20 Nov 0001 00:00:00 +2300")
def test_invalid_header(value: str) -> None:
    """Any text of the header gives a time that is not negative, or None."""
    asked = retry_after({"Retry-After": value})
    assert asked is None or 0 <= asked < float("inf")


@given(st.floats(allow_nan=True, allow_infinity=True) | st.text() | st.booleans() | st.none())
def test_any_remaining_seconds(value: Any) -> None:
    """The wait of a cool-down is finite and not negative, or None."""
    assume(not isinstance(value, str) or value.isprintable())
    try:
        body = orjson.dumps({"remainingSeconds": value})
    except TypeError:
        assume(False)
        return
    asked = asked_wait(status_error(Response(429, {}, body)))
    assert asked is None or 0 <= asked < float("inf")
