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
    """Descriptions of models."""

    retrieve: Final = sends(ModelDescriptionRetrieveParams)
    update: Final = sends(ModelDescriptionUpdateParams)


class ModelPromptGuides(Resource[Mode]):
    """Prompt guides of models."""

    retrieve: Final = sends(ModelPromptGuideRetrieveParams)
    update: Final = sends(ModelPromptGuideUpdateParams)
