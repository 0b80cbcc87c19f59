"""The server and the clients for all tests of this package."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
import scenario_sdk

import scenario_async

from .pair import Pair
from .server import RecordingServer, recording_server


@pytest.fixture(scope="session")
def server() -> Generator[RecordingServer]:
    """The only server of this process."""
    with recording_server() as server:
        yield server


@pytest.fixture(scope="session")
def credentials(server: RecordingServer) -> dict[str, Any]:
    """The credentials of every client of the server."""
    return {"api_key": "key", "api_secret": "secret", "base_url": server.base_url, "max_retries": 0}


@pytest.fixture(scope="session")
def official(credentials: dict[str, Any]) -> Generator[scenario_sdk.Scenario]:
    """The official package's blocking client."""
    with scenario_sdk.Scenario(**credentials) as client:
        yield client


@pytest.fixture(scope="session")
def ours(credentials: dict[str, Any]) -> Generator[scenario_async.Scenario]:
    """Our blocking client."""
    with scenario_async.Scenario(**credentials) as client:
        yield client


@pytest.fixture(scope="session")
def pair(server: RecordingServer, official: scenario_sdk.Scenario, ours: scenario_async.Scenario) -> Pair:
    """The blocking clients of both packages."""
    return Pair(server, official, ours)
