"""What is written about models."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.model_text import (
    ModelDescriptionRetrieveParams,
    ModelDescriptionUpdateParams,
    ModelPromptGuideRetrieveParams,
    ModelPromptGuideUpdateParams,
)


class ModelDescriptions(Resource[Mode]):
    """What is written about a model."""

    retrieve: Final = sends(ModelDescriptionRetrieveParams)
    update: Final = sends(ModelDescriptionUpdateParams)


class ModelPromptGuides(Resource[Mode]):
    """How to write prompts for a model."""

    retrieve: Final = sends(ModelPromptGuideRetrieveParams)
    update: Final = sends(ModelPromptGuideUpdateParams)
