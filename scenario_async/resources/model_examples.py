"""Examples and presets of models."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.model_example import (
    ModelExamplesListParams,
    ModelExamplesUpdateParams,
    ModelPresetCreateParams,
    ModelPresetDeleteParams,
    ModelPresetListParams,
    ModelPresetUpdateParams,
)


class ModelExamples(Resource[Mode]):
    """Example images of models."""

    list: Final = sends(ModelExamplesListParams)
    update: Final = sends(ModelExamplesUpdateParams)


class ModelPresets(Resource[Mode]):
    """Presets of models: saved parameters."""

    create: Final = sends(ModelPresetCreateParams)
    list: Final = sends(ModelPresetListParams)
    update: Final = sends(ModelPresetUpdateParams)
    delete: Final = sends(ModelPresetDeleteParams)
