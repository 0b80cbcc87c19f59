"""Errors can be pickled completely, because process pools and distributed tests pickle them."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from multidict import CIMultiDict

from scenario_async import errors
from scenario_async._internal.declare.reading import structure
from scenario_async._internal.http.pace import StoppedError
from scenario_async._internal.pictures import picture as pictures
from scenario_async.errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    BudgetError,
    InvalidArgumentError,
    Response,
    ResponseTooLargeError,
    ScenarioError,
    UploadError,
)
from scenario_async.upload._internal.imports import ImportFailedError
from scenario_async.upload._internal.report import FileResult, UploadReport
from scenario_async.values.upload import Upload
from scenario_async.work.money import Price

from .conftest import Connector
from .servers import answered, serving

RESPONSE = Response(
    429,
    CIMultiDict({"Retry-After": "5"}),
    orjson.dumps({"reason": "no", "traceId": "t", "details": {"actionLimit": 25, "remainingSeconds": 3}}),
)
ABOUT: dict[str, Any] = {"method": "POST", "path": "/models", "in_doubt": True}


def report() -> UploadReport:
    """A report with an error in it."""
    failed = FileResult(path=Path("a.png"), status="failed", error=APIConnectionError("gone", **ABOUT))
    return UploadReport(model_id="m", results=[failed], seconds=1.5)


def make(kind: type[ScenarioError]) -> ScenarioError:
    """An error of a class, with all data that it can have."""
    special: dict[type[ScenarioError], Callable[[], ScenarioError]] = {
        ResponseTooLargeError: lambda: ResponseTooLargeError("?", response=RESPONSE, path="/models"),
        APIResponseValidationError: lambda: APIResponseValidationError(
            "?", response=RESPONSE, path="/models"
        ),
        UploadError: lambda: UploadError(report()),
        BudgetError: lambda: BudgetError("over", price=Price(units=Decimal(5)), limit=Decimal(4)),
        StoppedError: lambda: StoppedError(APIConnectionError("gone", **ABOUT), in_doubt=True),
        ImportFailedError: lambda: ImportFailedError(
            structure({"id": "upload_1", "status": "failed"}, Upload), "why"
        ),
    }
    if kind in special:
        return special[kind]()
    if issubclass(kind, APIStatusError):
        return kind(response=RESPONSE, **ABOUT)
    if issubclass(kind, APIError):
        return kind("gone", **ABOUT)
    if issubclass(kind, InvalidArgumentError):
        return kind("data", b"value", "what is right")
    return kind("words")


def pickled(error: ScenarioError) -> ScenarioError:
    """The error after pickling and unpickling."""
    read: ScenarioError = pickle.loads(pickle.dumps(error))  # noqa: S301 - the bytes come from this test
    return read


def copied(error: ScenarioError) -> ScenarioError:
    """A copy of the error."""
    return copy.copy(error)


def copied_deeply(error: ScenarioError) -> ScenarioError:
    """A deep copy of the error."""
    return copy.deepcopy(error)


def subclasses(kind: type[ScenarioError]) -> list[type[ScenarioError]]:
    """A class and all its subclasses."""
    return [kind, *(found for derived in kind.__subclasses__() for found in subclasses(derived))]


KINDS = [
    kind for kind in dict.fromkeys(subclasses(ScenarioError)) if kind.__module__.startswith("scenario_async")
]


def described(error: BaseException) -> dict[str, Any]:
    """All data of an error, in a form that can be compared."""
    return {
        name: described(value)
        if isinstance(value, BaseException)
        else repr(value)
        if name == "report"
        else value
        for name, value in vars(error).items()
    }


def test_all_error_classes_are_tested() -> None:
    assert {errors.PlanLimitError, errors.CooldownError, pictures.PictureChangedError} <= set(KINDS)
    assert len(KINDS) >= 20


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("again", [pickled, copied, copied_deeply])
def test_pickle(kind: type[ScenarioError], again: Callable[[ScenarioError], ScenarioError]) -> None:
    """A pickled error has the same class, the same message and the same data."""
    error = make(kind)
    error.add_note("seen in a test")
    read = again(error)
    assert type(read) is kind
    assert str(read) == str(error) != ""
    assert read.args == error.args
    assert described(read) == described(error)
    assert read.__notes__ == ["seen in a test"]


def test_report_in_an_upload_error() -> None:
    """The report of a batch is pickled too, with its errors."""
    read = pickled(UploadError(report()))
    assert isinstance(read, UploadError)
    failure = read.report.results[0].error
    assert isinstance(failure, APIConnectionError)
    assert (failure.method, failure.path, failure.in_doubt) == ("POST", "/models", True)
    assert str(read) == "model m: 1 failed; gone"


async def test_error_of_a_real_exchange(connect: Connector) -> None:
    """The headers of a real response are pickled too; their names still ignore case."""
    async with serving(answered(400, {"reason": "no"}, {"X-Trace": "t"})) as server:
        with pytest.raises(APIStatusError) as caught:
            await connect.models(server.url).retrieve("m")
    read = pickled(caught.value)
    assert isinstance(read, APIStatusError)
    assert read.response.headers["x-trace"] == "t"
    assert read.reason == "no"


async def test_connection_error_of_a_real_exchange(connect: Connector) -> None:
    """The cause of a broken connection does not prevent pickling."""
    with pytest.raises(APIConnectionError) as caught:
        await connect.models("http://127.0.0.1:1").retrieve("m")
    read = pickled(caught.value)
    assert isinstance(read, APIConnectionError)
    assert not isinstance(read, APITimeoutError)
    assert (read.method, read.path, read.in_doubt) == ("GET", "/models/m", False)
