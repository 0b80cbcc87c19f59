"""Recommended models."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource
from scenario_async.pagination import lists
from scenario_async.values import recommendation as values


class Recommendations(Resource[Mode]):
    """Recommended models."""

    list_models: Final = lists(
        values.RecommendationListModelsParams,
        values.RecommendationListModelsResponse[Async],
        values.RecommendationListModelsResponse[Blocking],
    )
