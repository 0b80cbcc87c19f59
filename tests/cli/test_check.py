"""The check of a folder of pictures, on the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_async.sandbox import Sandbox

from .running import run


async def test_a_folder_is_checked_without_credentials(folder_of: Callable[[int], Path]) -> None:
    """Warnings do not change the exit status; names and messages are not shortened."""
    folder = folder_of(5)
    ended = await run("check", str(folder))
    assert (ended.status, ended.errors) == (0, "")
    assert "8 x 8 pixels: the shorter side has under 1024, which is small for a training" in ended.output
    assert ended.output.splitlines()[-1].startswith("5 pictures, 0 captions, 0 errors, ")


async def test_errors_set_the_exit_status(folder_of: Callable[[int], Path]) -> None:
    folder = folder_of(5)
    (folder / "bad\x1b[31m.png").write_bytes(b"%PDF-1.7")
    ended = await run("check", str(folder), "--type", "flux.1-lora")
    assert ended.status == 1
    assert "this is a PDF" in ended.output
    assert "\x1b" not in ended.output
    document = (await run("check", str(folder), "--json", "--type", "qwen-image-edit-lora")).json
    assert not document["ok"]
    assert {"not-a-picture", "pairs-missing"} <= {problem["code"] for problem in document["problems"]}


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
async def test_json_escapes_names_that_are_not_utf_8(
    folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """The message about a file may name another file."""
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    folder = folder_of(5)
    try:
        for name in (b"\xff0.png", b"\xff1.png"):
            (folder / os.fsdecode(name)).write_bytes((folder / "00.png").read_bytes() + b"more")
    except OSError:
        pytest.skip("no file can be called that here")
    training = ("train", folder, "--name", "x", "--type", "flux.1-lora", "--dry-run", "--json")
    for command in (("check", folder, "--json"), training):
        ended = await run(*command)
        (equal,) = (one for one in ended.json["problems"] if one["code"] == "duplicate")
        assert equal["path"].endswith(r"\udcff1.png")
        assert equal["message"].endswith(r"\udcff0.png")


async def test_a_training_names_each_damaged_picture(
    sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(3)
    for name in ("a.png", "b.png"):
        (folder / name).write_bytes(b"%PDF-1.7")
    ended = await run("train", str(folder), "--name", "x", "--type", "flux.1-lora", "--yes")
    assert ended.status == 1
    assert "a.png: this is a PDF" in ended.errors
    assert "b.png: this is a PDF" in ended.errors
    assert "2 errors" in ended.errors
    assert len(sandbox.requests) == 0


async def test_an_unknown_folder_ends_with_exit_status_2(tmp_path: Path) -> None:
    ended = await run("check", str(tmp_path / "missing"))
    assert ended.status == 2
    assert ended.errors.startswith("error: FOLDER: there is no such folder or file; got ")
    assert ended.errors.count("missing") == 1
