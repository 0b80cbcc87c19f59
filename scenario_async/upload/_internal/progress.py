"""The progress of a batch."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from attrs import frozen

from scenario_async.upload._internal.report import FileStatus
from scenario_async.upload._internal.stages import Outcome, Planned, Refused, path_of

logger: Final = logging.getLogger("scenario_async.upload")

Stage = Literal["sending", "sent", "ended"]


@frozen(kw_only=True)
class UploadProgress:
    """The progress of a batch, and the file whose stage has just changed.

    Attributes:
        path: The file.
        stage: ``sending`` (some of its bytes were sent), ``sent`` (it is an asset), ``ended`` (it has an
            outcome).
        status: Its outcome; None before it has one.
        files_done: The number of files that have an outcome.
        files_total: The number of files.
        bytes_sent: The number of bytes of pictures that were sent; a picture that is sent again counts once.
        bytes_total: The number of bytes of pictures to send. It falls with each picture that need not be
            sent.
    """

    path: Path
    stage: Stage
    status: FileStatus | None
    files_done: int
    files_total: int
    bytes_sent: int
    bytes_total: int


OnProgress = Callable[[UploadProgress], object]
"""Called after each change on the client's event loop, so it has to be quick."""


class ProgressReporter:
    """Counts files and bytes, and calls `on_progress`.

    Args:
        on_progress: The function to call, or None.
        files_total: The number of files.
        bytes_total: The number of bytes of the files that can be sent.

    Attributes:
        moved_at: The time of the last progress (`time.monotonic`).
        exit: The exception that `on_progress` raised to end the program, as `sys.exit` does, or to stop the
            batch, such as `KeyboardInterrupt`; or None.
        on_exit: Called after `on_progress` raised this exception.
    """

    def __init__(self, on_progress: OnProgress | None, files_total: int, bytes_total: int) -> None:
        self._on_progress = on_progress
        self._files_total = files_total
        self._bytes_total = bytes_total
        self._files_done = 0
        self._bytes_sent = 0
        self._sent_of: dict[int, int] = {}
        self.moved_at: float = time.monotonic()
        self.exit: BaseException | None = None
        self.on_exit: Callable[[], object] = lambda: None

    def size_changed(self, file: Planned, size: int) -> None:
        """Correct the planned size of a file, in bytes."""
        self._bytes_total += size - file.size

    def sending(self, file: Planned, sent: int) -> None:
        """Report the bytes of a file that the current attempt has sent; repeated bytes count once."""
        before = self._sent_of.get(file.place, 0)
        self._sent_of[file.place] = max(before, sent)
        self._bytes_sent += max(sent - before, 0)
        self._report(file, "sending")

    def sent(self, file: Planned) -> None:
        """Report that a file is an asset."""
        self._report(file, "sent")

    def ended(self, file: Planned | Refused, outcome: Outcome) -> None:
        """Report a file's outcome. Unsent bytes are subtracted; if there is no asset, sent bytes are too."""
        if outcome.status != "to send" or outcome.asset_id is not None:
            sent = self._sent_of.pop(file.place, 0)
            if outcome.asset_id is None:
                self._bytes_sent -= sent
                sent = 0
            self._bytes_total += sent - (outcome.size or file.size)
        self._files_done += 1
        self._report(file, "ended", outcome.status)

    def _report(self, file: Planned | Refused, stage: Stage, status: FileStatus | None = None) -> None:
        self.moved_at = time.monotonic()
        if self._on_progress is None:
            return
        progress = UploadProgress(
            path=path_of(file),
            stage=stage,
            status=status,
            files_done=self._files_done,
            files_total=self._files_total,
            bytes_sent=self._bytes_sent,
            bytes_total=self._bytes_total,
        )
        try:
            self._on_progress(progress)
        except Exception:
            self._on_progress = None
            logger.exception("on_progress failed and is not called any more")
        except BaseException as error:  # noqa: BLE001 - the batch raises it when it has stopped
            # Raised here, in a task that sends a picture, it would end the event loop before the batch has
            # written its ledger. A CancelledError would look like a broken connection.
            self._on_progress, self.exit = None, error
            self.on_exit()
