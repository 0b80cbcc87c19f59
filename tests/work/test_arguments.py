"""A wrong argument is named in an error before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario, Scenario
from scenario_async.errors import InvalidArgumentError
from scenario_async.sandbox import Sandbox
from tests.library.odd_paths import NO_PLACES, ODD_PATHS

HUGE = 10**30


async def not_awaited(now: object) -> None:
    """An `on_progress` that would do nothing, because no caller awaits it."""
    del now


GENERATING: dict[str, list[Any]] = {
    "model_id": [None, 5, " ", "\ud800"],
    "prompt": [5, b"x", True, "\ud800"],
    "max_cost": ["1e999999999", "", "NaN", -1, True, b"5", float("inf"), 10**4000],
    "base": [5, ""],
    "scale": ["x", None, True, float("nan"), 3],
    "count": [0, True, "2", 2.0, HUGE],
    "seed": [True, -1, "5", HUGE],
    "inputs": [5, "abc", [("a", 1)], {5: 6}, {"width": HUGE}],
    "to": [5, "", b"x", True, "a\0b", *NO_PLACES],
    "name": [5, "", "../x", "<nope>"],
    "key": [5, "", "\ud800"],
    "on_doubt": [None, [], "RAISE"],
    "on_progress": [5, "x", not_awaited],
    "deadline": [0, -1, True, "5", float("nan"), 10**400],
    "ledger": [5, "", None, *ODD_PATHS, *NO_PLACES],
}
FROM_FOLDER: dict[str, list[Any]] = {
    "name": [None, 5, "", "\ud800"],
    "type": [None, ""],
    "parameters": [5, "x", [1]],
    "key": [5, "", "\ud800"],
    "checks": [None, []],
    "deadline": [10**400],
    "on_progress": [5, not_awaited],
}
SYNC: dict[str, list[Any]] = {
    "source": [None, 5, "", True],
    "collection": [5, "", True, [], "\ud800"],
    "tags": [5, "x", [5], None, ["\ud800"], {"x": "y"}, [""], ["a", " "]],
    "include": [5, None, [5], {"*.png": 1}],
    "exclude": [5, None, [5]],
    "recursive": [None, "no"],
    "dry_run": [None, "x"],
    "concurrency": [0, True, HUGE],
    "rate": [0, float("inf"), 10**400, True],
    "lease": [0, None, 1e-9, 10**400],
    "ledger": [5, None, "", False, "mysql://user:password@host/database", *ODD_PATHS, *NO_PLACES],
    "report": [5, "", "s3://user:password@bucket/report", *ODD_PATHS, *NO_PLACES],
    "engine": [5],
    "on_progress": [5, not_awaited],
}


def cases(arguments: dict[str, list[Any]]) -> list[tuple[str, Any]]:
    return [(name, value) for name, values in arguments.items() for value in values]


async def refused(sandbox: Sandbox, call: Any, name: str, arguments: dict[str, Any]) -> None:
    before = len(sandbox.requests)
    with pytest.raises(InvalidArgumentError) as raised:
        await call(**arguments)
    assert raised.value.argument == name
    assert len(str(raised.value)) <= 2000
    assert "password" not in str(raised.value)
    assert len(sandbox.requests) == before


@pytest.mark.parametrize(("name", "value"), cases(GENERATING), ids=lambda value: repr(value)[:20])
async def test_generate_run(sandbox: Sandbox, client: AsyncScenario, name: str, value: Any) -> None:
    good = {"model_id": "model_bfl-flux-1-dev", "prompt": "a fox", "max_cost": None}
    await refused(sandbox, client.generate.run, name, good | {name: value})


@pytest.mark.parametrize(("name", "value"), cases(FROM_FOLDER), ids=lambda value: repr(value)[:20])
async def test_train_from_folder(
    sandbox: Sandbox, client: AsyncScenario, folder_of: Callable[[int], Path], name: str, value: Any
) -> None:
    good = {
        "source": folder_of(5),
        "name": "paper",
        "type": "flux.1-lora",
        "max_cost": None,
        "checks": "warn",
    }
    await refused(sandbox, client.models.train.from_folder, name, good | {name: value})


@pytest.mark.parametrize(("name", "value"), cases(SYNC), ids=lambda value: repr(value)[:20])
async def test_sync(
    sandbox: Sandbox, client: AsyncScenario, folder_of: Callable[[int], Path], name: str, value: Any
) -> None:
    folder = folder_of(1)
    good = {
        "source": folder,
        "ledger": folder.parent / "ledger.sqlite3",
        "report": folder.parent / "report.jsonl",
        "collection": "paper",
    }
    await refused(sandbox, client.assets.sync, name, good | {name: value})


@pytest.mark.parametrize("parameters", [5, "x", [1], {"nope": 1}, {"nb_epochs": HUGE}], ids=repr)
async def test_train_run_parameters(sandbox: Sandbox, client: AsyncScenario, parameters: Any) -> None:
    arguments = {"model_id": "model_1", "max_cost": None, "parameters": parameters}
    await refused(sandbox, client.models.train.run, _parameter(parameters), arguments)


async def test_train_run_parameters_that_are_nested_too_deeply(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    nested: Any = ()
    for _ in range(20_000):
        nested = (nested,)
    arguments = {"model_id": "model_1", "max_cost": None, "parameters": {"sample_prompts": nested}}
    await refused(sandbox, client.models.train.run, "parameters", arguments)


def _parameter(parameters: Any) -> str:
    return "parameters['nope']" if parameters == {"nope": 1} else "parameters"


@pytest.mark.parametrize("count", [0, -1, True, "3", 1.5])
async def test_train_estimate_count(sandbox: Sandbox, client: AsyncScenario, count: Any) -> None:
    arguments = {"model_id": "model_1", "training_images_count": count}
    await refused(sandbox, client.models.train.estimate, "training_images_count", arguments)


@pytest.mark.parametrize(
    "ids", [None, 5, True, object(), b"abc", [None], [], {"id": "a"}], ids=lambda value: repr(value)[:9]
)
async def test_ids(sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, ids: Any) -> None:
    await refused(sandbox, client.jobs.wait, "job_id", {"job_id": ids})
    await refused(sandbox, client.jobs.wait_all, "job_ids", {"job_ids": ids})
    await refused(sandbox, client.assets.save, "asset_ids", {"asset_ids": ids, "to": tmp_path})


@pytest.mark.parametrize("to", [None, 5, True, b"x", "", "a\0b"], ids=repr)
async def test_the_folder_of_save(sandbox: Sandbox, client: AsyncScenario, to: Any) -> None:
    await refused(sandbox, client.assets.save, "to", {"asset_ids": "asset_1", "to": to})


def test_the_blocking_client_refuses_the_same(scenario_client: Scenario) -> None:
    wrong: Any = 5
    with pytest.raises(InvalidArgumentError, match=r"^to: "):
        scenario_client.generate.run("model_1", max_cost=None, to=wrong)
    with pytest.raises(InvalidArgumentError, match=r"^job_ids: "):
        scenario_client.jobs.wait_all(wrong)
