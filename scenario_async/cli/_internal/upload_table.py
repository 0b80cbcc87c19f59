"""The report of an upload, as a table with a summary."""

from __future__ import annotations

from collections import Counter
from typing import Final

from rich.console import Group, RenderableType
from rich.filesize import decimal
from rich.text import Text

from scenario_async.cli._internal.display import Column, FittingTable, cell, one_line
from scenario_async.cli._internal.wording import in_a_command
from scenario_async.upload._internal.report import DOCUMENTED_SET_LIMIT, FileResult, FileStatus, UploadReport

_STYLES: Final[dict[FileStatus, str]] = {
    "attached": "green",
    "already attached": "cyan",
    "duplicate": "cyan",
    "skipped": "dim",
    "failed": "bold red",
    "in doubt": "bold yellow",
    "not tried": "yellow",
    "to send": "green",
}


def upload_table(report: UploadReport, *, in_sandbox: bool = False) -> RenderableType:
    """Return the whole report: a table of the files, their errors, and the totals."""
    results = report.results
    columns = [
        Column(title="picture", cells=[cell(one.path.name) for one in results]),
        Column(
            title="size",
            cells=[Text(decimal(one.size) if one.size else "") for one in results],
            keep=4,
            right=True,
        ),
        Column(title="status", cells=[Text(one.status, style=_STYLES[one.status]) for one in results]),
        Column(title="asset", cells=[cell(one.asset_id or "") for one in results], keep=2),
        Column(title="caption", cells=[cell(one.caption or "") for one in results], keep=1, shortest=24),
        Column(
            title="seconds",
            cells=[Text(f"{one.seconds:.2f}" if one.attempts else "") for one in results],
            keep=3,
            right=True,
        ),
    ]
    wrong = [_reason(one, in_a_command(one.reason)) for one in results if one.reason is not None]
    gap = [Text("")] if wrong else []
    return Group(FittingTable(columns), *gap, *wrong, Text(""), _closing(report, in_sandbox=in_sandbox))


def _reason(result: FileResult, reason: str) -> Text:
    style = "red" if result.status == "failed" else "dim"
    return Text.assemble(cell(result.path.name, "bold"), ": ", cell(reason, style))


def _closing(report: UploadReport, *, in_sandbox: bool) -> Text:
    counts = Counter[FileStatus](result.status for result in report.results)
    line, model_id = Text(), one_line(report.model_id)
    for status, count in counts.items():
        line.append(f"{count} {status}", style=_STYLES[status]).append(", ")
    if report.dry_run:
        line.append(f"{decimal(report.bytes_to_send)} in {report.requests} requests; model {model_id}")
        line.append(f"\ndry run: nothing was sent. The model has {report.images_before} training images; ")
        within = "within" if report.fits else "over"
        line.append(f"with these it would be {within} the {DOCUMENTED_SET_LIMIT} that the service documents")
        return line
    # Without the pictures that an earlier run has sent.
    sent = sum(one.size for one in report.attached if one.attempts)
    speed = decimal(int(sent / max(report.seconds, 1e-6)))
    line.append(f"{decimal(sent)} in {report.seconds:.1f} s ({speed}/s); model {model_id}")
    if report.stopped_by is not None:
        line.append("\nstopped: ").append_text(cell(report.stopped_by, "bold red"))
    if in_sandbox:
        line.append(
            "\nin the sandbox: nothing left this machine, and the model no longer exists", style="dim"
        )
    return line
