"""Scores of prompts and training sets."""

from __future__ import annotations

from attrs import field

from scenario_async._internal.declare.operation import Query
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import ProjectRequest
from scenario_async.values.enumerations import DatasetWarning, PromptSyntaxError, ScoreStatus


class ScoreStatistics(Value):
    """The mean, median and minimum of several scores."""

    mean: float
    median: float
    min: float


class PromptScoreDetails(Value):
    """The parts of a prompt's score."""

    captions_similarity: ScoreStatistics
    embedding_similarity: float
    prompts_similarity: ScoreStatistics | None = None


class PromptScoreResponse(Value):
    """The score of a prompt for a model."""

    details: PromptScoreDetails
    model_id: str
    score: float
    status: ScoreStatus | str
    syntax_error: PromptSyntaxError | str | None = None


class AssetSimilarity(Value):
    """The similarity of an asset to the others."""

    asset_id: str
    similarity: float


class CoupleSimilarity(Value):
    """The similarity of two assets, by their ids."""

    couple: list[str]
    similarity: float


class CoupleDistance(Value):
    """The distance between the captions of two assets, by their ids."""

    couple: list[str]
    distance: float


class DatasetAssetWarning(Value):
    """The warnings for an asset of a training set."""

    asset_id: str
    message: list[DatasetWarning | str]


class DatasetCoupleWarning(Value):
    """The warnings for two assets of a training set together."""

    couple: list[str]
    message: list[DatasetWarning | str]


class DatasetScoreDetails(Value):
    """The parts of a training set's score."""

    asset_couples_captions_distance: list[CoupleDistance]
    asset_couples_similarity: list[CoupleSimilarity]
    assets_embedding_similarity: list[AssetSimilarity]
    assets_similarity: ScoreStatistics
    couples_captions_distance: ScoreStatistics
    couples_similarity: ScoreStatistics
    metadata_score: float


class DatasetScoreResponse(Value):
    """The score of a training set, and its warnings."""

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
