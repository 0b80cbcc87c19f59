"""The training of models, and scores of what goes into it."""

from __future__ import annotations

from typing import Final, Literal

from attrs import field

from scenario_async._internal.declare.operation import Given, Mode, Query, Resource, sends
from scenario_async.resources.requests import PaidRequest, ProjectRequest, RepeatableRequest
from scenario_async.values.model import ModelResponse
from scenario_async.values.score import DatasetScoreResponse, PromptScoreResponse
from scenario_async.values.train import TrainResponse
from scenario_async.values.training import TrainingParameters


class ModelTrainTriggerParams(PaidRequest[TrainResponse], endpoint="PUT /models/{model_id}/train"):
    """Start the training of a model.

    Args:
        parameters: How to train it: `TrainingParameters`, or a dict with the same names.
        training_images_count: How many training images a dry run is to reckon with, if the model has none.
        original_assets: Bring back original assets, without any transformation.
    """

    model_id: str = field(kw_only=False)
    original_assets: Query[bool | None] = None
    training_images_count: Query[int | None] = None
    parameters: Given[TrainingParameters] | None = None


class ModelTrainActionParams(
    RepeatableRequest[ModelResponse], endpoint="POST /models/{model_id}/train/action"
):
    """Cancel the training of a model.

    Args:
        action: What to do: ``"cancel"``.
    """

    model_id: str = field(kw_only=False)
    action: Literal["cancel"]


class ModelScoreRetrievePromptParams(
    ProjectRequest[PromptScoreResponse], endpoint="GET /models/{model_id}/scores/prompt"
):
    """Look up how well a prompt fits a model.

    Args:
        prompt: The prompt. The service refuses to do without.
    """

    model_id: str = field(kw_only=False)
    prompt: Query[str | None] = None


class ModelScoreRetrieveTrainingDatasetParams(
    ProjectRequest[DatasetScoreResponse], endpoint="GET /models/{model_id}/scores/training-dataset"
):
    """Look up how good the training set of a model is."""

    model_id: str = field(kw_only=False)


class ModelTraining(Resource[Mode]):
    """The training of a model."""

    trigger: Final = sends(ModelTrainTriggerParams)
    action: Final = sends(ModelTrainActionParams)


class ModelScores(Resource[Mode]):
    """How good prompts and training sets are."""

    retrieve_prompt: Final = sends(ModelScoreRetrievePromptParams)
    retrieve_training_dataset: Final = sends(ModelScoreRetrieveTrainingDatasetParams)
