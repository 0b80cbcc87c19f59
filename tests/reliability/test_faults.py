"""For every fault at every step of a batch, the report is true and the number of requests is limited."""

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
    """A step of a batch: its route, the number of earlier requests, and whether it needs a large file."""

    name: str
    route: str
    skip: int = 0
    large: bool = False

    def rule(self, fault: Fault, *, times: int | None = 1) -> Rule:
        """A rule for a fault at this step.

        Raises:
            ValueError: The fault is not possible at this step.
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
    """Whether a fault differs from another fault only in its status, or in the place of the same value."""
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
    """Four small pictures; and the same four with a large one that is sent in parts."""
    return {
        large: folder_of(tmp_path_factory.mktemp("faults"), PICTURES - 1, large=int(large))
        for large in (False, True)
    }


@pytest.fixture
def folder(folders: Mapping[bool, Path], request: pytest.FixtureRequest) -> Path:
    """The folder that a test needs to reach its step."""
    step: Step | None = request.node.callspec.params.get("step")
    return folders[step is None or step.large]


def _most(step: Step, fault: Fault) -> int:
    """The largest number of additional requests after a single fault."""
    if isinstance(fault, AssetRefused):
        return PICTURES + 1  # the model is looked up, and the assets are attached one by one
    if isinstance(fault, SlowImport):
        return 2  # polls until the import ends
    if step.name == "part":
        return 3  # a new upload from its beginning, because a new URL is needed
    if step.name == "attaching":
        # The model is looked up several times before the next attach request.
        return 4 + len(evidence.LOOK_PAUSES)
    return 2  # the same request again; if it is in doubt, also a lookup


@pytest.mark.parametrize(("step", "fault"), _cases(*PASSING))
def test_a_transient_fault_does_not_fail_the_batch(scene: Scene, step: Step, fault: Fault) -> None:
    scene.sandbox.faults = Faults(step.rule(fault))
    report = scene.upload(ledger=False)
    assert scene.sandbox.faults.count() == 1, "it did not happen"
    assert scene.falsehoods(report) == []
    assert report.succeeded
    assert scene.is_whole()
    small, large = PICTURES - 1, 3 + 2 if step.large else 0  # with two polls of the import
    look_ups, groups = 2, 1
    more = len(scene.sandbox.requests) - (look_ups + small + large + groups)
    assert more <= _most(step, fault), scene.sandbox.requests


@pytest.mark.parametrize(("step", "fault"), _cases(Hang("before"), Hang("during"), Hang("after")))
def test_a_missing_response_does_not_fail_the_batch(scene: Scene, step: Step, fault: Fault) -> None:
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
def test_a_repeated_fault_does_not_fail_the_batch(scene: Scene, step: Step, fault: Fault) -> None:
    """The fault happens three times in a row at one step."""
    scene.sandbox.faults = Faults(step.rule(fault, times=3))
    report = scene.upload(ledger=False)
    assert scene.falsehoods(report) == []
    assert report.succeeded
    assert scene.is_whole()


@pytest.mark.parametrize(("step", "fault"), _cases(*INCONSISTENT))
def test_an_inconsistent_service_causes_no_false_report(
    scene: Scene, step: Step, fault: Fault, tmp_path: Path
) -> None:
    """The fault happens three times in a row at one step.

    The next run attaches missing pictures and no duplicates.
    """
    scene.sandbox.faults = Faults(step.rule(fault, times=3))
    report = scene.upload(ledger=tmp_path / "ledger")
    until_quiet(scene.sandbox, seconds=0.25)  # accepted images are attached by then
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
def test_a_url_that_object_storage_refuses_is_replaced(scene: Scene, fault: Fault, uploads: int) -> None:
    """The error is in XML. The first two errors need the URLs of a new upload, the last one only a retry."""
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
def test_no_request_follows_the_limit_of_the_plan(
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


def test_a_key_that_is_withdrawn_at_the_end_does_not_fail_attached_pictures(scene: Scene) -> None:
    scene.sandbox.faults = Faults(STEPS[-1].rule(Unauthorized()))
    report = scene.upload(ledger=False)
    assert not report.having("failed", "not tried")
    assert scene.falsehoods(report) == []


def test_wrong_credentials_are_found_before_anything_is_sent(scene: Scene) -> None:
    scene.sandbox.faults = Faults(STEPS[0].rule(Unauthorized(), times=None))
    with pytest.raises(AuthenticationError):
        scene.upload(ledger=False)
    assert scene.sandbox.requests.counts() == {LOOK_UP: 1}


def test_at_the_limit_of_the_plan_the_pictures_that_fit_are_attached_and_reported(
    scene: Scene, tmp_path: Path
) -> None:
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
def test_no_request_is_sent_while_the_service_asks_for_a_wait(
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


def test_a_wait_that_is_too_long_ends_the_batch(scene: Scene) -> None:
    scene.sandbox.faults = Faults(Rule(Cooldown(86_400), on="POST /assets", skip=1))
    with watching() as traffic:
        report = scene.upload(ledger=False)
    assert traffic.requests_after(lambda answer: answer.status == 429) == []
    assert isinstance(report.stopped_by, CooldownError)
    assert report.stopped_by.seconds == 86_400
    assert scene.falsehoods(report) == []


def test_a_failed_import_fails_one_file(scene: Scene, tmp_path: Path) -> None:
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
def test_the_retries_of_a_step_that_always_fails_are_limited(scene: Scene, step: Step) -> None:
    """There are as many retries as the budget allows, and one attempt for each further request.

    The report says so. An import whose status cannot be requested succeeds, because its asset is found.
    """
    scene.sandbox.state.assets.clear()  # assets that other tests have just created from these pictures
    scene.sandbox.faults = Faults(Rule(ServerError(503, "before"), on=step.route))
    report = scene.upload(ledger=False, retry_budget=10)
    assert report.succeeded is (step.name == "import")
    assert scene.falsehoods(report) == []
    assert scene.sandbox.requests[step.route] <= PICTURES + 10
    scene.sandbox.faults = Faults()
    assert scene.upload(ledger=False).succeeded
    assert scene.is_whole()
