"""Every operation as it leaves the client: method, URL, query, headers and body, on both clients."""

from __future__ import annotations

import base64
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from scenario_async.values.training_image import GROUP_LIMIT

from .cases import ADD, CASES, DELETE, ENCODED, PAIRS, PNG, REPLACE, Case
from .conftest import Call
from .mocked import Service
from .samples import TRAINING_IMAGE

BASE = "https://api.cloud.scenario.com/v1"
HEADERS = {
    "Accept": "application/json",
    "Authorization": f"Basic {base64.b64encode(b'key:secret').decode()}",
    "User-Agent": f"scenario-async/{version('scenario-async')}",
}


@pytest.mark.parametrize("case", CASES, ids=[f"{one.operation}-{index}" for index, one in enumerate(CASES)])
async def test_request(service: Service, call: Call, case: Case) -> None:
    """One request, exactly: nothing more in it and nothing less; credentials and type in its headers."""
    service.answers({"trainingImage": TRAINING_IMAGE})
    await call(case.operation, *case.args, **case.kwargs)
    (sent,) = service.sent
    assert f"{sent.method} {sent.url.raw_path}" == case.request.replace(" ", " /v1", 1)
    assert str(sent.url.with_query(None)) == BASE + case.request.partition(" ")[2]
    assert sent.query == case.query
    assert sent.json == case.json
    with_body = {} if case.json is None else {"Content-Type": "application/json"}
    assert dict(sent.headers) == HEADERS | with_body


async def test_project_of_the_client(service: Service, call: Call) -> None:
    """The client's project goes with every operation that knows one, unless the call names its own."""
    service.answers({})
    for name, kwargs in (
        (ADD, {"asset_id": "a"}),
        (REPLACE, {"training_image_id": "img"}),
        (PAIRS, {"body": list[Any]()}),
        (DELETE, {"training_image_id": "img"}),
    ):
        await call(name, model_id="m", client={"project_id": "client's"}, **kwargs)
        assert service.sent[-1].query == {"projectId": "client's"}
        await call(name, model_id="m", client={"project_id": "client's"}, project_id="own", **kwargs)
        assert service.sent[-1].query == {"projectId": "own"}


async def test_wrong_arguments_are_refused_under_the_name_of_the_operation(
    service: Service, call: Call
) -> None:
    """And not under that of the request class, which the caller did not write."""
    with pytest.raises(TypeError, match=r"^Models\.retrieve\(\) .*'colour'"):
        await call("models.retrieve", "m", colour="red")
    with pytest.raises(TypeError, match=r"^Models\.retrieve\(\) missing .*'model_id'"):
        await call("models.retrieve")
    assert service.sent == []


async def test_other_place_and_token(service: Service, call: Call) -> None:
    """A base URL of one's own is what every path stands below."""
    service.answers({})
    await call(DELETE, "img", model_id="m", client={"base_url": "https://scenario.example/api/v2/"})
    assert str(service.sent[0].url) == "https://scenario.example/api/v2/models/m/training-images/img"


async def test_largest_group(service: Service, call: Call) -> None:
    """The largest group that is documented."""
    ids = [f"asset_{number}" for number in range(GROUP_LIMIT)]
    service.answers({"trainingImages": [{"id": one} for one in ids]})
    answer = await call(ADD, "m", asset_ids=ids)
    assert service.sent[0].json == {"assetIds": ids}
    assert [image.id for image in answer.images] == ids


async def test_name_of_a_file(service: Service, call: Call, tmp_path: Path) -> None:
    """A picture's file name is the name that is sent, unless there is another; a thumbnail's never is."""
    service.answers({})
    path = tmp_path / "fox.png"
    path.write_bytes(PNG)
    await call(ADD, "m", data=path)
    assert service.sent[-1].json == {"name": "fox.png", "data": f"data:image/png;base64,{ENCODED}"}
    await call(ADD, "m", data=str(path), name="other.png")
    assert service.sent[-1].json["name"] == "other.png"
    await call("assets.upload", image=path)
    assert service.sent[-1].json == {"name": "fox.png", "image": ENCODED}
    await call("assets.update", "a", thumbnail=path)
    assert service.sent[-1].json == {"thumbnail": ENCODED}
