"""The training of models, and scores of what goes into it."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.score import (
    ModelScoreRetrievePromptParams,
    ModelScoreRetrieveTrainingDatasetParams,
)
from scenario_async.values.train import ModelTrainActionParams, ModelTrainTriggerParams


class ModelTraining(Resource[Mode]):
    """The training of a model."""

    trigger: Final = sends(ModelTrainTriggerParams)
    action: Final = sends(ModelTrainActionParams)


class ModelScores(Resource[Mode]):
    """How good prompts and training sets are."""

    retrieve_prompt: Final = sends(ModelScoreRetrievePromptParams)
    retrieve_training_dataset: Final = sends(ModelScoreRetrieveTrainingDatasetParams)
