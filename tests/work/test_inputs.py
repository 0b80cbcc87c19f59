"""Inputs that a model does not accept are refused, with the accepted values, before anything is paid."""

from __future__ import annotations

import math
from typing import Any

import pytest

from scenario_async import AsyncScenario
from scenario_async.errors import InvalidArgumentError
from scenario_async.sandbox import Sandbox
from scenario_async.sandbox._internal.base_models import BaseModel
from scenario_async.sandbox._internal.routes import answers
from scenario_async.values.model_input import InputRequired, InputRequiredConditional, ModelInput
from scenario_async.work._internal.inputs import check_inputs

BASE = "model_bfl-flux-1-dev"
INPUTS = [
    ModelInput(
        name="prompt",
        type="string",
        max_length=20,
        min_length=2,
        required=InputRequired(always=True),
    ),
    ModelInput(name="width", type="number", min=128, max=2048, step=16),
    ModelInput(name="guidance", type="number", min=0, max=10, step=0.1),
    ModelInput(name="strength", type="number", max=1),
    ModelInput(name="outputFormat", type="string", allowed_values=["png", "jpg"]),
    ModelInput(name="hd", type="boolean"),
    ModelInput(name="loras", type="model_array", max=2),
    ModelInput(name="lorasScale", type="number_array", min=0, max=2),
    ModelInput(name="references", type="file_array", min_length=1, max_length=3),
    ModelInput(name="tags", type="string_array", max_length=5),
    ModelInput(name="image", type="file"),
    ModelInput(name="mask", type="file", required=InputRequired(if_defined=["image"])),
    ModelInput(name="modelId", type="model"),
    ModelInput(
        name="quality",
        type="number",
        required=InputRequired(conditional=InputRequiredConditional(values={"outputFormat": ["jpg"]})),
    ),
    ModelInput(name="layers", type="inputs_array"),
]

GOOD: dict[str, Any] = {"prompt": "a fox"}

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"promt": "a fox"}, "no such input"),
    "missing": ({"prompt": None}, "this model needs it"),
    "empty where it is needed": ({"prompt": ""}, "at least 2 characters"),
    "scalar for array": ({"loras": "model_1"}, "a list is needed"),
    "array for scalar": ({"width": [512]}, "a single number"),
    "object for scalar": ({"prompt": {"text": "a fox"}}, "a single text"),
    "below": ({"width": 64}, "from 128 to 2048"),
    "above": ({"width": 4096}, "from 128 to 2048"),
    "above without a lower bound": ({"strength": 1.5}, "at most 1"),
    "off the step": ({"width": 130}, "steps of 16"),
    "not allowed": ({"outputFormat": "bmp"}, "one of 'png', 'jpg'"),
    "too long": ({"prompt": "x" * 21}, "at most 20 characters"),
    "too short": ({"prompt": "x"}, "at least 2 characters"),
    "text for number": ({"width": "512"}, "a number"),
    "boolean for number": ({"width": True}, "a number"),
    "not a number": ({"width": math.nan}, "a number"),
    "infinite": ({"guidance": math.inf}, "a number"),
    "number for text": ({"prompt": 7}, "text is needed"),
    "text for boolean": ({"hd": "true"}, "True or False"),
    "too many": ({"loras": ["a", "b", "c"]}, "at most 2"),
    "too few": ({"references": []}, "at least 1"),
    "wrong item": ({"loras": [7]}, "id of a model"),
    "item out of range": ({"lorasScale": [0.5, 2.5]}, "from 0 to 2"),
    "item too long": ({"tags": ["123456"]}, "at most 5 characters"),
    "empty id": ({"modelId": " "}, "an id is needed"),
    "needed with another": ({"image": "asset_1"}, "together with image"),
    "needed by a value": ({"outputFormat": "jpg"}, "needs it where"),
    "item that is not an object": ({"layers": ["a"]}, "an object is needed"),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_a_wrong_input_is_refused(case: tuple[dict[str, Any], str]) -> None:
    wrong, said = case
    with pytest.raises(InvalidArgumentError, match=r"inputs\.") as raised:
        check_inputs({**GOOD, **wrong}, INPUTS)
    assert said in str(raised.value)
    assert len(str(raised.value)) < 1000


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
async def test_a_generation_with_a_wrong_input_is_refused_before_the_price_is_requested(
    sandbox: Sandbox, client: AsyncScenario, case: tuple[dict[str, Any], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only request is the one that reads the model's inputs."""
    takes_them = BaseModel(
        id=BASE,
        name="takes many inputs",
        inputs=tuple(one.to_dict(use_api_names=True) for one in INPUTS),
        lora_types=(),
        cost=1,
        quality_gate=0,
    )

    def base_model(model_id: str) -> BaseModel:
        assert model_id == BASE
        return takes_them

    monkeypatch.setattr(answers, "base_model", base_model)
    wrong, said = case
    prompt = wrong.get("prompt", GOOD["prompt"])
    inputs = {name: value for name, value in wrong.items() if name != "prompt"}
    with pytest.raises(InvalidArgumentError) as raised:
        await client.generate.run(BASE, prompt, inputs=inputs, max_cost=None)
    assert said in str(raised.value) or "prompt" in raised.value.argument
    assert {f"{one.method} {one.route}" for one in sandbox.requests} <= {"GET /models/{modelId}"}
    assert not sandbox.state.jobs


@pytest.mark.parametrize(
    ("inputs", "value"),
    [
        ({"referenceImages": b"GIF89a"}, b"GIF89a"),
        ({"referenceImages": [5]}, 5),
        ({"referenceImages": [b"GIF89a", b"GIF87a"]}, [b"GIF89a", b"GIF87a"]),
        ({"references": [b"GIF89a"]}, [b"GIF89a"]),
        ({}, None),
    ],
)
async def test_the_error_about_a_file_shows_the_file(
    sandbox: Sandbox, client: AsyncScenario, inputs: dict[str, Any], value: object
) -> None:
    """A file is not an asset when the inputs are checked, but the caller knows only the file."""
    with pytest.raises(InvalidArgumentError) as raised:
        await client.generate.run("model_flux-kontext-editing", "a fox", inputs=inputs, max_cost=None)
    assert raised.value.value == value
    assert repr(value) in str(raised.value)
    assert not sandbox.state.jobs


@pytest.mark.parametrize(
    "right",
    [
        {},
        {"width": 512, "guidance": 3.3, "hd": False},
        {"guidance": 0.30000000000000004},
        {"loras": ["model_1", "model_2"], "lorasScale": [0.5, 2]},
        {"references": ["asset_1"], "tags": ["12345"] * 9},
        {"image": "asset_1", "mask": "asset_2"},
        {"outputFormat": "jpg", "quality": 80},
        {"outputFormat": "png", "strength": None},
        {"layers": [{"x": 1}]},
    ],
)
def test_a_valid_input_is_accepted(right: dict[str, Any]) -> None:
    check_inputs({**GOOD, **right}, INPUTS)
