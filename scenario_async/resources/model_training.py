"""The training of models, and scores of what goes into it."""

from __future__ import annotations

from typing import Final, Literal

from attrs import field

from scenario_async._internal.declare.operation import Given, Mode, Query, Resource, sends
from scenario_async._internal.declare.value import frozen
from scenario_async.resources.requests import PaidRequest, ProjectRequest, RepeatableRequest
from scenario_async.values.model import ModelResponse
from scenario_async.values.score import DatasetScoreResponse, PromptScoreResponse
from scenario_async.values.train import TrainResponse
from scenario_async.values.training import TrainingParameters


@frozen(kw_only=True)
class ModelTrainTriggerParams(PaidRequest[TrainResponse]):
    """Start the training of a model.

    Args:
        parameters: How to train it: `TrainingParameters`, or a dict with the same names.
        training_images_count: How many training images a dry run is to reckon with, if the model has none.
        original_assets: Bring back original assets, without any transformation.
    """

    endpoint = "PUT /models/{model_id}/train"
    model_id: str = field(kw_only=False)
    original_assets: Query[bool | None] = None
    training_images_count: Query[int | None] = None
    parameters: Given[TrainingParameters] | None = None


@frozen(kw_only=True)
class ModelTrainActionParams(RepeatableRequest[ModelResponse]):
    """Cancel the training of a model.

    Args:
        action: What to do: ``"cancel"``.
    """

    endpoint = "POST /models/{model_id}/train/action"
    model_id: str = field(kw_only=False)
    action: Literal["cancel"]


@frozen(kw_only=True)
class ModelScoreRetrievePromptParams(ProjectRequest[PromptScoreResponse]):
    """Look up how well a prompt fits a model.

    Args:
        prompt: The prompt. The service refuses to do without.
    """

    endpoint = "GET /models/{model_id}/scores/prompt"
    model_id: str = field(kw_only=False)
    prompt: Query[str | None] = None


@frozen(kw_only=True)
class ModelScoreRetrieveTrainingDatasetParams(ProjectRequest[DatasetScoreResponse]):
    """Look up how good the training set of a model is."""

    endpoint = "GET /models/{model_id}/scores/training-dataset"
    model_id: str = field(kw_only=False)


class ModelTraining(Resource[Mode]):
    """The training of a model."""

    trigger: Final = sends(ModelTrainTriggerParams)
    action: Final = sends(ModelTrainActionParams)


class ModelScores(Resource[Mode]):
    """How good prompts and training sets are."""

    retrieve_prompt: Final = sends(ModelScoreRetrievePromptParams)
    retrieve_training_dataset: Final = sends(ModelScoreRetrieveTrainingDatasetParams)
