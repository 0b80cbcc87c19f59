"""Captions of training images, sent and written on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from tests.work.test_captions import UPDATES, CaptionRefused

from .running import run


async def test_captions_are_sent_once_and_written_back(
    model: Model, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    """A second push sends nothing, and a pull writes the captions that were pushed."""
    folder, target = folder_of(2), tmp_path / "pulled"
    target.mkdir()
    for number in range(2):
        (folder / f"{number:02}.txt").write_text(f"a fox, {number}", encoding="utf-8")
    assert (await run("upload", str(folder), "--model", model.id)).status == 0
    pushed = await run("captions", "push", model.id, str(folder))
    assert (pushed.status, pushed.errors) == (0, "")
    again = await run("captions", "push", model.id, str(folder), "--json")
    assert again.status == 0
    assert {one["status"] for one in again.json["results"]} == {"unchanged"}
    pulled = await run("captions", "pull", model.id, str(target))
    assert (pulled.status, pulled.errors) == (0, "")
    written = {path.name: path.read_text(encoding="utf-8").strip() for path in target.glob("*.txt")}
    assert written == {"00.txt": "a fox, 0", "01.txt": "a fox, 1"}


async def test_a_file_with_another_caption_is_kept_unless_it_may_be_replaced(
    model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    caption = folder / "00.txt"
    caption.write_text("a fox", encoding="utf-8")
    assert (await run("upload", str(folder), "--model", model.id)).status == 0
    assert (await run("captions", "push", model.id, str(folder))).status == 0
    caption.write_text("mine", encoding="utf-8")
    kept = await run("captions", "pull", model.id, str(folder))
    assert (kept.status, "--overwrite replaces them" in kept.output) == (1, True)
    assert caption.read_text(encoding="utf-8") == "mine"
    assert (await run("captions", "pull", model.id, str(folder), "--overwrite")).status == 0
    assert caption.read_text(encoding="utf-8").strip() == "a fox"


async def test_a_picture_that_the_model_does_not_have_fails_the_push(
    model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    (folder / "00.txt").write_text("a fox", encoding="utf-8")
    ended = await run("captions", "push", model.id, str(folder))
    assert ended.status == 1
    assert "00.png" in ended.output + ended.errors


async def test_a_refused_caption_is_named(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    (folder / "00.txt").write_text("a fox", encoding="utf-8")
    assert (await run("upload", str(folder), "--model", model.id)).status == 0
    sandbox.faults = Faults(Rule(CaptionRefused(), on=UPDATES))
    ended = await run("captions", "push", model.id, str(folder))
    assert ended.status == 1
    assert "This is about the caption of 00.png; all other captions were sent" in ended.errors


async def test_an_unknown_model_is_reported_in_one_line(
    model: Model, folder_of: Callable[[int], Path]
) -> None:
    del model  # only the sandbox is needed
    folder = folder_of(1)
    (folder / "00.txt").write_text("a fox", encoding="utf-8")
    ended = await run("captions", "push", "model_missing", str(folder))
    assert ended.status != 0
    assert ended.errors.startswith("error: ")
    assert len(ended.errors.splitlines()) == 1


async def test_without_credentials_one_line_names_the_needed_variables(
    folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCENARIO_SDK_API_KEY", raising=False)
    monkeypatch.delenv("SCENARIO_SDK_API_SECRET", raising=False)
    ended = await run("captions", "push", "model_1", str(folder_of(1)))
    assert ended.status == 2
    assert "set SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET" in ended.errors
    assert len(ended.errors.splitlines()) == 1
