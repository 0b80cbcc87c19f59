"""A pytest plugin: fixtures for tests of code that uses this package.

pytest loads it by itself if the package is installed. A test only has to name a fixture:

- `scenario_sandbox`: a local imitation of the service, new for each test;
- `scenario_client`: a `Scenario` that talks to it;
- `async_scenario_client`: an `AsyncScenario` that talks to it;
- `scenario_environment`: sets the environment variables, so that clients that the tested code creates talk to
  the sandbox.

::

    def test_my_code(scenario_sandbox, scenario_client):
        scenario_sandbox.faults.add(Rule(Drop("after"), on="POST /assets", times=1))
        model = scenario_client.models.create(name="foxes").model
        my_code(scenario_client, model.id)
        assert len(scenario_sandbox.state.models[model.id].training_images) == 3

A marker on a test, a class or a module sets the arguments of `scenario_async.sandbox.Sandbox`. The closest
marker is used::

    @pytest.mark.scenario_sandbox(training_image_limit=3, faults=Faults.random(seed=1))
    def test_within_the_plan(scenario_client): ...

A test with `async_scenario_client` that anyio's plugin runs on trio is skipped there, since the client needs
asyncio. This plugin does not change anyio's own fixture ``anyio_backend``, because that would also change
tests that do not use this package.

The package is imported only when a fixture is used.
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
    """Register the marker with pytest."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(**arguments): arguments of the sandbox that the fixture {_MARKER} starts; "
        "see scenario_async.sandbox.Sandbox.",
    )


@pytest.fixture
def scenario_sandbox(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sandbox]:
    """A local imitation of the service, new for each test.

    It runs in its own thread, so both blocking and asynchronous tests can use it, from any event loop. The
    most important attributes of `scenario_async.sandbox.Sandbox` are `base_url`, `api_key` and `api_secret`
    for a client, `state` for the stored objects, `requests` for the requests that arrived, and `faults` for
    the faults to inject. ``@pytest.mark.scenario_sandbox(…)`` sets its arguments.

    During the test, the default ledger is a temporary file, not the user's own.
    """
    from scenario_async._internal import ledgers
    from scenario_async.sandbox import Sandbox

    @cache
    def temporary_ledger() -> Path:
        return tmp_path_factory.mktemp("scenario-async") / "uploads.sqlite3"

    monkeypatch.setattr(ledgers, "default_ledger", temporary_ledger)
    with Sandbox(**_arguments(request.node)) as sandbox:
        yield sandbox


def _arguments(node: pytest.Item) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    # In order from the closest to the farthest; the closest marker decides.
    for marker in node.iter_markers(_MARKER):
        if marker.args:
            raise pytest.UsageError(f"the marker {_MARKER} takes keyword arguments only")
        arguments = {**marker.kwargs, **arguments}
    if arguments.get("faults") is not None:
        # Several tests share the values of a marker, but each test has its own counts.
        arguments["faults"] = arguments["faults"].fresh()
    return arguments


@pytest.fixture
def scenario_client(scenario_sandbox: Sandbox) -> Iterator[Scenario]:
    """A blocking client that talks to the test's sandbox; it is closed at the end of the test."""
    from scenario_async.client import Scenario

    with Scenario(**_connection(scenario_sandbox)) as client:
        yield client


@pytest.fixture
def async_scenario_client(
    scenario_sandbox: Sandbox, request: pytest.FixtureRequest
) -> Iterator[AsyncScenario]:
    """An asynchronous client that talks to the test's sandbox; it is closed at the end of the test.

    The client belongs to the event loop on which the test first uses it. pytest-asyncio (in either mode),
    anyio's plugin or ``asyncio.run`` can run this loop. The loop may be closed before the fixture ends. So
    the sandbox closes each connection after its response, and none is left open.

    The client needs asyncio. anyio's plugin runs each test on trio too, unless a fixture ``anyio_backend``
    says otherwise; there the test is skipped.
    """
    _skip_on_trio(request)
    from anyio.from_thread import start_blocking_portal

    from scenario_async.client import AsyncScenario

    scenario_sandbox.keep_alive = False
    client = AsyncScenario(**_connection(scenario_sandbox))
    yield client
    with start_blocking_portal("asyncio") as portal:
        portal.call(client.close)


def _skip_on_trio(request: pytest.FixtureRequest) -> None:
    if "anyio_backend" not in request.fixturenames:
        return
    backend: Any = request.getfixturevalue("anyio_backend")
    name: Any = backend if isinstance(backend, str) else backend[0]  # the others are a name and its options
    if name != "asyncio":
        pytest.skip(
            f"AsyncScenario needs asyncio, and this test runs on {name}; "
            "with a fixture anyio_backend that returns 'asyncio', it runs on asyncio only"
        )


@pytest.fixture
def scenario_environment(scenario_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The test's sandbox; the environment variables that clients read point to it.

    A client that the tested code creates without arguments, such as ``Scenario()``, talks to the sandbox.
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
