"""Fixtures of the sandbox's tests."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Generator

import pytest

from .wire import Wire, running


@pytest.fixture
async def wire() -> AsyncGenerator[Wire, None]:
    """A client of a sandbox with default settings."""
    async with running() as wire:
        yield wire


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Generator[None, None, None]:
    """Fail a test if aiohttp logs an error, because intended faults are not errors."""
    yield
    for when in ("setup", "call"):
        assert [
            record.getMessage() for record in caplog.get_records(when) if record.levelno >= logging.WARNING
        ] == []
