"""Progress bars of long calls: the step, the fraction, the speed, and the remaining time."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from scenario_async._internal.display.page import duration, size_text
from scenario_async._internal.display.progress import Progress, Show, progress_display
from scenario_async._internal.display.words import counted
from scenario_async.errors import InvalidArgumentError
from scenario_async.work._internal.progress import after_calling

if TYPE_CHECKING:
    from scenario_async.upload._internal.progress import UploadProgress
    from scenario_async.work._internal.library.sync import SyncProgress
    from scenario_async.work._internal.progress import WorkProgress

T = TypeVar("T")

Draw = Callable[[T], object]
"""Draws the progress of a call."""


@contextmanager
def progress_bar(
    progress: object, drawing: Callable[[Show], Draw[T]], on_progress: Callable[[T], object] | None
) -> Generator[Callable[[T], object] | None]:
    """Show a progress bar while the block runs, in a notebook, a terminal or a log.

    Args:
        progress: Whether to show a bar; the user's argument.
        drawing: The function that draws the bar: `upload_progress`, `work_progress` or `sync_progress`.
        on_progress: The user's callback, which is called with or without a bar.

    Yields:
        The callback for the work; None if there is nothing to call.

    Raises:
        InvalidArgumentError: `progress` is neither True nor False, or `on_progress` is not a plain function.
    """
    if not isinstance(progress, bool):
        expected = "True or False is needed; a function belongs into on_progress"
        raise InvalidArgumentError("progress", progress, expected)
    if on_progress is not None and not callable(on_progress):
        raise InvalidArgumentError("on_progress", on_progress, "a function is needed, or None")
    if inspect.iscoroutinefunction(on_progress):  # its body would never run
        expected = "a plain function is needed, because an async one would not be awaited"
        raise InvalidArgumentError("on_progress", on_progress, expected)
    if not progress:
        yield on_progress
        return
    with progress_display() as show:
        yield _both(drawing(show), on_progress)


def _both(draw: Draw[T], on_progress: Callable[[T], object] | None) -> Callable[[T], object]:
    """Draw, then call `on_progress`. If that fails, it is not called again, but the bar continues."""
    callback = on_progress

    def call(now: T) -> None:
        nonlocal callback
        draw(now)
        callback = after_calling(callback, now)

    return call


def upload_progress(show: Show) -> Draw[UploadProgress]:
    """Draw the progress of an upload: pictures done, bytes sent, speed and remaining time."""
    speed = _Speed()

    def draw(now: UploadProgress) -> None:
        total = now.bytes_total
        text = [
            f"{now.files_done}/{now.files_total} pictures",
            f"{size_text(now.bytes_sent)} of {size_text(total)}",
            *speed.shown(now.bytes_sent, total),
        ]
        done = (now.bytes_sent + now.files_done) / max(total + now.files_total, 1)
        show(Progress(label="uploading", fraction=min(done, 1.0), text=", ".join(text)))

    return draw


def work_progress(show: Show) -> Draw[WorkProgress]:
    """Draw the progress of other work: stage, position in the queue, remaining time and cost."""

    def draw(now: WorkProgress) -> None:
        text = [
            f"{now.done}/{now.total}" if now.total > 1 else "",
            f"place {now.position} in the queue" if now.position is not None else "",
            f"{duration(now.remaining)} left" if now.remaining is not None else "",
            f"{now.cost} creative units" if now.cost is not None else "",
            now.id,
        ]
        fraction = now.fraction
        if fraction is None and now.total:
            fraction = now.done / now.total
        show(
            Progress(label=now.stage, fraction=fraction, text=", ".join(part for part in text if part) or "…")
        )

    return draw


def sync_progress(show: Show) -> Draw[SyncProgress]:
    """Draw the progress of a sync: files with a result, uploads and failures, and files per second.

    The bar shows no fraction. The source is listed while it is uploaded, so the total number of files is not
    known.
    """

    def draw(now: SyncProgress) -> None:
        text = [
            counted(now.files_done, "file"),
            f"{now.uploaded} uploaded ({size_text(now.bytes_sent)})",
            f"{now.files_done / max(now.elapsed, 1e-6):.0f}/s",
            f"{now.failed} failed" if now.failed else "",
        ]
        show(Progress(label="syncing", fraction=None, text=", ".join(part for part in text if part)))

    return draw


class _Speed:
    """The bytes per second since the first byte, and the remaining time at this speed."""

    def __init__(self) -> None:
        self._started: float | None = None

    def shown(self, done: int, total: int) -> list[str]:
        """Return the text for both; empty before the first bytes are sent."""
        now = time.monotonic()
        if self._started is None:
            self._started = now
        seconds = now - self._started
        if done <= 0 or seconds <= 0:
            return []
        speed = done / seconds
        words = [f"{size_text(int(speed))}/s"]
        return [*words, f"{duration((total - done) / speed)} left"] if total > done else words
