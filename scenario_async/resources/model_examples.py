"""Examples and presets of models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import field

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async._internal.declare.value import frozen
from scenario_async.resources.requests import OriginalAssetsRequest, ProjectDeletion
from scenario_async.values.model_example import ModelExamplesResponse, PresetListResponse, PresetResponse


@frozen(kw_only=True)
class ModelExamplesListParams(OriginalAssetsRequest[ModelExamplesResponse]):
    """Look up the examples of a model."""

    endpoint = "GET /models/{model_id}/examples"
    model_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ModelExamplesUpdateParams(OriginalAssetsRequest[ModelExamplesResponse]):
    """Choose the examples of a model: these and no others.

    Args:
        asset_ids: The assets, at most 150.
    """

    endpoint = "PUT /models/{model_id}/examples"
    model_id: str = field(kw_only=False)
    asset_ids: Sequence[str]


@frozen(kw_only=True)
class ModelPresetCreateParams(OriginalAssetsRequest[PresetResponse]):
    """Keep the parameters of an inference for the next time.

    Args:
        inference_id: The inference.
        is_default: Use them where nothing else is said.
    """

    endpoint = "POST /models/{model_id}/presets"
    model_id: str = field(kw_only=False)
    inference_id: str
    is_default: bool | None = None


@frozen(kw_only=True)
class ModelPresetListParams(OriginalAssetsRequest[PresetListResponse]):
    """Look up the presets of a model."""

    endpoint = "GET /models/{model_id}/presets"
    model_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ModelPresetUpdateParams(OriginalAssetsRequest[PresetResponse]):
    """Change a preset.

    Args:
        model_id: The model that it belongs to.
        is_default: Use it where nothing else is said.
    """

    endpoint = "PUT /models/{model_id}/presets/{preset_id}"
    preset_id: str = field(kw_only=False)
    model_id: str
    is_default: bool


@frozen(kw_only=True)
class ModelPresetDeleteParams(ProjectDeletion[object]):
    """Delete a preset.

    Args:
        model_id: The model that it belongs to.
    """

    endpoint = "DELETE /models/{model_id}/presets/{preset_id}"
    preset_id: str = field(kw_only=False)
    model_id: str


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
