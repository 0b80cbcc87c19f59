"""The pytest plugin, shown on test suites that use it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import scenario_async

pytest_plugins = ["pytester"]

QUIET = ("-W", "error", "-p", "no:cacheprovider", "--strict-markers")


def run(
    pytester: pytest.Pytester, source: str, *plugins: str, ini: str = "", options: Sequence[str] = ()
) -> pytest.RunResult:
    """Run a test file in another process with only these plugins; every warning is an error."""
    pytester.makepyfile(source)
    pytester.makeini(f"[pytest]\n{ini}")
    loaded = [argument for plugin in ("scenario_async.testing", *plugins) for argument in ("-p", plugin)]
    return pytester.runpytest_subprocess("--disable-plugin-autoload", *loaded, *QUIET, *options)


def test_blocking_tests(pytester: pytest.Pytester) -> None:
    """Each blocking test gets a new sandbox and a client for it."""
    result = run(
        pytester,
        """
        import pytest

        from scenario_async import InternalServerError, Scenario
        from scenario_async.sandbox import Rule, Sandbox
        from scenario_async.sandbox.faults import ServerError

        @pytest.mark.parametrize("time", [1, 2])
        def test_create(scenario_sandbox, scenario_client, time):
            assert isinstance(scenario_sandbox, Sandbox)
            assert isinstance(scenario_client, Scenario)
            assert not scenario_sandbox.state.models
            model = scenario_client.models.create(name="foxes").model
            assert scenario_sandbox.state.models[model.id].name == "foxes"
            assert scenario_sandbox.requests.changes == {"POST /models": 1}

        def test_fault(scenario_sandbox, scenario_client):
            scenario_sandbox.faults.add(Rule(ServerError(503, "after"), times=1))
            with pytest.raises(InternalServerError):
                scenario_client.with_options(max_retries=0).models.create(name="foxes")
            assert len(scenario_sandbox.state.models) == 1

        def test_address(scenario_sandbox):
            with Scenario(
                api_key=scenario_sandbox.api_key,
                api_secret=scenario_sandbox.api_secret,
                base_url=scenario_sandbox.base_url,
            ) as client:
                assert client.models.list().models == []

        def test_unused(scenario_client):
            pass
        """,
    )
    result.assert_outcomes(passed=5)


ASYNCHRONOUS = """
    import asyncio
    import gc

    import pytest
    {imports}

    from scenario_async import AsyncScenario
    from scenario_async.sandbox import Rule
    from scenario_async.sandbox.faults import Drop, Hang

    @{fixture}
    async def model(async_scenario_client, scenario_sandbox):
        created = (await async_scenario_client.models.create(name="foxes")).model
        yield created
        await async_scenario_client.models.delete(created.id)
        assert not scenario_sandbox.state.models

    {mark}
    async def test_fixture(model, async_scenario_client):
        assert isinstance(async_scenario_client, AsyncScenario)
        assert (await async_scenario_client.models.retrieve(model.id)).model.name == "foxes"

    {mark}
    async def test_many(scenario_sandbox, async_scenario_client):
        await asyncio.gather(*(async_scenario_client.models.create(name=str(n)) for n in range(20)))
        assert len(scenario_sandbox.state.models) == 20

    {mark}
    async def test_faults(scenario_sandbox, async_scenario_client):
        scenario_sandbox.faults.add(Rule(Drop("before"), on="GET /models", times=1))
        assert (await async_scenario_client.models.list()).models == []
        assert scenario_sandbox.requests["GET /models"] == 2

    {mark}
    async def test_storage(scenario_sandbox, async_scenario_client, tmp_path):
        # Large enough to come in parts, to URLs that are not the API's.
        (tmp_path / "fox.svg").write_bytes(b"<svg>" + b" " * (5 << 20) + b"</svg>")
        model = (await async_scenario_client.models.create(name="foxes")).model
        report = await async_scenario_client.models.training_images.upload(model.id, tmp_path)
        assert report.succeeded
        assert scenario_sandbox.requests["PUT /storage/parts/{{uploadId}}/{{number}}"] == 1

    {mark}
    async def test_entered(async_scenario_client):
        async with async_scenario_client as client:
            assert (await client.models.list()).models == []

    {mark}
    async def test_request_left_hanging(scenario_sandbox, async_scenario_client):
        scenario_sandbox.faults.add(Rule(Hang("after")))
        hanging = asyncio.create_task(async_scenario_client.models.create(name="foxes"))
        while not scenario_sandbox.state.models:
            await asyncio.sleep(0.001)
        assert not hanging.done()

    def test_own_loop(scenario_sandbox, async_scenario_client):
        async def create():
            await async_scenario_client.models.create(name="foxes")

        asyncio.run(create())
        assert len(scenario_sandbox.state.models) == 1

    def test_unused(async_scenario_client):
        gc.collect()
"""
STRICT = {
    "imports": "import pytest_asyncio",
    "fixture": "pytest_asyncio.fixture",
    "mark": "@pytest.mark.asyncio",
}
AUTO = {"imports": "", "fixture": "pytest.fixture", "mark": ""}
ANYIO = {
    "imports": "anyio_backend = pytest.fixture(name='anyio_backend')(lambda: 'asyncio')",
    "fixture": "pytest.fixture",
    "mark": "@pytest.mark.anyio",
}
PYTEST_ASYNCIO, ANYIO_PLUGIN = "pytest_asyncio.plugin", "anyio.pytest_plugin"
LOOP_SCOPE = "asyncio_default_fixture_loop_scope = function"


@pytest.mark.parametrize(
    ("spelling", "plugins", "ini"),
    [
        pytest.param(STRICT, [PYTEST_ASYNCIO, ANYIO_PLUGIN], LOOP_SCOPE, id="pytest-asyncio, strict"),
        pytest.param(AUTO, [PYTEST_ASYNCIO], f"asyncio_mode = auto\n{LOOP_SCOPE}", id="pytest-asyncio, auto"),
        pytest.param(ANYIO, [ANYIO_PLUGIN], "", id="anyio"),
        pytest.param(ANYIO, [ANYIO_PLUGIN, PYTEST_ASYNCIO], LOOP_SCOPE, id="anyio beside pytest-asyncio"),
    ],
)
def test_asynchronous_tests(
    pytester: pytest.Pytester, spelling: dict[str, str], plugins: list[str], ini: str
) -> None:
    """The asynchronous client works with every plugin for asynchronous tests, and leaves nothing open."""
    result = run(pytester, ASYNCHRONOUS.format_map(spelling), *plugins, ini=ini)
    result.assert_outcomes(passed=8)


@pytest.mark.parametrize(
    "backends", ["('asyncio', 'trio')", "(('asyncio', {'debug': True}), ('trio', {}))", None], ids=repr
)
def test_on_trio_a_test_with_the_asynchronous_client_is_skipped(
    pytester: pytest.Pytester, backends: str | None
) -> None:
    """By default anyio's plugin runs each test on both; tests without the client still run on trio."""
    pytest.importorskip("trio", reason="trio is not installed")
    fixture = f"@pytest.fixture(params={backends})\n        def anyio_backend(request): return request.param"
    result = run(
        pytester,
        f"""
        import pytest

        pytestmark = pytest.mark.anyio

        {fixture if backends else ""}

        async def test_with_the_client(async_scenario_client):
            assert (await async_scenario_client.models.list()).models == []

        async def test_without_it():
            pass
        """,
        ANYIO_PLUGIN,
        options=["-rs"],
    )
    result.assert_outcomes(passed=3, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * AsyncScenario needs asyncio, and this test runs on trio; *"])


def test_marker(pytester: pytest.Pytester) -> None:
    """The marker sets the sandbox's arguments; the closest marker applies, and faults stay in their test."""
    result = run(
        pytester,
        """
        import pytest

        from scenario_async import APIError
        from scenario_async.sandbox import Faults, Rule
        from scenario_async.sandbox.faults import ServerError

        pytestmark = pytest.mark.scenario_sandbox(training_image_limit=3, api_key="mine")

        def test_module(scenario_sandbox):
            assert (scenario_sandbox.training_image_limit, scenario_sandbox.api_key) == (3, "mine")

        @pytest.mark.scenario_sandbox(training_image_limit=4)
        class TestClass:
            def test_class(self, scenario_sandbox):
                assert (scenario_sandbox.training_image_limit, scenario_sandbox.api_key) == (4, "mine")

            @pytest.mark.scenario_sandbox(training_image_limit=5)
            def test_function(self, scenario_sandbox, scenario_client):
                assert (scenario_sandbox.training_image_limit, scenario_sandbox.api_key) == (5, "mine")
                assert scenario_client.models.list().models == []

        @pytest.mark.scenario_sandbox(faults=Faults(Rule(ServerError(503, "before"), times=1)))
        @pytest.mark.parametrize("time", [1, 2])
        def test_faults(scenario_sandbox, scenario_client, time):
            with pytest.raises(APIError):
                scenario_client.with_options(max_retries=0).models.list()
            assert scenario_client.models.list().models == []
            assert scenario_sandbox.faults.count() == 1
        """,
    )
    result.assert_outcomes(passed=5)


def test_invalid_marker(pytester: pytest.Pytester) -> None:
    """A marker with unknown arguments, or with positional ones, raises an error that says so."""
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.scenario_sandbox(3)
        def test_positional(scenario_sandbox):
            pass

        @pytest.mark.scenario_sandbox(training_images=3)
        def test_unknown(scenario_sandbox):
            pass
        """,
    )
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*scenario_sandbox takes keyword arguments only*", "*training_images*"])


def test_ledger(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger of sandbox uploads lasts for one test and is separate from the user's ledger."""
    users_own = pytester.path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(users_own))
    result = run(
        pytester,
        """
        import pytest

        from scenario_async.work.reports import SyncReport

        @pytest.mark.parametrize("time", [1, 2])
        def test_sync(scenario_client, tmp_path, time):
            (tmp_path / "fox.svg").write_text("<svg/>")
            report = scenario_client.assets.sync(tmp_path)
            assert isinstance(report, SyncReport)
            assert report.counts["uploaded"] == 1

        @pytest.mark.parametrize("time", [1, 2])
        def test_upload(scenario_sandbox, scenario_client, tmp_path, time):
            (tmp_path / "fox.svg").write_text("<svg/>")
            uploads = scenario_client.models.training_images
            for _ in range(2):
                model = scenario_client.models.create(name="foxes").model
                assert [one.status for one in uploads.upload(model.id, tmp_path).results] == ["attached"]
                again = uploads.upload(model.id, tmp_path)
                assert [one.status for one in again.results] == ["already attached"]
        """,
    )
    result.assert_outcomes(passed=4)
    assert not users_own.exists()


def test_environment(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that the tested code creates itself uses the sandbox, and only during the test."""
    monkeypatch.setenv("SCENARIO_SDK_JWT", "the developer's own")
    monkeypatch.setenv("SCENARIO_SDK_API_KEY", "the developer's own")
    monkeypatch.delenv("SCENARIO_BASE_URL", raising=False)
    result = run(
        pytester,
        """
        import os

        from scenario_async import Scenario

        def test_environment(scenario_environment, scenario_sandbox):
            assert scenario_environment is scenario_sandbox
            with Scenario() as client:
                client.models.create(name="foxes")
            assert len(scenario_sandbox.state.models) == 1

        def test_afterwards():
            assert os.environ["SCENARIO_SDK_JWT"] == os.environ["SCENARIO_SDK_API_KEY"]
            assert "SCENARIO_BASE_URL" not in os.environ
        """,
    )
    result.assert_outcomes(passed=2)


def test_the_plugin_is_registered_by_its_entry_point(pytester: pytest.Pytester) -> None:
    """No other configuration of pytest is needed."""
    metadata = pytester.mkdir("scenario_plugin-1.dist-info")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: scenario-plugin\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[pytest11]\nscenario_async = scenario_async.testing\n")
    pytester.makepyfile("def test(scenario_sandbox): assert scenario_sandbox.base_url")
    pytester.makeini(f"[pytest]\n{LOOP_SCOPE}\n")
    pytester.syspathinsert()
    pytester.runpytest_subprocess(*QUIET).assert_outcomes(passed=1)


def test_help(pytester: pytest.Pytester) -> None:
    """The help of pytest lists the marker and the fixtures with a description."""
    run(pytester, "", options=["--markers"]).stdout.fnmatch_lines(["@pytest.mark.scenario_sandbox(*"])
    fixtures = run(pytester, "", options=["--fixtures"]).stdout.str()
    for name in ("scenario_sandbox", "scenario_client", "async_scenario_client", "scenario_environment"):
        description = fixtures.partition(f"\n{name} -- ")[2].splitlines()[1]
        assert description.strip()
        assert "no docstring" not in description


def test_the_plugin_loads_quickly() -> None:
    """Loading the plugin imports no slow modules, because pytest loads it in every run."""
    code = "import scenario_async.testing, sys; print(*sys.modules)"
    root = str(Path(scenario_async.__file__).parents[1])
    reported = subprocess.run(  # noqa: S603 - runs this interpreter
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    loaded = set(reported.stdout.split())
    assert "pytest" in loaded
    assert not loaded & {"aiohttp", "anyio", "attrs", "attr", "asyncio", "cattrs", "orjson", "PIL", "yarl"}
    own = {name for name in loaded if name.partition(".")[0] == "scenario_async"}
    assert own == {"scenario_async", "scenario_async.testing"}
