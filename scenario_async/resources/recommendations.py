"""Recommended models."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource
from scenario_async.pagination import lists
from scenario_async.values.recommendation import (
    RecommendationListModelsParams,
    RecommendationListModelsResponse,
)


class Recommendations(Resource[Mode]):
    """Recommended models."""

    list_models: Final = lists(
        RecommendationListModelsParams,
        RecommendationListModelsResponse[Async],
        RecommendationListModelsResponse[Blocking],
    )
