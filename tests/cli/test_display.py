"""The table of a report."""

from __future__ import annotations

import io
from pathlib import Path
from typing import get_args

import pytest
from rich.console import Console

from scenario_async import FileResult, UploadReport
from scenario_async.cli._internal.running import print_text
from scenario_async.cli._internal.upload_table import upload_table
from scenario_async.upload._internal.report import FileStatus


def shown(report: UploadReport, *, width: int = 160) -> str:
    """The table as it is written to a log."""
    file = io.StringIO()
    Console(file=file, width=width).print(upload_table(report))
    return file.getvalue()


def report_of(result: FileResult, *, dry_run: bool = False, model_id: str = "model_1") -> UploadReport:
    requests = 1 if dry_run else None
    return UploadReport(model_id=model_id, results=[result], seconds=1.0, dry_run=dry_run, requests=requests)


@pytest.mark.parametrize("status", get_args(FileStatus))
def test_every_status_can_be_shown(status: FileStatus) -> None:
    result = FileResult(path=Path("a.png"), status=status, size=10, asset_id="asset_1")
    lines = shown(report_of(result, dry_run=status == "to send")).splitlines()
    assert lines[1].split()[0] == "a.png"
    assert status in lines[1]
    assert lines[3].startswith(f"1 {status}, ")


@pytest.mark.parametrize("text", ["[red]loud[/]", "[/nothing]", ":heart:"])
def test_captions_and_errors_are_shown_unchanged(text: str) -> None:
    captioned = FileResult(path=Path("a.png"), status="attached", caption=text)
    assert text in shown(report_of(captioned))
    refused = FileResult(path=Path("a.png"), status="failed", error=ValueError(text))
    assert text in shown(report_of(refused))


@pytest.mark.parametrize("dry_run", [True, False])
def test_the_id_of_the_model_is_escaped(*, dry_run: bool) -> None:
    result = FileResult(path=Path("a.png"), status="attached")
    text = shown(report_of(result, dry_run=dry_run, model_id="m\x1b]0;t\x07\n\u202ex"))
    assert r"model m\u001b]0;t\u0007\n\u202ex" in text


def test_a_printed_text_keeps_its_lines_and_not_its_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A long line is not wrapped, so that a path in it can be copied."""
    print_text("first [red]\nsecond \x1b]0;t\x07\u202e" + "x" * 300)
    assert capsys.readouterr().out.splitlines() == [
        "first [red]",
        r"second \u001b]0;t\u0007\u202e" + "x" * 300,
    ]


@pytest.mark.parametrize("width", [80, 120, 160])
def test_a_long_caption_is_shortened_and_the_columns_before_it_are_not(width: int) -> None:
    result = FileResult(path=Path("a fox.png"), status="attached", caption="a red fox " * 40)
    line = shown(report_of(result), width=width).splitlines()[1].rstrip()
    assert line.startswith("a fox.png  attached")
    assert "a red fox a red" in line
    assert line.endswith("…")
    assert len(line) <= width
