"""The report of a batch upload: the outcome of each file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from attrs import frozen

from scenario_async._internal.display.report import HtmlReport
from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.names import encodable_text
from scenario_async.errors import InvalidArgumentError

if TYPE_CHECKING:
    from scenario_async._internal.display.content import Page

DOCUMENTED_SET_LIMIT: Final = 50
"""The documented number of training images of a model. The limits of plans are not published."""

FileStatus = Literal[
    "attached", "already attached", "duplicate", "skipped", "failed", "in doubt", "not tried", "to send"
]
"""The outcome of a file.

- ``attached``: this upload added it to the training set.
- ``already attached``: it was in the training set before.
- ``duplicate``: its content is the same as that of another file of the batch, and only the other file is
  sent.
- ``skipped``: it is ignored because it is hidden, a folder, or not a picture, and only its folder was given;
  or because macOS made it beside a picture (AppleDouble).
- ``failed``: it is not in the training set; `FileResult.error` says why.
- ``in doubt``: it may be in the training set, but the model did not list it in time or could not be reached.
  Run the upload again to find out. `FileResult.error` says why.
- ``not tried``: it was not sent because the batch stopped first.
- ``to send``: it would be sent; only a dry run uses this status.
"""


@frozen(kw_only=True)
class FileResult:
    """The outcome of one file.

    Attributes:
        path: The path of the file, as it was given or found.
        status: Its outcome; see `FileStatus`.
        size: Its size in bytes; 0 if it was not read.
        asset_id: Its asset, even if the asset could not be attached; or None.
        caption: Its caption in the model at the end; or None.
        error: Why it is not in the training set, or why that is not known; None if it is in the set.
        attempts: How often it was sent.
        seconds: The time from the first read to the outcome.
        mime_type: The type of its content, e.g. ``"image/png"``; None if it is not a picture.
        facts: Its width, height and other properties, as far as the file's structure shows them; None if
            unknown.
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
    def reason(self) -> str | None:
        """Why it is not in the training set, without the name of the argument; None if there is no error."""
        error = self.error
        if error is None:
            return None
        return error.expected if isinstance(error, InvalidArgumentError) else str(error)

    @property
    def width(self) -> int | None:
        """The stored width in pixels, before a rotation by EXIF; None if it is unknown."""
        return None if self.facts is None else self.facts.width

    @property
    def height(self) -> int | None:
        """The stored height in pixels, before a rotation by EXIF; None if it is unknown."""
        return None if self.facts is None else self.facts.height

    @property
    def warnings(self) -> tuple[str, ...]:
        """Problems for a training: a small side, an extreme shape, transparency, rotation, frames."""
        return () if self.facts is None else tuple(map(str, self.facts.warnings))

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {
            "path": encodable_text(self.path),
            "status": self.status,
            "size": self.size,
            "asset_id": self.asset_id,
            "caption": self.caption,
            "error": None if self.error is None else encodable_text(self.error),
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
        results: One result for each file, in the order given (for a folder, sorted by name).
        seconds: The duration of the batch.
        stopped_by: The error that stopped the batch early, such as a `PlanLimitError`; or None.
        images_before: How many training images the model had before.
        dry_run: Whether this was a dry run, which changes nothing.
        requests: The number of requests that would change something, after a dry run; None for a real run.
    """

    model_id: str
    results: Sequence[FileResult]
    seconds: float
    stopped_by: Exception | None = None
    images_before: int = 0
    dry_run: bool = False
    requests: int | None = None

    def having(self, *statuses: FileStatus) -> list[FileResult]:
        """The results with one of these statuses.

        Raises:
            InvalidArgumentError: There is no such status.
        """
        for status in statuses:
            if status not in get_args(FileStatus):
                expected = f"one of {', '.join(get_args(FileStatus))} is needed"
                raise InvalidArgumentError("statuses", status, expected)
        return [result for result in self.results if result.status in statuses]

    @property
    def attached(self) -> list[FileResult]:
        """The files that this upload added to the set."""
        return self.having("attached")

    @property
    def failed(self) -> list[FileResult]:
        """The files that should be in the set but are not, or are in doubt."""
        return self.having("failed", "in doubt", "not tried")

    @property
    def succeeded(self) -> bool:
        """Whether every picture is in the set."""
        return not self.failed and self.stopped_by is None

    @property
    def bytes_attached(self) -> int:
        """The total size of the attached files, in bytes."""
        return sum(result.size for result in self.results if result.status == "attached")

    @property
    def bytes_to_send(self) -> int:
        """The total size of the files that would be sent according to a dry run, in bytes."""
        return sum(result.size for result in self.having("to send") if result.asset_id is None)

    @property
    def fits(self) -> bool:
        """Whether the set has at most the 50 images that the service documents; a plan may allow fewer."""
        return self.images_before + len(self.having("attached", "to send")) <= DOCUMENTED_SET_LIMIT

    def summary(self) -> str:
        """Return one line: the number of pictures with each status, and the first error."""
        counts = Counter(result.status for result in self.results)
        line = f"model {self.model_id}: " + (
            ", ".join(f"{count} {status}" for status, count in counts.items()) or "no files"
        )
        error = self.stopped_by or next((result.error for result in self.failed if result.error), None)
        return f"{line}; {error}" if error else line

    def to_json(self) -> dict[str, Any]:
        """Return the object as JSON values."""
        return {
            "model_id": self.model_id,
            "succeeded": self.succeeded,
            "seconds": round(self.seconds, 3),
            "dry_run": self.dry_run,
            "images_before": self.images_before,
            "fits": self.fits,
            "requests": self.requests,
            "stopped_by": None if self.stopped_by is None else encodable_text(self.stopped_by),
            "results": [result.to_json() for result in self.results],
        }

    def _page(self) -> Page:
        from scenario_async.upload._internal.report_page import upload_page

        return upload_page(self)
