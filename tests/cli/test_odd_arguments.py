"""Wrong, empty and unusual arguments: one message, the documented exit status, and JSON with ``--json``."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.display.pages import DATASET

from .running import PROGRAM, run

Folder = Callable[[int], Path]

_NOT_UTF8 = os.fsdecode(b"fox\xff")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "missing"],
        ["check", "x" * 5000],
        ["check", _NOT_UTF8],
        ["check"],
        ["check", ".", "--near", "many"],
        ["check", ".", "--nonsense"],
        ["upload", "."],
        ["upload", ".", "--sandbox", "--model", "m"],
        ["jobs", "nonsense"],
        ["nonsense"],
        ["sync", "status"],
        ["sync", "status", "missing"],
        ["jobs", "doubts", "--sandbox", "--drop", _NOT_UTF8],
        ["generate", "model_bfl-flux-1-dev", _NOT_UTF8, "--sandbox"],
        ["train", str(DATASET), "--name", _NOT_UTF8, "--type", "flux.1-lora", "--sandbox", "--ignore-errors"],
    ],
)
async def test_with_json_every_wrong_command_prints_a_document(arguments: list[str]) -> None:
    ended = await run(*arguments, "--json")
    assert ended.status == 2
    error = json.loads(ended.output)["error"]
    assert set(error) == {"type", "message"}
    assert 0 < len(error["message"]) < 2000
    assert error["message"].splitlines()[0] in ended.errors  # the same words, with names of options
    assert 0 < len(ended.errors) < 2000


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", ""],
        ["upload", "", "--sandbox"],
        ["train", "", "--name", "fox", "--type", "flux.1-lora", "--sandbox"],
        ["captions", "pull", "m", "", "--sandbox"],
        ["captions", "push", "m", "", "--sandbox"],
        ["check", str(DATASET), "--html", ""],
        ["generate", "m", "a fox", "--sandbox", "--to", ""],
        ["upload", str(DATASET), "--sandbox", "--ledger", ""],
    ],
)
async def test_an_empty_path_is_not_the_current_folder(arguments: list[str]) -> None:
    """An unset variable of the shell is an empty argument, and the current folder was taken."""
    ended = await run(*arguments)
    assert ended.status == 2
    assert "the path is empty" in ended.errors


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["check", "--help"]])
async def test_help_that_cannot_be_written_causes_a_message(tmp_path: Path, arguments: list[str]) -> None:
    """The file may not grow, as on a full disk."""

    def no_space() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    with (tmp_path / "help.txt").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(PROGRAM, *arguments), stdout=output, stderr=asyncio.subprocess.PIPE, preexec_fn=no_space
        )
        _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors.startswith(b"error: [Errno")
    assert len(errors.splitlines()) == 1


async def test_a_page_for_a_pipe_is_written_to_it(tmp_path: Path) -> None:
    """The pipe was replaced by a file, and so would be a device such as /dev/null."""
    pipe = tmp_path / "page"
    os.mkfifo(pipe)
    reading = asyncio.create_task(asyncio.to_thread(pipe.read_bytes))
    ended = await run("check", str(DATASET), "--html", str(pipe))
    assert ended.status == 0, ended.errors
    assert b"</html>" in await reading
    assert pipe.is_fifo()


async def test_a_page_for_a_link_replaces_the_file_that_it_leads_to(tmp_path: Path) -> None:
    link, target = tmp_path / "latest.html", tmp_path / "page.html"
    link.symlink_to(target)
    ended = await run("check", str(DATASET), "--html", str(link))
    assert ended.status == 0, ended.errors
    assert link.is_symlink()
    assert "</html>" in target.read_text()


async def test_a_page_replaces_a_page_and_no_other_file(tmp_path: Path) -> None:
    """The shell gives the first picture to the option for ``--html *.png``."""
    picture, page = tmp_path / "fox.png", tmp_path / "page.html"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    ended = await run("check", str(DATASET), "--html", str(picture))
    assert ended.status == 2
    assert "fox.png' is not an HTML page, and is not replaced" in ended.errors
    assert picture.read_bytes() == b"\x89PNG\r\n\x1a\n"
    page.touch()
    for _ in range(2):
        assert (await run("check", str(DATASET), "--html", str(page))).status == 0
    assert "</html>" in page.read_text()


async def test_a_bucket_that_cannot_be_listed_is_a_failure_of_the_run() -> None:
    """A file system of fsspec raises errors of its own, here a ValueError for all buckets."""
    pytest.importorskip("s3fs")
    ended = await run("sync", "s3://", "--sandbox", "--json", "--quiet")
    assert ended.status == 1
    assert "the folder cannot be read" in ended.output
