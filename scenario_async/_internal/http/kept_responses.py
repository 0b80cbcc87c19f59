"""Keep the responses of an operation beside its value, for `with_response`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from scenario_async._internal.http.core import responses_wanted
from scenario_async._internal.response import Response, WithResponse

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def responses_kept() -> Generator[list[Response]]:
    """Collect the responses to all requests that are sent in this context."""
    responses: list[Response] = []
    token = responses_wanted.set(responses)
    try:
        yield responses
    finally:
        responses_wanted.reset(token)


async def awaited_with_response(
    call: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs
) -> WithResponse[R]:
    """Await an operation and collect its responses."""
    with responses_kept() as responses:
        return WithResponse(await call(*args, **kwargs), responses)
