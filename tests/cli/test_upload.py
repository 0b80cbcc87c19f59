"""``scenario-async upload`` without failures."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.filesize import decimal

from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Delay
from scenario_async.values.training_image import GROUP_LIMIT

from .running import run


def rows(output: str) -> dict[str, str]:
    """The lines of the table, by the name of the picture."""
    return {line.split()[0]: line for line in output.splitlines() if ".png" in line or ".txt" in line}


async def test_a_folder_becomes_training_images_and_a_table_shows_them(
    model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(3)
    (folder / "notes.txt").write_text("about the pictures")
    ended = await run("upload", folder, "--model", model.id)
    assert ended.status == 0
    by_name = {image.asset.name: image for image in model.training_images.values()}
    assert sorted(by_name) == ["00.png", "01.png", "02.png"]
    table = rows(ended.output)
    for name, image in by_name.items():
        for shown in ("attached", image.id, image.asset.automatic_captioning):
            assert shown in table[name]
    assert "skipped" in table["notes.txt"]
    assert "3 attached, 1 skipped, " in ended.output
    assert f"model {model.id}" in ended.output


async def test_without_a_terminal_progress_is_a_line_every_few_seconds_on_standard_error(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    sandbox.faults = Faults(Rule(Delay(7, "before"), on="POST /assets", times=1))
    ended = await run("upload", folder_of(12), "--model", model.id)
    lines = ended.errors.splitlines()
    assert 1 <= len(lines) <= 3
    assert re.fullmatch(r"uploading 100%: 12/12 pictures, [\d.,]+ \w+ of [\d.,]+ \w+, .*/s", lines[-1])
    assert "\x1b" not in ended.errors + ended.output


async def test_quiet_shows_no_progress(model: Model, folder_of: Callable[[int], Path]) -> None:
    ended = await run("upload", folder_of(2), "--model", model.id, "--quiet")
    assert (ended.status, ended.errors) == (0, "")
    assert "2 attached" in ended.output


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
async def test_json_is_utf_8_in_any_locale(
    model: Model, folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    folder = folder_of(1)
    (folder / "00.png").rename(folder / "狐.png")
    ended = await run("upload", folder, "--model", model.id, "--json")
    assert ended.json["results"][0]["path"].endswith("狐.png")


async def test_a_second_run_sends_nothing(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(3)
    await run("upload", folder, "--model", model.id)
    before = sandbox.requests.changes.total()
    again = await run("upload", folder, "--model", model.id)
    assert again.status == 0
    assert "3 already attached" in again.output
    assert sandbox.requests.changes.total() == before


async def test_json_is_the_whole_report_and_the_only_output(
    model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(2)
    (folder / "notes.txt").write_text("about the pictures")
    ended = await run("upload", folder, "--model", model.id, "--json")
    assert ended.status == 0
    report = ended.json
    assert report["model_id"] == model.id
    assert report["succeeded"] is True
    assert report["stopped_by"] is None
    assert report["images_before"] == 0
    results = report["results"]
    assert [result["path"] for result in results] == [str(path) for path in sorted(folder.iterdir())]
    assert [result["status"] for result in results] == ["attached", "attached", "skipped"]
    for result in results[:2]:
        image = model.training_images[result["asset_id"]]
        assert result["caption"] == image.asset.automatic_captioning
        assert result["size"] == image.asset.picture.stored.size
    assert set(results[0]) == set(results[2])


async def test_the_options_are_passed_to_the_batch(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    ledger = tmp_path / "kept" / "ledger.sqlite3"
    folder = folder_of(2)
    given = ["--preset", "style", "--project", "proj_1", "--concurrency", "1", "--deadline", "60"]
    ended = await run("upload", folder, "--model", model.id, *given, "--ledger", ledger)
    assert ended.status == 0
    assert {image.preset for image in model.training_images.values()} == {"style"}
    assert ledger.exists()
    assert not (tmp_path / "state").exists()
    again = await run("upload", folder, "--model", model.id, "--ledger", ledger, "--project", "proj_1")
    assert "2 already attached" in again.output
    assert sandbox.requests["GET /storage/assets/{assetId}"] == 0


async def test_subfolders_are_included_with_recursive(model: Model, folder_of: Callable[[int], Path]) -> None:
    folder = folder_of(2)
    (folder / "more").mkdir()
    (folder / "01.png").rename(folder / "more" / "01.png")
    ended = await run("upload", folder, "--model", model.id)
    assert len(model.training_images) == 1, ended.output
    assert "more: it is a subfolder; --recursive takes its pictures" in ended.output
    ended = await run("upload", folder, "--model", model.id, "--recursive")
    assert "1 already attached, 1 attached" in ended.output
    assert len(model.training_images) == 2


async def test_by_default_the_ledger_is_in_the_users_state_folder(
    model: Model, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    await run("upload", folder_of(1), "--model", model.id)
    assert list((tmp_path / "state").rglob("*.sqlite3"))


@pytest.mark.parametrize("count", [1, 3])
async def test_pictures_may_be_given_one_by_one(
    model: Model, folder_of: Callable[[int], Path], count: int
) -> None:
    folder = folder_of(4)
    ended = await run("upload", *sorted(folder.iterdir())[:count], "--model", model.id)
    assert ended.status == 0
    assert len(model.training_images) == count


async def test_a_base_url_on_the_command_line_takes_precedence_over_the_environment(
    sandbox: Sandbox,
    model: Model,
    folder_of: Callable[[int], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCENARIO_BASE_URL", "http://127.0.0.1:9/v1")
    ended = await run("upload", folder_of(1), "--model", model.id, "--base-url", sandbox.base_url)
    assert ended.status == 0
    assert len(model.training_images) == 1


async def test_a_dry_run_reports_what_would_be_sent_and_sends_nothing(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    count = GROUP_LIMIT + 2
    requests = count + 2  # one for each picture, and one for each group
    folder = folder_of(count)
    size = sum(path.stat().st_size for path in folder.iterdir())
    ended = await run("upload", folder, "--model", model.id, "--dry-run")
    assert ended.status == 0
    assert f"{count} to send" in ended.output
    assert f"{decimal(size)} in {requests} requests" in ended.output
    assert "nothing was sent" in ended.output
    assert "within the 50" in ended.output
    assert sandbox.requests.changes.total() == 0
    as_json = (await run("upload", folder, "--model", model.id, "--dry-run", "--json")).json
    assert (as_json["dry_run"], as_json["requests"], as_json["fits"]) == (True, requests, True)
    await run("upload", folder, "--model", model.id)
    assert sandbox.requests.changes.total() == requests


async def test_it_can_be_tried_without_credentials_in_a_new_sandbox(
    folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    ended = await run("upload", folder_of(2), "--sandbox")
    assert ended.status == 0
    assert "2 attached" in ended.output
    assert "nothing left this machine" in ended.output
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("name", ["[red]a.png", ":heart:.png", "a  b.png", "狐🦊.png"])
async def test_names_are_shown_unchanged(model: Model, folder_of: Callable[[int], Path], name: str) -> None:
    """They are not read as markup, and no part is replaced by an emoji."""
    folder = folder_of(1)
    (folder / "00.png").rename(folder / name)
    ended = await run("upload", folder, "--model", model.id)
    assert ended.status == 0
    assert ended.output.splitlines()[1].startswith(name)


async def test_a_letter_that_the_terminal_cannot_show_is_escaped(
    model: Model, folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    folder = folder_of(1)
    (folder / "00.png").rename(folder / "狐.png")
    ended = await run("upload", folder, "--model", model.id)
    assert ended.status == 0
    assert r"\u72d0.png" in ended.output
