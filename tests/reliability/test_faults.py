"""Every kind of fault at every step of a batch: the report is true, each picture is in once, none hammers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pytest
from _pytest.mark import ParameterSet
from attrs import frozen

from scenario_async import AuthenticationError, CooldownError, PlanLimitError
from scenario_async.sandbox import Faults, Rule
from scenario_async.sandbox.faults import (
    INCONSISTENT,
    TRANSIENT,
    AssetRefused,
    Cooldown,
    Delay,
    Drop,
    EmptyBody,
    FailedImport,
    Fault,
    Hang,
    HTMLPage,
    PlanLimit,
    ServerError,
    SlowImport,
    StorageRefused,
    Throttled,
    Unauthorized,
)
from scenario_async.upload._internal import evidence
from scenario_async.values.training_image import GROUP_LIMIT

from .scene import Scene, folder_of, until_quiet
from .traffic import watching

ATTACH: Final = "POST /models/{modelId}/training-images"
LOOK_UP: Final = "GET /models/{modelId}"
PICTURES: Final = 5


@frozen
class Step:
    """A step of a batch: its requests, how many of their kind come before, and if it is a large file's."""

    name: str
    route: str
    skip: int = 0
    large: bool = False

    def rule(self, fault: Fault, *, times: int | None = 1) -> Rule:
        """A rule by which a fault happens at this step.

        Raises:
            ValueError: It cannot happen there.
        """
        return Rule(fault, on=self.route, skip=self.skip, times=times)


STEPS: Final = (
    Step("look-up", LOOK_UP),
    Step("small picture", "POST /assets", 1),
    Step("opening", "POST /uploads", large=True),
    Step("part", "PUT /storage/parts/{uploadId}/{number}", large=True),
    Step("completion", "POST /uploads/{uploadId}/action", large=True),
    Step("import", "GET /uploads/{uploadId}", large=True),
    Step("attaching", ATTACH),
    Step("final look-up", LOOK_UP, 1),
)
CHANGING: Final = tuple(step for step in STEPS if step.name in {"small picture", "opening", "attaching"})


def _is_like_another(fault: Fault) -> bool:
    """Whether a fault differs from another one only by its status, or the place where it says the same."""
    return isinstance(fault, ServerError) and fault.status in {502, 504}


PASSING: Final = (
    *(fault for fault in TRANSIENT if not _is_like_another(fault)),
    EmptyBody("before"),
    ServerError(503, "before", retry_after=0.02),
    Throttled(0.02),
)


def _cases(*faults: Fault, steps: Iterable[Step] = STEPS) -> list[ParameterSet]:
    cases: list[ParameterSet] = []
    for step in steps:
        for fault in faults:
            try:
                step.rule(fault)
            except ValueError:
                continue
            cases.append(pytest.param(step, fault, id=f"{step.name}-{fault}".replace(" ", "_")))
    return cases


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[bool, Path]:
    """Four pictures that travel inside a request; and the same and one more that does not."""
    return {
        large: folder_of(tmp_path_factory.mktemp("faults"), PICTURES - 1, large=int(large))
        for large in (False, True)
    }


@pytest.fixture
def folder(folders: Mapping[bool, Path], request: pytest.FixtureRequest) -> Path:
    """What it takes to reach the step of a test."""
    step: Step | None = request.node.callspec.params.get("step")
    return folders[step is None or step.large]


def _most(step: Step, fault: Fault) -> int:
    """How many requests more than without a fault there may be after a single one."""
    if isinstance(fault, AssetRefused):
        return PICTURES + 1  # the group is looked up, and sent one by one
    if isinstance(fault, SlowImport):
        return 2  # as many looks as it takes
    if step.name == "part":
        return 3  # another upload, from its opening, as another URL is needed
    if step.name == "attaching":
        # Before it is attached again, the model is asked long enough.
        return 4 + len(evidence.LOOK_PAUSES)
    return 2  # the same request again; in doubt, a look at what was done


@pytest.mark.parametrize(("step", "fault"), _cases(*PASSING))
def test_a_fault_that_passes_is_survived(scene: Scene, step: Step, fault: Fault) -> None:
    scene.sandbox.faults = Faults(step.rule(fault))
    report = scene.upload(ledger=False)
    assert scene.sandbox.faults.count() == 1, "it did not happen"
    assert scene.falsehoods(report) == []
    assert report.succeeded
    assert scene.is_whole()
    small, large = PICTURES - 1, 3 + 2 if step.large else 0  # to send a large one, and to look after it twice
    look_ups, groups = 2, 1
    more = len(scene.sandbox.requests) - (look_ups + small + large + groups)
    assert more <= _most(step, fault), scene.sandbox.requests


@pytest.mark.parametrize(("step", "fault"), _cases(Hang("before"), Hang("during"), Hang("after")))
def test_an_answer_that_never_comes_is_survived(scene: Scene, step: Step, fault: Fault) -> None:
    scene.sandbox.faults = Faults(step.rule(fault))
    report = scene.upload(ledger=False, timeout=0.3)
    assert scene.sandbox.faults.count() == 1, "it did not happen"
    assert scene.falsehoods(report) == []
    assert report.succeeded
    assert scene.is_whole()


@pytest.mark.parametrize(
    ("step", "fault"),
    _cases(Drop("before"), Drop("after"), HTMLPage(502, "after"), Cooldown(0.01), Delay(0.03, "after")),
)
def test_a_fault_that_comes_again_and_again_is_survived(scene: Scene, step: Step, fault: Fault) -> None:
    """Three times in a row, at one step."""
    scene.sandbox.faults = Faults(step.rule(fault, times=3))
    report = scene.upload(ledger=False)
    assert scene.falsehoods(report) == []
    assert report.succeeded
    assert scene.is_whole()


@pytest.mark.parametrize(("step", "fault"), _cases(*INCONSISTENT))
def test_a_service_that_disagrees_with_itself_makes_no_false_report(
    scene: Scene, step: Step, fault: Fault, tmp_path: Path
) -> None:
    """Three times in a row at one step; the next run brings in what is missing, and doubles nothing."""
    scene.sandbox.faults = Faults(step.rule(fault, times=3))
    report = scene.upload(ledger=tmp_path / "ledger")
    until_quiet(scene.sandbox, seconds=0.25)  # what was accepted has landed by then
    assert scene.falsehoods(report) == []
    scene.sandbox.faults = Faults()
    assert scene.upload(ledger=tmp_path / "ledger").succeeded
    assert scene.is_whole()


@pytest.mark.parametrize(
    ("fault", "uploads"),
    [
        (StorageRefused("ExpiredToken"), 2),
        (StorageRefused("AccessDenied"), 2),
        (StorageRefused("RequestTimeout"), 1),
    ],
    ids=repr,
)
def test_a_url_that_object_storage_refuses_is_replaced_by_a_new_one(
    scene: Scene, fault: Fault, uploads: int
) -> None:
    """The error is XML; the first two are cured by the URLs of another upload, the last by another try."""
    step = next(step for step in STEPS if step.name == "part")
    scene.folder = folder_of(scene.folder.parent, PICTURES - 1, large=1)
    scene.sandbox.faults = Faults(step.rule(fault))
    report = scene.upload(ledger=False)
    assert scene.sandbox.faults.count() == 1
    assert report.succeeded
    assert scene.is_whole()
    assert scene.sandbox.requests.changes["POST /uploads"] == uploads


@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize(("step", "fault"), _cases(PlanLimit(2), steps=CHANGING))
def test_no_request_follows_the_plans_ceiling(
    scene: Scene, step: Step, fault: Fault, concurrency: int
) -> None:
    scene.sandbox.faults = Faults(step.rule(fault, times=None))
    with watching() as traffic:
        report = scene.upload(ledger=False, concurrency=concurrency)
    assert traffic.requests_after(lambda answer: answer.status == 429) == []
    assert isinstance(report.stopped_by, PlanLimitError)
    assert report.stopped_by.limit == 2
    assert scene.falsehoods(report) == []


@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize(("step", "fault"), _cases(Unauthorized(), steps=STEPS[1:-1]))
def test_no_request_follows_a_withdrawn_key(scene: Scene, step: Step, fault: Fault, concurrency: int) -> None:
    scene.sandbox.faults = Faults(step.rule(fault, times=None))
    with watching() as traffic:
        report = scene.upload(ledger=False, concurrency=concurrency)
    assert traffic.requests_after(lambda answer: answer.status == 401) == []
    assert isinstance(report.stopped_by, AuthenticationError)
    assert scene.falsehoods(report) == []


def test_a_key_that_is_withdrawn_at_the_very_end_makes_no_failure_of_what_is_in(scene: Scene) -> None:
    scene.sandbox.faults = Faults(STEPS[-1].rule(Unauthorized()))
    report = scene.upload(ledger=False)
    assert not report.having("failed", "not tried")
    assert scene.falsehoods(report) == []


def test_wrong_credentials_are_found_before_anything_is_sent(scene: Scene) -> None:
    scene.sandbox.faults = Faults(STEPS[0].rule(Unauthorized(), times=None))
    with pytest.raises(AuthenticationError):
        scene.upload(ledger=False)
    assert scene.sandbox.requests.counts() == {LOOK_UP: 1}


def test_a_real_ceiling_lets_in_what_fits_and_says_so(scene: Scene, tmp_path: Path) -> None:
    ceiling, count = 2 * GROUP_LIMIT, 2 * GROUP_LIMIT + 5
    scene.folder = folder_of(tmp_path, count)
    scene.sandbox.training_image_limit = ceiling
    report = scene.upload(ledger=tmp_path / "ledger")
    assert isinstance(report.stopped_by, PlanLimitError)
    assert scene.falsehoods(report) == []
    assert len(report.attached) == len(scene.images) == ceiling
    scene.sandbox.training_image_limit = count
    assert scene.upload(ledger=tmp_path / "ledger").succeeded
    assert scene.sandbox.requests.changes["POST /assets"] == count  # none of them was sent again
    assert scene.is_whole()


@pytest.mark.parametrize("fault", [Cooldown(0.3), Cooldown(0.3, "details"), Throttled(0.3)], ids=repr)
def test_whom_the_service_asks_to_wait_nobody_sends_meanwhile(
    scene: Scene, tmp_path: Path, fault: Fault
) -> None:
    scene.folder = folder_of(tmp_path, 20)
    scene.sandbox.faults = Faults(Rule(fault, on="POST /assets", skip=4, times=1))
    with watching() as traffic:
        report = scene.upload(ledger=False)
    refused = next(event for event in traffic.events if event.status == 429)
    later = traffic.requests_after(lambda answer: answer.status == 429)
    assert min(event.moment for event in later) >= refused.moment + 0.3
    assert report.succeeded
    assert scene.is_whole()


def test_a_wait_that_nobody_would_sit_through_ends_the_batch(scene: Scene) -> None:
    scene.sandbox.faults = Faults(Rule(Cooldown(86_400), on="POST /assets", skip=1))
    with watching() as traffic:
        report = scene.upload(ledger=False)
    assert traffic.requests_after(lambda answer: answer.status == 429) == []
    assert isinstance(report.stopped_by, CooldownError)
    assert report.stopped_by.seconds == 86_400
    assert scene.falsehoods(report) == []


def test_an_import_that_fails_is_one_files_failure(scene: Scene, tmp_path: Path) -> None:
    scene.sandbox.faults = Faults(STEPS[4].rule(FailedImport("too beautiful")))
    report = scene.upload(ledger=tmp_path / "ledger")
    (failed,) = report.failed
    assert "too beautiful" in str(failed.error)
    assert scene.falsehoods(report) == []
    assert scene.upload(ledger=tmp_path / "ledger").succeeded
    assert scene.is_whole()


@pytest.mark.parametrize(
    "step", [step for step in STEPS if step.route != LOOK_UP], ids=lambda step: step.name
)
def test_a_step_that_fails_for_ever_is_not_tried_for_ever(scene: Scene, step: Step) -> None:
    """As many repeats as the budget has, and one attempt at each further request; then the report says so."""
    scene.sandbox.state.assets.clear()  # those that other tests have just made of these pictures
    scene.sandbox.faults = Faults(Rule(ServerError(503, "before"), on=step.route))
    report = scene.upload(ledger=False, retry_budget=10)
    assert not report.succeeded
    assert scene.falsehoods(report) == []
    assert scene.sandbox.requests[step.route] <= PICTURES + 10
    scene.sandbox.faults = Faults()
    assert scene.upload(ledger=False).succeeded
    assert scene.is_whole()
