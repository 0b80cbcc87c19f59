"""The examples of docs/examples/engines run if the engine is installed (`nox -s engines`)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from scenario_async.sandbox import Sandbox
from tests.library.pictures import fill

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "engines"


def environment_in(folder: Path) -> dict[str, str]:
    """The environment of an engine: the test's environment, a folder for its files, and no telemetry."""
    return {
        **os.environ,
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_HOME": str(folder / "prefect"),
        "PYTHONPATH": str(EXAMPLES),
        "RAY_USAGE_STATS_ENABLED": "0",
    }


def assert_each_is_there_once(sandbox: Sandbox, count: int) -> None:
    """Check that there are as many assets and as many contents as pictures."""
    contents = {asset.picture.stored.sha256 for asset in sandbox.state.assets.values()}
    assert len(contents) == len(sandbox.state.assets) == count


@pytest.mark.timeout(300)
@pytest.mark.parametrize("engine", ["ray", "prefect", "dagster"])
def test_the_engine_uploads_every_picture_once(
    engine: str, scenario_environment: Sandbox, tmp_path: Path
) -> None:
    """There are two shards; a second run of the same example adds nothing."""
    if find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed: nox -s engines")
    folder, ledger = fill(tmp_path / "in", 300), tmp_path / "ledger.sqlite3"
    environment = environment_in(tmp_path)
    command = [sys.executable, str(EXAMPLES / f"with_{engine}.py"), str(folder), str(ledger)]
    for _ in range(2):
        subprocess.run(command, env=environment, cwd=tmp_path, check=True)  # noqa: S603 - our own example
        assert_each_is_there_once(scenario_environment, 300)


@pytest.mark.timeout(300)
@pytest.mark.skipif(find_spec("airflow") is None, reason="airflow is not installed: nox -s engines")
def test_airflow_uploads_every_picture_once(scenario_environment: Sandbox, tmp_path: Path) -> None:
    """Airflow reads programs from a folder; two runs send each picture once."""
    folder, dags = fill(tmp_path / "in", 300), tmp_path / "dags"
    dags.mkdir()
    for name in ("shards.py", "with_airflow.py"):
        shutil.copy(EXAMPLES / name, dags)
    environment = environment_in(tmp_path) | {
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": str(dags),
    }

    def airflow(*words: str) -> None:
        command = [sys.executable, "-m", "airflow", *words]
        subprocess.run(command, env=environment, cwd=tmp_path, check=True)  # noqa: S603 - our own example

    airflow("db", "migrate")
    airflow("dags", "reserialize")
    parameters = json.dumps({"folder": str(folder), "ledger": str(tmp_path / "ledger.sqlite3")})
    for _ in range(2):
        airflow("dags", "test", "sync_folder", "--conf", parameters)
        assert_each_is_there_once(scenario_environment, 300)
