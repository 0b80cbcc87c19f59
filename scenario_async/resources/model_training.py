"""The training of models, and scores of what goes into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenario_async._internal.declare.operation import Async, Mode, Resource, operation, sends
from scenario_async.values.model import Model
from scenario_async.values.score import (
    ModelScoreRetrievePromptParams,
    ModelScoreRetrieveTrainingDatasetParams,
)
from scenario_async.values.train import ModelTrainActionParams, ModelTrainTriggerParams

if TYPE_CHECKING:
    from scenario_async.work.progress import OnWork


class ModelTraining(Resource[Mode]):
    """Training of models."""

    trigger: Final = sends(ModelTrainTriggerParams)
    action: Final = sends(ModelTrainActionParams)

    @operation
    async def wait(
        self: ModelTraining[Async],
        model_id: str,
        *,
        on_progress: OnWork | None = None,
        deadline: float | None = None,
    ) -> Model:
        """Wait until the training of a model has ended.

        Args:
            model_id: The model.
            on_progress: Called with a `WorkProgress` whenever something moved, on the client's event loop:
                the place in the queue, how far it is, the sample pictures of each epoch.
            deadline: Seconds to wait at most; the training goes on after it.

        Returns:
            The trained model.

        Raises:
            TrainingFailedError: It failed, or was canceled.
            WaitTimeoutError: The deadline passed.
        """
        from scenario_async.work.progress import Reporter
        from scenario_async.work.waiting import wait_for_training

        return await wait_for_training(self.sender, model_id, Reporter(on_progress), deadline=deadline)


class ModelScores(Resource[Mode]):
    """Scores of prompts and training sets."""

    retrieve_prompt: Final = sends(ModelScoreRetrievePromptParams)
    retrieve_training_dataset: Final = sends(ModelScoreRetrieveTrainingDatasetParams)
