"""`SCENARIO_LOG` prints the log once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .programs import Program


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(
    ("configured", "begins"),
    [
        pytest.param("", "20", id="with the date, by the package"),
        pytest.param("logging.basicConfig(format='APP %(message)s')", "APP ", id="by the application"),
    ],
)
def test_each_line_is_printed_once(
    start: Callable[..., Program], monkeypatch: pytest.MonkeyPatch, configured: str, begins: str
) -> None:
    monkeypatch.setenv("SCENARIO_LOG", "debug")
    program = start(
        f"""
import logging, sys

sys.stderr = sys.stdout
{configured}
from scenario_async import Scenario

for _ in range(2):
    with Scenario() as client:
        client.models.list()
"""
    )
    lines = program.output()
    assert len(lines) == 2
    assert all(line.startswith(begins) and "GET /models: 200 in" in line for line in lines)
