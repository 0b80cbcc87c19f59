"""Recommended models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenario_async._internal.declare.operation import Mode, Query
from scenario_async.pagination import CursorPage
from scenario_async.values._requests import OriginalAssetsRequest
from scenario_async.values.enumerations import ListedPrivacy, ModelCapability, ModelType
from scenario_async.values.model import Model


class RecommendationListModelsResponse(CursorPage[Model, Mode]):
    """A page of recommended models."""

    items_field = "models"
    token_field = "next_token"  # noqa: S105 - a field name
    token_argument = "next_token"  # noqa: S105 - a field name

    models: list[Model]
    next_token: str | None = None


class RecommendationListModelsParams(
    OriginalAssetsRequest[RecommendationListModelsResponse[Any]], endpoint="GET /recommendations/models"
):
    """List recommended models, a page at a time.

    Sets of ids, types and tags are strings, separated by commas.

    Args:
        capabilities: Only models with these capabilities, e.g. ``"txt2img"``.
        exclude_model_ids: Models to leave out.
        exclude_types: Model types to leave out.
        limit: Items per page, at most 30.
        next_token: `next_token` of the previous page.
        privacy: Only those with this visibility.
        tags: Only those with these tags.
        type: Only models of this type.
    """

    capabilities: Query[Sequence[ModelCapability] | None] = None
    exclude_model_ids: Query[str | None] = None
    exclude_types: Query[str | None] = None
    limit: Query[float | None] = None
    next_token: Query[str | None] = None
    privacy: Query[ListedPrivacy | None] = None
    tags: Query[str | None] = None
    type: Query[ModelType | None] = None
