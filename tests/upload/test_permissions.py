"""Folders and files that this user may not read; the permissions are real ones."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from scenario_async import Dataset, InvalidArgumentError
from scenario_async.upload._internal.plan import plan
from scenario_async.upload._internal.stages import Refused

from .pictures import png


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder, and no more permissions than other users have, if the superuser runs the tests."""
    if not hasattr(os, "seteuid"):
        pytest.skip("permissions are different on Windows")
    with TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "closed").mkdir()
        (path / "pictures").mkdir()
        for name in ("pictures/fox.png", "pictures/owl.png", "closed/owl.png"):
            (path / name).write_bytes(png())
        path.chmod(0o755)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            if not os.access(path, os.X_OK, effective_ids=True):
                pytest.skip("other users have no access to temporary files")
            yield path
        finally:
            os.seteuid(user)
            for each in path.rglob("*"):
                if each.is_dir() and not each.is_symlink():
                    each.chmod(0o755)


@contextmanager
def owner_of(folder: Path) -> Generator[None]:
    """Be the owner of a folder."""
    user = os.geteuid()
    os.seteuid(folder.stat().st_uid)
    try:
        yield
    finally:
        os.seteuid(user)


def restrict(folder: Path, mode: int) -> None:
    """Set the permissions of a folder, as its owner."""
    with owner_of(folder):
        folder.chmod(mode)


def link(path: Path, to: Path) -> None:
    """Create a link in a folder, as its owner."""
    with owner_of(path.parent):
        path.symlink_to(to)


def planned(images: Any) -> dict[str, str]:
    """What is to be done with each file, by its name."""
    files = plan(images, recursive=True)
    return {
        Path(file.shown_path).name: file.status if isinstance(file, Refused) else "to send" for file in files
    }


@pytest.mark.parametrize("mode", [0o000, 0o111, 0o444], ids=oct)
def test_a_subfolder_without_permission_fails_alone(unprivileged: Path, mode: int) -> None:
    restrict(unprivileged / "closed", mode)
    assert planned(unprivileged) == {"closed": "failed", "fox.png": "to send", "owl.png": "to send"}
    with pytest.raises(InvalidArgumentError, match=r"^images: the folder cannot be read \(Permission denied"):
        planned(unprivileged / "closed")
    assert planned([unprivileged / "closed" / "owl.png"])["owl.png"] == (
        "to send" if mode == 0o111 else "failed"
    )


def test_links_into_a_folder_without_permission_fail_alone(unprivileged: Path) -> None:
    """A caption of a picture, a picture, and a folder."""
    folder = unprivileged / "pictures"
    for name in ("fox.txt", "hen.png", "more"):
        link(folder / name, unprivileged / "closed" / name)
    restrict(unprivileged / "closed", 0)
    assert planned(folder) == {
        "fox.png": "to send",
        "fox.txt": "skipped",
        "hen.png": "failed",
        "more": "skipped",
        "owl.png": "to send",
    }


@pytest.mark.parametrize("name", ["fox.txt", "metadata.csv", "pairs.jsonl"])
def test_a_data_set_reports_a_link_into_a_folder_without_permission(unprivileged: Path, name: str) -> None:
    """It was a bare PermissionError."""
    folder = unprivileged / "pictures"
    link(folder / name, unprivileged / "closed" / name)
    restrict(unprivileged / "closed", 0)
    [problem] = [problem for problem in Dataset.read(folder).problems if problem.path == folder / name]
    assert problem.severity == "error"
    assert problem.message == "it cannot be read (Permission denied)"


@pytest.mark.parametrize("mode", [0o000, 0o111, 0o444], ids=oct)
def test_a_data_set_is_not_read_from_a_folder_without_permission(unprivileged: Path, mode: int) -> None:
    restrict(unprivileged / "closed", mode)
    with pytest.raises(InvalidArgumentError, match=r"^source: the folder cannot be read \(Permission denied"):
        Dataset.read(unprivileged / "closed")
