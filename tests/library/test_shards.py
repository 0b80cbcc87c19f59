"""`ShardSpec` and `sync_shard` refuse wrong values before anything is sent."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from scenario_async import InvalidArgumentError
from scenario_async.sandbox import Sandbox
from scenario_async.work.sync import ShardSpec, list_files, sync_shard
from tests.library.odd_paths import NO_PLACES, ODD_PATHS
from tests.library.pictures import fill

WRONG: dict[str, list[Any]] = {
    "files": [None, 5, "a.png", ("a.png",), [None]],
    "base_url": [None, 5, "", " "],
    "project_id": [5, ""],
    "ledger": [None, True, 5, "", *ODD_PATHS, *NO_PLACES],
    "collection_id": [5, ""],
    "tags": [None, 5, "paper", (5,), ("",), ("\ud800",)],
    "concurrency": [0, -1, "8", True],
    "rate": [0, -1, "x", float("nan")],
    "lease": [0, -5, "x", None],
}


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShardSpec]:
    """Three files, and a sandbox whose credentials are in the environment."""
    with Sandbox() as sandbox:
        monkeypatch.setenv("SCENARIO_SDK_API_KEY", sandbox.api_key)
        monkeypatch.setenv("SCENARIO_SDK_API_SECRET", sandbox.api_secret)
        yield ShardSpec(
            files=tuple(list_files(fill(tmp_path / "in", 3))),
            base_url=sandbox.base_url,
            project_id=None,
            ledger=str(tmp_path / "ledger"),
        )


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values], ids=repr
)
def test_a_wrong_value_of_a_shard_is_named(spec: ShardSpec, name: str, value: Any) -> None:
    with pytest.raises(InvalidArgumentError) as raised:
        evolve(spec, **{name: value})
    assert raised.value.argument == name
    assert "password" not in str(raised.value)


@pytest.mark.parametrize("given", [None, "shard", ()])
def test_something_else_than_a_shard_is_refused(given: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^spec: a ShardSpec is needed"):
        sync_shard(given)


def test_the_files_and_tags_of_a_shard_may_be_any_iterables(spec: ShardSpec, tmp_path: Path) -> None:
    files: Any = list_files(tmp_path / "in")
    tags: Any = ["paper"]
    again = evolve(spec, files=files, tags=tags)
    assert again == evolve(spec, tags=("paper",))
    assert pickle.loads(pickle.dumps(again)) == again  # noqa: S301 - the bytes come from this test


async def test_a_shard_can_be_uploaded_in_a_thread_with_a_running_event_loop(spec: ShardSpec) -> None:
    """An asynchronous task of Prefect, or a notebook, has one."""
    assert sync_shard(spec).counts == {"uploaded": 3}
