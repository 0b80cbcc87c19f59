"""Wrong commands end with exit status 2 and a message about the error, and send nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_async.sandbox import Model, Sandbox

from .running import run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say which FOLDER"),
        (["FOLDER"], "--model"),
        (["FOLDER", "--model", "m", "--sandbox"], "--model"),
        (["FOLDER", "--model", ""], "--model"),
        (["MISSING", "--model", "m"], "no such folder or file"),
        (["EMPTY", "--model", "m"], "the folder is empty"),
        (["FOLDER", "--model", " "], "an id is needed"),
        (["FOLDER", "--model", "m", "--concurrency", "0"], "--concurrency"),
        (["FOLDER", "--model", "m", "--concurrency", "many"], "--concurrency"),
        (["FOLDER", "--model", "m", "--concurrency", "65"], "--concurrency"),
        (["FOLDER", "--model", "m", "--deadline", "0"], "--deadline"),
        (["FOLDER", "--model", "m", "--deadline", "-1"], "--deadline"),
        (["FOLDER", "--model", "m", "--deadline", "soon"], "--deadline"),
        (["FOLDER", "--model", "m", "--preset", "nonsense"], "--preset"),
        (["FOLDER", "--model", "m", "--base-url", "http://api.example/v1"], "https:// is needed"),
        (["FOLDER", "--model", "m", "--base-url", "nowhere"], "--base-url"),
        (["FOLDER", "--model", "m", "--base-url", "https://a:hidden@api.example"], "--base-url"),
        (["FOLDER", "--model", "m", "--ledger", "FOLDER"], "--ledger"),
        (["FOLDER", "--model", "m", "--ledger", "FOLDER/00.png/ledger"], "ledger"),
        (["FOLDER", "--model", "m", "--colour", "blue"], "--colour"),
    ],
)
async def test_a_wrong_command_ends_with_2(
    sandbox: Sandbox, folder_of: Callable[[int], Path], arguments: list[str], said: str
) -> None:
    folder = folder_of(1)
    (empty := folder.parent / "empty").mkdir()
    places = {"FOLDER": str(folder), "EMPTY": str(empty), "MISSING": str(folder / "missing")}
    given = [places.get(argument) or argument.replace("FOLDER", str(folder)) for argument in arguments]
    ended = await run("upload", *given)
    assert ended.status == 2
    assert ended.output == ""
    assert said in ended.errors
    assert "hidden" not in ended.errors
    assert len(sandbox.requests) == 0


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ([], "No credentials"),
        (["SCENARIO_SDK_API_KEY"], "its secret is not"),
        (["SCENARIO_SDK_API_SECRET"], "no API key"),
    ],
)
async def test_without_credentials_the_variables_are_named(
    folder_of: Callable[[int], Path],
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    left: list[str],
    said: str,
) -> None:
    for name in {"SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET"} - set(left):
        monkeypatch.delenv(name)
    ended = await run("upload", folder_of(1), "--model", "m")
    assert ended.status == 2
    for shown in (said, "SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET", "SCENARIO_SDK_JWT"):
        assert shown in ended.errors
    assert len(sandbox.requests) == 0


@pytest.mark.parametrize("name", ["[/nothing]", "[bold]gone[/bold]", ":heart:", "a" * 60])
async def test_a_wrong_argument_is_shown_unchanged(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It is not read as markup, and no line breaks inside it."""
    monkeypatch.chdir(tmp_path)
    ended = await run("upload", name, "--model", model.id)
    assert ended.status == 2
    assert ended.errors == f"error: FOLDER: there is no such folder or file; got '{name}'\n"
