"""Training of models, and scores of prompts and training sets."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values import score as values
from scenario_async.values.train import ModelTrainActionParams, ModelTrainTriggerParams
from scenario_async.work._internal.operations import model_training as composed


class ModelTraining(composed.ModelTraining[Mode]):
    """Training of models."""

    trigger: Final = sends(ModelTrainTriggerParams)
    action: Final = sends(ModelTrainActionParams)


class ModelScores(Resource[Mode]):
    """Scores of prompts and training sets."""

    retrieve_prompt: Final = sends(values.ModelScoreRetrievePromptParams)
    retrieve_training_dataset: Final = sends(values.ModelScoreRetrieveTrainingDatasetParams)
