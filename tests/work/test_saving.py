"""Saving assets as files."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import aiohttp
import attrs
import orjson
import pytest
from PIL import Image

from scenario_async import AsyncScenario
from scenario_async.errors import DownloadError, InvalidArgumentError
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Drop, Fault, Truncate
from scenario_async.values.asset import Asset
from scenario_async.work._internal.naming import file_name

from .changed import Changed, set_at

SAVED = "GET /storage/assets/{assetId}"


async def generated(
    client: AsyncScenario, sandbox: Sandbox, count: int = 1, prompt: str = "a fox"
) -> list[str]:
    """Generate the given number of pictures; return their assets."""
    sandbox.job_duration = 0.05
    base = sandbox.state.add_model(name="base", type="custom")
    body = {"prompt": prompt, "numOutputs": count, "width": 64, "height": 64}
    job_id = (await client.generate.run_model(base.id, body=body)).job.job_id
    return (await client.jobs.wait(job_id)).metadata.asset_ids or []


def asset(**members: Any) -> Asset:
    """An asset with an id, and no other member that a name uses."""
    all_members: dict[str, Any] = {one.name: None for one in attrs.fields(Asset)}
    all_members |= {"id": "asset_1"} | members
    return Asset(**all_members)


def names_in(folder: Path) -> list[str]:
    """The files of a folder and of its subfolders."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


async def test_pictures_are_saved_with_the_extension_of_their_content(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    asset_ids = await generated(client, sandbox, 3)
    folder = tmp_path / "new" / "out"
    report = await client.assets.save(asset_ids, folder)
    assert [one.asset_id for one in report.results] == asset_ids
    assert {one.status for one in report.results} == {"saved"}
    assert names_in(folder) == sorted(f"{one}.png" for one in asset_ids)
    for path in report.paths:
        Image.open(path).verify()
    assert json.loads(json.dumps(report.to_json()))["succeeded"] is True


async def test_a_second_run_keeps_equal_files_and_replaces_no_others(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    [asset_id] = await generated(client, sandbox)
    folder = tmp_path / "out"
    first = await client.assets.save(asset_id, folder)
    again = await client.assets.save(asset_id, folder)
    assert [one.status for one in again.results] == ["unchanged"]
    assert again.paths == first.paths
    first.paths[0].write_bytes(b"something of the user's own")
    beside = await client.assets.save(asset_id, folder)
    assert beside.paths[0].name == f"{asset_id}-2.png"
    assert first.paths[0].read_bytes() == b"something of the user's own"
    assert len(names_in(folder)) == 2


@pytest.mark.parametrize(
    "case",
    [
        ("<prompt>", "a fox", "a fox.png"),
        ("<num>-<prompt>", "a/b\\c:d*?", "1-a b c d.png"),
        ("<prompt>/<num>", "a fox", "a fox/1.png"),
        ("<num><num>", "x", "1.png"),
        ("<prompt>", "con", "_con.png"),
        ("<prompt>", "a\x1b]0;b\n..", "a ]0;b.png"),
        ("<prompt>", "狐", "狐.png"),
    ],
)
async def test_names_are_portable(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, case: tuple[str, str, str]
) -> None:
    template, prompt, expected = case
    [asset_id] = await generated(client, sandbox, prompt=prompt)
    await client.assets.save(asset_id, tmp_path / "out", name=template)
    assert names_in(tmp_path / "out") == [expected]


async def test_a_long_prompt_leaves_room_for_the_id_after_it(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    [asset_id] = await generated(client, sandbox, prompt="long " * 100)
    await client.assets.save(asset_id, tmp_path / "out", name="<prompt>-<id>")
    [name] = names_in(tmp_path / "out")
    assert len(name) <= 128
    assert name.endswith(f"{asset_id[-16:]}.png")


@pytest.mark.parametrize("name", ["", "  ", "<nonsense>", "../<id>", "/tmp/<id>", "a/../../<id>"])  # noqa: S108
async def test_an_invalid_template_is_refused(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, name: str
) -> None:
    with pytest.raises(InvalidArgumentError, match="name: "):
        await client.assets.save("asset_1", tmp_path, name=name)
    assert len(sandbox.requests) == 0


@pytest.mark.parametrize("stated", ["as documented", None, 7])
async def test_the_seed_is_in_the_name_whatever_the_metadata_says(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, stated: Any
) -> None:
    """The documented type of an asset's seed is a string; a number, or none, is replaced by the call's."""

    def change(document: Any) -> None:
        if stated != "as documented":
            document["assets"][0]["metadata"]["seed"] = stated

    sandbox.faults = Faults(Rule(Changed(change), on="POST /assets/get-bulk"))
    report = await client.generate.run(
        "model_bfl-flux-1-dev",
        "a fox",
        seed=7,
        max_cost=None,
        to=tmp_path / "out",
        name="<seed>-<num>",
        ledger=False,
    )
    assert [path.stem for path in report.paths] == ["7-1"]


async def test_metadata_has_the_prompt_and_the_job_and_no_signed_url(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    [asset_id] = await generated(client, sandbox)
    await client.assets.save(asset_id, tmp_path / "out", metadata=True)
    content = (tmp_path / "out" / f"{asset_id}.json").read_text()
    document = json.loads(content)
    assert document["asset_id"] == asset_id
    assert document["prompt"] == "a fox"
    assert document["job_id"].startswith("job_")
    assert "http" not in content


async def test_a_deleted_asset_fails_and_the_others_are_saved(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    [asset_id] = await generated(client, sandbox)
    with pytest.raises(DownloadError, match="1 of 2 assets saved") as raised:
        await client.assets.save(["asset_of_nobody", asset_id], tmp_path / "out")
    assert [one.status for one in raised.value.report.results] == ["failed", "saved"]
    assert names_in(tmp_path / "out") == [f"{asset_id}.png"]


@pytest.mark.parametrize("fault", [Drop("before"), Truncate(keep=100)])
async def test_an_interrupted_download_leaves_no_file(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, fault: Fault
) -> None:
    [asset_id] = await generated(client, sandbox)
    folder = tmp_path / "out"
    sandbox.faults = Faults(Rule(fault, on=SAVED, times=2))
    with pytest.raises(DownloadError):
        await client.assets.save(asset_id, folder)
    assert names_in(folder) == []
    sandbox.faults = Faults(Rule(fault, on=SAVED, times=2))
    report = await client.with_options(max_retries=3).assets.save(asset_id, folder)
    Image.open(report.paths[0]).verify()
    assert names_in(folder) == [f"{asset_id}.png"]


async def test_a_cancelled_save_leaves_no_file(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    asset_ids = await generated(client, sandbox, 8)
    folder = tmp_path / "out"
    saving = asyncio.create_task(client.assets.save(asset_ids, folder, concurrency=2))
    while not sandbox.requests[SAVED]:  # noqa: ASYNC110 - the sandbox has only counts
        await asyncio.sleep(0.001)
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    for name in names_in(folder):
        assert name.endswith(".png")
        Image.open(folder / name).verify()


async def test_no_credentials_are_sent_with_a_download(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    [asset_id] = await generated(client, sandbox)
    sent = list[tuple[str, bool]]()

    async def note(session: Any, context: Any, params: aiohttp.TraceRequestStartParams) -> None:
        del session, context
        sent.append((params.url.path.split("/")[1], "Authorization" in params.headers))

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(note)
    async with AsyncScenario(
        base_url=sandbox.base_url,
        api_key=sandbox.api_key,
        api_secret=sandbox.api_secret,
        trace_configs=[trace],
    ) as traced:
        await traced.assets.save(asset_id, tmp_path / "out")
    assert sent == [("v1", True), ("storage", False)]


async def test_a_file_in_place_of_the_folder_is_named_in_the_error(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InvalidArgumentError, match="to: a folder is needed"):
        await client.assets.save("asset_1", tmp_path / "out")
    assert len(sandbox.requests) == 0


PROMPTS = ["猫" * 100, "🦊" * 200, "e\u0301" * 100, "a" * 500]


@pytest.mark.parametrize("template", ["<prompt>-<id>", "<prompt>", "<prompt>/<id>"])
@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: ascii(prompt[:1]))
async def test_a_long_name_in_any_script_fits_into_a_file_system(
    client: AsyncScenario, tmp_path: Path, prompt: str, template: str
) -> None:
    """File systems limit the bytes of a name, not its characters."""
    report = await client.generate.run(
        "model_bfl-flux-1-dev", prompt, max_cost=None, to=tmp_path / "out", name=template, ledger=False
    )
    [path] = report.paths
    assert path.exists()
    if template == "<prompt>-<id>":
        assert path.stem.endswith(report.asset_ids[0][-22:])


@pytest.mark.parametrize("name", ["CONIN$", "conout$", "COM¹", "lpt³.png", "aux"])
def test_reserved_names_of_windows_are_changed(name: str) -> None:
    assert file_name(name, asset(), 1).name == f"_{name}"


def test_an_id_that_is_no_name_does_not_lead_out_of_the_folder() -> None:
    assert file_name("<prompt>", asset(id="../.."), 1).parts == ("asset",)


async def test_a_json_file_of_the_user_is_not_replaced(client: AsyncScenario, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("the user's own")
    options: Any = {"max_cost": None, "to": tmp_path, "name": "package", "ledger": False}
    for _ in range(2):
        await client.generate.run("model_bfl-flux-1-dev", "a fox", **options)
    assert (tmp_path / "package.json").read_text() == "the user's own"
    for picture in ("package.png", "package-2.png"):
        beside = next(one for one in (f"{picture}.json", "package-2.json") if (tmp_path / one).exists())
        assert orjson.loads((tmp_path / beside).read_bytes())["asset_id"].startswith("asset_")


async def test_generated_assets_that_appear_late_are_saved(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """First the job lists no assets, then the assets cannot be looked up."""
    sandbox.job_duration = 0.0
    no_ids = Changed(set_at("job", "metadata", "assetIds", value=[]))
    no_assets = Changed(set_at("assets", value=[]))
    sandbox.faults = Faults(
        Rule(no_ids, on="GET /jobs/{jobId}", times=3), Rule(no_assets, on="POST /assets/get-bulk", times=3)
    )
    report = await client.generate.run(
        "model_bfl-flux-1-dev", "a fox", max_cost=None, to=tmp_path / "out", ledger=False
    )
    assert len(report.paths) == 1
    assert sandbox.faults.count() == 6


def unfinished_in(folder: Path) -> list[Path]:
    """The unfinished files of a folder."""
    return list(folder.glob(".*.part"))


async def test_unfinished_files_of_a_killed_run_are_removed_also_those_of_its_metadata(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each flush, a file with a similar name is made, as if the process had been killed there."""
    [asset_id] = await generated(client, sandbox)
    folder = tmp_path / "out"
    flush = os.fsync

    def copying(descriptor: int) -> None:
        flush(descriptor)
        for path in unfinished_in(folder):
            path.with_name(f"{path.stem}x.part").touch()

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", copying)
        await client.assets.save(asset_id, folder, metadata=True)
    left = unfinished_in(folder)
    assert len(left) >= 2
    foreign = folder / ".download.part"
    foreign.touch()
    for path in (*left, foreign):
        os.utime(path, (0, 0))
    await client.assets.save(asset_id, folder, metadata=True)
    assert unfinished_in(folder) == [foreign]


async def test_a_metadata_file_that_is_a_link_is_written_where_the_link_leads_to(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    [asset_id] = await generated(client, sandbox)
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    await client.assets.save(asset_id, folder, metadata=True)
    link, target = folder / f"{asset_id}.json", elsewhere / "about.json"
    content = link.read_bytes()
    elsewhere.mkdir()
    target.write_bytes(content.replace(b"a fox", b"a cat"))
    link.unlink()
    link.symlink_to(target)
    await client.assets.save(asset_id, folder, metadata=True)
    assert link.is_symlink()
    assert target.read_bytes() == content
    assert names_in(elsewhere) == ["about.json"]
