"""A program as a user would write it, for type checkers that see only the installed package."""

from __future__ import annotations

from pathlib import Path

from scenario_async import AsyncScenario, Scenario


async def train(folder: Path) -> list[str]:
    """Use the asynchronous client: create, upload, list."""
    async with AsyncScenario() as client:
        created = await client.models.create(name="paper", type="flux.1-lora")
        report = await client.models.training_images.upload(created.model.id, folder)
        print(report.summary())
        return [model.id async for model in client.models.list()]


def look(model_id: str) -> str:
    """Use the blocking client: the same operations, the same types."""
    with Scenario() as client:
        model = client.models.retrieve(model_id).model
        names = [one.name or "" for one in client.models.list()]
        return ", ".join([model.id, *names])
