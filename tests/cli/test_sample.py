"""The program can be tried with its sample pictures, and can be run as a module."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def scenario_async(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scenario_async", *arguments]
    return subprocess.run(  # noqa: S603 - the command of the package
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60
    )


def test_the_sample_is_uploaded_to_a_sandbox_from_an_empty_folder(tmp_path: Path) -> None:
    done = scenario_async("upload", "--sample", "--sandbox", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    files = json.loads(done.stdout)["results"]
    assert [Path(one["path"]).name for one in files] == [
        "pines-in-mist.webp",
        "rainbow-falls.webp",
        "snow-village.webp",
        "windmill-and-tulips.webp",
    ]
    assert {one["status"] for one in files} == {"attached"}


def test_the_sample_and_a_folder_exclude_each_other(tmp_path: Path) -> None:
    done = scenario_async("upload", "--sample", "--sandbox", ".", folder=tmp_path)
    assert done.returncode == 2
    assert "--sample stands for a FOLDER" in done.stderr


def test_upload_without_a_folder_names_the_folder_and_the_sample(tmp_path: Path) -> None:
    done = scenario_async("upload", "--sandbox", folder=tmp_path)
    assert done.returncode == 2
    assert "say which FOLDER to upload; or try it with --sample --sandbox" in done.stderr
