"""Scores of prompts and training sets."""

from __future__ import annotations

from scenario_async._internal.declare.value import frozen
from scenario_async.values.enumerations import DatasetWarning, PromptSyntaxError, ScoreStatus


@frozen(kw_only=True)
class ScoreStatistics:
    """Figures of several scores."""

    mean: float
    median: float
    min: float


@frozen(kw_only=True)
class PromptScoreDetails:
    """What the score of a prompt is made of."""

    captions_similarity: ScoreStatistics
    embedding_similarity: float
    prompts_similarity: ScoreStatistics | None = None


@frozen(kw_only=True)
class PromptScoreResponse:
    """How well a prompt fits a model."""

    details: PromptScoreDetails
    model_id: str
    score: float
    status: ScoreStatus | str
    syntax_error: PromptSyntaxError | str | None = None


@frozen(kw_only=True)
class AssetSimilarity:
    """How similar an asset is to the others."""

    asset_id: str
    similarity: float


@frozen(kw_only=True)
class CoupleSimilarity:
    """How similar two assets are, by their ids."""

    couple: list[str]
    similarity: float


@frozen(kw_only=True)
class CoupleDistance:
    """How far apart the captions of two assets are, by their ids."""

    couple: list[str]
    distance: float


@frozen(kw_only=True)
class DatasetAssetWarning:
    """What is wrong with an asset."""

    asset_id: str
    message: list[DatasetWarning | str]


@frozen(kw_only=True)
class DatasetCoupleWarning:
    """What is wrong with two assets side by side."""

    couple: list[str]
    message: list[DatasetWarning | str]


@frozen(kw_only=True)
class DatasetScoreDetails:
    """What the score of a training set is made of."""

    asset_couples_captions_distance: list[CoupleDistance]
    asset_couples_similarity: list[CoupleSimilarity]
    assets_embedding_similarity: list[AssetSimilarity]
    assets_similarity: ScoreStatistics
    couples_captions_distance: ScoreStatistics
    couples_similarity: ScoreStatistics
    metadata_score: float


@frozen(kw_only=True)
class DatasetScoreResponse:
    """How good a training set is."""

    details: DatasetScoreDetails
    model_id: str
    score: float
    status: ScoreStatus | str
    asset_couples_warnings: list[DatasetCoupleWarning] | None = None
    assets_warnings: list[DatasetAssetWarning] | None = None
