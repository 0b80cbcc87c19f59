"""Invalid arguments are refused before any request is sent."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scenario_async import InvalidArgumentError, NotFoundError
from scenario_async.sandbox import Sandbox
from tests.library.odd_paths import NO_PLACES, ODD_PATHS

from .conftest import Upload
from .watching import changing


def empty_folder(folder: Path) -> Path:
    folder.mkdir()
    return folder


def folder_without_pictures(folder: Path) -> Path:
    folder.mkdir()
    (folder / "notes.txt").write_text("about the pictures")
    (folder / ".hidden.png").touch()
    return folder


def link_to_itself(folder: Path) -> Path:
    folder.symlink_to(folder.name)
    return folder


NO_IMAGES: dict[str, Callable[[Path], object]] = {
    "an empty folder": empty_folder,
    "a folder without pictures": folder_without_pictures,
    "a missing folder": lambda folder: folder,
    "a missing folder, as a string": str,
    "a name that is too long": lambda folder: folder / ("x" * 300),
    "a name with a null byte": lambda folder: f"{folder}\0",
    "no files": lambda _: [],
    "a generator of no files": lambda folder: folder.glob("*.png"),
    "a number": lambda _: 7,
    "None": lambda _: None,
    "no path": lambda _: "",
    "numbers": lambda _: [7],
    "nothing among files": lambda folder: [folder, None],
}


@pytest.mark.parametrize("case", NO_IMAGES)
async def test_invalid_images_are_named_and_nothing_is_sent(
    upload: Upload, sandbox: Sandbox, tmp_path: Path, case: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^images: ") as caught:
        await upload(NO_IMAGES[case](tmp_path / "given"))
    assert caught.value.argument == "images"
    assert len(sandbox.requests) == 0


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
async def test_a_link_to_itself_is_not_a_folder(upload: Upload, sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^images: it cannot be read"):
        await upload(link_to_itself(tmp_path / "loop"))
    assert len(sandbox.requests) == 0


async def test_a_folder_that_cannot_be_listed_is_refused(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`iterdir` is patched, because permissions do not apply to the superuser, who may run the tests."""
    folder = folder_of(1)

    def refused(path: object) -> object:
        raise PermissionError(13, "Permission denied", path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "listdir", refused)
        patch.setattr(os, "scandir", refused)
        with pytest.raises(InvalidArgumentError, match=r"^images: the folder cannot be read"):
            await upload(folder)
    assert len(sandbox.requests) == 0


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("concurrency", 0),
        ("concurrency", -1),
        ("concurrency", 2.5),
        ("concurrency", True),
        ("concurrency", "8"),
        ("concurrency", 10**400),
        ("retry_budget", -1),
        ("retry_budget", 1.5),
        ("retry_budget", False),
        ("retry_budget", 10**400),
        ("deadline", 0),
        ("deadline", -1.0),
        ("deadline", float("nan")),
        ("deadline", "5"),
        ("deadline", True),
        ("deadline", 10**400),
        ("deadline", 1e300),
        ("stalled", 0),
        ("stalled", float("nan")),
        ("stalled", 10**400),
        ("preset", 7),
        ("preset", ""),
        ("preset", "nonsense"),
        ("dry_run", "no"),
        ("recursive", 1),
        ("follow_links", None),
        ("way", "mail"),
    ],
)
async def test_an_invalid_option_is_named_and_nothing_is_sent(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], argument: str, value: Any
) -> None:
    options: dict[str, Any] = {argument: value}
    with pytest.raises(InvalidArgumentError) as caught:
        await upload(folder_of(1), **options)
    assert (caught.value.argument, caught.value.value) == (argument, pytest.approx(value, nan_ok=True))
    assert len(sandbox.requests) == 0


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("deadline", 0, "deadline: seconds are needed, more than 0; got 0"),
        ("way", "mail", "way: one of auto, inline, parts is needed; got 'mail'"),
    ],
)
async def test_the_error_of_an_invalid_option_says_what_is_needed(
    upload: Upload, folder_of: Callable[[int], Path], argument: str, value: Any, message: str
) -> None:
    options: dict[str, Any] = {argument: value}
    with pytest.raises(InvalidArgumentError) as caught:
        await upload(folder_of(1), **options)
    assert str(caught.value) == message


async def test_a_model_without_an_id_is_refused(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        await upload(folder_of(1), to=" ")
    assert caught.value.argument == "model_id"
    assert len(sandbox.requests) == 0


async def test_an_unknown_model_raises_before_the_first_byte_is_sent(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    with pytest.raises(NotFoundError):
        await upload(folder_of(3), to="model_of_nobody")
    assert dict(sandbox.requests.counts()) == {"GET /models/{modelId}": 1}
    assert changing(sandbox) == 0


@pytest.mark.parametrize("wrong", ["a folder", "below a file"])
async def test_a_ledger_that_cannot_be_written_is_named_and_nothing_is_sent(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], tmp_path: Path, wrong: str
) -> None:
    folder = folder_of(1)
    ledger = tmp_path if wrong == "a folder" else folder / "00.png" / "ledger.sqlite3"
    with pytest.raises(InvalidArgumentError, match=r"^ledger: ") as caught:
        await upload(folder, ledger=ledger)
    assert caught.value.argument == "ledger"
    assert len(sandbox.requests) == 0


@pytest.mark.parametrize("ledger", [*ODD_PATHS, *NO_PLACES, b"ledger"])
async def test_a_ledger_that_is_no_path_is_named_and_nothing_is_sent(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], ledger: Any
) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^ledger: ") as caught:
        await upload(folder_of(1), ledger=ledger)
    assert caught.value.argument == "ledger"
    assert len(sandbox.requests) == 0


async def test_an_infinite_deadline_is_no_limit(upload: Upload, folder_of: Callable[[int], Path]) -> None:
    report = await upload(folder_of(1), deadline=float("inf"), stalled=float("inf"))
    assert report.succeeded


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes in folders")
@pytest.mark.parametrize("dry_run", [False, True])
async def test_a_pipe_is_refused_as_a_ledger(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], tmp_path: Path, dry_run: bool
) -> None:
    """SQLite would wait without end for a program that writes into it."""
    os.mkfifo(tmp_path / "ledger.sqlite3")
    with pytest.raises(InvalidArgumentError, match=r"^ledger: .*\(it is not a file\)"):
        await upload(folder_of(1), ledger=tmp_path / "ledger.sqlite3", dry_run=dry_run)
    assert len(sandbox.requests) == 0
