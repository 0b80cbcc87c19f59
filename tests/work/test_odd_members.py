"""Members that a response lacks, or that have odd values, do not end work with a bare Python error."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import attrs
import pytest

from scenario_async import AsyncScenario, Dataset
from scenario_async.errors import IncompleteResponseError, InvalidArgumentError
from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Drop
from scenario_async.work._internal import timing

from .changed import Changed, set_at
from .conftest import paid

GENERATE = "POST /generate/custom/{modelId}"
MODEL = "GET /models/{modelId}"
BASE = "model_bfl-flux-1-dev"
TOO_LARGE = 10**400
"""An integer that no float can hold."""


@pytest.fixture(autouse=True)
def _fast(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.job_duration = sandbox.training_duration = 0.05
    monkeypatch.setattr(timing, "TIMING", attrs.evolve(timing.TIMING, late_seconds=0.2))


def of_each(*path: str, change: Callable[[Any], object]) -> Changed:
    """A fault that changes each item of the list at a path of the response."""

    def changed(document: Any) -> None:
        for one in reduce(lambda inner, name: inner[name], path, document):
            change(one)

    return Changed(changed)


def without(*names: str) -> Callable[[Any], object]:
    """A change that removes members."""
    return lambda one: [one.pop(name, None) for name in names]


@pytest.mark.parametrize("model_id", [["m"], {"a": 1}, 5, True], ids=repr)
async def test_an_odd_model_of_a_listed_job_does_not_end_the_search_for_a_paid_job(
    sandbox: Sandbox, client: AsyncScenario, model_id: Any
) -> None:
    listed = of_each("jobs", change=set_at("metadata", "input", "modelId", value=model_id))
    sandbox.faults = Faults(Rule(Drop("after"), on=GENERATE, skip=1, times=1), Rule(listed, on="GET /jobs"))
    report = await client.generate.run(BASE, "a fox", max_cost=None)
    assert report.asset_ids
    assert paid(sandbox) == 1


async def test_assets_without_a_type_are_saved_with_the_suffix_of_their_content(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """This holds for pictures that a run saves and for those that are saved by their ids."""
    assets = of_each("assets", change=without("mimeType"))
    sandbox.faults = Faults(Rule(assets, on="POST /assets/get-bulk"))
    report = await client.generate.run(BASE, "a fox", count=2, max_cost=None, to=tmp_path / "run")
    assert len(list((tmp_path / "run").glob("*.png"))) == 2
    saved = await client.assets.save(report.asset_ids, tmp_path / "saved")
    assert [path.suffix for path in saved.paths] == [".png", ".png"]


@pytest.mark.parametrize("field", ["progress", "cost"])
async def test_a_number_of_400_digits_does_not_end_the_wait_for_a_job(
    sandbox: Sandbox, client: AsyncScenario, field: str
) -> None:
    job = Changed(set_at("job", field, value=TOO_LARGE))
    sandbox.faults = Faults(Rule(job, on="GET /jobs/{jobId}"))
    assert (await client.generate.run(BASE, "a fox", max_cost=None)).asset_ids


async def test_a_number_of_400_digits_does_not_end_a_training(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    model = Changed(set_at("model", "trainingProgress", value={"progress": TOO_LARGE}))
    sandbox.faults = Faults(Rule(model, on=MODEL))
    report = await client.models.train.run(trainable.id, max_cost=None)
    assert report.model.status == "trained"


async def test_warnings_of_a_score_without_their_pictures_are_shown_without_them(
    sandbox: Sandbox, client: AsyncScenario, folder_of: Callable[[int], Path]
) -> None:
    warnings = {
        "assetsWarnings": [
            {"message": ["blurry"]},
            {"message": ["dark"]},
            {"message": ["dark"], "assetId": "x"},
        ],
        "assetCouplesWarnings": [{"message": ["alike"]}, {"couple": [None, "y"], "message": ["near"]}],
    }
    score = Changed(lambda document: document.update(warnings))
    sandbox.faults = Faults(Rule(score, on="GET /models/{modelId}/scores/training-dataset"))
    report = await client.models.train.from_folder(
        folder_of(5), name="paper", type="flux.1-lora", max_cost=None, checks="warn"
    )
    shown = [one for one in report.warnings if one.startswith("the service: ")]
    assert shown == [f"the service: {one}" for one in ("blurry", "dark: x", "alike", "near: y")]


def named(name: str, change: Callable[[Any], object]) -> Callable[[Any], object]:
    """A change of the input of this name."""
    return lambda one: change(one) if one["name"] == name else None


ODD_INPUTS: dict[str, Callable[[Any], object]] = {
    "no types": without("type"),
    "no type": named("outputFormat", without("type")),
    "no names": without("name"),
    "no name": named("outputFormat", without("name")),
    "seeds from 10 to 5": named("seed", lambda one: one.update(min=10, max=5)),
    "negative seeds only": named("seed", lambda one: one.update(min=None, max=-5)),
    "the smallest step": named("width", lambda one: one.update(step=5e-324)),
    "limits of 400 digits": named("width", lambda one: one.update(min=-TOO_LARGE, max=TOO_LARGE)),
}


@pytest.mark.parametrize("change", ODD_INPUTS.values(), ids=ODD_INPUTS)
async def test_odd_inputs_of_a_model_do_not_end_a_run_or_an_estimate(
    sandbox: Sandbox, client: AsyncScenario, change: Callable[[Any], object]
) -> None:
    sandbox.faults = Faults(Rule(of_each("model", "inputs", change=change), on=MODEL))
    inputs = {"width": 512}
    assert await client.generate.estimate(BASE, "a fox", inputs=inputs) is not None
    assert (await client.generate.run(BASE, "a fox", inputs=inputs, max_cost=None)).asset_ids


@pytest.mark.parametrize("case", ["no name", "no type"])
async def test_an_input_without_a_name_or_a_type_cannot_be_set(
    sandbox: Sandbox, client: AsyncScenario, case: str
) -> None:
    """The error lists the other inputs."""
    change = of_each("model", "inputs", change=ODD_INPUTS[case])
    sandbox.faults = Faults(Rule(change, on=MODEL))
    with pytest.raises(
        InvalidArgumentError, match=r"no such input; it has guidance, .*, numOutputs, prompt, "
    ):
        await client.generate.run(BASE, "a fox", inputs={"outputFormat": ["png"]}, max_cost=None)


@pytest.mark.parametrize(
    ("least", "most", "seed"), [(-9, 0, 0), (1.5, 2.5, 2), (7, 7, 7), (10, 5, None), (0.2, 0.8, None)]
)
async def test_a_seed_is_drawn_from_the_whole_numbers_in_its_range_and_none_from_an_empty_range(
    sandbox: Sandbox, client: AsyncScenario, least: float, most: float, seed: int | None
) -> None:
    """A negative seed is never drawn, as it could not be given either."""
    change = named("seed", lambda one: one.update(min=least, max=most))
    sandbox.faults = Faults(Rule(of_each("model", "inputs", change=change), on=MODEL))
    assert (await client.generate.run(BASE, "a fox", max_cost=None)).seed == seed


@pytest.mark.parametrize("name", ["modelInput", "scaleInput"])
async def test_a_base_model_that_does_not_name_its_inputs_for_loras_is_not_used(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model, name: str
) -> None:
    lora_id = (await client.models.train.run(trainable.id, max_cost=None)).model.id

    def change(document: Any) -> None:
        for component in document["model"].get("uiConfig", {}).values():
            component.pop(name, None)

    sandbox.faults = Faults(Rule(Changed(change), on=MODEL))
    with pytest.raises(InvalidArgumentError, match="the base model that"):
        await client.generate.run(lora_id, "a fox", max_cost=None)


@pytest.mark.parametrize("odd", [None, "", 5], ids=repr)
async def test_a_model_without_an_id_is_an_incomplete_response(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model, odd: Any
) -> None:
    sandbox.faults = Faults(Rule(Changed(set_at("model", "id", value=odd)), on=MODEL))
    for call in (
        client.generate.run(BASE, "a fox", max_cost=None),
        client.generate.estimate(BASE, "a fox"),
        client.models.train.run(trainable.id, max_cost=None),
    ):
        with pytest.raises(IncompleteResponseError, match="with an id"):
            await call
    assert paid(sandbox) == 0


@pytest.fixture
def captioned(sandbox: Sandbox, trainable: Model) -> Model:
    """A model with five training images, whose captions are their names."""
    for asset in sandbox.state.assets.values():
        asset.description = asset.name
    return trainable


IMAGES: dict[str, tuple[Callable[[Any], object], set[str]]] = {
    "neither names nor ids": (without("name", "id"), set()),
    "no ids": (without("id"), {"00.txt", "01.txt", "02.txt", "03.txt", "04.txt"}),
    "one id": (set_at("id", value="x"), {"00.txt", "01.txt", "02.txt", "03.txt", "04.txt"}),
    "one name and no ids": (
        lambda one: one.update(name="a.png", id=None),
        {"a-1.txt", "a-2.txt", "a-3.txt", "a-4.txt", "a-5.txt"},
    ),
    "an id with a folder": (lambda one: one.update(name="/", id="../../x\0"), {"______x_.txt"}),
}


def texts_in(folder: Path) -> set[str]:
    """The text files of a folder and of its subfolders."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.txt")}


@pytest.mark.parametrize("case", IMAGES.values(), ids=IMAGES)
async def test_captions_of_odd_training_images_are_written_to_files_of_their_own(
    sandbox: Sandbox,
    client: AsyncScenario,
    captioned: Model,
    tmp_path: Path,
    case: tuple[Callable[[Any], object], set[str]],
) -> None:
    """An image that lacks a name and an id is left out. No file is written outside of the folder."""
    change, names = case
    sandbox.faults = Faults(Rule(of_each("model", "trainingImages", change=change), on=MODEL))
    await client.models.captions.pull(captioned.id, tmp_path / "captions" / "deep")
    assert texts_in(tmp_path) == {f"captions/deep/{name}" for name in names}


async def test_captions_are_not_sent_to_training_images_without_an_id(
    sandbox: Sandbox, client: AsyncScenario, captioned: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    (folder / "00.txt").write_text("a grey square")
    sandbox.faults = Faults(Rule(of_each("model", "trainingImages", change=without("id")), on=MODEL))
    report = await client.models.captions.push(captioned.id, Dataset.read([folder / "00.png"]))
    assert [one.status for one in report.results] == ["not in the set"]


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        *(("folder", one) for one in (None, 5, b"x", "a\0b", "", " ", "\ud800x\udfff")),
        *(("overwrite", one) for one in ("no", 1, None)),
    ],
    ids=repr,
)
async def test_wrong_arguments_of_captions_are_refused_before_a_request(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, argument: str, value: Any
) -> None:
    before = len(sandbox.requests)
    given: dict[str, Any] = {"folder": tmp_path, argument: value}
    with pytest.raises(InvalidArgumentError) as raised:
        await client.models.captions.pull(BASE, **given)
    assert raised.value.argument == argument
    assert len(sandbox.requests) == before


def nested(around: Callable[[Any], Any]) -> Any:
    """2,000 values within each other, more than Python's functions can follow."""
    value: Any = 1
    for _ in range(2000):
        value = around(value)
    return value


INPUTS: dict[str, Any] = {
    "400 digits": {"width": TOO_LARGE},
    "65 bits": {"width": 2**64},
    "a deep list": {"width": nested(lambda inner: [inner])},
    "a deep dict": {"width": nested(lambda inner: {"a": inner})},
    "a list with a deep tuple": {"loras": [nested(lambda inner: (inner,))]},
    "half a letter": {"outputFormat": "\ud800"},
    "half a letter in a name": {"\ud800": 1},
}


@pytest.mark.parametrize("inputs", INPUTS.values(), ids=INPUTS)
@pytest.mark.parametrize("call", ["run", "estimate"])
async def test_inputs_that_cannot_be_sent_are_refused_before_a_request(
    sandbox: Sandbox, client: AsyncScenario, call: str, inputs: Any
) -> None:
    more: dict[str, Any] = {"max_cost": None} if call == "run" else {}
    with pytest.raises(InvalidArgumentError) as raised:
        await getattr(client.generate, call)(BASE, "a fox", inputs=inputs, **more)
    assert raised.value.argument == "inputs"
    assert len(sandbox.requests) == 0


async def test_a_seed_of_400_digits_is_refused(client: AsyncScenario) -> None:
    for call in (
        client.generate.estimate(BASE, "a fox", seed=TOO_LARGE),
        client.generate.run(BASE, "a fox", seed=TOO_LARGE, max_cost=None),
    ):
        with pytest.raises(InvalidArgumentError, match="seed"):
            await call


async def test_a_paid_job_whose_pictures_are_not_listed_is_looked_up_again_by_the_same_call(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """Without the ids of its pictures, nothing is saved, and another payment would not be needed."""
    without_assets = Changed(lambda document: document["job"]["metadata"].pop("assetIds", None))
    sandbox.faults = Faults(Rule(without_assets, on="GET /jobs/{jobId}"))
    first = await client.generate.run(BASE, "a fox", count=2, to=tmp_path, max_cost=None)
    assert first.paths == []
    sandbox.faults = Faults()
    again = await client.generate.run(BASE, "a fox", count=2, to=tmp_path, max_cost=None)
    assert (again.job.job_id, len(again.paths), paid(sandbox)) == (first.job.job_id, 2, 1)
