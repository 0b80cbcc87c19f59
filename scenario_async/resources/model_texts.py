"""Descriptions and prompt guides of models."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values import model_text as values


class ModelDescriptions(Resource[Mode]):
    """Descriptions of models."""

    retrieve: Final = sends(values.ModelDescriptionRetrieveParams)
    update: Final = sends(values.ModelDescriptionUpdateParams)


class ModelPromptGuides(Resource[Mode]):
    """Prompt guides of models."""

    retrieve: Final = sends(values.ModelPromptGuideRetrieveParams)
    update: Final = sends(values.ModelPromptGuideUpdateParams)
