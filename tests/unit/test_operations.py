"""Method, URL, query, headers and body of every operation, on both clients."""

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
    """One request is sent, with exactly the expected content.

    Its headers have the credentials and the type.
    """
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
    """The client's project is sent with each operation that supports it, unless the call has its own."""
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
    """The message does not use the name of the request class, which the caller did not write."""
    with pytest.raises(TypeError, match=r"^Models\.retrieve\(\) .*'colour'"):
        await call("models.retrieve", "m", colour="red")
    with pytest.raises(TypeError, match=r"^Models\.retrieve\(\) missing .*'model_id'"):
        await call("models.retrieve")
    assert service.sent == []


async def test_other_base_url(service: Service, call: Call) -> None:
    """Each path is appended to the given base URL."""
    service.answers({})
    await call(DELETE, "img", model_id="m", client={"base_url": "https://scenario.example/api/v2/"})
    assert str(service.sent[0].url) == "https://scenario.example/api/v2/models/m/training-images/img"


async def test_largest_group(service: Service, call: Call) -> None:
    """A group of the largest documented size is sent."""
    ids = [f"asset_{number}" for number in range(GROUP_LIMIT)]
    service.answers({"trainingImages": [{"id": one} for one in ids]})
    answer = await call(ADD, "m", asset_ids=ids)
    assert service.sent[0].json == {"assetIds": ids}
    assert [image.id for image in answer.images] == ids


async def test_name_of_a_file(service: Service, call: Call, tmp_path: Path) -> None:
    """The file name of a picture is sent unless a name is given.

    The file name of a thumbnail is never sent.
    """
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
