"""An async-first client for the Scenario API, with a blocking facade.

The package loads each name when it is first used, so that an import of the package takes almost no time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenario_async import pagination, types
    from scenario_async._internal.declare.omitted import NOT_GIVEN, NotGiven, Omit, not_given, omit
    from scenario_async._internal.pictures.picture import Picture
    from scenario_async.client import AsyncScenario, Scenario
    from scenario_async.errors import (
        APIConnectionError,
        APIError,
        APIResponseValidationError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        BudgetError,
        ClientClosedError,
        ConflictError,
        CooldownError,
        DatasetError,
        DeadlineExceededError,
        DisplayError,
        DownloadError,
        IncompleteResponseError,
        InternalServerError,
        InvalidArgumentError,
        JobCanceledError,
        JobFailedError,
        JobInDoubtError,
        LedgerError,
        MissingCredentialsError,
        NotFoundError,
        PermissionDeniedError,
        PlanLimitError,
        RateLimitError,
        Response,
        ResponseTooLargeError,
        ScenarioError,
        StalledError,
        TrainingFailedError,
        UnprocessableEntityError,
        UploadError,
        WaitTimeoutError,
        WorkError,
    )
    from scenario_async.types._names import (
        APIResponse,
        AsyncAPIResponse,
        AsyncClient,
        BaseModel,
        Client,
        DefaultAioHttpClient,
        DefaultAsyncHttpxClient,
        DefaultHttpxClient,
        NoneType,
        Timeout,
        __title__,
        __version__,
    )
    from scenario_async.upload._internal.report import FileResult, UploadReport
    from scenario_async.work._internal.dataset import Dataset
    from scenario_async.work._internal.dataset_check import DatasetReport
    from scenario_async.work._internal.money import Price
    from scenario_async.work._internal.progress import WorkProgress
    from scenario_async.work._internal.reports import GenerationReport, TrainingReport
    from scenario_async.work._internal.saving import DownloadReport

__all__ = [
    "NOT_GIVEN",
    "APIConnectionError",
    "APIError",
    "APIResponse",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncAPIResponse",
    "AsyncClient",
    "AsyncScenario",
    "AuthenticationError",
    "BadRequestError",
    "BaseModel",
    "BudgetError",
    "Client",
    "ClientClosedError",
    "ConflictError",
    "CooldownError",
    "Dataset",
    "DatasetError",
    "DatasetReport",
    "DeadlineExceededError",
    "DefaultAioHttpClient",
    "DefaultAsyncHttpxClient",
    "DefaultHttpxClient",
    "DisplayError",
    "DownloadError",
    "DownloadReport",
    "FileResult",
    "GenerationReport",
    "IncompleteResponseError",
    "InternalServerError",
    "InvalidArgumentError",
    "JobCanceledError",
    "JobFailedError",
    "JobInDoubtError",
    "LedgerError",
    "MissingCredentialsError",
    "NoneType",
    "NotFoundError",
    "NotGiven",
    "Omit",
    "PermissionDeniedError",
    "Picture",
    "PlanLimitError",
    "Price",
    "RateLimitError",
    "Response",
    "ResponseTooLargeError",
    "Scenario",
    "ScenarioError",
    "StalledError",
    "Timeout",
    "TrainingFailedError",
    "TrainingReport",
    "UnprocessableEntityError",
    "UploadError",
    "UploadReport",
    "WaitTimeoutError",
    "WorkError",
    "WorkProgress",
    "__title__",
    "__version__",
    "not_given",
    "omit",
    "pagination",
    "types",
]

_ELSEWHERE = {
    "AsyncScenario": "client",
    "Dataset": "work._internal.dataset",
    "DatasetReport": "work._internal.dataset_check",
    "DownloadReport": "work._internal.saving",
    "FileResult": "upload._internal.report",
    "GenerationReport": "work._internal.reports",
    "Picture": "_internal.pictures.picture",
    "Price": "work._internal.money",
    "Scenario": "client",
    "TrainingReport": "work._internal.reports",
    "UploadReport": "upload._internal.report",
    "WorkProgress": "work._internal.progress",
    **dict.fromkeys(["NOT_GIVEN", "NotGiven", "Omit", "not_given", "omit"], "_internal.declare.omitted"),
    **dict.fromkeys(
        [
            "APIResponse",
            "AsyncAPIResponse",
            "AsyncClient",
            "BaseModel",
            "Client",
            "DefaultAioHttpClient",
            "DefaultAsyncHttpxClient",
            "DefaultHttpxClient",
            "NoneType",
            "Timeout",
            "__title__",
            "__version__",
        ],
        "types._names",
    ),
}


if not TYPE_CHECKING:  # otherwise type checkers would accept any name as an attribute of the package

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name in {"pagination", "types"}:
            return import_module(f"{__name__}.{name}")
        module = import_module(f"{__name__}.{_ELSEWHERE.get(name, 'errors')}")
        value = globals()[name] = getattr(module, name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
