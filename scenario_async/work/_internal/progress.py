"""The progress of a training or a generation."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, Literal, TypeVar

from attrs import evolve, frozen

_Progress = TypeVar("_Progress")

logger: Final = logging.getLogger("scenario_async.work")

Stage = Literal[
    "checking",
    "uploading",
    "captioning",
    "pairing",
    "scoring",
    "pricing",
    "queued",
    "starting",
    "running",
    "finalizing",
    "saving",
    "done",
]


@frozen(kw_only=True)
class WorkProgress:
    """The progress of a training or a generation.

    Attributes:
        stage: The current step. If the service reports an unknown state, it is ``running``.
        id: The model or job; empty before there is one.
        done: How many of `total` are done: pictures, jobs or assets.
        total: The number of pictures, jobs or assets; 0 if nothing is counted.
        fraction: The fraction of the stage that is done, from 0 to 1; None if it is not known.
        position: The position in the service's queue, from 1; None outside of the queue.
        remaining: The service's estimate of the seconds until the end; or None.
        cost: The price in creative units; None if it is not known yet.
        new_assets: New assets since the last call, such as sample pictures of an epoch.
        elapsed: Seconds since the start of the call.
    """

    stage: Stage
    id: str = ""
    done: int = 0
    total: int = 0
    fraction: float | None = None
    position: int | None = None
    remaining: float | None = None
    cost: Decimal | None = None
    new_assets: tuple[str, ...] = ()
    elapsed: float = 0.0


OnWork = Callable[[WorkProgress], object]
"""Called after each change on the client's event loop, so it has to be quick."""


def after_calling(
    on_progress: Callable[[_Progress], object] | None, now: _Progress
) -> Callable[[_Progress], object] | None:
    """Call a callback and return it; after an error, which is logged, return None to call it no more."""
    if on_progress is None:
        return None
    try:
        on_progress(now)
    except Exception:
        logger.exception("on_progress failed and is not called any more")
        return None
    return on_progress


class Reporter:
    """Reports progress to a callback.

    If the callback fails, the error is logged once, and the work continues.
    """

    def __init__(self, on_progress: OnWork | None) -> None:
        self._on_progress = on_progress
        self._started = time.monotonic()
        self._last: WorkProgress | None = None
        self.cost: Decimal | None = None

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def report(self, stage: Stage, **members: Any) -> None:
        """Report a stage if anything changed; the arguments are the attributes of `WorkProgress`."""
        if self._on_progress is None:
            return
        now = WorkProgress(stage=stage, cost=self.cost, **members)
        if now == self._last:
            return
        self._last = now
        self._on_progress = after_calling(self._on_progress, evolve(now, elapsed=self.elapsed))
