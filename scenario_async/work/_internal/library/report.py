"""The report of a sync: counts in memory, and a line for each file on disk."""

from __future__ import annotations

import json
import logging
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, Literal, get_args

from attrs import asdict, field, frozen

from scenario_async._internal.display.content import Page
from scenario_async._internal.display.report import HtmlReport
from scenario_async.errors import InvalidArgumentError

logger: Final = logging.getLogger("scenario_async.sync")

SyncStatus = Literal[
    "uploaded", "unchanged", "duplicate", "skipped", "failed", "in doubt", "not tried", "to send"
]
"""The result of one file.

- ``uploaded``: this run added it to the library.
- ``unchanged``: an earlier run uploaded this version of it.
- ``duplicate``: its content is in the library already, from another file.
- ``skipped``: it is not a picture, and only its folder was given; or macOS made it beside a picture
  (AppleDouble).
- ``failed``: it is not in the library; the error says why.
- ``in doubt``: it may be in the library; the next run searches for it before it sends anything.
- ``not tried``: it was not sent because the run stopped first.
- ``to send``: it would be sent; only a dry run uses this status.
"""

_UNSUCCESSFUL: Final[tuple[SyncStatus, ...]] = ("failed", "in doubt", "not tried")
_FAILURES_KEPT: Final = 100

_REPORTS_KEPT: Final = 20
_DEFAULT_NAME: Final = re.compile(r"sync-\d{8}-\d{6}-\d{6}\.jsonl")

_BEGINNING: Final = b'{"source": '
"""The first bytes of each report. A file that begins otherwise is the user's own, and is not replaced."""


@frozen(kw_only=True)
class SyncResult:
    """The result of one file.

    Attributes:
        source: Its absolute path or URL.
        status: See `SyncStatus`.
        size: Bytes.
        asset_id: Its asset; None if there is none.
        sha256: The digest of its content in hexadecimal; None if it was not read.
        error: Why it is not in the library; None if it is.
        at: Seconds from the start of the run to this result.
    """

    source: str
    status: SyncStatus
    size: int = 0
    asset_id: str | None = None
    sha256: str | None = None
    error: str | None = None
    at: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON values."""
        return asdict(self)


@frozen(kw_only=True)
class SyncReport(HtmlReport):
    """The report of a sync.

    Attributes:
        path: A file with one line for each file of the source; a line is a JSON object.
        counts: The number of files with each status.
        bytes_sent: The size in bytes of the pictures that were uploaded.
        seconds: The duration of the sync.
        failures: The first hundred files that failed, are in doubt or were not tried.
        collection_id: The collection to which the pictures were added; None if there was none.
        dry_run: Whether nothing was sent.
        stopped_by: Why the run ended early; None if it did not.
    """

    path: Path
    counts: Mapping[SyncStatus, int]
    bytes_sent: int
    seconds: float
    failures: tuple[SyncResult, ...] = ()
    collection_id: str | None = None
    dry_run: bool = False
    stopped_by: str | None = None

    @property
    def total(self) -> int:
        """The number of files in the source."""
        return sum(self.counts.values())

    @property
    def succeeded(self) -> bool:
        """Whether every picture is in the library."""
        return self.stopped_by is None and not any(self.counts.get(one) for one in _UNSUCCESSFUL)

    def results(self) -> Iterator[SyncResult]:
        """Read the result of every file from disk, one at a time."""
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield SyncResult(**json.loads(line))

    def _page(self) -> Page:
        from scenario_async.work._internal.report_pages import sync_page

        return sync_page(self)

    def summary(self) -> str:
        """Return one line: the number of files with each status, and why it stopped or the first error."""
        line = ", ".join(f"{count:,} {status}" for status, count in self.counts.items()) or "no files"
        if self.stopped_by:
            return f"{line}; stopped: {self.stopped_by}"
        first = next((one.error for one in self.failures if one.error), None)
        return f"{line}; first failure: {first}" if first else line

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values, without the results of the files."""
        return {
            "path": str(self.path),
            "succeeded": self.succeeded,
            "counts": dict(self.counts),
            "bytes_sent": self.bytes_sent,
            "seconds": round(self.seconds, 3),
            "collection_id": self.collection_id,
            "dry_run": self.dry_run,
            "stopped_by": self.stopped_by,
            "failures": [one.to_dict() for one in self.failures],
        }


@frozen
class ReportWriter:
    """Writes results to a file."""

    path: Path
    _lines: IO[str]
    counts: Counter[SyncStatus] = field(factory=Counter[SyncStatus])
    failures: list[SyncResult] = field(factory=list[SyncResult])
    _errors: list[OSError] = field(factory=list[OSError])

    @classmethod
    def create(cls, path: Path) -> ReportWriter:
        """Create the file, which only its owner can read, because it names every picture.

        An earlier report is replaced.

        Raises:
            InvalidArgumentError: It cannot be created, or there is another file.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _check_replaceable(path)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            expected = f"a file is needed that can be written ({error.strerror or error})"
            raise InvalidArgumentError("report", str(path), expected) from error
        return cls(path, os.fdopen(descriptor, "w", encoding="utf-8"))

    def add(self, result: SyncResult) -> None:
        """Write one result."""
        self.counts[result.status] += 1
        if result.status in _UNSUCCESSFUL and len(self.failures) < _FAILURES_KEPT:
            self.failures.append(result)
        # Escaped, because a name may not be UTF-8, and a line break in a name must not create two lines.
        self._try(lambda: self._lines.write(json.dumps(result.to_dict()) + "\n"))

    def close(self) -> None:
        """Close the file."""
        self._try(self._lines.close)
        with suppress(OSError):  # what could not be written is given up
            self._lines.close()

    def _try(self, write: Callable[[], object]) -> None:
        """Write, unless that failed before: a full disk must not end the upload of the pictures."""
        if self._errors:
            return
        try:
            write()
        except OSError as error:
            self._errors.append(error)
            logger.warning("the report %s is incomplete: %s", self.path, error.strerror or error)

    def in_order(self) -> dict[SyncStatus, int]:
        """The counts, in the order of `SyncStatus`."""
        return {status: self.counts[status] for status in get_args(SyncStatus) if self.counts[status]}


def remove_old_reports(newest: Path) -> None:
    """Remove the oldest reports in the folder of a new one; each of them names every file of a library."""
    with suppress(OSError):
        reports = sorted(one for one in newest.parent.iterdir() if _DEFAULT_NAME.fullmatch(one.name))
        for old in reports[:-_REPORTS_KEPT]:
            old.unlink()


def _check_replaceable(path: Path) -> None:
    if path.exists() and not path.is_char_device():
        if not path.is_file():
            raise OSError("it is not a file")
        with path.open("rb") as file:
            if (file.read(len(_BEGINNING)) or _BEGINNING) != _BEGINNING:
                raise OSError("there is another file, which is not a report of a sync")
