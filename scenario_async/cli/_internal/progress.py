"""What a progress bar says: which step, how much of it, how fast, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.filesize import decimal

from scenario_async._internal.display.page import duration
from scenario_async._internal.display.progress import Progress, Show
from scenario_async.upload._internal.progress import UploadProgress
from scenario_async.work._internal.progress import WorkProgress


def upload_progress(show: Show) -> Callable[[UploadProgress], None]:
    """Draw an upload: pictures done, bytes sent, speed and time left."""
    speed = _Speed()

    def draw(now: UploadProgress) -> None:
        total = now.bytes_total
        text = [
            f"{now.files_done}/{now.files_total} pictures",
            f"{decimal(now.bytes_sent)} of {decimal(total)}",
            *speed.shown(now.bytes_sent, total),
        ]
        done = (now.bytes_sent + now.files_done) / max(total + now.files_total, 1)
        show(Progress(label="uploading", fraction=min(done, 1.0), text=", ".join(text)))

    return draw


def work_progress(show: Show) -> Callable[[WorkProgress], None]:
    """Draw a training or a generation: its stage, its place in the queue, time left and cost."""

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


class _Speed:
    """Bytes per second since the first byte, and the time that the rest takes at this speed."""

    def __init__(self) -> None:
        self._started: float | None = None

    def shown(self, done: int, total: int) -> list[str]:
        """The words for both; none before there is anything to go by."""
        now = time.monotonic()
        if self._started is None:
            self._started = now
        seconds = now - self._started
        if done <= 0 or seconds <= 0:
            return []
        speed = done / seconds
        words = [f"{decimal(int(speed))}/s"]
        return [*words, f"{duration((total - done) / speed)} left"] if total > done else words
