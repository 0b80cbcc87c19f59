"""``scenario-async sync`` in another process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from scenario_async.sandbox import Sandbox
from tests.library.pictures import fill


def scenario_async(
    sandbox: Sandbox | None, *arguments: object, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line, with the sandbox's credentials in the environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCENARIO_")}
    environment |= variables
    if sandbox is not None:
        environment |= {
            "SCENARIO_SDK_API_KEY": sandbox.api_key,
            "SCENARIO_SDK_API_SECRET": sandbox.api_secret,
            "SCENARIO_BASE_URL": sandbox.base_url,
        }
    command = [str(Path(sys.executable).with_name("scenario-async")), *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


def test_it_syncs_a_folder_and_reports_the_content_of_the_ledger(tmp_path: Path) -> None:
    folder, ledger = fill(tmp_path / "in", 5), tmp_path / "ledger"
    (folder / "notes.txt").write_text("no picture")
    with Sandbox() as sandbox:
        options = ("--ledger", ledger, "--report", tmp_path / "r.jsonl", "--collection", "paper")
        first = scenario_async(sandbox, "sync", folder, *options)
        assert first.returncode == 0, first.stderr
        assert first.stdout.startswith("5 uploaded, 1 skipped")
        again = scenario_async(sandbox, "sync", *options, folder, "--json")
        assert json.loads(again.stdout)["counts"] == {"unchanged": 5, "skipped": 1}
        assert len(sandbox.state.assets) == 5
    known = scenario_async(None, "sync", "status", ledger)
    assert "5 uploaded from 5 files, 0 in progress" in known.stdout
    assert next(
        iter(json.loads(scenario_async(None, "sync", "status", ledger, "--json").stdout).values())
    ) == {
        "uploaded": 5,
        "claimed": 0,
        "abandoned": 0,
        "sources": 5,
    }


def test_in_a_new_sandbox_the_default_ledger_is_not_used(tmp_path: Path) -> None:
    """Its entries would be about a sandbox that no longer exists."""
    folder, state = fill(tmp_path / "in", 2), tmp_path / "state"
    options = ("sync", folder, "--sandbox", "--report", tmp_path / "r.jsonl")
    first = scenario_async(None, *options, XDG_STATE_HOME=str(state))
    assert first.stdout.startswith("2 uploaded"), first.stderr
    assert not state.exists()


def test_a_failure_is_reported_with_its_reason_and_exit_status_1(tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", 1)
    (folder / "broken.png").write_bytes(b"no picture")
    with Sandbox() as sandbox:
        ran = scenario_async(sandbox, "sync", folder, "--ledger", tmp_path / "l", "--report", tmp_path / "r")
    assert ran.returncode == 1
    assert "failed: " in ran.stdout
    assert "broken.png" in ran.stdout


def test_a_named_file_that_is_no_picture_ends_with_exit_status_1(tmp_path: Path) -> None:
    (tmp_path / "photos.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    options = ("--ledger", tmp_path / "l", "--report", tmp_path / "r")
    with Sandbox() as sandbox:
        ran = scenario_async(sandbox, "sync", tmp_path / "photos.zip", *options)
    assert ran.returncode == 1, ran.stderr
    assert "a ZIP archive" in ran.stdout


def test_a_wrong_source_and_a_wrong_ledger_end_with_exit_status_2(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        ran = scenario_async(sandbox, "sync", tmp_path / "nowhere", "--ledger", tmp_path / "l")
        assert ran.returncode == 2
        assert ran.stderr.startswith("error: SOURCE: ")
        assert len(sandbox.requests) == 0
    assert scenario_async(None, "sync", "status", tmp_path / "nowhere").returncode == 2


def test_the_help_shows_the_options_and_the_usage() -> None:
    """`sync --help` is the help of `sync SOURCE...`; each word of its usage can be typed."""
    shown = scenario_async(None, "sync", "--help").stdout
    assert shown.startswith("Usage: scenario-async sync [OPTIONS] SOURCE...\n")
    assert "--collection NAME" in shown
    shown = scenario_async(None, "sync", "status", "--help").stdout
    assert shown.startswith("Usage: scenario-async sync status [OPTIONS] LEDGER\n")
    missing = scenario_async(None, "sync")
    assert missing.returncode == 2
    assert "Missing argument 'SOURCE...'" in missing.stderr
