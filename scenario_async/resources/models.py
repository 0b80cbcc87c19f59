"""Models: made, looked up, listed, changed, passed on and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

from attrs import field

from scenario_async._internal.declare.operation import Async, Blocking, Given, Mode, Query, Resource, sends
from scenario_async.pagination import CursorPage, lists
from scenario_async.resources.requests import (
    OriginalAssetsRequest,
    PageRequest,
    PaidRequest,
    ProjectDeletion,
    ProjectRequest,
    RepeatableRequest,
)
from scenario_async.values.download import DownloadJobResponse
from scenario_async.values.enumerations import ListedPrivacy, ModelType, SortDirection
from scenario_async.values.model import Model, ModelBulkResponse, ModelConcept, ModelResponse
from scenario_async.values.tag import TagsUpdateResponse
from scenario_async.values.training import TrainingParameters

if TYPE_CHECKING:
    from scenario_async.resources.model_examples import ModelExamples, ModelPresets
    from scenario_async.resources.model_texts import ModelDescriptions, ModelPromptGuides
    from scenario_async.resources.model_training import ModelScores, ModelTraining
    from scenario_async.resources.training_images import TrainingImages


class ModelListResponse(CursorPage[Model, Mode]):
    """A page of models, with the first three training images of each."""

    items_field = "models"

    models: list[Model]
    next_pagination_token: str | None = None


class ModelCreateParams(OriginalAssetsRequest[ModelResponse], endpoint="POST /models"):
    """Make a model, without training images at first.

    Args:
        base_model_id: The model to build on.
        class_slug: What kind of thing it learns.
        collection_ids: The collections to put it into.
        concepts: Models to mix in: `ModelConcept` values, or dicts with the same names.
        name: Its name.
        short_description: What it is, in a line.
        type: What it is built on.
    """

    base_model_id: str | None = None
    class_slug: str | None = None
    collection_ids: Sequence[str] | None = None
    concepts: Sequence[Given[ModelConcept]] | None = None
    name: str | None = None
    short_description: str | None = None
    type: ModelType | None = None


class ModelRetrieveParams(OriginalAssetsRequest[ModelResponse], endpoint="GET /models/{model_id}"):
    """Look up a model, with all its training images and pairs."""

    model_id: str = field(kw_only=False)


class ModelListParams(PageRequest[ModelListResponse[Any]], endpoint="GET /models"):
    """List models, a page at a time.

    Dates are ISO strings. Sets of ids and tags are strings, separated by commas.

    Args:
        blacklisted: Only those that are blacklisted, or only those that are not.
        collection_id: Only those of this collection.
        collection_ids: Only those of these collections.
        created_after: Only those made after this date.
        created_before: Only those made before this date.
        loaded_only: Only those that are ready to run.
        privacy: Who may see them.
        sort_by: What to sort by.
        sort_direction: Which way.
        status: How far they are.
        tags: Only those with these tags.
        type: What they are built on.
        types: What they are built on, if several.
        updated_after: Only those changed after this date.
        updated_before: Only those changed before this date.
        original_assets: Bring back original assets, without any transformation.
    """

    blacklisted: Query[bool | None] = None
    collection_id: Query[str | None] = None
    collection_ids: Query[str | None] = None
    created_after: Query[str | None] = None
    created_before: Query[str | None] = None
    loaded_only: Query[bool | None] = None
    original_assets: Query[bool | None] = None
    privacy: Query[ListedPrivacy | None] = None
    sort_by: Query[Literal["createdAt", "updatedAt", "score"] | None] = None
    sort_direction: Query[SortDirection | None] = None
    status: Query[Literal["new", "training", "trained", "failed", "deleted"] | None] = None
    tags: Query[str | None] = None
    type: Query[ModelType | None] = None
    types: Query[Sequence[ModelType] | None] = None
    updated_after: Query[str | None] = None
    updated_before: Query[str | None] = None


class ModelDeleteParams(ProjectDeletion[object], endpoint="DELETE /models/{model_id}"):
    """Delete a model."""

    model_id: str = field(kw_only=False)


class ModelGetBulkParams(RepeatableRequest[ModelBulkResponse], endpoint="POST /models/get-bulk"):
    """Look up several models.

    Args:
        all_training_images: Bring back all training images, not just the first three of each.
        minimal: Bring back ids, names and types only.
        model_ids: The models.
        settings: Bring back what is added to every prompt too.
        thumbnail: Bring back thumbnails too.
        training_images_preview: Bring back the first three training images of each.
        original_assets: Bring back original assets, without any transformation.
    """

    original_assets: Query[bool | None] = None
    all_training_images: bool | None = None
    minimal: bool | None = None
    model_ids: Sequence[str] | None = None
    settings: bool | None = None
    thumbnail: bool | None = None
    training_images_preview: bool | None = None


class ModelUpdateParams(OriginalAssetsRequest[ModelResponse], endpoint="PUT /models/{model_id}"):
    """Change a model.

    Args:
        class_slug: What kind of thing it learns.
        concepts: Models to mix in: `ModelConcept` values, or dicts with the same names.
        epoch: The state of its training to use.
        name: Its name.
        negative_prompt_embedding: What to add to every negative prompt.
        parameters: How to train it: `TrainingParameters`, or a dict with the same names.
        prompt_embedding: What to add to every prompt.
        short_description: What it is, in a line.
        thumbnail: The asset that is to stand for it.
        type: What it is built on; only before it is trained.
    """

    model_id: str = field(kw_only=False)
    class_slug: str | None = None
    concepts: Sequence[Given[ModelConcept]] | None = None
    epoch: str | None = None
    name: str | None = None
    negative_prompt_embedding: str | None = None
    parameters: Given[TrainingParameters] | None = None
    prompt_embedding: str | None = None
    short_description: str | None = None
    thumbnail: str | None = None
    type: ModelType | None = None


class ModelCopyParams(OriginalAssetsRequest[ModelResponse], endpoint="POST /models/{model_id}/copy"):
    """Copy a model.

    Args:
        copy_as_trained: Copy what it learnt too.
        copy_examples: Copy its examples too, as is usual.
    """

    model_id: str = field(kw_only=False)
    copy_as_trained: bool | None = None
    copy_examples: bool | None = None


class ModelTransferParams(ProjectRequest[ModelResponse], endpoint="POST /models/{model_id}/transfer"):
    """Copy a model into another project.

    Args:
        destination_project_id: The project to copy it to.
        destination_team_id: That project's team, if it is another one.
    """

    model_id: str = field(kw_only=False)
    destination_project_id: str
    destination_team_id: str | None = None


class ModelDownloadParams(PaidRequest[DownloadJobResponse], endpoint="POST /models/{model_id}/download"):
    """Have a model packed for download: a job does it.

    Args:
        model_epoch: The state of its training to pack, if not the one in use.
    """

    model_id: str = field(kw_only=False)
    model_epoch: str | None = None


class ModelUpdateTagsParams(ProjectRequest[TagsUpdateResponse], endpoint="PUT /models/{model_id}/tags"):
    """Change the tags of a model.

    Args:
        add: Tags to add.
        delete: Tags to take away.
        strict: Refuse to add what is there, or to take away what is not.
    """

    model_id: str = field(kw_only=False)
    add: Sequence[str] | None = None
    delete: Sequence[str] | None = None
    strict: bool | None = None


class ModelDeleteImagesParams(ProjectRequest[object], endpoint="DELETE /models/{model_id}/images"):
    """Delete pictures that a model made.

    Args:
        ids: The assets to delete.
    """

    model_id: str = field(kw_only=False)
    ids: Query[Sequence[str]]


class ModelRestoreParams(OriginalAssetsRequest[ModelResponse], endpoint="POST /models/{model_id}/restore"):
    """Bring a deleted model back."""

    model_id: str = field(kw_only=False)


class Models(Resource[Mode]):
    """Models, and what belongs to them."""

    create: Final = sends(ModelCreateParams)
    retrieve: Final = sends(ModelRetrieveParams)
    list: Final = lists(ModelListParams, ModelListResponse[Async], ModelListResponse[Blocking])
    get_bulk: Final = sends(ModelGetBulkParams)
    update: Final = sends(ModelUpdateParams)
    copy: Final = sends(ModelCopyParams)
    transfer: Final = sends(ModelTransferParams)
    download: Final = sends(ModelDownloadParams)
    update_tags: Final = sends(ModelUpdateTagsParams)
    delete_images: Final = sends(ModelDeleteImagesParams)
    delete: Final = sends(ModelDeleteParams)
    restore: Final = sends(ModelRestoreParams)

    @cached_property
    def description(self) -> ModelDescriptions[Mode]:
        """What is written about a model."""
        from scenario_async.resources.model_texts import ModelDescriptions

        return ModelDescriptions(self.sender, self.runner)

    @cached_property
    def examples(self) -> ModelExamples[Mode]:
        """Pictures that show what a model can do."""
        from scenario_async.resources.model_examples import ModelExamples

        return ModelExamples(self.sender, self.runner)

    @cached_property
    def presets(self) -> ModelPresets[Mode]:
        """Parameters that are kept for the next time."""
        from scenario_async.resources.model_examples import ModelPresets

        return ModelPresets(self.sender, self.runner)

    @cached_property
    def prompt_guide(self) -> ModelPromptGuides[Mode]:
        """How to write prompts for a model."""
        from scenario_async.resources.model_texts import ModelPromptGuides

        return ModelPromptGuides(self.sender, self.runner)

    @cached_property
    def scores(self) -> ModelScores[Mode]:
        """How good prompts and training sets are."""
        from scenario_async.resources.model_training import ModelScores

        return ModelScores(self.sender, self.runner)

    @cached_property
    def train(self) -> ModelTraining[Mode]:
        """The training of a model."""
        from scenario_async.resources.model_training import ModelTraining

        return ModelTraining(self.sender, self.runner)

    @cached_property
    def training_images(self) -> TrainingImages[Mode]:
        """The images that a model learns from."""
        from scenario_async.resources.training_images import TrainingImages

        return TrainingImages(self.sender, self.runner)
