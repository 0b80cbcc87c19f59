"""The report of a batch upload: the outcome of each file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

from attrs import frozen

from scenario_async._internal.display.content import Page
from scenario_async._internal.display.report import HtmlReport
from scenario_async._internal.pictures.facts import PictureFacts

DOCUMENTED_SET_LIMIT: Final = 50
"""Training images that a model may have, as the service documents it. What a plan allows is not published."""

FileStatus = Literal[
    "attached", "already attached", "duplicate", "skipped", "failed", "in doubt", "not tried", "to send"
]
"""The outcome of a file.

- ``attached``: it is a training image of the model now, and was not before.
- ``already attached``: it was one before.
- ``duplicate``: another file of the batch has the same content, and that one counts.
- ``skipped``: it is no picture that was meant (hidden, a folder, a file of another kind).
- ``failed``: it is not in the set; `FileResult.error` says why.
- ``in doubt``: it is not known whether it is in the set, since the model did not show it in time, or could
  not be asked. Another run finds out; `FileResult.error` says why.
- ``not tried``: the batch stopped before its end; nothing is wrong with the file itself.
- ``to send``: it would be sent; only in a dry run.
"""


def _text(value: object) -> str:
    """The text of a path or an error as JSON can hold it; the name of a file need not be text."""
    return str(value).encode(errors="backslashreplace").decode()


@frozen(kw_only=True)
class FileResult:
    """The outcome of one file.

    Attributes:
        path: The file, as it was given or found.
        status: Its outcome; see `FileStatus`.
        size: Its size in bytes; 0 if it was not read.
        asset_id: The asset that was made of it, also if it could not be attached; or None.
        caption: The caption that the model showed for it at the end; or None.
        error: Why it is not in the set, or not known to be; None if it is.
        attempts: How often it was sent.
        seconds: From the first read to the outcome.
        mime_type: The type of its content, e.g. ``"image/png"``; None if it is no picture.
        facts: Its width, height and more, as far as the file's structure shows them; None if unknown.
    """

    path: Path
    status: FileStatus
    size: int = 0
    asset_id: str | None = None
    caption: str | None = None
    error: Exception | None = None
    attempts: int = 0
    seconds: float = 0.0
    mime_type: str | None = None
    facts: PictureFacts | None = None

    @property
    def width(self) -> int | None:
        """Pixels, as stored; None if unknown."""
        return None if self.facts is None else self.facts.width

    @property
    def height(self) -> int | None:
        """Pixels, as stored; None if unknown."""
        return None if self.facts is None else self.facts.height

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may spoil a training: a small side, an extreme shape, transparency, rotation, frames."""
        return () if self.facts is None else tuple(map(str, self.facts.warnings))

    def to_json(self) -> dict[str, Any]:
        """The same as JSON knows it; the error as its text."""
        return {
            "path": _text(self.path),
            "status": self.status,
            "size": self.size,
            "asset_id": self.asset_id,
            "caption": self.caption,
            "error": None if self.error is None else _text(self.error),
            "attempts": self.attempts,
            "seconds": round(self.seconds, 3),
            "mime_type": self.mime_type,
            "width": self.width,
            "height": self.height,
            "warnings": list(self.warnings),
        }


@frozen(kw_only=True)
class UploadReport(HtmlReport):
    """The report of a batch upload.

    Attributes:
        model_id: The model.
        results: One for each file, in the order given (a folder's by name).
        seconds: How long all of it took.
        stopped_by: What ended the batch before its end, such as a `PlanLimitError`; or None.
        images_before: How many training images the model had before.
        dry_run: Whether nothing was sent that changes anything.
        requests: How many requests that change something a dry run would have sent; None for a real run.
    """

    model_id: str
    results: Sequence[FileResult]
    seconds: float
    stopped_by: Exception | None = None
    images_before: int = 0
    dry_run: bool = False
    requests: int | None = None

    def having(self, *statuses: FileStatus) -> list[FileResult]:
        """The results with one of these statuses."""
        return [result for result in self.results if result.status in statuses]

    @property
    def attached(self) -> list[FileResult]:
        """The files that are in the set now, and were not before."""
        return self.having("attached")

    @property
    def failed(self) -> list[FileResult]:
        """The files that should be in the set and are not, or are not known to be."""
        return self.having("failed", "in doubt", "not tried")

    @property
    def succeeded(self) -> bool:
        """Whether every picture is in the set."""
        return not self.failed and self.stopped_by is None

    @property
    def bytes_attached(self) -> int:
        """The size of all that was attached, in bytes."""
        return sum(result.size for result in self.results if result.status == "attached")

    @property
    def bytes_to_send(self) -> int:
        """The size of all that a dry run found would be sent, in bytes."""
        return sum(result.size for result in self.having("to send") if result.asset_id is None)

    @property
    def fits(self) -> bool:
        """Whether the set stays within the 50 images that the service documents; a plan may allow fewer."""
        return self.images_before + len(self.having("attached", "to send")) <= DOCUMENTED_SET_LIMIT

    def summary(self) -> str:
        """Write one line: how many pictures have each status, and why the first failed."""
        counts = Counter(result.status for result in self.results)
        line = f"model {self.model_id}: " + (
            ", ".join(f"{count} {status}" for status, count in counts.items()) or "no files"
        )
        error = self.stopped_by or next((result.error for result in self.failed if result.error), None)
        return f"{line}; {error}" if error else line

    def to_json(self) -> dict[str, Any]:
        """The same as JSON knows it."""
        return {
            "model_id": self.model_id,
            "succeeded": self.succeeded,
            "seconds": round(self.seconds, 3),
            "dry_run": self.dry_run,
            "images_before": self.images_before,
            "fits": self.fits,
            "requests": self.requests,
            "stopped_by": None if self.stopped_by is None else _text(self.stopped_by),
            "results": [result.to_json() for result in self.results],
        }

    def _page(self) -> Page:
        from scenario_async.upload._internal.report_page import upload_page

        return upload_page(self)
