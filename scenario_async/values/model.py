"""Models."""

from __future__ import annotations

from typing import Literal

from attrs import field

from scenario_async._internal.declare.converter import named
from scenario_async._internal.declare.value import Value
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.enumerations import (
    AccessRestrictions,
    ModelCapability,
    ModelSource,
    ModelStatus,
    ModelType,
    Privacy,
)
from scenario_async.values.model_input import ModelInput
from scenario_async.values.training import TrainingParameters, TrainingProgress, TrainingStats
from scenario_async.values.training_image import TrainingImage, TrainingImagePair
from scenario_async.values.ui_config import UiConfig


class DescriptionModel(Value):
    """A model as other things show it."""

    id: str
    privacy: Privacy | str
    type: ModelType | str
    author_id: str | None = None
    name: str | None = None
    owner_id: str | None = None
    short_description: str | None = None


class ModelProfile(DescriptionModel):
    """What every answer may say of a model. Dates are ISO strings, as the service sends them."""

    access_restrictions: AccessRestrictions | int | None = None
    class_: ModelClass | None = None
    compliant_model_ids: list[str] | None = None
    concepts: list[ModelConcept] | None = None
    deleted_at: str | None = None
    disable_refund: bool | None = None
    epoch: str | None = None
    epochs: list[ModelEpoch] | None = None
    inputs: list[ModelInput] | None = None
    job_id: str | None = None
    model_keyword: str | None = None
    negative_prompt_embedding: str | None = None
    parameters: TrainingParameters | None = None
    parent_model_id: str | None = None
    performance_stats: ModelPerformanceStats | None = None
    prompt_embedding: str | None = None
    soft_deletion_on: str | None = None
    thumbnail: AssetLink | None = None
    training_image_pairs: list[TrainingImagePair] | None = None
    training_images: list[TrainingImage] | None = None
    training_progress: TrainingProgress | None = None
    training_stats: TrainingStats | None = None
    ui_config: UiConfig | None = None
    user_id: str | None = None


class Model(ModelProfile):
    """A model: trained, in training, or a set of training images that waits for it."""

    capabilities: list[ModelCapability | str]
    collection_ids: list[str]
    created_at: str
    custom: bool
    example_asset_ids: list[str]
    source: ModelSource | str
    status: ModelStatus | str
    tags: list[str]
    training_images_number: float
    updated_at: str


class BulkModel(ModelProfile):
    """A model of several that were looked up at once: what was asked for says how much is set."""

    capabilities: list[ModelCapability | str] | None = None
    collection_ids: list[str] | None = None
    created_at: str | None = None
    custom: bool | None = None
    example_asset_ids: list[str] | None = None
    source: ModelSource | str | None = None
    status: ModelStatus | str | None = None
    tags: list[str] | None = None
    training_images_number: float | None = None
    updated_at: str | None = None


class ModelClass(Value):
    """What kind of thing a model was told that it learns."""

    category: str
    concept_prompt: str
    model_id: str
    name: str
    prompt: str
    slug: str
    status: Literal["published", "unpublished"] | str
    thumbnails: list[str]


class ModelConcept(Value):
    """A model that is mixed into another, and how strongly."""

    model_id: str
    scale: float
    model_epoch: str | None = None


class ModelEpoch(Value):
    """A state of a model during its training."""

    epoch: str
    assets: list[AssetLink] | None = None


class ModelPerformanceStats(Value):
    """How fast a model works and what it costs, for each of its variants."""

    variants: list[ModelPerformanceVariant]
    default: str | None = None


class ModelPerformanceVariant(Value):
    """How fast one variant of a model works, in seconds, and what it costs, in creative units."""

    capability: str
    computed_at: str
    variant_key: str
    arena_score: ArenaScore | None = None
    cost_per_asset_max_cu: float | None = field(default=None, metadata=named("costPerAssetMaxCU"))
    cost_per_asset_min_cu: float | None = field(default=None, metadata=named("costPerAssetMinCU"))
    cost_per_asset_p50_cu: float | None = field(default=None, metadata=named("costPerAssetP50CU"))
    inference_latency_p50_sec: float | None = None
    inference_latency_p75_sec: float | None = None
    resolution: str | None = None
    total_latency_p50_sec: float | None = None
    total_latency_p75_sec: float | None = None


class ArenaScore(Value):
    """How a model fares where people compare pictures."""

    arena_category: str
    arena_model_name: str
    fetched_at: str
    rank: float
    rating: float
    rating_lower: float
    rating_upper: float
    votes: float


class ModelResponse(Value):
    """One model."""

    model: Model


class ModelBulkResponse(Value):
    """Several models."""

    models: list[BulkModel]
