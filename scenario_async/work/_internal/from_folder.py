"""Prepare a model for training from a folder of pictures."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, cast

from attrs import evolve, frozen

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.threads import in_thread
from scenario_async.errors import (
    APIError,
    DatasetError,
    IncompleteResponseError,
    InvalidArgumentError,
    NotFoundError,
    UploadError,
)
from scenario_async.upload._internal.arguments import check_seconds
from scenario_async.upload._internal.batch import upload_batch
from scenario_async.upload._internal.options import BatchOptions
from scenario_async.upload._internal.progress import UploadProgress
from scenario_async.upload._internal.report import UploadReport
from scenario_async.values.model import Model, ModelCreateParams, ModelListParams
from scenario_async.values.score import DatasetScoreResponse, ModelScoreRetrieveTrainingDatasetParams
from scenario_async.work._internal.arguments import check_key, check_text
from scenario_async.work._internal.dataset import Dataset
from scenario_async.work._internal.describing import describe_uploaded
from scenario_async.work._internal.documented import as_documented, documented_list
from scenario_async.work._internal.ledger import WorkEntry, WorkLedger, id_of_work
from scenario_async.work._internal.looking_up import model_of
from scenario_async.work._internal.money import read_max_cost
from scenario_async.work._internal.progress import Reporter
from scenario_async.work._internal.reports import TrainingReport
from scenario_async.work._internal.training import Parameters, Training, read_parameters
from scenario_async.work._internal.waiting import BEGUN, TRAINED

Checks = Literal["refuse", "warn"]
"""``refuse`` raises `DatasetError` if the check of a data set finds errors; ``warn`` trains anyway."""

_EARLIER: Final = (
    "is the model of an earlier call with this name, type and key. Pictures and parameters that were changed "
    "since are not used; for another training, choose another name or key"
)


@frozen(kw_only=True)
class FolderOptions:
    """The options of `ModelTraining.from_folder`."""

    name: str
    type: str
    trigger: str | None = None
    key: str | None = None
    checks: Checks = "refuse"
    ledger: str | os.PathLike[str] | bool = True

    def check(self) -> None:
        """Check the arguments before anything is sent.

        Raises:
            InvalidArgumentError: An argument is wrong.
        """
        for argument, value in (("name", self.name), ("type", self.type)):
            check_text(argument, value, "a string that is not empty is needed")
        if len(self.name) > _LONGEST_NAME:
            expected = f"at most {_LONGEST_NAME} characters (documented); these are {len(self.name)}"
            raise InvalidArgumentError("name", self.name, expected)
        check_key(self.key)
        if not isinstance(cast("object", self.checks), str) or self.checks not in {"refuse", "warn"}:
            raise InvalidArgumentError("checks", self.checks, "'refuse' or 'warn' is needed")


_LONGEST_NAME: Final = 64
_CONCURRENCY: Final = 8
"""Pictures that are uploaded at the same time."""


@frozen(kw_only=True)
class Prepared:
    """A model with its training images, captions and pairs.

    Attributes:
        model: The model.
        upload: The status of each picture; None if the model was already training or trained.
        warnings: Warnings of the check of the data set and of the service's score.
    """

    model: Model
    upload: UploadReport | None
    warnings: Sequence[str]


async def train_from_folder(
    sender: Sender, source: Any, options: FolderOptions, training: TrainingOptions, reporter: Reporter
) -> TrainingReport:
    """Prepare the model, pay, and train; see `ModelTraining.from_folder`."""
    read_max_cost(training.max_cost)
    read_parameters(training.parameters)
    check_seconds("deadline", training.deadline)
    ledger = WorkLedger.of(options.ledger, sender.target)
    prepared = await prepare_model(sender, source, options, ledger, reporter)
    return await train_prepared(sender, prepared, training, ledger, reporter)


async def train_prepared(
    sender: Sender,
    prepared: Prepared,
    training: TrainingOptions,
    ledger: WorkLedger,
    reporter: Reporter,
) -> TrainingReport:
    """Train a prepared model, or continue the training that an earlier call paid."""
    if prepared.model.status == TRAINED:
        # The name, type and key of the call identify this training, which is paid once.
        reporter.report("done", id=prepared.model.id, fraction=1.0)
        return TrainingReport(
            model=prepared.model,
            price=None,
            job_id=prepared.model.job_id,
            resumed=True,
            seconds=reporter.elapsed,
            warnings=prepared.warnings,
        )
    report = await Training(
        sender,
        prepared.model.id,
        training.parameters,
        training.max_cost,
        training.deadline,
        ledger,
        reporter,
        is_only_one=True,  # the name, type and key of the call identify it
    ).run()
    return evolve(report, upload=prepared.upload, warnings=prepared.warnings)


@frozen(kw_only=True)
class TrainingOptions:
    """The options of training a prepared model; see `ModelTraining.run`."""

    parameters: Parameters
    max_cost: object
    deadline: float | None


async def prepare_model(
    sender: Sender, source: Any, options: FolderOptions, ledger: WorkLedger, reporter: Reporter
) -> Prepared:
    """Check a data set, create its model, and upload pictures, captions and pairs. This costs nothing.

    Raises:
        DatasetError: The data set has errors. Nothing was sent.
        UploadError: A picture is not in the training set.
    """
    options.check()
    reporter.report("checking")
    dataset, warnings = await in_thread(_checked, source, options)
    work_id = id_of_work("dataset", {"name": options.name, "type": options.type, "key": options.key})
    async with ledger.holding(work_id):
        model = await _model(sender, work_id, options, ledger)
        # With any other status, also one that the service adds later, the pictures are uploaded first.
        if model.status in BEGUN:
            return Prepared(model=model, upload=None, warnings=[*warnings, f"{model.id} {_EARLIER}"])
        upload = await _upload(sender, model.id, dataset, options, reporter)
        upload = await describe_uploaded(sender, dataset, upload, reporter)
        assets = {one.path: one.asset_id for one in upload.results if one.asset_id is not None}
        reporter.report("scoring", id=model.id)
        warnings = [*warnings, *await _score_warnings(sender, model.id, assets)]
        return Prepared(model=model, upload=upload, warnings=warnings)


def _checked(source: Any, options: FolderOptions) -> tuple[Dataset, list[str]]:
    dataset = source if isinstance(source, Dataset) else Dataset.read(source, trigger=options.trigger)
    report = dataset.check(options.type)
    if not report.ok and options.checks == "refuse":
        raise DatasetError(report.summary(), report=report)
    return dataset, [str(problem) for problem in report.problems]


async def _model(sender: Sender, work_id: str, options: FolderOptions, ledger: WorkLedger) -> Model:
    """Return the model of this data set: the one that an earlier call created, or a new one."""
    entry = await ledger.get(work_id) or WorkEntry(work_id=work_id, kind="dataset", model_id="")
    if entry.model_id:
        try:
            return await model_of(sender, entry.model_id)
        except NotFoundError as error:
            expected = f"another key is needed: {entry.model_id}, the model of an earlier call, is gone"
            raise InvalidArgumentError("key", options.key, expected) from error
    if entry.state == "submitting":
        found = await _find_model(sender, options, entry, ledger)
        if found is not None:
            await ledger.write(entry, model_id=found.id, state="submitted")
            return found
    entry = await ledger.write(entry, state="submitting", began=time.time())
    request = ModelCreateParams(name=options.name, type=cast("Any", options.type))
    try:
        model = as_documented((await sender.send(request)).model, Model)
    except APIError as error:
        model = await _find_model(sender, options, entry, ledger) if error.in_doubt else None
        if model is None:
            raise
    if model is None or not cast("Any", model.id):
        raise IncompleteResponseError("POST /models: the response has no model", path="/models")
    await ledger.write(entry, model_id=model.id, state="submitted")
    return model


async def _find_model(
    sender: Sender, options: FolderOptions, entry: WorkEntry, ledger: WorkLedger
) -> Model | None:
    """Find the model that a request in doubt may have created: one of this name and type, created since.

    Models of other calls, with another key, are left out. If there is none, the request is sent again,
    because a model without a training is free.
    """
    request = ModelListParams(created_after=entry.created_after, sort_by="createdAt", sort_direction="desc")
    page = await sender.send(request)
    known = {other.model_id for other in await ledger.all()}
    fitting = [
        one
        for one in documented_list(page.models, Model)
        if (one.name, one.type) == (options.name, options.type) and one.id not in known
    ]
    return fitting[0] if fitting else None


async def _upload(
    sender: Sender, model_id: str, dataset: Dataset, options: FolderOptions, reporter: Reporter
) -> UploadReport:
    """Upload the pictures; those that are in the training set already are not sent again."""

    def report(now: UploadProgress) -> None:
        sent = now.bytes_sent / now.bytes_total if now.bytes_total else None
        reporter.report("uploading", id=model_id, done=now.files_done, total=now.files_total, fraction=sent)

    batch = BatchOptions(concurrency=_CONCURRENCY, on_progress=report, ledger=options.ledger)
    upload = await upload_batch(sender, model_id, [item.path for item in dataset.items], batch)
    if not upload.succeeded:
        raise UploadError(upload)
    return upload


async def _score_warnings(sender: Sender, model_id: str, assets: Mapping[Path, str]) -> list[str]:
    """Return the warnings of the service's score; none if the request fails."""
    try:
        answer = await sender.send(ModelScoreRetrieveTrainingDatasetParams(model_id))
    except APIError:
        return []
    score = as_documented(answer, DatasetScoreResponse)
    return (
        []
        if score is None
        else _warnings_in(score, {asset_id: path.name for path, asset_id in assets.items()})
    )


def _warnings_in(score: DatasetScoreResponse, names: Mapping[str, str]) -> list[str]:
    """Return the warnings of a score, one line each, with the pictures that they are about.

    A warning in the response may lack its pictures.
    """
    about: dict[str, list[str]] = {}
    for one in score.assets_warnings or ():
        asset_id = cast("str | None", one.asset_id)
        for message in one.message or ():
            about.setdefault(message, []).extend([] if asset_id is None else [names.get(asset_id, asset_id)])
    for two in score.asset_couples_warnings or ():
        couple = " and ".join(names.get(one, one) for one in two.couple or ())
        for message in two.message or ():
            about.setdefault(message, []).extend([couple] if couple else [])
    return [
        f"the service: {message}: {_some_of(subjects)}" if subjects else f"the service: {message}"
        for message, subjects in about.items()
    ]


_SHOWN: Final = 3
"""The most pictures that a warning of the service names."""


def _some_of(subjects: Sequence[str]) -> str:
    shown = ", ".join(subjects[:_SHOWN])
    return shown if len(subjects) <= _SHOWN else f"{shown} and {len(subjects) - _SHOWN} more"
