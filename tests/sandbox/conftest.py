"""Fixtures of the sandbox's tests."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Generator

import pytest

from .wire import Wire, running


@pytest.fixture
async def wire() -> AsyncGenerator[Wire, None]:
    """A client of a sandbox as it is by default."""
    async with running() as wire:
        yield wire


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Generator[None, None, None]:
    """Whatever a sandbox does on purpose is nothing to warn of: aiohttp must not log it as an error."""
    yield
    for when in ("setup", "call"):
        assert [
            record.getMessage() for record in caplog.get_records(when) if record.levelno >= logging.WARNING
        ] == []
