"""The outcomes of a batch: one for each file, which is set once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, cast, overload

from attrs import evolve

from scenario_async.upload._internal.progress import ProgressReporter
from scenario_async.upload._internal.report import FileResult, FileStatus
from scenario_async.upload._internal.stages import Outcome, Planned, Refused, Sent


class Outcomes:
    """Sets the outcomes of a batch's files.

    Args:
        files: The files, in order.
        progress: Reports each outcome.
    """

    def __init__(self, files: Sequence[Planned | Refused], progress: ProgressReporter) -> None:
        self._files = files
        self._outcomes: list[Outcome | None] = [None] * len(files)
        self._progress = progress
        self._began: dict[int, float] = {}
        self._sendings: Counter[int] = Counter()
        self._attachings: Counter[int] = Counter()

    def begin(self, file: Planned) -> None:
        """Record that the processing of a file begins."""
        self._began[file.place] = time.monotonic()

    def count_sending(self, file: Planned) -> None:
        """Record that a file is sent again."""
        self._sendings[file.place] += 1

    def count_attaching(self, file: Planned) -> None:
        """Record that the attaching of a file is requested again."""
        self._attachings[file.place] += 1

    def refuse(self, file: Refused) -> None:
        """Set the outcome of a file that cannot be sent."""
        self._set(file, Outcome(file.status, file.error))

    def end(
        self,
        file: Planned,
        status: FileStatus,
        *,
        error: Exception | None = None,
        sent: Sent | None = None,
        caption: str | None = None,
    ) -> None:
        """Set the outcome of a file.

        Args:
            file: The file.
            status: Its outcome.
            error: Why it is not in the set, or why that is not known.
            sent: Its asset, if it has one.
            caption: Its caption, if it is in the set.

        Raises:
            RuntimeError: The file has an outcome already.
        """
        began = self._began.pop(file.place, None)
        attachings = self._attachings.pop(file.place, 0)
        self._set(
            file,
            Outcome(
                status,
                error,
                size=file.size if sent is None else sent.size,
                mime_type=file.mime_type if sent is None else sent.mime_type,
                asset_id=None if sent is None else sent.asset_id,
                caption=caption,
                attempts=self._sendings.pop(file.place, 0) + max(attachings - 1, 0),
                seconds=0.0 if began is None else time.monotonic() - began,
                facts=file.facts,
            ),
        )

    def copy(self, file: Planned, first: Planned) -> None:
        """Set the outcome of a file whose content is that of another one."""
        of_first = self._outcomes[first.place]
        if of_first is None:
            return
        if of_first.status in {"attached", "already attached", "to send"}:
            of_first = evolve(of_first, status="duplicate")
        elif of_first.status != "in doubt":
            of_first = evolve(of_first, asset_id=None)
        self._set(file, evolve(of_first, size=file.size, attempts=0, seconds=0.0, facts=file.facts))

    def _set(self, file: Planned | Refused, outcome: Outcome) -> None:
        """Set an outcome; no other function does this."""
        if self._outcomes[file.place] is not None:
            raise RuntimeError(f"{file.shown_path} has an outcome already")
        self._outcomes[file.place] = outcome
        self._progress.ended(file, outcome)

    def of(self, file: Planned | Refused) -> Outcome | None:
        """The outcome of a file; None if it has none yet."""
        return self._outcomes[file.place]

    def results(self) -> Results:
        """The results of all files; those without an outcome were not tried."""
        outcomes = [
            outcome or Outcome("not tried", size=file.size)
            for file, outcome in zip(self._files, self._outcomes, strict=True)
        ]
        return Results([file.shown_path for file in self._files], outcomes)


class Results(Sequence[FileResult]):
    """The results of a batch, in the order given; each is created when it is used, as there may be many."""

    def __init__(self, paths: Sequence[str], outcomes: Sequence[Outcome]) -> None:
        self._paths = paths
        self._outcomes = outcomes

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, index: int) -> FileResult: ...
    @overload
    def __getitem__(self, index: slice) -> list[FileResult]: ...
    def __getitem__(self, index: int | slice) -> FileResult | list[FileResult]:
        if isinstance(index, slice):
            return [self._result(place) for place in range(*index.indices(len(self._paths)))]
        return self._result(range(len(self._paths))[index])

    def __iter__(self) -> Iterator[FileResult]:
        return map(self._result, range(len(self._paths)))

    def _result(self, place: int) -> FileResult:
        outcome = self._outcomes[place]
        # By name, since `attrs.asdict` takes ten times as long.
        return FileResult(
            path=Path(self._paths[place]),
            status=outcome.status,
            error=outcome.error,
            size=outcome.size,
            mime_type=outcome.mime_type,
            asset_id=outcome.asset_id,
            caption=outcome.caption,
            attempts=outcome.attempts,
            seconds=outcome.seconds,
            facts=outcome.facts,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(cast("Sequence[object]", other))

    __hash__: ClassVar[None] = None  # type: ignore[assignment] # as a list has none

    def __repr__(self) -> str:
        # Short, because `asyncio.run` computes the repr of its result twice and discards it.
        counts = Counter(outcome.status for outcome in self._outcomes)
        return f"<{', '.join(f'{count} {status}' for status, count in counts.items())}>"
