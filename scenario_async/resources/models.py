"""Models: made, looked up, listed and deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from scenario_async.declare import Async, Blocking, Given, Mode, Query, Request, Resource, sends
from scenario_async.pages import CursorPage, lists
from scenario_async.values.enumerations import ModelType
from scenario_async.values.model import Model, ModelConcept, ModelResponse

if TYPE_CHECKING:
    from scenario_async.resources.training_images import TrainingImages


@frozen(kw_only=True)
class ModelListResponse(CursorPage[Model, Mode]):
    """A page of models, with the first three training images of each."""

    items_field = "models"

    models: list[Model]
    next_pagination_token: str | None = None


@frozen(kw_only=True)
class ModelCreateParams(Request[ModelResponse]):
    """Make a model, without training images at first.

    Args:
        base_model_id: The model to build on.
        class_slug: What kind of thing it learns.
        collection_ids: The collections to put it into.
        concepts: Models to mix in: `ModelConcept` values, or dicts with the same names.
        name: Its name.
        short_description: What it is, in a line.
        type: What it is built on.
        original_assets: Bring back original assets, without any transformation.
        project_id: Instead of the client's.
    """

    endpoint = "POST /models"

    original_assets: Query[bool | None] = None
    project_id: Query[str | None] = None
    base_model_id: str | None = None
    class_slug: str | None = None
    collection_ids: Sequence[str] | None = None
    concepts: Sequence[Given[ModelConcept]] | None = None
    name: str | None = None
    short_description: str | None = None
    type: ModelType | None = None


@frozen(kw_only=True)
class ModelRetrieveParams(Request[ModelResponse]):
    """Look up a model, with all its training images and pairs.

    Args:
        model_id: The model.
        original_assets: Bring back original assets, without any transformation.
        project_id: Instead of the client's.
    """

    endpoint = "GET /models/{model_id}"

    model_id: str = field(kw_only=False)
    original_assets: Query[bool | None] = None
    project_id: Query[str | None] = None


@frozen(kw_only=True)
class ModelListParams(Request[ModelListResponse[Any]]):
    """List models, a page at a time.

    Dates are ISO strings. Sets of ids and tags are strings, separated by commas.

    Args:
        blacklisted: Only those that are blacklisted, or only those that are not.
        collection_id: Only those of this collection.
        collection_ids: Only those of these collections.
        created_after: Only those made after this date.
        created_before: Only those made before this date.
        loaded_only: Only those that are ready to run.
        original_assets: Bring back original assets, without any transformation.
        page_size: How many to a page.
        pagination_token: Where to go on: `next_pagination_token` of the page before.
        privacy: Who may see them.
        sort_by: What to sort by.
        sort_direction: Which way.
        status: How far they are.
        tags: Only those with these tags.
        type: What they are built on.
        types: What they are built on, if several.
        updated_after: Only those changed after this date.
        updated_before: Only those changed before this date.
        project_id: Instead of the client's.
    """

    endpoint = "GET /models"

    blacklisted: Query[bool | None] = None
    collection_id: Query[str | None] = None
    collection_ids: Query[str | None] = None
    created_after: Query[str | None] = None
    created_before: Query[str | None] = None
    loaded_only: Query[bool | None] = None
    original_assets: Query[bool | None] = None
    page_size: Query[int | None] = None
    pagination_token: Query[str | None] = None
    privacy: Query[Literal["private", "public"] | None] = None
    project_id: Query[str | None] = None
    sort_by: Query[Literal["createdAt", "updatedAt", "score"] | None] = None
    sort_direction: Query[Literal["asc", "desc"] | None] = None
    status: Query[Literal["new", "training", "trained", "failed", "deleted"] | None] = None
    tags: Query[str | None] = None
    type: Query[ModelType | None] = None
    types: Query[Sequence[ModelType] | None] = None
    updated_after: Query[str | None] = None
    updated_before: Query[str | None] = None


@frozen(kw_only=True)
class ModelDeleteParams(Request[object]):
    """Delete a model.

    Args:
        model_id: The model.
        project_id: Instead of the client's.
    """

    endpoint = "DELETE /models/{model_id}"

    model_id: str = field(kw_only=False)
    project_id: Query[str | None] = None

    def settled_by(self, status_code: int, reason: str | None) -> Mapping[str, Any] | None:
        """What is not there any more was deleted by the attempt in doubt."""
        del reason
        return {} if status_code == 404 else None  # noqa: PLR2004 - HTTP


class Models(Resource[Mode]):
    """Models, and what belongs to them."""

    create = sends(ModelCreateParams)
    retrieve = sends(ModelRetrieveParams)
    list = lists(ModelListParams, ModelListResponse[Async], ModelListResponse[Blocking])
    delete = sends(ModelDeleteParams)

    @cached_property
    def training_images(self) -> TrainingImages[Mode]:
        """The images that a model learns from."""
        from scenario_async.resources.training_images import TrainingImages

        return TrainingImages(self.sender, self.runner)
