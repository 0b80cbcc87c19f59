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
    """Pictures that show what a model can do."""

    list: Final = sends(ModelExamplesListParams)
    update: Final = sends(ModelExamplesUpdateParams)


class ModelPresets(Resource[Mode]):
    """Parameters that are kept for the next time."""

    create: Final = sends(ModelPresetCreateParams)
    list: Final = sends(ModelPresetListParams)
    update: Final = sends(ModelPresetUpdateParams)
    delete: Final = sends(ModelPresetDeleteParams)
