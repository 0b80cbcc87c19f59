"""The options of a batch."""

from __future__ import annotations

import os
from typing import Final, get_args

from attrs import frozen

from scenario_async._internal.ledgers import check_ledger
from scenario_async.errors import InvalidArgumentError, check_boolean, check_whole_number
from scenario_async.upload._internal.arguments import check_seconds
from scenario_async.upload._internal.progress import OnProgress
from scenario_async.upload._internal.ways import Way
from scenario_async.values.training_image import TrainingImagePreset

DEFAULT_STALLED: Final = 120.0
"""Seconds without any progress after which a batch ends."""


@frozen(kw_only=True)
class BatchOptions:
    """The options of `TrainingImages.upload`, which describes them."""

    concurrency: int
    preset: TrainingImagePreset | None = None
    on_progress: OnProgress | None = None
    ledger: str | os.PathLike[str] | bool = True
    deadline: float | None = None
    stalled: float | None = DEFAULT_STALLED
    retry_budget: int | None = None
    dry_run: bool = False
    recursive: bool = False
    follow_links: bool = True
    way: Way = "auto"

    def check(self) -> None:
        """Check the arguments before anything is sent.

        Raises:
            InvalidArgumentError: An argument is wrong.
        """
        check_whole_number("concurrency", self.concurrency, at_least=1)
        if self.retry_budget is not None:
            check_whole_number("retry_budget", self.retry_budget, at_least=0)
        if self.preset is not None and self.preset not in get_args(TrainingImagePreset):
            expected = f"one of {', '.join(get_args(TrainingImagePreset))} is needed, or None"
            raise InvalidArgumentError("preset", self.preset, expected)
        for argument in ("dry_run", "recursive", "follow_links"):
            check_boolean(argument, getattr(self, argument))
        check_ledger(self.ledger)
        check_seconds("deadline", self.deadline)
        check_seconds("stalled", self.stalled)
        if self.way not in get_args(Way):
            raise InvalidArgumentError("way", self.way, f"one of {', '.join(get_args(Way))} is needed")
