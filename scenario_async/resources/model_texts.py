"""What is written about models."""

from __future__ import annotations

from typing import Final

from attrs import field

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async._internal.declare.value import frozen
from scenario_async.resources.requests import OriginalAssetsRequest, ProjectRequest
from scenario_async.values.model_text import ModelDescriptionResponse, PromptGuideResponse


@frozen(kw_only=True)
class ModelDescriptionRetrieveParams(OriginalAssetsRequest[ModelDescriptionResponse]):
    """Look up the description of a model."""

    endpoint = "GET /models/{model_id}/description"
    model_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ModelDescriptionUpdateParams(OriginalAssetsRequest[ModelDescriptionResponse]):
    """Write the description of a model.

    Args:
        description: The text, in Markdown.
    """

    endpoint = "PUT /models/{model_id}/description"
    model_id: str = field(kw_only=False)
    description: str


@frozen(kw_only=True)
class ModelPromptGuideRetrieveParams(ProjectRequest[PromptGuideResponse]):
    """Look up how to write prompts for a model."""

    endpoint = "GET /models/{model_id}/prompt-guide"
    model_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ModelPromptGuideUpdateParams(ProjectRequest[PromptGuideResponse]):
    """Write how to write prompts for a model.

    Args:
        prompt_guide: The text, in Markdown.
    """

    endpoint = "PUT /models/{model_id}/prompt-guide"
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
