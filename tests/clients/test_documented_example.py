"""The Python example of the service's documentation works with only its import changed."""

from __future__ import annotations

from collections.abc import Callable

from scenario_async import Scenario
from scenario_async.sandbox import Sandbox
from tests.unit.samples import DOCUMENTED

from .echo import Echo
from .programs import Program

EXAMPLE = """
import os
from scenario_async import Scenario

client = Scenario(
    api_key=os.environ.get("SCENARIO_SDK_API_KEY"),  # This is the default and can be omitted
    api_secret=os.environ.get("SCENARIO_SDK_API_SECRET"),  # This is the default and can be omitted
)
response = client.models.training_images.replace(
    training_image_id="trainingImageId",
    model_id="modelId",
)
print(response.training_image)
"""


def test_it_runs_unchanged(echo: Echo, start: Callable[..., Program]) -> None:
    echo.answer = DOCUMENTED
    [printed] = start(EXAMPLE).output()
    assert printed == (
        "TrainingImage(automatic_captioning='automaticCaptioning', created_at='createdAt', "
        "description='description', download_url='downloadUrl', id='id', name='name')"
    )
    [request] = echo.requests
    assert (request.method, request.path) == ("PUT", "/models/modelId/training-images/trainingImageId")
    assert request.body == b"{}"
    assert request.headers["Authorization"] == "Basic a2V5OnNlY3JldA=="  # key:secret


def test_it_replaces_an_image_of_the_sandbox(
    sandbox: Sandbox, client: Scenario, model_id: str, pictures: list[bytes], start: Callable[..., Program]
) -> None:
    """The sandbox requires the new image, which the example omits."""
    old, new = (
        client.assets.upload(image=picture, name=f"{number}.png").asset.id
        for number, picture in enumerate(pictures[:2])
    )
    client.models.training_images.add(model_id, asset_id=old)
    program = (
        EXAMPLE.replace('"trainingImageId"', repr(old))
        .replace('"modelId"', repr(model_id))
        .replace("model_id=", f"asset_id={new!r}, model_id=")
    )
    [printed] = start(program).output()
    assert printed.startswith("TrainingImage(")
    assert f"id='{new}'" in printed
    assert list(sandbox.state.models[model_id].training_images) == [new]
