"""What is written about models."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value
from scenario_async.values.asset import DescriptionAsset
from scenario_async.values.model import DescriptionModel


class ModelDescription(Value):
    """What is written about a model, in Markdown, and the assets and models that it names."""

    assets: list[DescriptionAsset]
    models: list[DescriptionModel]
    value: str


class PromptGuide(Value):
    """How to write prompts for a model, in Markdown."""

    value: str


class ModelDescriptionResponse(Value):
    """The description of one model."""

    description: ModelDescription


class PromptGuideResponse(Value):
    """The prompt guide of one model."""

    prompt_guide: PromptGuide
