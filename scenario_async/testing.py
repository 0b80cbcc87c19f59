"""A pytest plugin: fixtures for tests of code that uses this package.

pytest loads it by itself where the package is installed. Nothing is asked of a test but to name a fixture:

- `scenario_sandbox`: a local imitation of the service, fresh for each test;
- `scenario_client`: a `Scenario` that talks to it;
- `async_scenario_client`: an `AsyncScenario` that talks to it;
- `scenario_environment`: makes clients that the tested code builds for itself talk to it.

::

    def test_my_code(scenario_sandbox, scenario_client):
        scenario_sandbox.faults.add(Rule(Drop("after"), on="POST /assets", times=1))
        model = scenario_client.models.create(name="foxes").model
        my_code(scenario_client, model.id)
        assert len(scenario_sandbox.state.models[model.id].training_images) == 3

The arguments of `scenario_async.sandbox.Sandbox` are set by a marker, on a test, a class or a module; the
closest one decides::

    @pytest.mark.scenario_sandbox(training_image_limit=3, faults=Faults.random(seed=1))
    def test_within_the_plan(scenario_client): ...

Nothing of the package is imported until a fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from scenario_async.client import AsyncScenario, Scenario
    from scenario_async.sandbox import Sandbox

_MARKER: Final = "scenario_sandbox"


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(**arguments): arguments of the sandbox that the fixture {_MARKER} starts; "
        "see scenario_async.sandbox.Sandbox.",
    )


@pytest.fixture
def scenario_sandbox(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sandbox]:
    """A local imitation of the service, fresh for each test.

    It runs in a thread of its own, so blocking and asynchronous tests alike can talk to it, from any event
    loop. See `scenario_async.sandbox.Sandbox` for all it tells and lets you change: among it `base_url`,
    `api_key` and `api_secret` to talk to it, `state` for what it holds, `requests` for what came, and
    `faults` for what is to go wrong. Its arguments are set by ``@pytest.mark.scenario_sandbox(…)``.

    During the test the ledger that batches keep by default is a temporary one, not the user's own.
    """
    from scenario_async.sandbox import Sandbox
    from scenario_async.upload._internal import ledger

    @cache
    def temporary_ledger() -> Path:
        return tmp_path_factory.mktemp("scenario-async") / "uploads.sqlite3"

    monkeypatch.setattr(ledger, "default_ledger", temporary_ledger)
    with Sandbox(**_arguments(request.node)) as sandbox:
        yield sandbox


def _arguments(node: pytest.Item) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    # From the closest to the farthest, of which the closest decides.
    for marker in node.iter_markers(_MARKER):
        if marker.args:
            raise pytest.UsageError(f"the marker {_MARKER} takes keyword arguments only")
        arguments = {**marker.kwargs, **arguments}
    if arguments.get("faults") is not None:
        # A marker's values serve several tests, and what one test counted is no other's business.
        arguments["faults"] = arguments["faults"].fresh()
    return arguments


@pytest.fixture
def scenario_client(scenario_sandbox: Sandbox) -> Iterator[Scenario]:
    """A blocking client that talks to the test's sandbox; closed at the end of the test."""
    from scenario_async.client import Scenario

    with Scenario(**_connection(scenario_sandbox)) as client:
        yield client


@pytest.fixture
def async_scenario_client(scenario_sandbox: Sandbox) -> Iterator[AsyncScenario]:
    """An asynchronous client that talks to the test's sandbox; closed at the end of the test.

    It belongs to the event loop on which the test first uses it, whichever plugin runs that: pytest-asyncio
    in either mode, anyio's plugin, or a plain ``asyncio.run`` in the test. That loop may be gone when the
    fixture ends, so no connection may be left on it by then: the sandbox closes each after its answer.
    """
    from anyio.from_thread import start_blocking_portal

    from scenario_async.client import AsyncScenario

    scenario_sandbox.keep_alive = False
    client = AsyncScenario(**_connection(scenario_sandbox))
    yield client
    with start_blocking_portal("asyncio") as portal:
        portal.call(client.close)


@pytest.fixture
def scenario_environment(scenario_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The test's sandbox, named by the environment variables that clients read.

    A client that the tested code builds without arguments, such as ``Scenario()``, talks to it.
    """
    monkeypatch.setenv("SCENARIO_SDK_API_KEY", scenario_sandbox.api_key)
    monkeypatch.setenv("SCENARIO_SDK_API_SECRET", scenario_sandbox.api_secret)
    monkeypatch.setenv("SCENARIO_BASE_URL", scenario_sandbox.base_url)
    monkeypatch.delenv("SCENARIO_SDK_JWT", raising=False)
    return scenario_sandbox


def _connection(sandbox: Sandbox) -> dict[str, Any]:
    return {
        "api_key": sandbox.api_key,
        "api_secret": sandbox.api_secret,
        "base_url": sandbox.base_url,
    }
