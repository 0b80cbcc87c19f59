"""Models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from attrs import field

from scenario_async._internal.declare.converter import named
from scenario_async._internal.declare.operation import Mode, OrDict, Query
from scenario_async._internal.declare.value import Value
from scenario_async.pagination import CursorPage
from scenario_async.values import enumerations
from scenario_async.values._requests import (
    OriginalAssetsRequest,
    PageRequest,
    PaidRequest,
    ProjectDeletion,
    ProjectRequest,
    RepeatableRequest,
)
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.download import DownloadJobResponse
from scenario_async.values.model_input import ModelInput
from scenario_async.values.tag import TagsUpdateResponse
from scenario_async.values.training import TrainingParameters, TrainingProgress, TrainingStats
from scenario_async.values.training_image import TrainingImage, TrainingImagePair
from scenario_async.values.ui_config import UiConfig


class DescriptionModel(Value):
    """The fields of a model that other objects show."""

    id: str
    privacy: enumerations.Privacy | str
    type: enumerations.ModelType | str
    author_id: str | None = None
    name: str | None = None
    owner_id: str | None = None
    short_description: str | None = None


class ModelProfile(DescriptionModel):
    """The fields that every response with a model may have. Dates are ISO strings."""

    access_restrictions: enumerations.AccessRestrictions | int | None = None
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
    """A model with its training images: not trained yet, in training, or trained."""

    capabilities: list[enumerations.ModelCapability | str]
    collection_ids: list[str]
    created_at: str
    custom: bool
    example_asset_ids: list[str]
    source: enumerations.ModelSource | str
    status: enumerations.ModelStatus | str
    tags: list[str]
    training_images_number: float
    updated_at: str


class BulkModel(ModelProfile):
    """A model in the response of `get_bulk`. Only the requested fields are set."""

    capabilities: list[enumerations.ModelCapability | str] | None = None
    collection_ids: list[str] | None = None
    created_at: str | None = None
    custom: bool | None = None
    example_asset_ids: list[str] | None = None
    source: enumerations.ModelSource | str | None = None
    status: enumerations.ModelStatus | str | None = None
    tags: list[str] | None = None
    training_images_number: float | None = None
    updated_at: str | None = None


class ModelClass(Value):
    """The class of the subject that a model learns."""

    category: str
    concept_prompt: str
    model_id: str
    name: str
    prompt: str
    slug: str
    status: Literal["published", "unpublished"] | str
    thumbnails: list[str]


class ModelConcept(Value):
    """A model that is merged into another, and its strength (`scale`)."""

    model_id: str
    scale: float
    model_epoch: str | None = None


class ModelEpoch(Value):
    """The state of a model after an epoch of its training."""

    epoch: str
    assets: list[AssetLink] | None = None


class ModelPerformanceStats(Value):
    """The speed and the cost of each variant of a model."""

    variants: list[ModelPerformanceVariant]
    default: str | None = None


class ModelPerformanceVariant(Value):
    """The latency of one variant of a model, in seconds, and its cost, in creative units."""

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
    """The rank and rating of a model in an arena, where people compare pictures."""

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


class ModelListResponse(CursorPage[Model, Mode]):
    """A page of models, with the first three training images of each."""

    items_field = "models"

    models: list[Model]
    next_pagination_token: str | None = None


class ModelCreateParams(OriginalAssetsRequest[ModelResponse], endpoint="POST /models"):
    """Create a model. It has no training images yet.

    Args:
        base_model_id: The model to build on.
        class_slug: The class of the subject that it learns.
        collection_ids: The collections to put it into.
        concepts: Models to merge: `ModelConcept` values, or dicts with the same names.
        short_description: A description in one line.
        type: Its type.
    """

    base_model_id: str | None = None
    class_slug: str | None = None
    collection_ids: Sequence[str] | None = None
    concepts: Sequence[OrDict[ModelConcept]] | None = None
    name: str | None = None
    short_description: str | None = None
    type: enumerations.ModelType | None = None


class ModelRetrieveParams(OriginalAssetsRequest[ModelResponse], endpoint="GET /models/{model_id}"):
    """Retrieve a model with its training images and pairs."""

    model_id: str = field(kw_only=False)


class ModelListParams(PageRequest[ModelListResponse[Any]], endpoint="GET /models"):
    """List models, a page at a time.

    Dates are ISO strings. Sets of ids and tags are strings, separated by commas.

    Args:
        blacklisted: Only those that are blacklisted, or only those that are not.
        collection_id: Only those of this collection.
        collection_ids: Only those of these collections.
        created_after: Only those created after this date.
        created_before: Only those created before this date.
        loaded_only: Only models that are loaded and ready to run.
        privacy: Only those with this visibility.
        sort_by: The field to sort by.
        sort_direction: ``"asc"`` or ``"desc"``.
        status: Only those with this status.
        tags: Only those with these tags.
        type: Only models of this type.
        types: Only models of these types.
        updated_after: Only those updated after this date.
        updated_before: Only those updated before this date.
    """

    blacklisted: Query[bool | None] = None
    collection_id: Query[str | None] = None
    collection_ids: Query[str | None] = None
    created_after: Query[str | None] = None
    created_before: Query[str | None] = None
    loaded_only: Query[bool | None] = None
    original_assets: Query[bool | None] = None
    privacy: Query[enumerations.ListedPrivacy | None] = None
    sort_by: Query[Literal["createdAt", "updatedAt", "score"] | None] = None
    sort_direction: Query[enumerations.SortDirection | None] = None
    status: Query[Literal["new", "training", "trained", "failed", "deleted"] | None] = None
    tags: Query[str | None] = None
    type: Query[enumerations.ModelType | None] = None
    types: Query[Sequence[enumerations.ModelType] | None] = None
    updated_after: Query[str | None] = None
    updated_before: Query[str | None] = None


class ModelDeleteParams(ProjectDeletion[object], endpoint="DELETE /models/{model_id}"):
    """Delete a model."""

    model_id: str = field(kw_only=False)


class ModelGetBulkParams(RepeatableRequest[ModelBulkResponse], endpoint="POST /models/get-bulk"):
    """Retrieve several models by their ids.

    Args:
        all_training_images: Return all training images, not only the first three of each model.
        minimal: Return only ids, names and types.
        settings: Also return the settings that are added to every prompt.
        thumbnail: Also return thumbnails.
        training_images_preview: Return the first three training images of each model.
    """

    original_assets: Query[bool | None] = None
    all_training_images: bool | None = None
    minimal: bool | None = None
    model_ids: Sequence[str] | None = None
    settings: bool | None = None
    thumbnail: bool | None = None
    training_images_preview: bool | None = None


class ModelUpdateParams(OriginalAssetsRequest[ModelResponse], endpoint="PUT /models/{model_id}"):
    """Update a model.

    Args:
        class_slug: The class of the subject that it learns.
        concepts: Models to merge: `ModelConcept` values, or dicts with the same names.
        epoch: The training epoch to use.
        negative_prompt_embedding: Text to add to every negative prompt.
        parameters: The training parameters: `TrainingParameters`, or a dict with the same names.
        prompt_embedding: Text to add to every prompt.
        short_description: A description in one line.
        thumbnail: The asset to use as thumbnail.
        type: Its type; it can change only before training.
    """

    model_id: str = field(kw_only=False)
    class_slug: str | None = None
    concepts: Sequence[OrDict[ModelConcept]] | None = None
    epoch: str | None = None
    name: str | None = None
    negative_prompt_embedding: str | None = None
    parameters: OrDict[TrainingParameters] | None = None
    prompt_embedding: str | None = None
    short_description: str | None = None
    thumbnail: str | None = None
    type: enumerations.ModelType | None = None


class ModelCopyParams(OriginalAssetsRequest[ModelResponse], endpoint="POST /models/{model_id}/copy"):
    """Copy a model.

    Args:
        copy_as_trained: Also copy its training results.
        copy_examples: Also copy its example images (the default).
    """

    model_id: str = field(kw_only=False)
    copy_as_trained: bool | None = None
    copy_examples: bool | None = None


class ModelTransferParams(ProjectRequest[ModelResponse], endpoint="POST /models/{model_id}/transfer"):
    """Copy a model into another project.

    Args:
        destination_project_id: The project to copy it to.
        destination_team_id: The team of that project, if it differs.
    """

    model_id: str = field(kw_only=False)
    destination_project_id: str
    destination_team_id: str | None = None


class ModelDownloadParams(PaidRequest[DownloadJobResponse], endpoint="POST /models/{model_id}/download"):
    """Start a job that packs a model for download.

    Args:
        model_epoch: The training epoch to pack; the current one if not given.
    """

    model_id: str = field(kw_only=False)
    model_epoch: str | None = None


class ModelUpdateTagsParams(ProjectRequest[TagsUpdateResponse], endpoint="PUT /models/{model_id}/tags"):
    """Add tags to a model and remove tags from it.

    Args:
        add: Tags to add.
        delete: Tags to remove.
        strict: Fail if a tag to add exists or a tag to remove does not.
    """

    model_id: str = field(kw_only=False)
    add: Sequence[str] | None = None
    delete: Sequence[str] | None = None
    strict: bool | None = None


class ModelDeleteImagesParams(ProjectRequest[object], endpoint="DELETE /models/{model_id}/images"):
    """Delete images that a model generated.

    Args:
        ids: The assets to delete.
    """

    model_id: str = field(kw_only=False)
    ids: Query[Sequence[str]]


class ModelRestoreParams(OriginalAssetsRequest[ModelResponse], endpoint="POST /models/{model_id}/restore"):
    """Restore a deleted model."""

    model_id: str = field(kw_only=False)
