"""How far a batch is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from attrs import frozen

from scenario_async.upload.report import FileStatus

logger: Final = logging.getLogger("scenario_async.upload")

Stage = Literal["sending", "sent", "ended"]


@frozen(kw_only=True)
class UploadProgress:
    """How far a batch is, and which file brought it there.

    Attributes:
        path: The file that this is about.
        stage: ``sending`` (some of its bytes went), ``sent`` (it is an asset), ``ended`` (its end is known).
        status: What became of it, at its end; None before.
        files_done: How many files have come to their end, whichever.
        files_total: How many files there are.
        bytes_sent: How many bytes of pictures went; a picture that is sent again counts once.
        bytes_total: How many bytes of pictures there are to send; less with each that needs no sending.
    """

    path: Path
    stage: Stage
    status: FileStatus | None
    files_done: int
    files_total: int
    bytes_sent: int
    bytes_total: int


OnProgress = Callable[[UploadProgress], object]


class ProgressReporter:
    """Counts, and tells whoever wants to know."""

    def __init__(self, on_progress: OnProgress | None, files_total: int, bytes_total: int) -> None:
        self._on_progress = on_progress
        self._files_total = files_total
        self.bytes_total = bytes_total
        self.files_done = 0
        self.bytes_sent = 0

    def tell(self, path: str, stage: Stage, status: FileStatus | None = None) -> None:
        """Tell of a file. An error in the callback is logged once, and ends the telling, not the upload."""
        if self._on_progress is None:
            return
        progress = UploadProgress(
            path=Path(path),
            stage=stage,
            status=status,
            files_done=self.files_done,
            files_total=self._files_total,
            bytes_sent=self.bytes_sent,
            bytes_total=self.bytes_total,
        )
        try:
            self._on_progress(progress)
        except Exception:
            logger.exception("on_progress failed and is not called any more")
            self._on_progress = None
