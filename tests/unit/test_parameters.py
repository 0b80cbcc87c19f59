"""Nested parameters: values and dicts, with names of Python or of the API, are converted to JSON."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import pytest
from attrs import field, frozen

from scenario_async._internal.declare.converter import fields_of, named, to_json, wire_name
from scenario_async._internal.declare.operation import OrDict
from scenario_async.errors import InvalidArgumentError
from scenario_async.values.job import JobCostDetails, JobMetadata
from scenario_async.values.model import Model, ModelConcept
from scenario_async.values.training_image import TrainingImagePair
from scenario_async.values.ui_config import UiConfig, UiConfigInputProperties

Concept = OrDict[ModelConcept]
Concepts = Sequence[Concept] | None


@frozen(kw_only=True)
class Recipe:
    """A parameter that contains parameters; no operation has one at present."""

    main: ModelConcept
    others: list[ModelConcept] | None = None
    by_name: dict[str, ModelConcept] | None = None
    settings: dict[str, Any] | None = None
    max_cost_cu: float | None = field(default=None, metadata=named("maxCostCU"))


GivenRecipe = OrDict[Recipe]
CONCEPT = ModelConcept(model_id="model_1", scale=0.5)
SENT = {"modelId": "model_1", "scale": 0.5}


@pytest.mark.parametrize(
    "given",
    [
        CONCEPT,
        {"model_id": "model_1", "scale": 0.5},
        {"modelId": "model_1", "scale": 0.5},
        {"modelId": "model_1", "scale": 0.5, "model_epoch": None},
        OrderedDict[str, Any](model_id="model_1", scale=0.5),
        MappingProxyType({"modelId": "model_1", "scale": 0.5}),
    ],
    ids=["value", "snake_case", "wire spelling", "null", "subclass of dict", "no dict at all"],
)
def test_forms_of_a_parameter(given: Any) -> None:
    """A value, a dict with either kind of names, and any mapping give the same JSON; None is omitted."""
    assert to_json(given, Concept, "concept") == SENT
    assert to_json([given], Concepts, "concepts") == [SENT]
    assert to_json((given, given), Concepts, "concepts") == [SENT, SENT]


@pytest.mark.parametrize("main", [CONCEPT, {"model_id": "model_1", "scale": 0.5}])
@pytest.mark.parametrize("make", [dict[str, Any], Recipe])
def test_nested(make: Any, main: Any) -> None:
    """Nested parameters are converted too, in lists and maps as well, and in any mix of values and dicts."""
    recipe = make(main=main, others=[CONCEPT], by_name={"Some Name": CONCEPT}, max_cost_cu=3)
    assert to_json(recipe, GivenRecipe, "recipe") == {
        "main": SENT,
        "others": [SENT],
        "byName": {"Some Name": SENT},
        "maxCostCU": 3,
    }


def test_free_form_values_stay_unchanged() -> None:
    """If the API accepts any object, its names and nulls are sent as the caller wrote them."""
    inner = {"inner_name": 1, "nothing": None, "list": [{"a_b": None}]}
    recipe = to_json(
        {"main": CONCEPT, "settings": {"my_own_name": inner, "null": None}}, GivenRecipe, "recipe"
    )
    assert recipe["settings"] == {"my_own_name": inner, "null": None}
    assert to_json(JobMetadata(input={"a_b": 1}), JobMetadata, "metadata") == {"input": {"a_b": 1}}


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), float("-inf")])
def test_number_that_json_cannot_represent(wrong: float) -> None:
    """It would be sent as null, so it is refused with its place."""
    for given, place in (
        ([{"model_id": "m", "scale": wrong}], "concepts[0]['scale']"),
        ([ModelConcept(model_id="m", scale=wrong)], "concepts[0].scale"),
    ):
        with pytest.raises(InvalidArgumentError, match="a finite number is needed") as caught:
            to_json(given, Concepts, "concepts")
        assert caught.value.argument == place
    with pytest.raises(InvalidArgumentError) as caught:
        to_json({"main": CONCEPT, "settings": {"a": [wrong]}}, GivenRecipe, "recipe")
    assert caught.value.argument == "recipe['settings']['a'][0]"


def test_object_instead_of_a_list() -> None:
    """A single object is refused where a list of objects is documented."""
    with pytest.raises(InvalidArgumentError, match="a list is needed"):
        to_json({"model_id": "m"}, list[ModelConcept] | None, "concepts")


def test_map_of_values() -> None:
    """The values of a map are converted to JSON like the items of a list."""
    config = UiConfig(input_properties={"group": UiConfigInputProperties(collapsed=True)})
    assert to_json(config, UiConfig, "config") == {"inputProperties": {"group": {"collapsed": True}}}


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ([{"model_id": "m", "scale": 1}, {"modelld": "m"}], "concepts[1]['modelld']"),
        ([{"Model_id": "m"}], "concepts[0]['Model_id']"),
        ([{"model-id": "m"}], "concepts[0]['model-id']"),
    ],
)
def test_unknown_name(given: Any, place: str) -> None:
    """An unknown name is refused, because the service would ignore it silently."""
    with pytest.raises(InvalidArgumentError, match=r"no such name; .*the names are ") as caught:
        to_json(given, Concepts, "concepts")
    assert caught.value.argument == place
    assert caught.value.value == next(iter(given[-1].values()))


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"main": {"epoch": 1}}, "recipe['main']['epoch']"),
        ({"others": [CONCEPT, {"x": 1}]}, "recipe['others'][1]['x']"),
        ({"by_name": {"n": {"x": 1}}}, "recipe['by_name']['n']['x']"),
        (Recipe(main={"x": 1}), "recipe.main['x']"),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - the point
    ],
)
def test_unknown_name_in_a_nested_parameter(given: Any, place: str) -> None:
    """The error names the whole path to the wrong name."""
    with pytest.raises(InvalidArgumentError) as caught:
        to_json(given, GivenRecipe, "recipe")
    assert caught.value.argument == place


def test_strings_and_bytes_stay_unchanged() -> None:
    """A string is not treated as a sequence of characters, nor are bytes treated as numbers."""
    for simple in ("text", b"bytes", 5, 0.5, True):
        assert to_json(simple, Any, "x") == simple
    assert to_json(["a", "b"], Sequence[str] | None, "x") == ["a", "b"]


def test_wire_names() -> None:
    """Names are in camelCase unless a field declares a name; a trailing underscore is removed."""

    def names(cls: type[Any]) -> dict[str, str]:
        return {one.name: wire_name(one) for one in fields_of(cls)}

    assert names(TrainingImagePair) == {
        "instruction": "instruction",
        "source_id": "sourceId",
        "target_id": "targetId",
    }
    assert names(JobCostDetails) == {"ip_detection": "ip-detection", "quality_gate": "quality-gate"}
    assert names(Model)["class_"] == "class"
    assert names(Recipe)["max_cost_cu"] == "maxCostCU"
