"""How an asset was made."""

from __future__ import annotations

from typing import Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.enumerations import AssetKind, AssetMetadataType, AssetStyle, Modality, ModelType
from scenario_async.values.model import ModelConcept


class AssetMetadata(Value):
    """How an asset was made: its type, model and parameters. `type` decides which fields are set."""

    kind: AssetKind | str
    type: AssetMetadataType | str
    angular: float | None = None
    aspect_ratio: str | None = None
    background_opacity: float | None = None
    base_model_id: str | None = None
    bbox: list[float] | None = None
    better_quality: bool | None = None
    canny_structure_image: str | None = None
    clustering: bool | None = None
    color_correction: bool | None = None
    color_mode: str | None = None
    color_precision: float | None = None
    concepts: list[ModelConcept] | None = None
    contours: list[list[list[list[float]]]] | None = None
    control_end: float | None = None
    copied_at: str | None = None
    corner_threshold: float | None = None
    creativity: float | None = None
    creativity_decay: float | None = None
    default_parameters: bool | None = None
    depth_fidelity: float | None = None
    depth_image: str | None = None
    details_level: float | None = None
    dilate: float | None = None
    factor: float | None = None
    file_name: str | None = None
    filter_speckle: float | None = None
    fractality: float | None = None
    geometry_enforcement: float | None = None
    guidance: float | None = None
    half_mode: bool | None = None
    hdr: float | None = None
    height: float | None = None
    high_threshold: float | None = None
    horizontal_expansion_ratio: float | None = None
    image: str | None = None
    image_fidelity: float | None = None
    image_type: Literal["seamfull", "skybox", "texture"] | str | None = None
    inference_id: str | None = None
    input_fidelity: Literal["high", "low"] | str | None = None
    input_location: Literal["bottom", "left", "middle", "right", "top"] | str | None = None
    invert: bool | None = None
    keeps_file_names: bool | None = None
    keypoint_threshold: float | None = None
    layer_difference: float | None = None
    length_threshold: float | None = None
    lock_expires_at: str | None = None
    low_threshold: float | None = None
    mask: str | None = None
    max_iterations: float | None = None
    max_threshold: float | None = None
    min_threshold: float | None = None
    modality: Modality | str | None = None
    mode: str | None = None
    model_id: str | None = None
    model_type: ModelType | str | None = None
    name: str | None = None
    nb_masks: float | None = None
    negative_prompt: str | None = None
    negative_prompt_strength: float | None = None
    num_inference_steps: float | None = None
    num_outputs: float | None = None
    original_asset_id: str | None = None
    output_index: float | None = None
    overlap_percentage: float | None = None
    override_embeddings: bool | None = None
    parent_id: str | None = None
    parent_job_id: str | None = None
    path_precision: float | None = None
    points: list[list[float]] | None = None
    polished: float | None = None
    preset: str | None = None
    progress_percent: float | None = None
    prompt: str | None = None
    prompt_fidelity: float | None = None
    raised: float | None = None
    reference_images: list[str] | None = None
    refinement_steps: float | None = None
    remove_background: bool | None = None
    resize_option: float | None = None
    result_contours: bool | None = None
    result_image: bool | None = None
    result_mask: bool | None = None
    root_parent_id: str | None = None
    save_flipbook: bool | None = None
    scaling_factor: float | None = None
    scheduler: str | None = None
    seed: str | None = None
    sharpen: bool | None = None
    shiny: float | None = None
    size: float | None = None
    sketch: bool | None = None
    source_project_id: str | None = None
    splice_threshold: float | None = None
    strength: float | None = None
    structure_fidelity: float | None = None
    structure_image: str | None = None
    style: AssetStyle | str | None = None
    style_fidelity: float | None = None
    style_images: list[str] | None = None
    style_images_fidelity: float | None = None
    target_height: float | None = None
    target_width: float | None = None
    text: str | None = None
    texture: str | None = None
    thumbnail: AssetLink | None = None
    tile_style: bool | None = None
    training_image: bool | None = None
    vertical_expansion_ratio: float | None = None
    width: float | None = None
