"""The examples of docs/examples/engines, run where the engine is installed (`nox -s engines`)."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from scenario_async.sandbox import Sandbox
from tests.library.pictures import fill

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "engines"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("engine", ["ray", "prefect", "dagster"])
def test_the_engine_uploads_every_picture_once(engine: str, tmp_path: Path) -> None:
    """Two shards; the second run of the same example sends nothing."""
    if find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed: nox -s engines")
    folder, ledger = fill(tmp_path / "in", 300), tmp_path / "ledger.sqlite3"
    with Sandbox() as sandbox:
        environment = {
            **os.environ,
            "SCENARIO_SDK_API_KEY": sandbox.api_key,
            "SCENARIO_SDK_API_SECRET": sandbox.api_secret,
            "SCENARIO_BASE_URL": sandbox.base_url,
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PYTHONPATH": str(EXAMPLES),
            "RAY_USAGE_STATS_ENABLED": "0",
        }
        command = [sys.executable, str(EXAMPLES / f"with_{engine}.py"), str(folder), str(ledger)]
        for _ in range(2):
            subprocess.run(command, env=environment, cwd=tmp_path, check=True)  # noqa: S603 - our own example
            contents = {asset.picture.stored.sha256 for asset in sandbox.state.assets.values()}
            assert len(contents) == len(sandbox.state.assets) == 300
