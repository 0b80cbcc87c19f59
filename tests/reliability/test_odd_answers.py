"""For responses of any shape, a batch ends with a true report and without an undocumented exception."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scenario_async import ScenarioError
from scenario_async.sandbox import Faults, Rule, Sandbox

from .odd_answers import OddAnswer
from .scene import digests_of, folder_of, upload_awaited
from .truth import contents_of, falsehoods

RUNS = int(os.environ.get("ODD_ANSWERS", "20"))


@pytest.mark.parametrize("seed", range(RUNS))
def test_responses_of_random_shape(sandbox: Sandbox, tmp_path: Path, seed: int) -> None:
    """A fifth of the requests gets a changed response; a few pictures are sent in parts."""
    folder = folder_of(tmp_path, 12, large=1)
    model_id = sandbox.state.add_model(name="set", type="any").id
    sandbox.faults = Faults(Rule(OddAnswer(seed), probability=0.2), seed=seed)
    try:
        report = upload_awaited(
            sandbox, model_id, folder, ledger=tmp_path / "ledger", retry_budget=40, deadline=20
        )
    except ScenarioError:
        assert not contents_of(sandbox, model_id), "something was attached, and there is no report"
        return
    assert len(report.results) == 13
    assert falsehoods(report, sandbox, digests_of(folder)) == []
    assert max(contents_of(sandbox, model_id).values(), default=0) <= 1
    for result in report.results:
        assert result.error is None or isinstance(result.error, ScenarioError)
