"""What is written about models."""

from __future__ import annotations

from typing import Final

from attrs import field

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.resources.requests import OriginalAssetsRequest, ProjectRequest
from scenario_async.values.model_text import ModelDescriptionResponse, PromptGuideResponse


class ModelDescriptionRetrieveParams(
    OriginalAssetsRequest[ModelDescriptionResponse], endpoint="GET /models/{model_id}/description"
):
    """Look up the description of a model."""

    model_id: str = field(kw_only=False)


class ModelDescriptionUpdateParams(
    OriginalAssetsRequest[ModelDescriptionResponse], endpoint="PUT /models/{model_id}/description"
):
    """Write the description of a model.

    Args:
        description: The text, in Markdown.
    """

    model_id: str = field(kw_only=False)
    description: str


class ModelPromptGuideRetrieveParams(
    ProjectRequest[PromptGuideResponse], endpoint="GET /models/{model_id}/prompt-guide"
):
    """Look up how to write prompts for a model."""

    model_id: str = field(kw_only=False)


class ModelPromptGuideUpdateParams(
    ProjectRequest[PromptGuideResponse], endpoint="PUT /models/{model_id}/prompt-guide"
):
    """Write how to write prompts for a model.

    Args:
        prompt_guide: The text, in Markdown.
    """

    model_id: str = field(kw_only=False)
    prompt_guide: str


class ModelDescriptions(Resource[Mode]):
    """What is written about a model."""

    retrieve: Final = sends(ModelDescriptionRetrieveParams)
    update: Final = sends(ModelDescriptionUpdateParams)


class ModelPromptGuides(Resource[Mode]):
    """How to write prompts for a model."""

    retrieve: Final = sends(ModelPromptGuideRetrieveParams)
    update: Final = sends(ModelPromptGuideUpdateParams)
