"""Each file of a batch ends once, in a documented way, for any order of events."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scenario_async.upload._internal.outcomes import Outcomes
from scenario_async.upload._internal.progress import ProgressReporter
from scenario_async.upload._internal.stages import Planned, Refused, Sent
from scenario_async.upload.progress import UploadProgress
from scenario_async.upload.report import FileStatus

STATUSES = get_args(FileStatus)
ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"
OF_A_COPY = {
    "attached": "duplicate",
    "already attached": "duplicate",
    "to send": "duplicate",
}
"""The status of a copy by the status of its original; any other status is copied."""


class LifeOfFiles(RuleBasedStateMachine):
    """Changes the outcomes of a batch and keeps the expected outcomes."""

    @initialize(kinds=st.lists(st.booleans(), min_size=1, max_size=6))
    def begin_batch(self, kinds: list[bool]) -> None:
        """Plan a batch: some files can be sent, others are refused."""
        self.files: list[Planned | Refused] = [
            Planned(place, f"{place}.png", "image/png", 100 + place)
            if sendable
            else Refused(place, f"{place}.txt", "skipped", ValueError("no picture"))
            for place, sendable in enumerate(kinds)
        ]
        self.reported = Counter[str]()
        reporter = ProgressReporter(self.note, len(self.files), 1000)
        self.outcomes = Outcomes(self.files, reporter)
        self.expected: dict[int, str] = {}
        self.sendings = Counter[int]()

    def note(self, progress: UploadProgress) -> None:
        """Count the files of each progress report."""
        self.reported[str(progress.path)] += 1

    def planned(self, number: int) -> Planned | None:
        """One of the files that can be sent."""
        planned = [file for file in self.files if isinstance(file, Planned)]
        return planned[number % len(planned)] if planned else None

    @rule(number=st.integers(0, 9))
    def refuse(self, number: int) -> None:
        """Refuse a file that cannot be sent; it ends once."""
        file = self.files[number % len(self.files)]
        if isinstance(file, Planned):
            return
        if file.place in self.expected:
            with pytest.raises(RuntimeError, match="has an outcome already"):
                self.outcomes.refuse(file)
        else:
            self.outcomes.refuse(file)
            self.expected[file.place] = "skipped"

    @rule(number=st.integers(0, 9))
    def send(self, number: int) -> None:
        """Send a file, perhaps again."""
        file = self.planned(number)
        if file is not None and file.place not in self.expected:
            self.outcomes.begin(file)
            self.outcomes.count_sending(file)
            self.sendings[file.place] += 1

    @rule(number=st.integers(0, 9), status=st.sampled_from(STATUSES), is_asset=st.booleans())
    def end(self, number: int, status: FileStatus, is_asset: bool) -> None:
        """End a file; a second end is refused and changes nothing."""
        file = self.planned(number)
        if file is None:
            return
        sent = Sent(file, "image/png", 7, b"digest", f"asset_{file.place}") if is_asset else None
        if file.place in self.expected:
            with pytest.raises(RuntimeError, match="has an outcome already"):
                self.outcomes.end(file, status, sent=sent)
        else:
            self.outcomes.end(file, status, sent=sent)
            self.expected[file.place] = status

    @precondition(lambda self: self.expected)
    @rule(number=st.integers(0, 9), first=st.integers(0, 9))
    def copy(self, number: int, first: int) -> None:
        """Make a file a copy of another file; it ends after the other file has ended."""
        file, other = self.planned(number), self.planned(first)
        if file is None or other is None or file is other or file.place in self.expected:
            return
        self.outcomes.copy(file, other)
        if other.place in self.expected:
            status = self.expected[other.place]
            self.expected[file.place] = OF_A_COPY.get(status, status)
            self.sendings.pop(file.place, None)

    @invariant()
    def results_say_what_happened(self) -> None:
        """Each file has one result, in its position; files that did not end were not tried."""
        results = self.outcomes.results()
        assert [str(result.path) for result in results] == [file.shown_path for file in self.files]
        assert [result.status for result in results] == [
            self.expected.get(file.place, "not tried") for file in self.files
        ]

    @invariant()
    def each_end_is_reported_once(self) -> None:
        """The progress reports each end once."""
        assert self.reported == {self.files[place].shown_path: 1 for place in self.expected}


LifeOfFiles.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestLifeOfFiles = LifeOfFiles.TestCase


@pytest.mark.parametrize("status", STATUSES)
def test_a_copy_has_the_asset_of_the_other_file_if_that_is_or_may_be_attached(
    status: FileStatus,
) -> None:
    """A copy does not show the asset of a picture that failed, because the copy was not sent itself."""
    first, copy = Planned(0, "a.png", "image/png", 7), Planned(1, "b.png", "image/png", 7)
    outcomes = Outcomes([first, copy], ProgressReporter(None, 2, 14))
    outcomes.end(first, status, sent=Sent(first, "image/png", 7, b"digest", "asset_1"))
    outcomes.copy(copy, first)
    is_kept = status in {*OF_A_COPY, "in doubt"}
    assert outcomes.results()[1].asset_id == ("asset_1" if is_kept else None)


def test_the_diagram_shows_each_status_and_stage() -> None:
    """The diagram of docs/architecture.md has exactly the stages and outcomes of the code."""
    diagram = ARCHITECTURE.read_text(encoding="utf-8").split("stateDiagram-v2")[1].split("```")[0]
    ends = re.findall(r"--> Outcome: (.*)", diagram)
    shown = {one.split(" (")[0].strip() for end in ends for one in re.split(r", (?![^(]*\))", end)}
    assert shown == set(STATUSES)
    stages = {"Planned", "Refused", "Examined", "Sent", "Claim", "Outcome"}
    assert set(re.findall(r"--> (\w+)", diagram)) == stages
