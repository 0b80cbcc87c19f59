"""Descriptions and prompt guides of models."""

from __future__ import annotations

from attrs import field

from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import OriginalAssetsRequest, ProjectRequest
from scenario_async.values.asset import DescriptionAsset
from scenario_async.values.model import DescriptionModel


class ModelDescription(Value):
    """The description of a model, in Markdown, and the assets and models that it names."""

    assets: list[DescriptionAsset]
    models: list[DescriptionModel]
    value: str


class PromptGuide(Value):
    """The prompt guide of a model, in Markdown: how to write prompts for it."""

    value: str


class ModelDescriptionResponse(Value):
    """The description of one model."""

    description: ModelDescription


class PromptGuideResponse(Value):
    """The prompt guide of one model."""

    prompt_guide: PromptGuide


class ModelDescriptionRetrieveParams(
    OriginalAssetsRequest[ModelDescriptionResponse], endpoint="GET /models/{model_id}/description"
):
    """Retrieve the description of a model."""

    model_id: str = field(kw_only=False)


class ModelDescriptionUpdateParams(
    OriginalAssetsRequest[ModelDescriptionResponse], endpoint="PUT /models/{model_id}/description"
):
    """Set the description of a model.

    Args:
        description: The text, in Markdown.
    """

    model_id: str = field(kw_only=False)
    description: str


class ModelPromptGuideRetrieveParams(
    ProjectRequest[PromptGuideResponse], endpoint="GET /models/{model_id}/prompt-guide"
):
    """Retrieve the prompt guide of a model."""

    model_id: str = field(kw_only=False)


class ModelPromptGuideUpdateParams(
    ProjectRequest[PromptGuideResponse], endpoint="PUT /models/{model_id}/prompt-guide"
):
    """Set the prompt guide of a model.

    Args:
        prompt_guide: The text, in Markdown.
    """

    model_id: str = field(kw_only=False)
    prompt_guide: str
