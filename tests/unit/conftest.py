"""Fixtures of the unit tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from operator import attrgetter
from typing import Any

import pytest
from aioresponses import aioresponses
from attrs import frozen
from hypothesis import settings

from scenario_async import AsyncScenario, Scenario
from scenario_async._internal.declare.operation import Async
from scenario_async._internal.http.core import Core
from scenario_async._internal.http.credentials import Credentials, Secret
from scenario_async._internal.http.options import TransportOptions
from scenario_async._internal.http.retries import RetryPolicy
from scenario_async._internal.http.sessions import Sessions
from scenario_async._internal.http.transport import Transport
from scenario_async.resources.models import Models

from .mocked import Service

# On a shared machine the duration of an example shows nothing.
settings.register_profile("unit", deadline=None)
settings.load_profile("unit")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the proxies of the current user from the environment."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def service() -> Iterator[Service]:
    """The service without a socket; it records the requests."""
    with aioresponses() as mocked:
        yield Service(mocked)


Call = Callable[..., Coroutine[Any, Any, Any]]


def options(given: dict[str, Any] | None) -> dict[str, Any]:
    """The options of a client; by default there are none."""
    return given or {}


@pytest.fixture(params=[AsyncScenario, Scenario])
def call(request: pytest.FixtureRequest) -> Call:
    """Call an operation by its name on both clients in turn; `client` has the options of the client."""

    async def awaited(
        operation: str, /, *args: Any, client: dict[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        async with AsyncScenario(api_key="key", api_secret="secret", **options(client)) as scenario:
            return await attrgetter(operation)(scenario)(*args, **kwargs)

    def blocking(operation: str, /, *args: Any, client: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        with Scenario(api_key="key", api_secret="secret", **options(client)) as scenario:
            return attrgetter(operation)(scenario)(*args, **kwargs)

    async def in_a_thread(*args: Any, **kwargs: Any) -> Any:
        return await asyncio.to_thread(blocking, *args, **kwargs)

    return awaited if request.param is AsyncScenario else in_a_thread


@frozen
class Connector:
    """Creates the objects that send requests; their retries do not wait."""

    sessions: Sessions

    def core(self, base_url: str, *, strict: bool = False, max_retries: int = 2, **options: Any) -> Core:
        """The object that sends requests; `options` are the options of the transport."""
        retries = RetryPolicy(max_retries=max_retries, base=0.001, longest_wait=1)
        credentials = Credentials(Secret("Basic a2V5OnNlY3JldA=="))
        transport = Transport(
            base_url, credentials, TransportOptions(retries=retries, **options), self.sessions
        )
        return Core(transport, strict=strict)

    def models(self, base_url: str, **options: Any) -> Models[Async]:
        """The operations on models."""
        return Models(self.core(base_url, **options))


@pytest.fixture
async def connect() -> AsyncGenerator[Connector, None]:
    """Create the objects that send requests, and close their connections at the end of the test."""
    sessions = Sessions()
    yield Connector(sessions)
    await sessions.close()
