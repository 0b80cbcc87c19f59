"""Examples and presets of models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from attrs import field

from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import OriginalAssetsRequest, ProjectDeletion
from scenario_async.values.asset import Asset
from scenario_async.values.enumerations import AspectRatio, InferenceScheduler, InferenceType
from scenario_async.values.job import Job
from scenario_async.values.model import ModelConcept


class InferenceParameters(Value):
    """The parameters of an inference. Lengths are in pixels."""

    prompt: str
    type: InferenceType | str
    aspect_ratio: AspectRatio | str | None = None
    base_model_id: str | None = None
    concepts: list[ModelConcept] | None = None
    control_end: float | None = None
    control_image: str | None = None
    control_image_id: str | None = None
    control_start: float | None = None
    disable_merging: bool | None = None
    disable_modality_detection: bool | None = None
    guidance: float | None = None
    height: float | None = None
    hide_results: bool | None = None
    image: str | None = None
    image_id: str | None = None
    intermediate_images: bool | None = None
    ip_adapter_image: str | None = None
    ip_adapter_image_id: str | None = None
    ip_adapter_image_ids: list[str] | None = None
    ip_adapter_images: list[str] | None = None
    ip_adapter_scale: float | None = None
    ip_adapter_scales: list[float] | None = None
    ip_adapter_type: Literal["character", "style"] | str | None = None
    mask: str | None = None
    mask_id: str | None = None
    modality: str | None = None
    model_epoch: str | None = None
    negative_prompt: str | None = None
    negative_prompt_strength: float | None = None
    num_inference_steps: float | None = None
    num_samples: float | None = None
    reference_adain: bool | None = None
    reference_attn: bool | None = None
    scheduler: InferenceScheduler | str | None = None
    seed: str | None = None
    strength: float | None = None
    style_fidelity: float | None = None
    width: float | None = None


class ModelExample(Value):
    """An example image of a model."""

    asset: Asset
    model_id: str
    inference_id: str | None = None
    inference_parameters: InferenceParameters | None = None
    job: Job | None = None


class ModelPreset(Value):
    """A preset: the saved parameters of an inference. Dates are ISO strings."""

    author_id: str
    created_at: str
    id: str
    is_default: bool
    model_id: str
    owner_id: str
    parameters: InferenceParameters
    updated_at: str


class ModelExamplesResponse(Value):
    """The examples of one model."""

    examples: list[ModelExample]


class PresetResponse(Value):
    """One preset."""

    preset: ModelPreset


class PresetListResponse(Value):
    """All presets of one model."""

    presets: list[ModelPreset]


class ModelExamplesListParams(
    OriginalAssetsRequest[ModelExamplesResponse], endpoint="GET /models/{model_id}/examples"
):
    """List the example images of a model."""

    model_id: str = field(kw_only=False)


class ModelExamplesUpdateParams(
    OriginalAssetsRequest[ModelExamplesResponse], endpoint="PUT /models/{model_id}/examples"
):
    """Replace the example images of a model.

    Args:
        asset_ids: The assets, at most 150.
    """

    model_id: str = field(kw_only=False)
    asset_ids: Sequence[str]


class ModelPresetCreateParams(
    OriginalAssetsRequest[PresetResponse], endpoint="POST /models/{model_id}/presets"
):
    """Create a preset from the parameters of an inference.

    Args:
        is_default: Use it by default.
    """

    model_id: str = field(kw_only=False)
    inference_id: str
    is_default: bool | None = None


class ModelPresetListParams(
    OriginalAssetsRequest[PresetListResponse], endpoint="GET /models/{model_id}/presets"
):
    """List the presets of a model."""

    model_id: str = field(kw_only=False)


class ModelPresetUpdateParams(
    OriginalAssetsRequest[PresetResponse], endpoint="PUT /models/{model_id}/presets/{preset_id}"
):
    """Update a preset.

    Args:
        model_id: The model that it belongs to.
        is_default: Use it by default.
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
