"""Fixtures of the tests of the command line."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from scenario_async.sandbox import Sandbox

from .running import API_KEY, API_SECRET


@pytest.fixture
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Sandbox]:
    """A sandbox whose address is in the environment of every command."""
    async with Sandbox(api_key=API_KEY, api_secret=API_SECRET) as sandbox:
        monkeypatch.setenv("SCENARIO_BASE_URL", sandbox.base_url)
        monkeypatch.setenv("SCENARIO_SDK_API_KEY", API_KEY)
        monkeypatch.setenv("SCENARIO_SDK_API_SECRET", API_SECRET)
        yield sandbox


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, state_folder: Path) -> None:
    """Remove the settings of the test's terminal, and use a ledger in the test's folder."""
    del state_folder
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
