"""Settings of the reliability tests: short pauses, and a profile for the effort of Hypothesis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from scenario_async.sandbox import Faults, Sandbox
from scenario_async.upload._internal import evidence, imports

from .scene import COUNT, Scene, folder_of, upload_awaited, upload_blocking

# The examples send real requests, so shrinking a failure would take many minutes. Only the long profile
# shrinks failures.
settings.register_profile(
    "reliability",
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    max_examples=30,
    stateful_step_count=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
settings.register_profile(
    "reliability-long",
    settings.get_profile("reliability"),
    max_examples=500,
    stateful_step_count=30,
    phases=list(Phase),
)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Poll imports and models every few milliseconds, and use no proxy of the current user."""
    monkeypatch.setattr(imports, "POLL_SECONDS", 0.005)
    monkeypatch.setattr(evidence, "LOOK_PAUSES", (0.01, 0.02, 0.05, 0.1, 0.2))
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def shared_sandbox() -> Iterator[Sandbox]:
    """A sandbox for all tests of a module, because starting one takes longer than a test."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox without faults and with all counts at zero."""
    shared_sandbox.requests.clear()
    yield shared_sandbox
    shared_sandbox.faults = Faults()
    shared_sandbox.training_image_limit = 50
    shared_sandbox.group_answer = "first"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The pictures of a full group, and two more."""
    return folder_of(tmp_path, COUNT)


@pytest.fixture(params=[upload_awaited, upload_blocking], ids=["awaited", "blocking"])
def scene(request: pytest.FixtureRequest, sandbox: Sandbox, folder: Path) -> Scene:
    """A model of the sandbox without training images, a folder, and either client."""
    return Scene(sandbox, sandbox.state.add_model(name="set", type="any").id, folder, request.param)
