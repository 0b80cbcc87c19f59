"""Intended differences between the packages, and faults of the official one; see docs/differences.md."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest
import scenario_sdk

import scenario_async
from scenario_async.values.training_image import GROUP_LIMIT

from .official import documented, found, functions
from .pair import Pair

ADD: Final = "models.training_images.add"
REPLACE_PAIRS: Final = "models.training_images.replace_pairs"


def ids(many: int) -> list[str]:
    """Ids of assets."""
    return [f"asset_{number}" for number in range(many)]


def pair_generator() -> Iterator[dict[str, str]]:
    """A pair from an iterator, which is empty when the request is sent again."""
    yield {"source_id": "asset_1", "target_id": "asset_2"}


REFUSED: Final = [
    pytest.param(ADD, "asset_ids", lambda: ids(GROUP_LIMIT + 1), id="more assets than the service takes"),
    pytest.param(ADD, "asset_ids", lambda: ids(0), id="no asset"),
    pytest.param(ADD, "asset_ids", lambda: "asset_1", id="one id for many"),
    pytest.param(ADD, "asset_ids", lambda: ["asset_1", ""], id="an empty id among others"),
    pytest.param(ADD, "asset_id", lambda: "", id="an empty id"),
    pytest.param(ADD, "data", lambda: "no-such-file.png", id="a picture that is none"),
    pytest.param(ADD, "model_id", lambda: " ", id="a blank id in the path"),
    pytest.param(ADD, "model_id", lambda: 5, id="a number for an id"),
    pytest.param(REPLACE_PAIRS, "body", lambda: [{"sourceID": "asset_1"}], id="a misspelled name"),
    pytest.param(REPLACE_PAIRS, "body", pair_generator, id="an iterator"),
    pytest.param("assets.upload", "name", lambda: "", id="an asset without a name"),
]
"""Values that the official package sends and the service refuses or misunderstands."""

NEEDED: Final[dict[str, dict[str, Any]]] = {
    ADD: {"model_id": "model_1"},
    REPLACE_PAIRS: {"model_id": "model_1", "body": []},
    "assets.upload": {"image": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"},
}
"""The other arguments of these operations."""


@pytest.mark.parametrize(("operation", "argument", "make"), REFUSED)
def test_refused_before_sending(pair: Pair, operation: str, argument: str, make: Any) -> None:
    """Our client names the argument and sends nothing; the official package sends it."""
    pair.server.answer({})
    pair.server.taken()
    found(pair.official, operation)(**(NEEDED[operation] | {argument: make()}))
    assert len(pair.server.taken()) == 1
    with pytest.raises(scenario_async.InvalidArgumentError) as caught:
        found(pair.ours, operation)(**(NEEDED[operation] | {argument: make()}))
    assert caught.value.argument.startswith(argument)
    assert pair.server.taken() == []


@pytest.mark.parametrize("model_id", ["", ".", "..", None])
def test_refused_by_both(pair: Pair, model_id: Any) -> None:
    """An id that would change the path raises a ValueError in both packages, and nothing is sent."""
    pair.server.taken()
    for client in (pair.official, pair.ours):
        with pytest.raises(ValueError, match=r".+"):
            client.models.retrieve(model_id)
    assert pair.server.taken() == []


@pytest.mark.parametrize("scale", [math.nan, math.inf])
def test_numbers_that_json_cannot_represent(pair: Pair, scale: float) -> None:
    """They raise a ValueError in both packages, and nothing is sent."""
    pair.server.taken()
    for client in (pair.official, pair.ours):
        with pytest.raises(ValueError, match=r".+"):
            client.models.create(concepts=[{"model_id": "model_1", "scale": scale}])
    assert pair.server.taken() == []


def test_none(pair: Pair) -> None:
    """The API accepts null nowhere. Our package omits None; the official package sends null."""
    pair.server.answer({})
    pair.server.taken()
    found(pair.official, ADD)("model_1", asset_id="asset_1", name=None)
    found(pair.ours, ADD)("model_1", asset_id="asset_1", name=None)
    official, ours = [json.loads(request.body or "null") for request in pair.server.taken()]
    assert official == {"assetId": "asset_1", "name": None}
    assert ours == {"assetId": "asset_1"}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits of the official package's blocking client in seconds; it does not really wait."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    return waits


def attempts(pair: Pair, client: Any, **arguments: Any) -> int:
    """The number of times that a client with default settings sends the request to add a training image."""
    pair.server.taken()
    with pytest.raises((scenario_sdk.APIError, scenario_async.APIError)):
        found(client.with_options(max_retries=2), ADD)("model_1", **arguments)
    return len(pair.server.taken())


@pytest.mark.usefixtures("waits")
def test_a_picture_is_not_added_twice(pair: Pair) -> None:
    """If it may have arrived, a request that adds an image each time is sent only once."""
    pair.server.hang_up()
    data = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    assert attempts(pair, pair.official, data=data) == 3
    assert attempts(pair, pair.ours, data=data) == 1


@pytest.mark.usefixtures("waits")
def test_a_plan_limit_is_not_retried(pair: Pair) -> None:
    """Waiting does not change a plan."""
    pair.server.refuse(429, {"name": "PlanLimitReachedError", "reason": "25 is the limit"})
    assert attempts(pair, pair.official, asset_id="asset_1") == 3
    assert attempts(pair, pair.ours, asset_id="asset_1") == 1


def test_a_long_wait_is_cut_short(pair: Pair, waits: list[float]) -> None:
    """The official package returns within seconds if the service asks for more than a minute."""
    pair.server.refuse(429, {}, Retry_After="61")
    assert attempts(pair, pair.official, asset_id="asset_1") == 3
    assert len(waits) == 2
    assert max(waits) < 10


def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our client raises its own error when it is created; the official client raises at the first request."""
    for name in ("API_KEY", "API_SECRET", "JWT"):
        monkeypatch.delenv(f"SCENARIO_SDK_{name}", raising=False)
    with scenario_sdk.Scenario() as client, pytest.raises(TypeError):
        client.models.retrieve("model_1")
    with pytest.raises(scenario_async.MissingCredentialsError):
        scenario_async.Scenario()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("oscu.retrieve_prices", {}),
        (
            "workflows.approve_user",
            {
                "workflow_id": "w",
                "project_id": "p",
                "node_id": "n",
                "workflow_job_id": "j",
                "action": "reject",
            },
        ),
    ],
)
def test_superseded_names(pair: Pair, name: str, arguments: dict[str, Any]) -> None:
    """Both packages send the same request and issue a warning."""
    pair.server.answer({})
    pair.server.taken()
    for client in (pair.official, pair.ours):
        with pytest.warns(DeprecationWarning, match=r"(?i)use"):
            found(client, name)(**arguments)
    theirs, ours = pair.server.taken()
    assert ours == theirs


def test_undocumented_operations(pair: Pair) -> None:
    """Operations of the official package without documentation are marked there as deprecated."""
    undocumented = {name: function for name, function in functions(pair.official) if name not in documented()}
    assert undocumented.keys() == {"oscu.retrieve_prices", "workflows.approve_user"}
    assert all(hasattr(function, "__deprecated__") for function in undocumented.values())


def test_examples_that_do_not_run(pair: Pair) -> None:
    """Two examples of the official README use attributes that its responses do not have."""
    pair.server.answer({"assets": [], "jobId": "job_1"})
    with pytest.raises(AttributeError):
        getattr(pair.official.assets.with_raw_response.list().parse(), "id")  # noqa: B009 - checkers refuse it
    with pytest.raises(AttributeError):
        getattr(  # noqa: B009 - checkers refuse `.options`
            pair.official.assets.download.request_batch(
                options={"file_name_template": "{name}"},
                query={"asset_ids": ["asset_1"], "inference_ids": [], "model_ids": []},
            ),
            "options",
        )
