"""All errors that this package raises."""

from __future__ import annotations

from scenario_async._internal.response import Response
from scenario_async.errors._base import (
    ClientClosedError,
    InvalidArgumentError,
    MissingCredentialsError,
    ScenarioError,
    check_boolean,
    check_whole_number,
    is_encodable,
    printable,
)
from scenario_async.errors._responses import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    CooldownError,
    IncompleteResponseError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    PlanLimitError,
    RateLimitError,
    ResponseTooLargeError,
    UnprocessableEntityError,
    remaining_seconds,
    status_error,
)
from scenario_async.errors._work import (
    BudgetError,
    DatasetError,
    DownloadError,
    JobCanceledError,
    JobFailedError,
    JobInDoubtError,
    LedgerError,
    TrainingFailedError,
    UploadError,
    WaitTimeoutError,
    WorkError,
)

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "BudgetError",
    "ClientClosedError",
    "ConflictError",
    "CooldownError",
    "DatasetError",
    "DownloadError",
    "IncompleteResponseError",
    "InternalServerError",
    "InvalidArgumentError",
    "JobCanceledError",
    "JobFailedError",
    "JobInDoubtError",
    "LedgerError",
    "MissingCredentialsError",
    "NotFoundError",
    "PermissionDeniedError",
    "PlanLimitError",
    "RateLimitError",
    "Response",
    "ResponseTooLargeError",
    "ScenarioError",
    "TrainingFailedError",
    "UnprocessableEntityError",
    "UploadError",
    "WaitTimeoutError",
    "WorkError",
    "check_boolean",
    "check_whole_number",
    "is_encodable",
    "printable",
    "remaining_seconds",
    "status_error",
]

for _member in [globals()[name] for name in __all__]:
    if _member.__module__.startswith(f"{__name__}."):
        # Tracebacks and pickles name the module from which an error can be imported.
        _member.__module__ = __name__
