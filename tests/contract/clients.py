"""The four clients with one way to call them: both packages, asynchronous and blocking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from types import ModuleType
from typing import Any, Protocol

import pytest
import scenario_sdk

import scenario_async
from scenario_async.sandbox import Sandbox

from .official import found

each_package = pytest.mark.parametrize(
    "package", [scenario_sdk, scenario_async], ids=lambda package: package.__name__
)
awaited_and_blocking = pytest.mark.parametrize("blocking", [False, True], ids=["awaited", "blocking"])


class Call(Protocol):
    """Calls an operation by its dotted name."""

    def __call__(self, name: str, /, *args: Any, **kwargs: Any) -> Awaitable[Any]:
        """Return the result of the operation."""
        ...


@asynccontextmanager
async def calling(package: ModuleType, sandbox: Sandbox, *, blocking: bool) -> AsyncGenerator[Call]:
    """A package's client for a sandbox on this event loop; a blocking client is called from a thread."""
    credentials = {
        "api_key": sandbox.api_key,
        "api_secret": sandbox.api_secret,
        "base_url": sandbox.base_url,
        "max_retries": 0,
    }
    if blocking:
        with package.Scenario(**credentials) as client:
            yield partial(_call, client, asyncio.to_thread)
    else:
        async with package.AsyncScenario(**credentials) as client:
            yield partial(_call, client, _awaited)


def _call(client: object, run: Callable[..., Any], name: str, /, *args: Any, **kwargs: Any) -> Any:
    return run(found(client, name), *args, **kwargs)


def _awaited(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)
