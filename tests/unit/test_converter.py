"""Responses are made from JSON: what the lenient converter accepts, and where the strict one raises."""

from __future__ import annotations

import copy
import pickle
from typing import Any, cast

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_async._internal.declare.converter import wire_name
from scenario_async._internal.declare.reading import structure
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.job import JobCostDetails, JobWorkflowNode
from scenario_async.values.model import ModelClass, ModelPerformanceVariant, ModelResponse
from scenario_async.values.training_image import (
    TrainingImage,
    TrainingImageAddResponse,
    TrainingImageReplacePairsResponse,
)
from scenario_async.values.ui_config import UiConfig, UiConfigInputProperties
from scenario_async.values.upload import UploadResponse

from .samples import TRAINING_IMAGE

MODEL: dict[str, Any] = {
    "capabilities": ["txt2img"],
    "collectionIds": [],
    "createdAt": "2023-02-03T11:19:41.579Z",
    "custom": True,
    "exampleAssetIds": [],
    "id": "model_1",
    "privacy": "private",
    "source": "other",
    "status": "new",
    "tags": ["a"],
    "trainingImagesNumber": 1,
    "type": "flux.1-lora",
    "updatedAt": "2023-02-03T11:19:41.579Z",
}


def changed(base: dict[str, Any], **members: Any) -> dict[str, Any]:
    """JSON with some members replaced."""
    return {**copy.deepcopy(base), **members}


def test_documented_response() -> None:
    """A documented response has the documented names in snake_case at every depth."""
    answer = structure({"model": changed(MODEL, trainingImages=[TRAINING_IMAGE])}, ModelResponse)
    images = answer.model.training_images
    assert images is not None
    assert images == [
        TrainingImage(
            id="asset_1",
            automatic_captioning="a fox among birches",
            created_at="2023-02-03T11:19:41.579Z",
            description="a fox",
            download_url="https://cdn.example/asset_1",
            name="fox.png",
        )
    ]
    assert answer.model.training_images_number == 1
    assert answer == structure(
        {"model": changed(MODEL, trainingImages=[TRAINING_IMAGE])}, ModelResponse, strict=True
    )


@pytest.mark.parametrize("strict", [False, True])
def test_a_response_is_of_the_documented_class_itself_and_immutable(*, strict: bool) -> None:
    """The lenient converter sets the fields of an instance of another class, and then changes its class."""
    answer = structure({"trainingImage": TRAINING_IMAGE}, TrainingImageAddResponse, strict=strict)
    assert type(answer) is TrainingImageAddResponse
    assert type(answer.training_image) is TrainingImage
    assert pickle.loads(pickle.dumps(answer)) == copy.deepcopy(answer) == answer  # noqa: S301 - our own bytes
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(answer, "training_images", [])  # noqa: B010 - a type checker refuses the assignment


# --- lenient: the lines of the module's docstring, one by one ---------------------------------


def test_undeclared_members_are_not_attributes() -> None:
    answer = structure(
        {"trainingImage": changed(TRAINING_IMAGE, mood="fox-like"), "more": 1}, TrainingImageAddResponse
    )
    assert attrs.asdict(answer.training_image).keys() == attrs.fields_dict(TrainingImage).keys()


@pytest.mark.parametrize("documented_as_required", ["id", "createdAt", "status", "tags", "custom"])
def test_missing_member_is_none(documented_as_required: str) -> None:
    """If a member is missing or null, its attribute is None, also if it is documented as required."""
    without = {name: member for name, member in MODEL.items() if name != documented_as_required}
    for json in (without, changed(MODEL, **{documented_as_required: None})):
        model = structure({"model": json}, ModelResponse).model
        empty = {name for name in attrs.asdict(model) if getattr(model, name) is None}
        full = structure({"model": MODEL}, ModelResponse).model
        assert {name for name in empty if getattr(full, name) is not None} == {
            {"createdAt": "created_at"}.get(documented_as_required, documented_as_required)
        }


def test_empty_response() -> None:
    """An empty response gives an empty value instead of an error."""
    assert cast("Any", structure({}, ModelResponse).model) is None
    assert structure({"trainingImage": None}, TrainingImageAddResponse).images == []


def test_undocumented_value_stays_unchanged() -> None:
    """The documentation has `new`, but the service sends `draft`; the same holds for the items of a list."""
    model = structure(
        {"model": changed(MODEL, status="draft", capabilities=["smell", "txt2img"])}, ModelResponse
    ).model
    assert model.status == "draft"
    assert model.capabilities == ["smell", "txt2img"]


@pytest.mark.parametrize(
    ("sent", "read"),
    [("12", 12), ("0.5", 0.5), ("-3", -3), ("1e3", 1000), (7, 7), (True, True), ("many", "many"), ("", "")],
)
def test_number_that_came_as_a_string(sent: object, read: object) -> None:
    """Digits become a number; other text stays unchanged."""
    answer = structure({"count": sent, "pairs": []}, TrainingImageReplacePairsResponse)
    assert answer.count == read
    assert type(cast("object", answer.count)) in {type(read), float}


@pytest.mark.parametrize("sent", ["nan", "inf", "-Infinity", "1" * 400])
def test_text_that_is_not_a_finite_number(sent: str) -> None:
    """Words that Python reads as a number, and digits beyond the range of a float, stay text."""
    assert cast("Any", structure({"count": sent}, TrainingImageReplacePairsResponse).count) == sent


@pytest.mark.parametrize("sent", ["text", 5, ["a"], True])
def test_value_of_another_type_stays_unchanged(sent: object) -> None:
    """If an object, a list or a map is documented, a value of another type stays unchanged."""
    model = structure(
        {"model": changed(MODEL, thumbnail=sent, uiConfig={"inputProperties": sent})}, ModelResponse
    ).model
    assert cast("Any", model.thumbnail) == sent
    assert model.ui_config is not None
    assert cast("Any", model.ui_config.input_properties) == sent
    assert cast("Any", structure({"model": sent}, ModelResponse).model) == sent


def test_one_wrong_item_does_not_spoil_a_list() -> None:
    answer = structure({"count": 2, "pairs": ["odd", {"sourceId": "a"}]}, TrainingImageReplacePairsResponse)
    assert cast("Any", answer.pairs[0]) == "odd"
    assert answer.pairs[1].source_id == "a"


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(MODEL)), JSON))
def test_lenient_never_refuses(members: dict[str, Any]) -> None:
    """Any value of a member is accepted, and the other members are still read."""
    model = structure({"model": {**MODEL, **members}}, ModelResponse).model
    whole = structure({"model": MODEL}, ModelResponse).model
    for one in attrs.fields(type(whole)):
        if wire_name(one) not in members:
            assert getattr(model, one.name) == getattr(whole, one.name)


@given(JSON)
def test_lenient_never_refuses_a_response(value: Any) -> None:
    """Any JSON in the place of the whole object is accepted."""
    read = structure({"upload": value}, UploadResponse)
    if not isinstance(value, dict):
        assert cast("Any", read.upload) == value


# --- strict -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"mood": "fox-like"}, "answer.model"),
        ({"status": "draft"}, "answer.model.status"),
        ({"trainingImagesNumber": "12"}, "answer.model.training_images_number"),
        ({"trainingImagesNumber": True}, "answer.model.training_images_number"),
        ({"custom": 1}, "answer.model.custom"),
        ({"name": 5}, "answer.model.name"),
        ({"tags": "a"}, "answer.model.tags"),
        ({"tags": None}, "answer.model.tags"),
        ({"tags": ["a", 5]}, "answer.model.tags[1]"),
        ({"id": None}, "answer.model.id"),
        ({"thumbnail": "text"}, "answer.model.thumbnail"),
        ({"trainingImages": [TRAINING_IMAGE, {"id": "a"}]}, "answer.model.training_images[1]"),
        ({"uiConfig": {"inputProperties": []}}, "answer.model.ui_config.input_properties"),
    ],
)
def test_strict_names_the_place(members: dict[str, Any], place: str) -> None:
    """The strict converter refuses what the lenient one accepts.

    The message has the place and no text of cattrs.
    """
    with pytest.raises(ValueError, match=r".") as caught:
        structure({"model": changed(MODEL, **members)}, ModelResponse, strict=True)
    assert place in str(caught.value)
    structure({"model": changed(MODEL, **members)}, ModelResponse)


def test_strict_refuses_a_missing_member() -> None:
    with pytest.raises(ValueError, match=r"required field missing.*answer\.model"):
        structure({"model": {}}, ModelResponse, strict=True)


def test_strict_names_every_place() -> None:
    """One error names all wrong members."""
    with pytest.raises(ValueError, match=r"answer\.model\.status") as caught:
        structure({"model": changed(MODEL, status="draft", custom="yes")}, ModelResponse, strict=True)
    assert "answer.model.custom" in str(caught.value)


def test_strict_accepts_a_missing_optional_member() -> None:
    """A member that is documented as optional may be missing; its attribute is None."""
    assert structure({"model": MODEL}, ModelResponse, strict=True).model.name is None


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize("strict", [False, True])
def test_names_that_are_not_camel_case(strict: bool) -> None:
    """Names that do not follow the rule are declared, and both converters read them."""
    costs = structure({"ip-detection": 1, "quality-gate": 2.5}, JobCostDetails, strict=strict)
    assert costs == JobCostDetails(ip_detection=1, quality_gate=2.5)
    variant = structure(
        {"capability": "c", "computedAt": "now", "variantKey": "k", "costPerAssetMaxCU": 3},
        ModelPerformanceVariant,
        strict=strict,
    )
    assert variant.cost_per_asset_max_cu == 3


def test_name_that_is_a_keyword() -> None:
    """`class` keeps its name in JSON."""
    model = structure({"model": changed(MODEL, **{"class": {"slug": "fox"}})}, ModelResponse).model
    assert isinstance(model.class_, ModelClass)
    assert model.class_.slug == "fox"


@pytest.mark.parametrize("strict", [False, True])
def test_nested_lists_and_maps_of_values(strict: bool) -> None:
    """Values are created at any depth: in lists, in lists of lists, in maps."""
    config = structure({"inputProperties": {"a": {"collapsed": True}}}, UiConfig, strict=strict)
    assert config.input_properties == {"a": UiConfigInputProperties(collapsed=True)}
    node = structure(
        {
            "id": "n",
            "status": "success",
            "type": "list",
            "assets": [{"assetId": "a", "url": "u"}],
            "inputs": [{"name": "i", "type": "string", "items": [[{"name": "x", "type": "string"}]]}],
        },
        JobWorkflowNode,
        strict=strict,
    )
    assert node.assets == [AssetLink(asset_id="a", url="u")]
    assert node.inputs is not None
    assert node.inputs[0].items is not None
    assert node.inputs[0].items[0][0].name == "x"
