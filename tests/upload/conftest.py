"""Fixtures of the tests of the batch upload."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

import pytest

from scenario_async import AsyncScenario, Scenario, UploadReport
from scenario_async.sandbox import Model, Sandbox
from scenario_async.upload._internal import evidence


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction] - autouse
    """Shorten the pauses between lookups of a model from seconds to milliseconds."""
    monkeypatch.setattr(evidence, "LOOK_PAUSES", (0.01, 0.02, 0.05, 0.1, 0.2))


@pytest.fixture
def credentials(sandbox: Sandbox) -> Mapping[str, Any]:
    """The options with which a client connects to the sandbox."""
    return {"api_key": sandbox.api_key, "api_secret": sandbox.api_secret, "base_url": sandbox.base_url}


class Upload(Protocol):
    """Upload to `model` or to another model, with a new client."""

    async def __call__(
        self, images: Any, *, to: str | None = None, client: Mapping[str, Any] | None = None, **options: Any
    ) -> UploadReport:
        """Upload; `client` has the options of the client, `options` the options of the upload."""
        ...


@pytest.fixture(params=["awaited", "blocking"])
def upload(request: pytest.FixtureRequest, credentials: Mapping[str, Any], model: Model) -> Upload:
    """Upload with the asynchronous client and then with the blocking client."""

    async def awaited(images: Any, client: dict[str, Any], to: str, options: dict[str, Any]) -> UploadReport:
        async with AsyncScenario(**client) as scenario:
            return await scenario.models.training_images.upload(to, images, **options)

    def blocking(images: Any, client: dict[str, Any], to: str, options: dict[str, Any]) -> UploadReport:
        with Scenario(**client) as scenario:
            return scenario.models.training_images.upload(to, images, **options)

    async def upload(
        images: Any, *, to: str | None = None, client: Mapping[str, Any] | None = None, **options: Any
    ) -> UploadReport:
        given = {**credentials, **(client or {})}
        if request.param == "awaited":
            return await awaited(images, given, to or model.id, options)
        return await asyncio.to_thread(blocking, images, given, to or model.id, options)

    return upload
