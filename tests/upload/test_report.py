"""The report of a batch."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from scenario_async import AuthenticationError, FileResult, InvalidArgumentError, UploadError, UploadReport
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Delay, ServerError, Unauthorized
from scenario_async.upload._internal.report import FileStatus

from .conftest import Upload
from .pictures import png, undecodable_png
from .watching import ASSETS, ATTACH, spoil


async def test_each_file_has_one_result_with_every_field(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(2)
    await upload(folder / "01.png")
    (folder / "copy.png").write_bytes((folder / "00.png").read_bytes())
    (folder / "notes.txt").write_text("about the pictures")
    (folder / "text.png").write_text("about the pictures")
    report = await upload(folder, concurrency=1, raise_on_failure=False)
    attached, already, copy, skipped, failed = report.results
    size, caption = (folder / "00.png").stat().st_size, "a picture named 00.png"
    in_set = {image.asset.name: image.id for image in model.training_images.values()}

    def fields(result: FileResult) -> tuple[object, ...]:
        return (
            result.path.name,
            result.status,
            result.size,
            result.asset_id,
            result.caption,
            result.attempts,
        )

    assert fields(attached) == ("00.png", "attached", size, in_set["00.png"], caption, 1)
    assert fields(copy) == ("copy.png", "duplicate", size, in_set["00.png"], caption, 0)
    assert fields(skipped) == ("notes.txt", "skipped", 0, None, None, 0)
    assert fields(failed) == ("text.png", "failed", 0, None, None, 0)
    caption = "a picture named 01.png"
    known = ("01.png", "already attached", (folder / "01.png").stat().st_size, in_set["01.png"], caption, 0)
    assert fields(already) == known
    assert [result.error is None for result in report.results] == [True, True, True, False, False]
    assert attached.reason is None
    assert skipped.reason == "it is not a picture"
    assert attached.seconds > 0
    assert skipped.seconds == failed.seconds == 0
    assert (report.model_id, report.images_before, report.dry_run, report.requests) == (
        model.id,
        1,
        False,
        None,
    )
    assert report.seconds >= attached.seconds


async def test_the_results_are_a_sequence(upload: Upload, folder_of: Callable[[int], Path]) -> None:
    report = await upload(folder_of(3))
    results = list(report.results)
    assert len(report.results) == 3
    assert report.results == results
    assert report.results != results[:2]
    assert [report.results[index] for index in (0, 1, -1)] == results
    assert report.results[1:] == results[1:]
    assert list(reversed(report.results)) == results[::-1]
    assert results[2] in report.results
    assert repr(report.results) == "<3 attached>"
    with pytest.raises(IndexError):
        report.results[3]


async def test_the_seconds_of_a_file_include_all_its_stages(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """They include the time of the attach request."""
    spoil(sandbox, Rule(Delay(0.2, "before"), on=ATTACH))
    report = await upload(folder_of(1))
    assert 0.2 <= report.results[0].seconds <= report.seconds


async def test_attempts_count_each_time_that_a_file_was_sent(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(ServerError(502, "before", retry_after=0), on=ASSETS, times=2, about="01.png"))
    report = await upload(folder_of(2))
    assert [result.attempts for result in report.results] == [1, 3]


async def test_copies_have_the_outcome_of_their_original(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    for name in ("00-copy.png", "bad.png", "bad-copy.png"):
        source = folder / "00.png"
        (folder / name).write_bytes(undecodable_png() if "bad" in name else source.read_bytes())
    report = await upload(folder, concurrency=1, raise_on_failure=False)
    assert [result.status for result in report.results] == ["attached", "duplicate", "failed", "failed"]
    assert report.results[2].error is report.results[3].error
    assert sandbox.requests[ASSETS] == 2
    again = await upload(folder, concurrency=1, raise_on_failure=False)
    statuses = [result.status for result in again.results]
    assert statuses == ["already attached", "duplicate", "failed", "failed"]
    assert again.results[0].asset_id == again.results[1].asset_id == report.results[0].asset_id


async def test_the_report_is_json(upload: Upload, folder_of: Callable[[int], Path]) -> None:
    folder = folder_of(1)
    (folder / "text.png").write_text("about the pictures")
    report = await upload(folder, raise_on_failure=False)
    read = orjson.loads(orjson.dumps(report.to_json()))
    assert read == report.to_json()
    assert set(read) == {
        *("model_id", "succeeded", "seconds", "dry_run", "images_before", "fits", "requests"),
        *("stopped_by", "results"),
    }
    assert read["model_id"] == report.model_id
    assert read["succeeded"] is False
    assert read["stopped_by"] is None
    assert [set(result) for result in read["results"]] == [
        {
            *("path", "status", "size", "asset_id", "caption", "error", "attempts", "seconds", "mime_type"),
            *("width", "height", "warnings"),
        }
    ] * 2
    assert read["results"][0]["path"] == str(folder / "00.png")
    assert read["results"][0]["error"] is None
    assert read["results"][1]["error"] == str(report.results[1].error)


async def test_a_failed_file_raises_an_error_with_the_same_report(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(2)
    (folder / "text.png").write_text("about the pictures")
    with pytest.raises(UploadError) as caught:
        await upload(folder)
    report = caught.value.report
    assert str(caught.value) == report.summary()
    assert [result.status for result in report.results] == ["attached", "attached", "failed"]
    assert len(model.training_images) == 2
    again = await upload(folder, raise_on_failure=False)
    assert [result.status for result in again.results] == ["already attached", "already attached", "failed"]


async def test_the_error_and_its_report_can_be_pickled(
    upload: Upload, folder_of: Callable[[int], Path]
) -> None:
    """A pool of processes pickles errors."""
    folder = folder_of(1)
    (folder / "text.png").write_text("about the pictures")
    with pytest.raises(UploadError) as caught:
        await upload(folder)
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - the bytes come from this test
    assert copy.report.to_json() == caught.value.report.to_json()


async def test_a_withdrawn_key_stops_the_batch(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(Unauthorized(), on=ASSETS, skip=2), Rule(Delay(0.01, "before"), on=ASSETS))
    report = await upload(folder_of(30), concurrency=1, raise_on_failure=False)
    assert isinstance(report.stopped_by, AuthenticationError)
    assert {result.status for result in report.results} == {"not tried"}
    assert not report.succeeded
    assert sandbox.requests[ASSETS] == 3
    assert "401" in report.summary()
    sandbox.faults.stop()
    again = await upload(folder_of(30))
    assert len(again.attached) == len(model.training_images) == 30
    assert sandbox.requests.changes[ASSETS] == 30


def result(status: FileStatus, *, size: int = 10, asset_id: str | None = None) -> FileResult:
    error = ValueError("not this one") if status == "failed" else None
    return FileResult(path=Path("a.png"), status=status, size=size, asset_id=asset_id, error=error)


def report_of(*results: FileResult, before: int = 0, stopped_by: Exception | None = None) -> UploadReport:
    return UploadReport(
        model_id="model_1", results=results, seconds=1.0, images_before=before, stopped_by=stopped_by
    )


def test_the_properties_of_a_report_select_results() -> None:
    results = [
        result("attached"),
        result("duplicate"),
        result("failed"),
        result("not tried"),
        result("skipped"),
    ]
    report = report_of(*results)
    assert report.attached == results[:1]
    assert report.failed == results[2:4]
    assert report.having("duplicate", "skipped") == [results[1], results[4]]
    assert report.bytes_attached == 10
    assert not report.succeeded


def test_a_misspelled_status_is_refused() -> None:
    """An empty list would look as if no picture were in doubt."""
    misspelled: Any = "in_doubt"
    with pytest.raises(InvalidArgumentError, match=r"in doubt.* is needed; got 'in_doubt'"):
        report_of(result("in doubt")).having(misspelled)


@pytest.mark.parametrize("status", ["attached", "already attached", "duplicate", "skipped"])
def test_a_batch_has_succeeded_if_every_picture_is_attached_and_nothing_stopped_it(
    status: FileStatus,
) -> None:
    assert report_of(result(status)).succeeded
    assert not report_of(result(status), stopped_by=ValueError("stopped")).succeeded


def test_a_summary_has_the_counts_and_the_first_reason() -> None:
    report = report_of(result("attached"), result("failed"), result("attached"))
    assert report.summary() == "model model_1: 2 attached, 1 failed; not this one"
    stopped = report_of(result("failed"), result("not tried"), stopped_by=ValueError("stopped"))
    assert stopped.summary() == "model model_1: 1 failed, 1 not tried; stopped"
    assert report_of().summary() == "model model_1: no files"


@pytest.mark.parametrize(
    ("before", "count", "fits"), [(0, 50, True), (0, 51, False), (49, 1, True), (50, 1, False)]
)
def test_a_set_of_up_to_50_images_has_the_documented_size(before: int, count: int, fits: bool) -> None:
    for status in ("attached", "to send"):
        assert report_of(*[result(status)] * count, before=before).fits is fits
    assert report_of(*[result("already attached")] * count, before=min(before, 50)).fits


def test_bytes_to_send_are_the_sizes_of_files_that_are_not_assets_yet() -> None:
    report = report_of(result("to send", size=3), result("to send", size=5, asset_id="asset_1"))
    assert report.bytes_to_send == 3


async def test_a_single_file_is_a_batch(upload: Upload, model: Model, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    report = await upload(tmp_path / "a.png")
    assert report.summary() == f"model {model.id}: 1 attached"
