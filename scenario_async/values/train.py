"""Training: start and cancel."""

from __future__ import annotations

from typing import Literal

from attrs import field

from scenario_async._internal.declare.operation import OrDict, Query
from scenario_async.values._requests import PaidRequest, RepeatableRequest
from scenario_async.values.cost import Costs
from scenario_async.values.job import Job
from scenario_async.values.model import Model, ModelResponse
from scenario_async.values.training import TrainingParameters


class TrainResponse(Costs):
    """A model in training, the job that trains it, and its price."""

    job: Job
    model: Model


class ModelTrainTriggerParams(PaidRequest[TrainResponse], endpoint="PUT /models/{model_id}/train"):
    """Start the training of a model.

    Args:
        parameters: The training parameters: `TrainingParameters`, or a dict with the same names.
        training_images_count: The number of training images that a dry run assumes if the model has none.
    """

    model_id: str = field(kw_only=False)
    original_assets: Query[bool | None] = None
    training_images_count: Query[int | None] = None
    parameters: OrDict[TrainingParameters] | None = None


class ModelTrainActionParams(
    RepeatableRequest[ModelResponse], endpoint="POST /models/{model_id}/train/action"
):
    """Cancel the training of a model.

    Args:
        action: ``"cancel"``.
    """

    model_id: str = field(kw_only=False)
    action: Literal["cancel"]
