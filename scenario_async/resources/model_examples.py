"""Examples and presets of models."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values import model_example as values


class ModelExamples(Resource[Mode]):
    """Example images of models."""

    list: Final = sends(values.ModelExamplesListParams)
    update: Final = sends(values.ModelExamplesUpdateParams)


class ModelPresets(Resource[Mode]):
    """Presets of models: saved parameters."""

    create: Final = sends(values.ModelPresetCreateParams)
    list: Final = sends(values.ModelPresetListParams)
    update: Final = sends(values.ModelPresetUpdateParams)
    delete: Final = sends(values.ModelPresetDeleteParams)
