"""Examples and presets of models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import field

from scenario_async.declare import Mode, Query, Resource, sends
from scenario_async.resources.requests import ProjectDeletion, ProjectRequest
from scenario_async.value import frozen
from scenario_async.values.model_example import ModelExamplesResponse, PresetListResponse, PresetResponse


@frozen(kw_only=True)
class ModelExamplesListParams(ProjectRequest[ModelExamplesResponse]):
    """Look up the examples of a model.

    Args:
        model_id: The model.
        original_assets: Bring back original assets, without any transformation.
        project_id: Instead of the client's.
    """

    endpoint = "GET /models/{model_id}/examples"
    model_id: str = field(kw_only=False)
    original_assets: Query[bool | None] = None


@frozen(kw_only=True)
class ModelExamplesUpdateParams(ProjectRequest[ModelExamplesResponse]):
    """Choose the examples of a model: these and no others.

    Args:
        model_id: The model.
        asset_ids: The assets, at most 150.
        original_assets: Bring back original assets, without any transformation.
        project_id: Instead of the client's.
    """

    endpoint = "PUT /models/{model_id}/examples"
    model_id: str = field(kw_only=False)
    original_assets: Query[bool | None] = None
    asset_ids: Sequence[str]


@frozen(kw_only=True)
class ModelPresetCreateParams(ProjectRequest[PresetResponse]):
    """Keep the parameters of an inference for the next time.

    Args:
        model_id: The model.
        inference_id: The inference.
        is_default: Use them where nothing else is said.
        original_assets: Bring back original assets, without any transformation.
        project_id: Instead of the client's.
    """

    endpoint = "POST /models/{model_id}/presets"
    model_id: str = field(kw_only=False)
    original_assets: Query[bool | None] = None
    inference_id: str
    is_default: bool | None = None


@frozen(kw_only=True)
class ModelPresetListParams(ProjectRequest[PresetListResponse]):
    """Look up the presets of a model.

    Args:
        model_id: The model.
        original_assets: Bring back original assets, without any transformation.
        project_id: Instead of the client's.
    """

    endpoint = "GET /models/{model_id}/presets"
    model_id: str = field(kw_only=False)
    original_assets: Query[bool | None] = None


@frozen(kw_only=True)
class ModelPresetUpdateParams(ProjectRequest[PresetResponse]):
    """Change a preset.

    Args:
        preset_id: The preset.
        model_id: The model that it belongs to.
        is_default: Use it where nothing else is said.
        original_assets: Bring back original assets, without any transformation.
        project_id: Instead of the client's.
    """

    endpoint = "PUT /models/{model_id}/presets/{preset_id}"
    preset_id: str = field(kw_only=False)
    model_id: str
    original_assets: Query[bool | None] = None
    is_default: bool


@frozen(kw_only=True)
class ModelPresetDeleteParams(ProjectDeletion[object]):
    """Delete a preset.

    Args:
        preset_id: The preset.
        model_id: The model that it belongs to.
        project_id: Instead of the client's.
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
