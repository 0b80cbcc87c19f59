"""What a person sees of a batch: a progress bar, plain lines where there is no terminal, and a table."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    Progress,
    TextColumn,
)
from rich.table import Table
from rich.text import Text

from scenario_async.errors import InvalidArgumentError
from scenario_async.upload.progress import OnProgress, UploadProgress
from scenario_async.upload.report import DOCUMENTED_SET_LIMIT, FileResult, FileStatus, UploadReport

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


@contextmanager
def progress_on(console: Console) -> Generator[OnProgress]:
    """Show how far a batch is: bars where there is a terminal, plain lines for logs and pipes."""
    if not console.is_terminal:
        yield partial(_print_line, console)
        return
    columns = (
        TextColumn("{task.description}", style="bold"),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[count]}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        files = progress.add_task("files", total=None, count="")
        content = progress.add_task("bytes", total=None, count="")

        def move(now: UploadProgress) -> None:
            count = f"{now.files_done}/{now.files_total}"
            progress.update(files, completed=now.files_done, total=now.files_total, count=count)
            progress.update(content, completed=now.bytes_sent, total=now.bytes_total, count=_sent(now))

        yield move


@contextmanager
def repeats_told_on(console: Console) -> Generator[None]:
    """Say what is tried again, and when: a command that waits must not look as if it hung."""
    logger = logging.getLogger("scenario_async")
    handler = _Lines(console)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(min(level, logging.INFO) or logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


class _Lines(logging.Handler):
    """Prints records as lines of a console, above its progress bars."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.INFO)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print one."""
        self._console.print(Text(record.getMessage(), style="yellow"), soft_wrap=True)


def print_error(console: Console, error: object) -> None:
    """Say what is wrong: as it is, none of it read as markup and no line broken inside of a name."""
    console.print(Text.assemble(("error", "bold red"), f" {error}"), soft_wrap=True)


def _print_line(console: Console, now: UploadProgress) -> None:
    """A line for each file that came to its end."""
    if now.stage == "ended":
        done = f"{now.files_done:{len(str(now.files_total))}}/{now.files_total}"
        line = f"{done} files, {_sent(now)}: {now.path.name} {now.status or ''}".rstrip()
        console.print(Text(line), soft_wrap=True)


def _sent(now: UploadProgress) -> str:
    return f"{decimal(now.bytes_sent)} of {decimal(now.bytes_total)}"


def summary_table(report: UploadReport, *, in_sandbox: bool = False) -> RenderableType:
    """The whole report, and a line that sums it up."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("picture", overflow="fold")
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("asset", no_wrap=True)
    table.add_column("caption, or what is wrong", overflow="fold")
    table.add_column("seconds", justify="right", no_wrap=True)
    for result in report.results:
        table.add_row(
            Text(result.path.name),
            decimal(result.size) if result.size else "",
            Text(result.status, style=_STYLES[result.status]),
            Text(result.asset_id or ""),
            _remark(result),
            f"{result.seconds:.2f}" if result.attempts else "",
        )
    return Group(table, "", _closing(report, in_sandbox=in_sandbox))


def _remark(result: FileResult) -> Text:
    if result.error is None:
        return Text(result.caption or "", no_wrap=True, overflow="ellipsis")
    # The file's name stands in the first column already.
    wrong = result.error.expected if isinstance(result.error, InvalidArgumentError) else str(result.error)
    return Text(wrong, style="red" if result.status == "failed" else "dim")


def _closing(report: UploadReport, *, in_sandbox: bool) -> Text:
    counts = Counter[FileStatus](result.status for result in report.results)
    line = Text()
    for status, count in counts.items():
        line.append(f"{count} {status}", style=_STYLES[status]).append(", ")
    if report.dry_run:
        line.append(f"{decimal(report.bytes_to_send)} in {report.requests} requests; model {report.model_id}")
        line.append(f"\ndry run: nothing was sent. The model has {report.images_before} training images; ")
        within = "within" if report.fits else "over"
        line.append(f"with these it would be {within} the {DOCUMENTED_SET_LIMIT} that the service documents")
        return line
    speed = decimal(int(report.bytes_attached / max(report.seconds, 1e-6)))
    line.append(
        f"{decimal(report.bytes_attached)} in {report.seconds:.1f} s ({speed}/s); model {report.model_id}"
    )
    if report.stopped_by is not None:
        line.append(f"\nstopped: {report.stopped_by}", style="bold red")
    if in_sandbox:
        line.append("\nin the sandbox: nothing left this machine, and the model is gone again", style="dim")
    return line
