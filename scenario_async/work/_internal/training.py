"""Train a model: ask for the price, pay once, and wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from attrs import define, field

from scenario_async._internal.declare.converter import to_json
from scenario_async._internal.declare.operation import Sender
from scenario_async.errors import InvalidArgumentError, TrainingFailedError, check_whole_number
from scenario_async.upload._internal.arguments import check_seconds
from scenario_async.values.model import Model
from scenario_async.values.train import ModelTrainTriggerParams
from scenario_async.values.training import TrainingParameters
from scenario_async.work._internal.arguments import check_mapping, check_text
from scenario_async.work._internal.doubts import find_training, is_before, is_trained_by
from scenario_async.work._internal.ledger import WorkEntry, WorkLedger, id_of_work
from scenario_async.work._internal.looking_up import model_of
from scenario_async.work._internal.money import Price, price_of, read_max_cost
from scenario_async.work._internal.paying import TRAINING_RESENDS, Payment, Quote, job_id_of, noted_as_paid
from scenario_async.work._internal.progress import Reporter
from scenario_async.work._internal.reports import TrainingReport
from scenario_async.work._internal.samples import sample_pictures
from scenario_async.work._internal.waiting import BEGUN, wait_for_training

Parameters = TrainingParameters | Mapping[str, Any] | None


async def estimate_training(
    sender: Sender, model_id: str, parameters: Parameters, images: int | None = None
) -> Price | None:
    """Return the price of a training; see `ModelTraining.estimate`."""
    read_parameters(parameters)
    if images is not None:
        check_whole_number("training_images_count", images, at_least=1)
    request = ModelTrainTriggerParams(
        model_id, dry_run="true", parameters=parameters, training_images_count=images
    )
    return price_of(await sender.send(request))


def read_parameters(parameters: Parameters) -> dict[str, Any]:
    """Return the parameters with the API's names, without those that are not set.

    So that a training is the same whether its parameters are given as ``nb_epochs`` or as ``nbEpochs``.

    Raises:
        InvalidArgumentError: They are neither `TrainingParameters` nor a dict, or have an unknown name.
    """
    if parameters is None:
        return {}
    if not isinstance(parameters, TrainingParameters):
        check_mapping("parameters", parameters, "TrainingParameters are needed, or a dict with their names")
    return cast("dict[str, Any]", to_json(parameters, TrainingParameters, "parameters"))


def _id_of_training(model_id: str, parameters: Parameters) -> str:
    return id_of_work("train", {"model": model_id, "parameters": read_parameters(parameters)})


async def is_paid(ledger: WorkLedger, model_id: str, parameters: Parameters) -> bool:
    """Whether an earlier call paid this training and did not see its end, so `Training.run` continues it.

    Raises:
        InvalidArgumentError: The parameters are wrong, or the ledger cannot be used.
    """
    entry = await ledger.get(_id_of_training(model_id, parameters))
    return entry is not None and entry.state == "submitted"


@define(eq=False)
class Training:
    """One call of `ModelTraining.run`.

    Attributes:
        is_only_one: Whether the model is trained only once. A training that another call has paid is then
            waited for, also one with other parameters.
    """

    sender: Sender
    model_id: str
    parameters: Parameters
    max_cost: object
    deadline: float | None
    ledger: WorkLedger
    reporter: Reporter
    is_only_one: bool = False
    _quote: Quote = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._quote = Quote(self.model_id, self.max_cost, self.reporter)

    async def run(self) -> TrainingReport:
        """Carry out the whole call; see `ModelTraining.run`."""
        read_max_cost(self.max_cost)
        check_seconds("deadline", self.deadline)
        check_text("model_id", self.model_id, "the id of a model is needed")
        work_id = _id_of_training(self.model_id, self.parameters)
        async with self.ledger.holding(work_id):
            entry = await self.ledger.get(work_id)
            if entry is not None and entry.state in {"submitting", "submitted"}:
                return await self._pay(entry)
            model = await model_of(self.sender, self.model_id)
            if entry is not None and entry.state == "succeeded" and is_trained_by(model, entry):
                return await self._report(model, entry.job_id)
            if self.is_only_one and model.status in BEGUN:
                with noted_as_paid(self.ledger, model.job_id):
                    model = await wait_for_training(
                        self.sender, self.model_id, self.reporter, deadline=self.deadline
                    )
                    return await self._report(model, model.job_id)
            if model.status == "training":
                expected = "it is in training already; models.train.wait waits for it"
                raise InvalidArgumentError("model_id", self.model_id, expected)
            return await self._begin(work_id, model)

    async def _begin(self, work_id: str, model: Model) -> TrainingReport:
        entry = WorkEntry(
            work_id=work_id,
            kind="train",
            model_id=self.model_id,
            body={"parameters": read_parameters(self.parameters)},
            previous_job_id=model.job_id,
            previous_status=model.status,
        )
        await self._quote.request(self._estimate)
        price = self._quote.price
        entry = await self.ledger.write(entry, cost=None if price is None else str(price.units))
        return await self._pay(entry)

    async def _pay(self, entry: WorkEntry) -> TrainingReport:
        payment = Payment(
            entry=entry,
            ledger=self.ledger,
            send=lambda: self._send(payment.entry),
            look=lambda now: find_training(self.sender, now),
            resends=TRAINING_RESENDS,
            before=lambda: self._quote.keep_fresh(self._estimate),
            deadline=self.deadline,
        )
        entry = await payment.make()
        with noted_as_paid(self.ledger, entry.job_id):
            return await self._finish(entry)

    async def _finish(self, entry: WorkEntry) -> TrainingReport:
        """Wait for the training of a paid request."""
        try:
            model = await wait_for_training(
                self.sender,
                self.model_id,
                self.reporter,
                deadline=self.deadline,
                exists=True,
                is_outdated=lambda model: is_before(model, entry),
            )
        except TrainingFailedError as error:
            canceled = getattr(error.report, "status", "") == "training-canceled"
            await self.ledger.record(entry, state="canceled" if canceled else "failed")
            raise
        entry = await self.ledger.record(entry, state="succeeded", job_id=model.job_id or entry.job_id)
        return await self._report(model, entry.job_id)

    async def _send(self, entry: WorkEntry) -> str:
        """Send the paid request once, and return its job's id; empty if the response has none."""
        parameters = entry.body["parameters"] or None
        request = ModelTrainTriggerParams(self.model_id, parameters=parameters)
        return job_id_of(await self.sender.retrying(0).send(request)) or ""

    async def _estimate(self) -> Price | None:
        return await estimate_training(self.sender, self.model_id, self.parameters)

    async def _report(self, model: Model, job_id: str | None) -> TrainingReport:
        return TrainingReport(
            model=model,
            price=self._quote.price,
            job_id=job_id or None,
            resumed=self._quote.asked is None,
            seconds=self.reporter.elapsed,
            sample_pictures=await sample_pictures(self.sender, model),
        )
