"""What requests and answers have in common: how they compare, and how they are shown."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import pytest

from scenario_async.values.model import ModelRetrieveParams
from scenario_async.values.team import Team, UpdatedTeam
from scenario_async.values.training_image import TrainingImagePair
from scenario_async.values.webhook import WebhookEndpointSecret

PAIR: Any = TrainingImagePair(source_id="asset_1", instruction="make it night")


def test_equal_members_make_equal_values() -> None:
    assert attrs.evolve(PAIR) == PAIR
    assert hash(PAIR) == hash(attrs.evolve(PAIR))
    assert attrs.evolve(PAIR, target_id="asset_2") != PAIR
    assert len({PAIR, attrs.evolve(PAIR), TrainingImagePair()}) == 2


def test_a_value_of_another_class_is_another_value() -> None:
    """Also one of a subclass without members of its own, as attrs has it."""
    members: dict[str, Any] = {one.name: None for one in attrs.fields(UpdatedTeam)}
    shared = {name: member for name, member in members.items() if name in attrs.fields_dict(Team)}
    assert UpdatedTeam(**members) != Team(**shared)


def test_what_is_shown_is_what_is_there() -> None:
    """An asset has sixty members, of which most answers have a dozen."""
    assert repr(PAIR) == "TrainingImagePair(instruction='make it night', source_id='asset_1')"
    assert repr(ModelRetrieveParams("model_1")) == "ModelRetrieveParams(model_id='model_1')"


def test_a_secret_is_not_shown() -> None:
    members = {one.name: f"the {one.name}" for one in attrs.fields(WebhookEndpointSecret)}
    shown = repr(WebhookEndpointSecret(**members))  # type: ignore[arg-type]
    assert "the secret" not in shown
    assert "the url" in shown


def test_a_value_does_not_change() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        PAIR.source_id = "asset_2"


def test_a_value_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(PAIR)) == PAIR  # noqa: S301 - our own
