"""The fixtures of the official tests: a blocking and an asynchronous client."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Generator, Sequence
from typing import Any

import pytest
import pytest_asyncio

from scenario_async import AsyncScenario, DefaultAioHttpClient, Scenario


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Run all coroutines on one event loop, because the client is created once."""
    for item in items:
        if pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def _arguments() -> dict[str, Any]:
    return {"base_url": os.environ["TEST_API_BASE_URL"], "api_key": "key", "api_secret": "secret"}


@pytest.fixture(scope="session")
def client(request: pytest.FixtureRequest) -> Generator[Scenario]:
    """The blocking client; the parameter says whether it is strict."""
    strict = getattr(request, "param", True)
    with Scenario(**_arguments(), _strict_response_validation=strict) as client:
        yield client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def async_client(request: pytest.FixtureRequest) -> AsyncGenerator[AsyncScenario]:
    """The asynchronous client; the parameter says whether it is strict, and names its HTTP client."""
    given: Any = getattr(request, "param", True)
    options: dict[str, Any] = {"strict": given} if isinstance(given, bool) else given
    http_client = DefaultAioHttpClient() if options.get("http_client") == "aiohttp" else None
    async with AsyncScenario(
        **_arguments(), _strict_response_validation=options.get("strict", True), http_client=http_client
    ) as client:
        yield client
