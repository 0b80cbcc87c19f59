"""The errors of uploads, trainings, generations and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scenario_async.errors._base import ScenarioError

if TYPE_CHECKING:
    from decimal import Decimal

    from scenario_async.upload._internal.report import UploadReport
    from scenario_async.work._internal.money import Price


class UploadError(ScenarioError):
    """Some files of a batch are not training images, or it is in doubt whether they are.

    Attributes:
        report: The status of each file; the same report that a batch without failures returns.
    """

    def __init__(self, report: UploadReport) -> None:
        super().__init__(report.summary())
        self.report = report


class DeadlineExceededError(ScenarioError):
    """The deadline of a batch upload passed. Attached pictures stay in the set; another run continues."""


class StalledError(ScenarioError):
    """A batch upload made no progress for a long time, for example on a lost connection.

    Attached pictures stay in the set; another run continues.
    """


class WorkError(ScenarioError):
    """Training, generating or saving failed.

    Attributes:
        ids: The ids of the models, jobs or assets that the error is about.
        report: The report, model or job that the error is about; None if there is none.
    """

    def __init__(self, message: str, *, ids: Sequence[str] = (), report: Any = None) -> None:
        super().__init__(message)
        self.ids: tuple[str, ...] = tuple(ids)
        self.report: Any = report


class DatasetError(WorkError):
    """The check of a data set found errors; `report` is the `DatasetReport`. Nothing was sent."""


class BudgetError(WorkError):
    """The price is above `max_cost`, or the service stated no price. Nothing was paid.

    Attributes:
        price: The `Price`; None if the service did not state one.
        limit: The budget, in creative units.
    """

    def __init__(self, message: str, *, price: Price | None, limit: Decimal, ids: Sequence[str] = ()) -> None:
        super().__init__(message, ids=ids)
        self.price = price
        self.limit = limit


class TrainingFailedError(WorkError):
    """A training failed or was canceled; `report` is the `Model`."""


class JobFailedError(WorkError):
    """A job failed; `report` is the `Job`."""


class JobCanceledError(WorkError):
    """A job was canceled; `report` is the `Job`."""


class WaitTimeoutError(WorkError):
    """The deadline passed. The work continues on the service and is paid. Wait again with its id."""


class JobInDoubtError(WorkError):
    """A paid request may have been carried out, but its job was not found. It was not sent again.

    `ids` has the model of the request.
    """


class DownloadError(WorkError):
    """Some assets could not be saved; `report` is the `DownloadReport`."""


class LedgerError(ScenarioError):
    """The ledger of a library cannot be used, or claims in it could not be renewed.

    Pictures that were being sent are in doubt. The next run searches for them before it sends anything.
    """
