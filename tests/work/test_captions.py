"""Captions and pairs, from a folder to a model and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiohttp import web
from attrs import define
from PIL import Image

from scenario_async import AsyncScenario, Dataset, InvalidArgumentError, Scenario
from scenario_async.errors import IncompleteResponseError, PermissionDeniedError
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Arrival, Fault, Short
from tests.library.pictures import small_png

UPDATES = "PUT /assets/{assetId}"


@define(eq=False)
class CaptionRefused(Fault):
    """403, because moderation does not accept a caption."""

    async def spoil(self, arrival: Arrival) -> web.StreamResponse:
        """Refuse the request."""
        del arrival
        return web.json_response({"error": "Blocked by content moderation"}, status=403)


@pytest.fixture
async def model_id(client: AsyncScenario, folder: Path) -> str:
    """A model whose training images are the pictures of the folder."""
    model = (await client.models.create(name="paper", type="flux.1-kontext-lora")).model
    await client.models.training_images.upload(model.id, [folder / f"{number}.png" for number in range(4)])
    return model.id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four pictures, of which three have captions."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(4):
        Image.new("L", (8, 8), number).save(folder / f"{number}.png")
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"grey {number}")
    return folder


async def test_only_captions_that_differ_are_sent(
    client: AsyncScenario, sandbox: Sandbox, model_id: str, folder: Path
) -> None:
    """The captions are read before and after; a picture without a caption keeps the service's caption."""
    report = await client.models.captions.push(model_id, folder)
    assert [one.status for one in report.results] == ["changed", "changed", "changed", "no caption"]
    assert report.succeeded
    assert sandbox.requests[UPDATES] == 3
    assert sandbox.requests["POST /assets/get-bulk"] == 2
    (folder / "1.txt").write_text("another grey")
    again = await client.models.captions.push(model_id, folder)
    assert [one.status for one in again.results] == ["unchanged", "changed", "unchanged", "no caption"]
    assert sandbox.requests[UPDATES] == 4
    images = (await client.models.retrieve(model_id)).model.training_images or []
    assert {image.name: image.description for image in images}["1.png"] == "another grey"


async def test_a_picture_that_is_not_in_the_set_is_reported(
    client: AsyncScenario, model_id: str, folder: Path
) -> None:
    Image.new("L", (8, 8), 99).save(folder / "new.png")
    report = await client.models.captions.push(model_id, folder)
    assert [one.path.name for one in report.results if one.status == "not in the set"] == ["new.png"]
    assert not report.succeeded
    assert "1 not in the set" in report.summary()
    (folder / "pairs.jsonl").write_text('{"source": "new.png", "target": "0.png", "instruction": "x"}')
    with pytest.raises(InvalidArgumentError, match="has to be a training image"):
        await client.models.captions.push(model_id, folder)


async def test_a_refused_caption_is_named_and_the_others_are_sent(
    client: AsyncScenario, sandbox: Sandbox, model_id: str, folder: Path
) -> None:
    """It is sent first, and would keep back the others in each further run."""
    sandbox.faults = Faults(Rule(CaptionRefused(), on=UPDATES, times=1))
    with pytest.raises(PermissionDeniedError) as caught:
        await client.models.captions.push(model_id, folder)
    assert caught.value.__notes__ == ["This is about the caption of 0.png; all other captions were sent"]
    assert sandbox.requests[UPDATES] == 3
    again = await client.models.captions.push(model_id, folder)
    assert [one.status for one in again.results] == ["changed", "unchanged", "unchanged", "no caption"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("0.txt", "ein Fuchs".encode("utf-16"), "save it as UTF-8; got '.*0.txt'"),
        ("metadata.jsonl", b'{"file_name": "0.png" "text": "x"}\n', "line 1 is not a JSON object"),
        ("metadata.csv", b"file_name;text\n0.png;x\n", "no column file_name"),
        ("metadata.csv", b"file_name,text\n0.png,x\n", "captions in metadata.csv and 0.txt differ"),
        ("pairs.jsonl", b"{", "line 1 is not a JSON object"),
    ],
)
async def test_captions_that_cannot_be_read_are_refused_before_anything_is_sent(  # noqa: PLR0917 - fixtures
    client: AsyncScenario, sandbox: Sandbox, folder: Path, name: str, content: bytes, said: str
) -> None:
    """Otherwise the service would write a caption, or the wrong one would be sent, without a word."""
    (folder / name).write_bytes(content)
    with pytest.raises(InvalidArgumentError, match=f"^source: .*{said}"):
        await client.models.captions.push("model_1", folder)
    with pytest.raises(InvalidArgumentError, match=f"^images: .*{said}"):
        await client.models.training_images.upload("model_1", Dataset.read(folder))
    assert len(sandbox.requests) == 0


async def test_a_folder_without_pictures_has_no_captions_to_send(
    client: AsyncScenario, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "0.txt").write_text("grey 0")
    with pytest.raises(InvalidArgumentError, match="at least one picture is needed"):
        await client.models.captions.push("model_1", tmp_path)
    assert len(sandbox.requests) == 0


async def test_a_model_that_lists_only_some_of_its_images(
    client: AsyncScenario, sandbox: Sandbox, model_id: str, folder: Path
) -> None:
    """The captions of the others are neither missing nor written."""
    sandbox.faults = Faults(Rule(Short(3), on="GET /models/{modelId}"))
    report = await client.models.captions.push(model_id, folder)
    assert [one.status for one in report.results] == ["changed", "changed", "changed", "in doubt"]
    with pytest.raises(IncompleteResponseError, match="does not list 1 of the training images"):
        await client.models.captions.pull(model_id, folder / "back")
    assert sorted(path.name for path in (folder / "back").iterdir()) == ["0.txt", "1.txt", "2.txt"]


async def test_pictures_with_the_same_name_are_distinguished_by_their_content(
    client: AsyncScenario, tmp_path: Path
) -> None:
    model = (await client.models.create(name="paper", type="flux.1-lora")).model
    paths: list[Path] = []
    for number in range(2):
        path = tmp_path / "set" / str(number) / "same.png"
        path.parent.mkdir(parents=True)
        Image.new("L", (8, 8), number).save(path)
        path.with_suffix(".txt").write_text(f"grey {number}")
        paths.append(path)
    upload = await client.models.training_images.upload(model.id, paths)
    report = await client.models.captions.push(model.id, paths)
    assert [one.asset_id for one in report.results] == [one.asset_id for one in upload.results]
    assert [one.status for one in report.results] == ["changed", "changed"]


async def test_pairs_are_added_to_those_of_the_model(
    client: AsyncScenario, model_id: str, folder: Path
) -> None:
    """The service replaces all pairs by the given ones, so the existing pairs are sent again."""
    model = (await client.models.retrieve(model_id)).model
    images = {one.name: one.id for one in model.training_images or []}
    kept = {"source_id": images["2.png"], "target_id": images["3.png"], "instruction": "kept"}
    await client.models.training_images.replace_pairs(model_id, body=[kept])
    row = {"source": "0.png", "target": "1.png", "instruction": "lighter"}
    (folder / "pairs.jsonl").write_text(json.dumps(row))
    await client.models.captions.push(model_id, folder)
    pairs = (await client.models.retrieve(model_id)).model.training_image_pairs or []
    assert {pair.instruction for pair in pairs} == {"kept", "lighter"}
    await client.models.captions.pull(model_id, folder / "back")
    rows = [json.loads(line) for line in (folder / "back" / "pairs.jsonl").read_text().splitlines()]
    assert row in rows


async def test_captions_are_written_as_files(client: AsyncScenario, model_id: str, folder: Path) -> None:
    """A file with another caption is kept unless `overwrite` is set."""
    await client.models.captions.push(model_id, folder)
    report = await client.models.captions.pull(model_id, folder / "back")
    assert (folder / "back" / "1.txt").read_text() == "grey 1\n"
    assert {one.status for one in report.results} == {"changed"}
    (folder / "back" / "1.txt").write_text("mine")
    again = await client.models.captions.pull(model_id, folder / "back")
    assert [one.path.name for one in again.results if one.status == "kept"] == ["1.txt"]
    assert not again.succeeded
    assert (folder / "back" / "1.txt").read_text() == "mine"
    await client.models.captions.pull(model_id, folder / "back", overwrite=True)
    assert (folder / "back" / "1.txt").read_text() == "grey 1\n"


@pytest.mark.parametrize(
    "names", [("Fox.png", "fox.jpg"), ("caf\u00e9.png", "cafe\u0301.png")], ids=["case", "accents"]
)
async def test_names_that_are_one_file_on_some_systems_get_files_of_their_own(
    client: AsyncScenario, sandbox: Sandbox, tmp_path: Path, names: tuple[str, str]
) -> None:
    model = await _captioned(client, sandbox, names)
    report = await client.models.captions.pull(model, tmp_path / "back")
    stems = [one.path.stem for one in report.results]
    assert all(stem.endswith(one.asset_id or "?") for stem, one in zip(stems, report.results, strict=True))
    assert len(list((tmp_path / "back").iterdir())) == len(names)


async def test_a_name_that_is_too_long_for_a_file_is_shortened(
    client: AsyncScenario, sandbox: Sandbox, tmp_path: Path
) -> None:
    """The limit of file systems is in bytes, and a letter of most scripts has several."""
    model = await _captioned(client, sandbox, ["\u72d0" * 120 + ".png", "fox.png"])
    report = await client.models.captions.pull(model, tmp_path)
    assert [one.status for one in report.results] == ["changed", "changed"]
    assert all(one.path.is_file() for one in report.results)


async def _captioned(client: AsyncScenario, sandbox: Sandbox, names: Sequence[str]) -> str:
    """Return the id of a model whose training images have these names and a caption each."""
    model = sandbox.state.add_model(name="paper", type="flux.1-lora")
    for number, name in enumerate(names):
        added = await client.models.training_images.add(model.id, data=small_png(number), name=name)
        await client.assets.update(added.training_image.id, description=f"caption {number}")
    return model.id


async def test_captions_and_pairs_in_two_folders_return_to_these_folders(
    client: AsyncScenario, tmp_path: Path
) -> None:
    """The folder stays a valid data set with the same pairs, and a new folder gets the same layout."""
    _make_pairs(tmp_path / "set", ("source", "Target"))
    before = Dataset.read(tmp_path / "set")
    model = (await client.models.create(name="night", type="qwen-image-edit-lora")).model
    await client.models.training_images.upload(model.id, before)
    report = await client.models.captions.pull(model.id, tmp_path / "set")
    assert {one.status for one in report.results} == {"unchanged", "changed"}
    assert [one.path.name for one in report.results if one.status == "changed"] == ["pairs.jsonl"]
    after = Dataset.read(tmp_path / "set")
    assert (after.pairs, after.problems) == (before.pairs, before.problems)
    await client.models.captions.pull(model.id, tmp_path / "new")
    found = {path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*.*")}
    assert found == {"before/0.txt", "before/1.txt", "after/0.txt", "after/1.txt", "pairs.jsonl"}
    rows = [json.loads(line) for line in (tmp_path / "new" / "pairs.jsonl").read_text().splitlines()]
    assert {(row["source"], row["target"]) for row in rows} == {
        ("before/0.png", "after/0.png"),
        ("before/1.png", "after/1.png"),
    }


async def test_a_pair_whose_pictures_have_the_name_of_others_is_not_written(
    client: AsyncScenario, sandbox: Sandbox, tmp_path: Path
) -> None:
    """A line of ``pairs.jsonl`` would name two pictures at once."""
    model = await _captioned(client, sandbox, ["fox.png", "fox.png", "owl.png"])
    images = [image.id for image in (await client.models.retrieve(model)).model.training_images or []]
    pairs = [
        {"source_id": images[0], "target_id": images[2], "instruction": "an owl"},
        {"source_id": images[1], "target_id": images[2], "instruction": "an owl"},
    ]
    await client.models.training_images.replace_pairs(model, body=pairs)
    report = await client.models.captions.pull(model, tmp_path / "back")
    assert [one.status for one in report.results].count("names not unique") == 2
    assert not report.succeeded
    assert not (tmp_path / "back" / "pairs.jsonl").exists()


def _make_pairs(folder: Path, sides: Sequence[str]) -> None:
    for place, colour in zip(sides, (40, 200), strict=True):
        (folder / place).mkdir(parents=True)
        for number in range(2):
            Image.new("L", (64, 64), colour + number).save(folder / place / f"{number}.png")
            (folder / place / f"{number}.txt").write_text(f"{place} {number}", encoding="utf-8")


async def test_the_blocking_client_sends_and_fetches_captions(
    sandbox: Sandbox, model_id: str, folder: Path
) -> None:
    import asyncio

    def push_and_pull() -> tuple[bool, bool]:
        with Scenario(
            base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret
        ) as client:
            pushed = client.models.captions.push(model_id, folder)
            return pushed.succeeded, client.models.captions.pull(model_id, folder / "back").succeeded

    assert await asyncio.to_thread(push_and_pull) == (True, True)


async def test_an_upload_of_a_data_set_sets_its_captions_and_pairs(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    _make_pairs(tmp_path, ("before", "after"))
    model = sandbox.state.add_model(name="night", type="qwen-image-edit-lora")
    report = await client.models.training_images.upload(model.id, Dataset.read(tmp_path), ledger=False)
    assert report.succeeded
    assert {one.path.parent.name: one.caption for one in report.results} == {
        "before": "before 1",
        "after": "after 1",
    }
    assert {asset.description for asset in sandbox.state.assets.values()} == {
        "before 0",
        "before 1",
        "after 0",
        "after 1",
    }
    assert len(model.training_image_pairs) == 2
    before = len(sandbox.requests)
    again = await client.models.training_images.upload(model.id, Dataset.read(tmp_path), ledger=False)
    assert {one.status for one in again.results} == {"already attached"}
    sent = {f"{one.method} {one.route}" for one in list(sandbox.requests)[before:] if one.changed}
    assert sent <= {"POST /assets/get-bulk"}  # this request only reads


async def test_a_dry_run_of_a_data_set_sets_no_caption(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    Image.new("L", (64, 64)).save(tmp_path / "0.png")
    (tmp_path / "0.txt").write_text("a fox", encoding="utf-8")
    model = sandbox.state.add_model(name="foxes", type="flux.1-lora")
    report = await client.models.training_images.upload(model.id, Dataset.read(tmp_path), dry_run=True)
    assert [one.status for one in report.results] == ["to send"]
    assert not [one for one in sandbox.requests if one.changed]
