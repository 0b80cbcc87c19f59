"""The sandbox's rate limit."""

from __future__ import annotations

import aiohttp
import pytest

from scenario_async.sandbox import Sandbox

from .wire import basic


async def test_requests_over_the_limit_are_refused_with_a_wait() -> None:
    """As many requests as a second allows pass immediately; the next one is refused with a wait."""
    async with Sandbox(rate_limit=5) as sandbox, aiohttp.ClientSession() as session:
        headers = {"Authorization": basic(sandbox.api_key, sandbox.api_secret)}
        statuses: list[int] = []
        for _ in range(12):
            async with session.get(f"{sandbox.base_url}/models", headers=headers) as response:
                statuses.append(response.status)
                if response.status == 429:
                    assert response.headers["Retry-After"] == "1"
        assert statuses[:5] == [200] * 5
        assert 429 in statuses[5:]
        sandbox.rate_limit = None
        async with session.get(f"{sandbox.base_url}/models", headers=headers) as response:
            assert response.status == 200


@pytest.mark.parametrize("rate", [0, -1])
def test_an_invalid_limit_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate_limit"):
        Sandbox(rate_limit=rate)
