"""Examples and presets of models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import field

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.resources.requests import OriginalAssetsRequest, ProjectDeletion
from scenario_async.values.model_example import ModelExamplesResponse, PresetListResponse, PresetResponse


class ModelExamplesListParams(
    OriginalAssetsRequest[ModelExamplesResponse], endpoint="GET /models/{model_id}/examples"
):
    """Look up the examples of a model."""

    model_id: str = field(kw_only=False)


class ModelExamplesUpdateParams(
    OriginalAssetsRequest[ModelExamplesResponse], endpoint="PUT /models/{model_id}/examples"
):
    """Choose the examples of a model: these and no others.

    Args:
        asset_ids: The assets, at most 150.
    """

    model_id: str = field(kw_only=False)
    asset_ids: Sequence[str]


class ModelPresetCreateParams(
    OriginalAssetsRequest[PresetResponse], endpoint="POST /models/{model_id}/presets"
):
    """Keep the parameters of an inference for the next time.

    Args:
        inference_id: The inference.
        is_default: Use them where nothing else is said.
    """

    model_id: str = field(kw_only=False)
    inference_id: str
    is_default: bool | None = None


class ModelPresetListParams(
    OriginalAssetsRequest[PresetListResponse], endpoint="GET /models/{model_id}/presets"
):
    """Look up the presets of a model."""

    model_id: str = field(kw_only=False)


class ModelPresetUpdateParams(
    OriginalAssetsRequest[PresetResponse], endpoint="PUT /models/{model_id}/presets/{preset_id}"
):
    """Change a preset.

    Args:
        model_id: The model that it belongs to.
        is_default: Use it where nothing else is said.
    """

    preset_id: str = field(kw_only=False)
    model_id: str
    is_default: bool


class ModelPresetDeleteParams(
    ProjectDeletion[object], endpoint="DELETE /models/{model_id}/presets/{preset_id}"
):
    """Delete a preset.

    Args:
        model_id: The model that it belongs to.
    """

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
