"""After any events each set has each content once, and each report is true.

Hypothesis chooses the events. Pictures are added, changed, renamed and copied. Ledgers are deleted, damaged
and exchanged. The service and the network fail. Batches are cancelled, or reach a deadline or the plan's
limit. With ``HYPOTHESIS_PROFILE=reliability-long`` it runs for an hour.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from attrs import define, field, frozen
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from scenario_async import (
    APIError,
    AuthenticationError,
    DeadlineExceededError,
    InvalidArgumentError,
    PlanLimitError,
)
from scenario_async.sandbox import Faults, Sandbox
from scenario_async.sandbox._internal.settings import GroupAnswer
from scenario_async.upload._internal.progress import UploadProgress
from scenario_async.upload._internal.report import UploadReport

from .drawing import LATE, any_faults, no_faults, random_faults
from .scene import (
    LARGE,
    digests_of,
    picture,
    until_quiet,
    upload_and_cancel,
    upload_awaited,
    upload_blocking,
)
from .truth import DONE, contents_of, falsehoods

_HASTE: Final = 0.25
"""The client's timeout in seconds if responses may be missing; longer than any `Delay` of `TRANSIENT`."""

_STOPS: Final = (PlanLimitError, AuthenticationError, DeadlineExceededError, type(None))
"""The errors that may end a batch early; other failures concern single files."""

_NAMES: Final = tuple(f"{letter}.png" for letter in "abcdefghijklmnop")
_NO_PICTURES: Final = (
    ("notes.txt", b"not a picture"),
    (".hidden.png", picture(0)),
    ("no.png", b""),
    ("no.jpg", b"?"),
)
_LARGE_NAME: Final = "large.png"


@frozen
class Target:
    """A model of a sandbox that gets the pictures of a batch."""

    sandbox: Sandbox
    model_id: str

    @property
    def contents(self) -> Counter[str]:
        """How often each content is in the set."""
        return contents_of(self.sandbox, self.model_id)

    @property
    def names(self) -> set[tuple[str, str]]:
        """Each content in the set with its name there."""
        images = self.sandbox.state.models[self.model_id].training_images.values()
        return {(image.asset.picture.stored.sha256, image.asset.name) for image in images}


def _known() -> defaultdict[Target, set[str]]:
    return defaultdict(set)


@define
class Ledger:
    """A ledger's file, and the contents of each target that it must have."""

    path: Path | None
    known: defaultdict[Target, set[str]] = field(factory=_known)

    @property
    def argument(self) -> Path | bool:
        """What to pass to an upload."""
        return self.path or False


class Batches(RuleBasedStateMachine):
    """Two services, three models, one folder, and the ledgers of two machines."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        root = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.folder = root / "pictures"
        self.folder.mkdir()
        self.ledgers = [Ledger(root / "one.sqlite3"), Ledger(root / "other" / "two.sqlite3")]
        # Pictures are not decoded, so that a picture that changes while it is sent is not refused.
        sandboxes = [self.stack.enter_context(Sandbox(decode_pictures=False)) for _ in range(2)]
        self.targets = [
            Target(sandbox, sandbox.state.add_model(name="set", type="any").id)
            for sandbox in (sandboxes[0], sandboxes[0], sandboxes[1])
        ]
        # Contents that may be in a set twice, because no ledger and no name shows that they are attached.
        self.unknowable: defaultdict[Target, set[str]] = defaultdict(set)
        self.numbers = 0

    def teardown(self) -> None:
        """At the end, without faults, all pictures of the folder are attached to the sets."""
        try:
            for which in range(len(self.targets)):
                self.all_pictures_are_attached(which)
        finally:
            self.stack.close()

    @property
    def paths(self) -> list[Path]:
        """The files, in order."""
        return sorted(self.folder.iterdir())

    # --- changes of the folder

    @initialize(count=st.integers(1, len(_NAMES)))
    def begin_with_a_folder(self, count: int) -> None:
        """Start with a folder that was never uploaded."""
        for name in _NAMES[:count]:
            self._new_picture(name)

    @rule(first=st.integers(0, 20), count=st.integers(1, 8), large=st.booleans())
    def new_pictures(self, first: int, count: int, large: bool) -> None:
        """Add new pictures, or new contents under old names."""
        for place in range(first, first + count):
            self._new_picture(_NAMES[place % len(_NAMES)])
        if large:
            self._new_picture(_LARGE_NAME)

    def _new_picture(self, name: str) -> None:
        self.numbers += 1
        self._write(name, self.numbers)

    def _write(self, name: str, number: int) -> None:
        size = LARGE if name == _LARGE_NAME else 0
        (self.folder / name).write_bytes(picture(number, size=size))

    @rule(
        kind=st.sampled_from(["renamed", "copied", "as before", "deleted"]),
        which=st.integers(0, 50),
        name=st.sampled_from(_NAMES),
    )
    def a_file_changes(self, kind: str, which: int, name: str) -> None:
        """Rename a file, copy it, give it an earlier content, or delete it."""
        if not self.paths:
            return
        path = self.paths[which % len(self.paths)]
        match kind:
            case "renamed":
                path.replace(self.folder / f"renamed-{name}")
            case "copied":
                (self.folder / f"copy-{name}").write_bytes(path.read_bytes())
            case "as before":
                self._write(path.name, which % max(self.numbers, 1))
            case _:
                path.unlink()

    @rule(file=st.sampled_from(_NO_PICTURES))
    def no_picture(self, file: tuple[str, bytes]) -> None:
        """Put a file that is not a picture into the folder."""
        (self.folder / file[0]).write_bytes(file[1])

    # --- changes of the ledgers

    @rule(
        which=st.integers(0, 1),
        kind=st.sampled_from(["deleted", "cut off", "overwritten", "zeroed"]),
        file=st.sampled_from(["", "-wal", "-shm"]),
        place=st.floats(0, 1),
    )
    def a_ledger_is_lost(self, which: int, kind: str, file: str, place: float) -> None:
        """Delete a ledger, overwrite a part of it, or cut it off."""
        ledger = self.ledgers[which]
        path = Path(f"{ledger.path}{file}")
        ledger.known.clear()
        if not path.exists():
            return
        if kind == "deleted":
            path.unlink()
            return
        content = path.read_bytes()
        start = int(place * len(content))
        noise = {"cut off": b"", "overwritten": b"noise" * 20, "zeroed": bytes(4096)}[kind]
        rest = b"" if kind == "cut off" else content[start + len(noise) :]
        path.write_bytes(content[:start] + noise + rest)

    # --- batches

    @rule(
        which=st.sampled_from([0, 0, 0, 1, 2]),
        ledger=st.integers(-1, 1),
        faults=any_faults,
        group_answer=st.sampled_from(["first", "all", "none"]),
        concurrency=st.sampled_from([1, 3, 8]),
        limit=st.sampled_from([50, 50, 50, 3, 12]),
        deadline=st.sampled_from([None, None, None, None, 0.02, 0.1]),
        upload=st.sampled_from([upload_awaited, upload_blocking]),
        meddled_with=st.sampled_from([None, None, _LARGE_NAME, *_NAMES[:3]]),
    )
    def batch(
        self,
        *,
        which: int,
        ledger: int,
        faults: Faults,
        group_answer: GroupAnswer,
        concurrency: int,
        limit: int,
        deadline: float | None,
        upload: Callable[..., UploadReport],
        meddled_with: str | None,
    ) -> None:
        """Run a batch with faults."""
        target, used = self.targets[which], self._ledger(ledger)
        sandbox = target.sandbox
        sandbox.group_answer, sandbox.training_image_limit = group_answer, limit
        before, unknowable, others = target.contents, self._unknowable(target, used), self._others(target)
        sandbox.faults = faults
        report = self._report(
            upload,
            target,
            used,
            concurrency=concurrency,
            deadline=deadline,
            timeout=_HASTE,
            on_progress=self._meddler(meddled_with),
        )
        sandbox.faults = Faults()
        until_quiet(sandbox, seconds=0.2 if deadline else 1.5 * LATE)
        self._check_sets(target, used, before, unknowable)
        assert self._others(target) == others, "another set changed"
        if report is not None:
            assert falsehoods(report, sandbox, digests_of(self.folder), before=before) == []
            assert isinstance(report.stopped_by, _STOPS), report.stopped_by
            self._note(report, target, used)

    def _meddler(self, name: str | None) -> Callable[[UploadProgress], None]:
        """Change a file once, after a part of it was sent."""
        left = [name]

        def meddle(progress: UploadProgress) -> None:
            if progress.stage == "sending" and progress.path.name in left:
                left.clear()
                self._new_picture(progress.path.name)

        return meddle

    @rule(
        which=st.sampled_from([0, 0, 0, 1, 2]),
        ledger=st.integers(-1, 1),
        faults=no_faults | random_faults,
        requests=st.integers(0, 40),
    )
    def cancelled_batch(self, which: int, ledger: int, faults: Faults, requests: int) -> None:
        """Run a batch and cancel it after the given number of requests."""
        target, used = self.targets[which], self._ledger(ledger)
        sandbox = target.sandbox
        sandbox.training_image_limit = 50
        before, unknowable = target.contents, self._unknowable(target, used)
        last = len(sandbox.requests) + requests
        sandbox.faults = faults
        with suppress(InvalidArgumentError):
            upload_and_cancel(
                sandbox,
                target.model_id,
                self.folder,
                ledger=used.argument,
                when=lambda: len(sandbox.requests) >= last,
            )
        sandbox.faults = Faults()
        until_quiet(sandbox)
        self._check_sets(target, used, before, unknowable)

    @rule(which=st.integers(0, 2))
    def all_pictures_are_attached(self, which: int) -> None:
        """Without faults all pictures are attached, and another batch changes nothing."""
        target, used = self.targets[which], self.ledgers[0]
        target.sandbox.training_image_limit = 1000
        before, unknowable = target.contents, self._unknowable(target, used)
        report = self._report(upload_awaited, target, used)
        self._check_sets(target, used, before, unknowable)
        if report is None:
            return
        self._note(report, target, used)
        assert falsehoods(report, target.sandbox, digests_of(self.folder), before=before) == []
        assert {result.status for result in report.results} <= {*DONE, "skipped", "failed"}
        for result in report.having("failed"):
            assert not result.path.read_bytes().startswith(b"\x89PNG"), result.error
        changes = target.sandbox.requests.changes
        again = self._report(upload_blocking, target, used)
        assert again is not None
        assert not again.attached
        assert target.sandbox.requests.changes == changes, "a batch of what is in changed something"

    def _report(
        self,
        upload: Callable[..., UploadReport],
        target: Target,
        ledger: Ledger,
        **arguments: object,
    ) -> UploadReport | None:
        """A batch's report; None if there was nothing to send, or the model could not be looked up."""
        changes = target.sandbox.requests.changes
        try:
            return upload(target.sandbox, target.model_id, self.folder, ledger=ledger.argument, **arguments)
        except InvalidArgumentError:
            assert not any(path.suffix == ".png" and path.name[0] != "." for path in self.paths)
        except APIError:
            assert target.sandbox.faults.rules
        assert target.sandbox.requests.changes == changes, "something was sent, and there is no report"
        return None

    def _ledger(self, which: int) -> Ledger:
        return Ledger(None) if which < 0 else self.ledgers[which]

    def _others(self, target: Target) -> list[Counter[str]]:
        return [other.contents for other in self.targets if other is not target]

    def _unknowable(self, target: Target, ledger: Ledger) -> set[str]:
        """Attached contents that the ledger lacks and that are not attached under each of their names."""
        names, contents, known = target.names, target.contents, ledger.known[target]
        return {
            content
            for path, content in digests_of(self.folder).items()
            if content in contents and content not in known and (content, path.name) not in names
        }

    def _check_sets(self, target: Target, ledger: Ledger, before: Counter[str], unknowable: set[str]) -> None:
        """Check that each content is in the set once. Expect the new contents in the ledger from now on."""
        contents = target.contents
        self.unknowable[target] |= unknowable
        twice = {content for content, count in contents.items() if count > 1}
        assert twice <= self.unknowable[target], "a content is in the set twice"
        assert not before - contents, "something was lost from the set"
        ledger.known[target] |= set(contents - before)

    def _note(self, report: UploadReport, target: Target, ledger: Ledger) -> None:
        """Expect the results of a batch in the ledger from now on."""
        digests = digests_of(self.folder)
        ledger.known[target] |= {digests[result.path] for result in report.results if result.status in DONE}


TestBatches = Batches.TestCase
TestBatches.settings = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "reliability"))
