"""The examples of the service's documentation work with only the import changed."""

from __future__ import annotations

import os
from typing import Any

import pytest

from scenario_async import AsyncScenario, Scenario
from scenario_async.values.training_image import TrainingImage, TrainingImagePair

from .mocked import Service
from .samples import DOCUMENTED

READ = TrainingImage(
    id="id",
    automatic_captioning="automaticCaptioning",
    created_at="createdAt",
    description="description",
    download_url="downloadUrl",
    name="name",
)


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENARIO_SDK_API_KEY", "My API Key")
    monkeypatch.setenv("SCENARIO_SDK_API_SECRET", "My API Secret")


def client() -> Scenario:
    """The client as every documented example creates it."""
    return Scenario(
        api_key=os.environ.get("SCENARIO_SDK_API_KEY"),
        api_secret=os.environ.get("SCENARIO_SDK_API_SECRET"),
    )


def test_replace(service: Service) -> None:
    """The documented call of `replace` sends the documented request and reads the documented response."""
    service.answers(DOCUMENTED)
    with client() as scenario:
        response = scenario.models.training_images.replace(
            training_image_id="trainingImageId",
            model_id="modelId",
        )
        assert response.training_image == READ
        assert scenario.models.training_images.replace("trainingImageId", model_id="modelId") == response
    assert [(sent.method, sent.url.path, sent.json) for sent in service.sent] == [
        ("PUT", "/v1/models/modelId/training-images/trainingImageId", {}),
    ] * 2
    assert service.sent[0].headers["Authorization"] == "Basic TXkgQVBJIEtleTpNeSBBUEkgU2VjcmV0"


def test_add(service: Service) -> None:
    """The documented request of `add` has an empty object as its body."""
    service.answers(DOCUMENTED)
    with Scenario() as scenario:
        assert scenario.models.training_images.add("modelId").training_image == READ
        assert scenario.models.training_images.add(model_id="modelId").training_image.name == "name"
    assert [(sent.method, sent.url.path, sent.body) for sent in service.sent] == [
        ("POST", "/v1/models/modelId/training-images", b"{}"),
    ] * 2


async def test_awaited(service: Service) -> None:
    """The same calls on the asynchronous client, with the credentials of the environment."""
    service.answers(DOCUMENTED)
    async with AsyncScenario() as scenario:
        added = await scenario.models.training_images.add("modelId", asset_id="asset_GTrL3mq4SXWyMxkOHRxlpw")
        replaced = await scenario.models.training_images.replace("trainingImageId", model_id="modelId")
    assert added.training_image == replaced.training_image == READ
    assert [sent.json for sent in service.sent] == [{"assetId": "asset_GTrL3mq4SXWyMxkOHRxlpw"}, {}]


async def test_replace_pairs(service: Service) -> None:
    """The documented response of `replace_pairs` is read."""
    pair: dict[str, Any] = {"instruction": "instruction", "sourceId": "sourceId", "targetId": "targetId"}
    service.answers({"count": 0, "pairs": [pair]})
    async with AsyncScenario() as scenario:
        answer = await scenario.models.training_images.replace_pairs("modelId", body=[{}])
    assert answer.count == 0
    assert answer.pairs == [
        TrainingImagePair(instruction="instruction", source_id="sourceId", target_id="targetId")
    ]
    assert service.sent[0].json == [{}]


async def test_delete(service: Service) -> None:
    """`delete` returns an object whose fields are not documented."""
    service.answers({})
    async with AsyncScenario() as scenario:
        answer = await scenario.models.training_images.delete("trainingImageId", model_id="modelId")
    assert answer == {}
    assert service.sent[0].body is None


async def test_bearer_token(service: Service) -> None:
    """A JWT is sent as a bearer token instead of key and secret."""
    service.answers(DOCUMENTED)
    async with AsyncScenario(jwt="header.payload.signature") as scenario:
        await scenario.models.training_images.add("modelId")
    assert service.sent[0].headers["Authorization"] == "Bearer header.payload.signature"
