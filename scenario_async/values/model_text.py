"""What is written about models."""

from __future__ import annotations

from scenario_async._internal.declare.value import frozen
from scenario_async.values.asset import DescriptionAsset
from scenario_async.values.model import DescriptionModel


@frozen(kw_only=True)
class ModelDescription:
    """What is written about a model, in Markdown, and the assets and models that it names."""

    assets: list[DescriptionAsset]
    models: list[DescriptionModel]
    value: str


@frozen(kw_only=True)
class PromptGuide:
    """How to write prompts for a model, in Markdown."""

    value: str


@frozen(kw_only=True)
class ModelDescriptionResponse:
    """The description of one model."""

    description: ModelDescription


@frozen(kw_only=True)
class PromptGuideResponse:
    """The prompt guide of one model."""

    prompt_guide: PromptGuide
