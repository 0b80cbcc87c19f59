"""Mistakes that type checkers have to find, on both clients. Checked, not run.

Each wrong line has a comment with its error; a checker that does not find the error reports the comment.
"""  # noqa: INP001 - not for import

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from typing import Any, assert_never

from scenario_async import AsyncScenario, Scenario
from scenario_async.values.training_image import TrainingImagePreset


def arguments(client: Scenario) -> None:
    """Arguments of operations: missing, too many, unknown, and of a wrong type."""
    images = client.models.training_images
    client.models.retrieve()  # type: ignore[call-arg]
    client.models.retrieve(model="model_1")  # type: ignore[call-arg]
    client.models.retrieve(1)  # type: ignore[arg-type]
    client.models.retrieve(None)  # type: ignore[arg-type]
    images.replace("image_1", "model_1")  # type: ignore[call-arg, arg-type]
    images.replace("image_1")  # type: ignore[call-arg]
    images.add("model_1", asset_ids=[1])  # type: ignore[list-item]
    images.add("model_1", data=5)  # type: ignore[arg-type]
    images.add("model_1", original_assets="yes")  # type: ignore[arg-type]
    images.replace_pairs("model_1", body={"source_id": "a"})  # type: ignore[arg-type]
    images.upload("model_1", 5)  # type: ignore[arg-type]
    images.upload("model_1", "folder", 4)  # type: ignore[call-arg]
    images.upload("model_1", "folder", on_progress=5)  # type: ignore[arg-type]


def presets(client: Scenario) -> None:
    """The documented values of an argument are accepted, and no others."""
    images = client.models.training_images
    images.add("model_1", preset="default")
    images.add("model_1", preset="style")
    images.add("model_1", preset="subject")
    images.add("model_1", preset="portrait")  # type: ignore[arg-type]
    images.replace("image_1", model_id="model_1", preset="subject")
    images.replace("image_1", model_id="model_1", preset="")  # type: ignore[arg-type]
    images.upload("model_1", "folder", preset="portrait")  # type: ignore[arg-type]
    client.uploads.create(kind="film")  # type: ignore[arg-type]
    client.uploads.trigger_action("upload_1", action="stop")  # type: ignore[arg-type]
    client.models.list(sort_direction="up")  # type: ignore[arg-type]


def every_preset(preset: TrainingImagePreset) -> int:
    """These three values are complete: the last line is unreachable."""
    match preset:
        case "default" | "style" | "subject":
            return len(preset)
    assert_never(preset)


def options(client: Scenario) -> None:
    """Options of a client."""
    client.with_options(timeout="5")  # type: ignore[arg-type]
    client.with_options(max_retries=1.5)  # type: ignore[arg-type]
    client.with_options(extra_headers={"X-Own": 1})  # type: ignore[dict-item]
    client.with_options(retries=1)  # type: ignore[call-arg]
    Scenario("key", "secret")  # type: ignore[call-arg]


async def modes(client: AsyncScenario, blocking: Scenario) -> None:
    """Operations of one client used like those of the other."""
    str(client.models.retrieve("model_1").model)  # type: ignore[attr-defined]
    await blocking.models.retrieve("model_1")  # type: ignore[misc]
    client.models.retrieve("model_1")  # type: ignore[unused-coroutine]
    with client:  # type: ignore[attr-defined]
        pass
    async with blocking:  # type: ignore[attr-defined]
        pass
    for _ in client.models.list():  # type: ignore[attr-defined]
        pass
    async for _ in blocking.models.list():  # type: ignore[misc]
        pass


def answers(client: Scenario) -> dict[str, Any]:
    """Missing attributes of responses, and assignments to responses."""
    answer = client.models.retrieve("model_1")
    str(answer.model.nam)  # type: ignore[attr-defined]
    answer.model.name.upper()  # type: ignore[union-attr]
    answer.model.name = "other"  # type: ignore[misc]
    client.models.no_such_operation()  # type: ignore[attr-defined]
    client.no_such_noun.list()  # type: ignore[attr-defined]
    return answer  # type: ignore[return-value]
