"""Scores of prompts and training sets."""

from __future__ import annotations

from attrs import field

from scenario_async._internal.declare.operation import Query
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import ProjectRequest
from scenario_async.values.enumerations import DatasetWarning, PromptSyntaxError, ScoreStatus


class ScoreStatistics(Value):
    """Figures of several scores."""

    mean: float
    median: float
    min: float


class PromptScoreDetails(Value):
    """What the score of a prompt is made of."""

    captions_similarity: ScoreStatistics
    embedding_similarity: float
    prompts_similarity: ScoreStatistics | None = None


class PromptScoreResponse(Value):
    """How well a prompt fits a model."""

    details: PromptScoreDetails
    model_id: str
    score: float
    status: ScoreStatus | str
    syntax_error: PromptSyntaxError | str | None = None


class AssetSimilarity(Value):
    """How similar an asset is to the others."""

    asset_id: str
    similarity: float


class CoupleSimilarity(Value):
    """How similar two assets are, by their ids."""

    couple: list[str]
    similarity: float


class CoupleDistance(Value):
    """How far apart the captions of two assets are, by their ids."""

    couple: list[str]
    distance: float


class DatasetAssetWarning(Value):
    """What is wrong with an asset."""

    asset_id: str
    message: list[DatasetWarning | str]


class DatasetCoupleWarning(Value):
    """What is wrong with two assets side by side."""

    couple: list[str]
    message: list[DatasetWarning | str]


class DatasetScoreDetails(Value):
    """What the score of a training set is made of."""

    asset_couples_captions_distance: list[CoupleDistance]
    asset_couples_similarity: list[CoupleSimilarity]
    assets_embedding_similarity: list[AssetSimilarity]
    assets_similarity: ScoreStatistics
    couples_captions_distance: ScoreStatistics
    couples_similarity: ScoreStatistics
    metadata_score: float


class DatasetScoreResponse(Value):
    """How good a training set is."""

    details: DatasetScoreDetails
    model_id: str
    score: float
    status: ScoreStatus | str
    asset_couples_warnings: list[DatasetCoupleWarning] | None = None
    assets_warnings: list[DatasetAssetWarning] | None = None


class ModelScoreRetrievePromptParams(
    ProjectRequest[PromptScoreResponse], endpoint="GET /models/{model_id}/scores/prompt"
):
    """Retrieve the score of a prompt for a model.

    Args:
        prompt: The prompt. The service requires it.
    """

    model_id: str = field(kw_only=False)
    prompt: Query[str | None] = None


class ModelScoreRetrieveTrainingDatasetParams(
    ProjectRequest[DatasetScoreResponse], endpoint="GET /models/{model_id}/scores/training-dataset"
):
    """Retrieve the score of a model's training set."""

    model_id: str = field(kw_only=False)
