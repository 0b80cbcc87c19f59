"""Comparison and display of requests and responses."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import pytest

from scenario_async.values.generation import GenerateRunModelParams
from scenario_async.values.model import Model, ModelRetrieveParams
from scenario_async.values.team import Team, UpdatedTeam
from scenario_async.values.training_image import TrainingImagePair
from scenario_async.values.webhook import WebhookEndpointSecret

PAIR: Any = TrainingImagePair(source_id="asset_1", instruction="make it night")


def test_values_with_different_undocumented_members_are_different() -> None:
    one, other = (Model.from_dict({"id": "model_1", "unknown": value}) for value in ([1], [2]))
    assert one == Model.from_dict({"id": "model_1", "unknown": [1]})
    assert len({one, other, Model.from_dict({"id": "model_1"})}) == 3


def test_values_with_equal_members_are_equal() -> None:
    assert attrs.evolve(PAIR) == PAIR
    assert hash(PAIR) == hash(attrs.evolve(PAIR))
    assert attrs.evolve(PAIR, target_id="asset_2") != PAIR
    assert len({PAIR, attrs.evolve(PAIR), TrainingImagePair()}) == 2


def test_values_with_lists_and_dicts_have_a_hash() -> None:
    """Equal values have equal hashes, so they can be members of a set."""
    members: dict[str, Any] = {
        "id": "m",
        "tags": ["a", "b"],
        "trainingImages": [{"id": "i", "name": "n"}],
    }
    one, equal = Model.from_dict(members), Model.from_dict(dict(reversed(members.items())))
    others = [Model.from_dict({**members, "tags": tags}) for tags in (["b", "a"], ["a"], [], None)]
    assert (one, hash(one)) == (equal, hash(equal))
    assert len({one, equal, *others}) == 5
    assert len({hash(value) for value in (one, *others)}) == 5
    generating = GenerateRunModelParams("m", body={"prompts": ["a", {"b"}], "n": {"x": 1, "y": 2.0}})
    reordered = GenerateRunModelParams("m", body={"n": {"y": 2, "x": True}, "prompts": ["a", {"b"}]})
    assert (generating, hash(generating)) == (reordered, hash(reordered))


def test_values_of_different_classes_differ() -> None:
    """This also holds for a subclass without new members."""
    members: dict[str, Any] = {one.name: None for one in attrs.fields(UpdatedTeam)}
    shared = {name: member for name, member in members.items() if name in attrs.fields_dict(Team)}
    assert UpdatedTeam(**members) != Team(**shared)


def test_the_repr_shows_only_present_members() -> None:
    """An asset has sixty members, of which most responses have a dozen."""
    assert repr(PAIR) == "TrainingImagePair(instruction='make it night', source_id='asset_1')"
    assert repr(ModelRetrieveParams("model_1")) == "ModelRetrieveParams(model_id='model_1')"


def test_a_secret_is_not_shown() -> None:
    members = {one.name: f"the {one.name}" for one in attrs.fields(WebhookEndpointSecret)}
    shown = repr(WebhookEndpointSecret(**members))  # type: ignore[arg-type]
    assert "the secret" not in shown
    assert "the url" in shown


def test_a_value_is_immutable() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        PAIR.source_id = "asset_2"


def test_a_value_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(PAIR)) == PAIR  # noqa: S301 - the bytes come from this test
