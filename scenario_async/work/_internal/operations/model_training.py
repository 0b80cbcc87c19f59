"""Operations of trainings that send several requests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scenario_async._internal.declare.operation import Async, Mode, OrDict, Resource, operation
from scenario_async._internal.threads import import_in_thread
from scenario_async.values.model import Model

if TYPE_CHECKING:
    from scenario_async.values.training import TrainingParameters
    from scenario_async.work._internal.dataset import Dataset
    from scenario_async.work._internal.from_folder import Checks
    from scenario_async.work._internal.money import MaxCost, Price
    from scenario_async.work._internal.progress import OnWork
    from scenario_async.work._internal.reports import TrainingReport


class ModelTraining(Resource[Mode]):
    """Operations of trainings that send several requests."""

    @operation
    async def estimate(
        self: ModelTraining[Async],
        model_id: str,
        *,
        parameters: OrDict[TrainingParameters] | None = None,
        training_images_count: int | None = None,
    ) -> Price | None:
        """Request the price of a training. Nothing is trained and nothing is paid.

        Args:
            model_id: The model.
            parameters: How to train it: `TrainingParameters`, or a dict with the same names.
            training_images_count: The number of pictures to assume if the model has none yet.

        Returns:
            The price in creative units; None if the service does not state one.

        Raises:
            InvalidArgumentError: An argument or a parameter is wrong.
            APIError: The request failed.
        """
        from scenario_async.work._internal.training import estimate_training

        return await estimate_training(self.sender, model_id, parameters, training_images_count)

    @operation
    async def run(
        self: ModelTraining[Async],
        model_id: str,
        *,
        max_cost: MaxCost,
        parameters: OrDict[TrainingParameters] | None = None,
        on_progress: OnWork | None = None,
        progress: bool = False,
        deadline: float | None = None,
        ledger: str | os.PathLike[str] | bool = True,
    ) -> TrainingReport:
        """Train a model and wait until it is trained; check the price first, and pay only once.

        If the response to the paid request is lost, the client checks the model to find out whether its
        training has begun. If an earlier call did not finish, the same call continues it. If an earlier call
        finished, the same call returns its result without another payment.

        Args:
            model_id: The model; its training images are attached already.
            max_cost: Refuse a price above this, in creative units; None is no limit.
            parameters: How to train it: `TrainingParameters`, or a dict with the same names.
            on_progress: Called with a `WorkProgress` after each change, on the client's event loop.
            progress: Show a progress bar in the notebook or terminal; a line every few seconds elsewhere.
            deadline: Seconds to wait for the training. After that, it continues on the service.
            ledger: Where to record payments: a path; True for a file in the user's state folder; False for
                nowhere, so that another run cannot continue this one.

        Returns:
            The trained model and its cost.

        Raises:
            InvalidArgumentError: An argument is wrong, or the model is in training already. Nothing was paid.
            BudgetError: The price is over `max_cost`. Nothing was paid.
            APIError: The service refused a request, for example with `PlanLimitError`. Nothing was paid,
                unless a note of the error says so.
            JobInDoubtError: It may have been paid, but the service could not be reached.
            TrainingFailedError: The training failed or was canceled.
            WaitTimeoutError: The deadline passed; the training continues and is paid.
        """
        from scenario_async.work._internal.ledger import WorkLedger
        from scenario_async.work._internal.progress import Reporter
        from scenario_async.work._internal.progress_bar import progress_bar, work_progress
        from scenario_async.work._internal.training import Training

        kept = WorkLedger.of(ledger, self.sender.target)
        with progress_bar(progress, work_progress, on_progress) as call:
            reporter = Reporter(call)
            return await Training(self.sender, model_id, parameters, max_cost, deadline, kept, reporter).run()

    @operation
    async def from_folder(
        self: ModelTraining[Async],
        source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | Dataset,
        *,
        name: str,
        type: str,
        max_cost: MaxCost,
        trigger: str | None = None,
        parameters: OrDict[TrainingParameters] | None = None,
        key: str | None = None,
        checks: Checks = "refuse",
        on_progress: OnWork | None = None,
        progress: bool = False,
        deadline: float | None = None,
        ledger: str | os.PathLike[str] | bool = True,
    ) -> TrainingReport:
        """Train a new model on a folder of pictures, in one call that you can repeat at any time.

        The call checks the data set, creates the model, uploads pictures, captions and pairs, requests the
        service's score and the price, pays, and waits for the training. If anything fails, the same call
        continues where it stopped. Calls with the same name, type and key are paid once. After the first one
        succeeded, each further call returns the trained model.

        Args:
            source: A folder, several files, or a `Dataset`.
            name: The model's name, at most 64 characters.
            type: The model's type, e.g. ``"flux.2-dev-lora"``.
            max_cost: Refuse a price above this, in creative units; None is no limit.
            trigger: The trigger word, which is put into every caption.
            parameters: How to train it: `TrainingParameters`, or a dict with the same names.
            key: Distinguishes trainings of the same name and type. Another key trains and pays a second
                model.
            checks: ``"refuse"`` raises an error if the check of the data set finds errors; ``"warn"`` trains
                anyway.
            on_progress: Called with a `WorkProgress` after each change, on the client's event loop.
            progress: Show a progress bar in the notebook or terminal; a line every few seconds elsewhere.
            deadline: Seconds to wait for the training, without the check and the upload before it. After
                that, the training continues on the service.
            ledger: Where to record uploads and payments: a path; True for a file in the user's state folder;
                False for nowhere, so that another run starts from the beginning.

        Returns:
            The trained model, its cost, and the status of each picture.

        Raises:
            InvalidArgumentError: An argument is wrong, or the model of an earlier call was deleted. Nothing
                was paid.
            DatasetError: The data set has errors. Nothing was sent.
            UploadError: A picture is not in the training set. Nothing was paid.
            BudgetError: The price is over `max_cost`. Nothing was paid.
            APIError: The service refused a request, for example with `PlanLimitError`. Nothing was paid,
                unless a note of the error says so.
            JobInDoubtError: It may have been paid, but the service could not be reached.
            TrainingFailedError: The training failed or was canceled.
            WaitTimeoutError: The deadline passed; the training continues and is paid.
        """
        # These imports take long, and must not block the event loop.
        await import_in_thread("scenario_async.work._internal.from_folder")
        from scenario_async.work._internal.from_folder import (
            FolderOptions,
            TrainingOptions,
            train_from_folder,
        )
        from scenario_async.work._internal.progress import Reporter
        from scenario_async.work._internal.progress_bar import progress_bar, work_progress

        folder = FolderOptions(name=name, type=type, trigger=trigger, key=key, checks=checks, ledger=ledger)
        training = TrainingOptions(parameters=parameters, max_cost=max_cost, deadline=deadline)
        with progress_bar(progress, work_progress, on_progress) as call:
            return await train_from_folder(self.sender, source, folder, training, Reporter(call))

    @operation
    async def wait(
        self: ModelTraining[Async],
        model_id: str,
        *,
        on_progress: OnWork | None = None,
        progress: bool = False,
        deadline: float | None = None,
    ) -> Model:
        """Wait until the training of a model has ended.

        Args:
            model_id: The model.
            on_progress: Called with a `WorkProgress` after each change, on the client's event loop. It has
                the position in the queue, the fraction that is done, and the ids of new sample pictures.
            progress: Show a progress bar in the notebook or terminal; a line every few seconds elsewhere.
            deadline: The most seconds to wait. After that, the training continues on the service.

        Returns:
            The trained model.

        Raises:
            TrainingFailedError: It failed, or was canceled.
            NotFoundError: There is no model with this id. A new model may be invisible at first, so this
                takes three seconds.
            WaitTimeoutError: The deadline passed.
            APIError: The service was unreachable for more than ten minutes.
        """
        from scenario_async.work._internal.progress import Reporter
        from scenario_async.work._internal.progress_bar import progress_bar, work_progress
        from scenario_async.work._internal.waiting import wait_for_training

        with progress_bar(progress, work_progress, on_progress) as call:
            return await wait_for_training(self.sender, model_id, Reporter(call), deadline=deadline)
