"""Fixtures of the sandbox's tests."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from .wire import Wire, running


@pytest.fixture
async def wire() -> AsyncGenerator[Wire, None]:
    """A client of a sandbox as it is by default."""
    async with running() as wire:
        yield wire
