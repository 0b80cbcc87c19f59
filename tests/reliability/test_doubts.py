"""Uncertain outcomes are resolved or reported as in doubt; no picture is attached twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Final, cast

import orjson
import pytest
from aiohttp import web
from attrs import frozen

from scenario_async import AuthenticationError, DeadlineExceededError
from scenario_async.sandbox import Faults, Rule
from scenario_async.sandbox._internal.routes import API_ROUTES
from scenario_async.sandbox.faults import (
    Altered,
    Arrival,
    Delay,
    Drop,
    EmptyBody,
    Fault,
    Garbled,
    Hang,
    ServerError,
    Truncate,
    Unauthorized,
    URLExpired,
)
from scenario_async.values.training_image import GROUP_LIMIT

from .scene import COUNT, Scene, digests_of, picture
from .traffic import watching
from .truth import contents_of

ATTACH: Final = "POST /models/{modelId}/training-images"
LOOK_UP: Final = "GET /models/{modelId}"
DOWNLOAD: Final = "GET /storage/assets/{assetId}"
DOWN: Final = ServerError(503, "before")


def _statuses(scene: Scene, **arguments: Any) -> set[str]:
    return {result.status for result in scene.upload(**arguments).results}


# --- the outcome of an attach request -----------------------------------------------------


def test_an_unknown_outcome_is_in_doubt_and_the_next_batch_resolves_it(scene: Scene, tmp_path: Path) -> None:
    """The response to an attach request is lost, and then the model cannot be looked up."""
    scene.sandbox.faults = Faults(Rule(Drop("after"), on=ATTACH, times=1), Rule(DOWN, on=LOOK_UP, skip=1))
    report = scene.upload(ledger=tmp_path / "ledger", retry_budget=20)
    doubtful = report.having("in doubt")
    assert len(doubtful) == COUNT  # a successful response is no proof either
    assert scene.falsehoods(report) == []
    assert not report.succeeded
    assert set(doubtful) <= set(report.failed)
    scene.sandbox.faults = Faults()
    before = contents_of(scene.sandbox, scene.model_id)
    report = scene.upload(ledger=tmp_path / "ledger")
    assert scene.falsehoods(report, before=before) == []
    assert len(report.having("already attached")) == COUNT
    assert report.succeeded
    assert scene.is_whole()
    assert scene.sandbox.requests.changes["POST /assets"] == COUNT


def test_after_a_withdrawn_key_an_unknown_outcome_is_reported_as_in_doubt(scene: Scene) -> None:
    scene.sandbox.faults = Faults(
        Rule(Drop("after"), on=ATTACH, times=1), Rule(Unauthorized(), on=LOOK_UP, skip=1, times=1)
    )
    with watching() as traffic:
        report = scene.upload(concurrency=1)
    assert traffic.requests_after(lambda answer: answer.status == 401) == []
    assert len(report.having("in doubt")) == GROUP_LIMIT
    assert all(isinstance(result.error, AuthenticationError) for result in report.having("in doubt"))
    assert scene.falsehoods(report) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_attach_request_that_the_deadline_interrupts_is_in_doubt(scene: Scene, when: Any) -> None:
    scene.sandbox.faults = Faults(Rule(Hang(when), on=ATTACH))
    report = scene.upload(deadline=0.5)
    doubtful = report.having("in doubt")
    assert len(doubtful) == GROUP_LIMIT
    assert all(isinstance(result.error, DeadlineExceededError) for result in doubtful)
    assert len(report.having("not tried")) == 2
    assert scene.falsehoods(report) == []


@frozen
class LateUnauthorized(Unauthorized):
    """A key that is withdrawn while other requests are running."""

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Wait, and then refuse the request."""
        await arrival.wait(0.1)
        return await super().spoil(arrival)


def test_a_running_attach_request_is_waited_for_when_another_request_ends_the_batch(scene: Scene) -> None:
    scene.sandbox.faults = Faults(
        Rule(Delay(0.3, "after"), on=ATTACH), Rule(LateUnauthorized(), on="POST /assets", skip=GROUP_LIMIT)
    )
    report = scene.upload(concurrency=3)
    assert isinstance(report.stopped_by, AuthenticationError)
    assert scene.sandbox.requests.changes[ATTACH] == 1
    assert len(report.having("in doubt")) == GROUP_LIMIT  # the model cannot be looked up any more
    assert scene.falsehoods(report) == []


@pytest.mark.parametrize(
    "fault", [EmptyBody("before"), Garbled("before"), Altered("missing fields")], ids=repr
)
def test_a_success_without_an_image_counts_only_after_a_lookup_of_the_model(
    scene: Scene, fault: Fault
) -> None:
    if isinstance(fault, Altered):
        fault = Altered("missing fields", ("trainingImage",))
    scene.sandbox.faults = Faults(Rule(fault, on=ATTACH, times=2))
    report = scene.upload()
    assert report.succeeded
    assert scene.falsehoods(report) == []
    assert scene.is_whole()


@pytest.mark.parametrize("shown", ["first", "all", "none"])
def test_the_response_to_a_group_may_have_one_image_all_images_or_none(scene: Scene, shown: Any) -> None:
    scene.sandbox.group_answer = shown
    scene.sandbox.faults = Faults(Rule(Drop("after"), on=ATTACH, times=1))
    report = scene.upload()
    assert report.succeeded
    assert scene.falsehoods(report) == []
    assert scene.is_whole()


@frozen
class OtherIds(Fault):
    """Training images have other ids than their assets.

    The service documents that both ids look alike.
    """

    routes: ClassVar[frozenset[str]] = API_ROUTES

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Change the ids of the training images in a response."""
        own = await arrival.process_successfully()
        body: Any = orjson.loads(cast("bytes", cast("web.Response", own).body)) if own is not None else {}
        images: list[Any] = body.get("model", body).get("trainingImages", [])
        for image in [*images, *([body["trainingImage"]] if "trainingImage" in body else [])]:
            image["id"] = f"asset_of_{image['id']}"
        return None if own is None else web.Response(body=orjson.dumps(body), content_type="application/json")


@pytest.mark.parametrize("ledger", [True, False])
@pytest.mark.parametrize("doubts", [0, 1, 3])
def test_training_images_may_have_other_ids_than_their_assets(
    scene: Scene, tmp_path: Path, ledger: bool, doubts: int
) -> None:
    kept = tmp_path / "ledger" if ledger else False
    scene.sandbox.faults = Faults(
        Rule(Drop("after"), on=ATTACH, times=doubts), Rule(OtherIds(), on=(LOOK_UP, ATTACH))
    )
    assert scene.upload(ledger=kept).succeeded
    assert scene.is_whole()
    changes = scene.sandbox.requests.changes
    assert _statuses(scene, ledger=kept) == {"already attached"}
    assert scene.sandbox.requests.changes == changes


# --- pictures that the model already has -------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        Rule(URLExpired(), on=DOWNLOAD, times=1),
        Rule(Drop("after"), on=DOWNLOAD, times=4),
        Rule(Truncate(), on=DOWNLOAD, times=4),
        Rule(DOWN, on=DOWNLOAD, times=4),
        Rule(Altered("missing fields"), on=LOOK_UP, times=1),
        Rule(Altered("missing fields", ("name",)), on=LOOK_UP),
        Rule(Altered("null fields", ("downloadUrl",)), on=LOOK_UP),
        Rule(Altered("missing fields", ("name", "downloadUrl", "trainingImagesNumber")), on=LOOK_UP),
        Rule(Altered("missing fields", ("trainingImages", "trainingImagesNumber")), on=LOOK_UP, times=1),
        Rule(Altered("null fields", ("trainingImages",)), on=LOOK_UP, times=2),
        Rule(Altered("missing fields", ("model",)), on=LOOK_UP, times=2),
        Rule(EmptyBody("after"), on=LOOK_UP, times=2),
    ],
    ids=repr,
)
def test_without_a_ledger_attached_pictures_are_recognised_despite_faults_of_the_lookup(
    scene: Scene, rule: Rule
) -> None:
    assert scene.upload().succeeded
    changes = scene.sandbox.requests.changes
    scene.sandbox.faults = Faults(rule)
    assert _statuses(scene) == {"already attached"}
    assert scene.sandbox.faults.count() > 0, "it did not happen"
    assert scene.sandbox.requests.changes == changes


def test_pictures_that_cannot_be_compared_are_in_doubt_and_not_sent_again(scene: Scene) -> None:
    assert scene.upload().succeeded
    changes = scene.sandbox.requests.changes
    scene.sandbox.faults = Faults(Rule(URLExpired(), on=DOWNLOAD))
    report = scene.upload(retry_budget=10)
    assert {result.status for result in report.results} == {"in doubt"}
    assert report.stopped_by is None  # the URL was refused, not the credentials
    assert scene.sandbox.requests.changes == changes


def test_a_model_whose_response_lacks_its_images_is_not_treated_as_empty(scene: Scene) -> None:
    assert scene.upload().succeeded
    changes = scene.sandbox.requests.changes
    scene.sandbox.faults = Faults(Rule(Altered("missing fields", ("trainingImages",)), on=LOOK_UP))
    with pytest.raises(Exception, match="does not list the training images"):
        scene.upload()
    assert scene.sandbox.requests.changes == changes


def test_the_response_of_a_new_model_may_lack_its_images(scene: Scene) -> None:
    fields = ("trainingImages", "trainingImagesNumber")
    scene.sandbox.faults = Faults(Rule(Altered("missing fields", fields), on=LOOK_UP, times=3))
    assert scene.upload().succeeded
    assert scene.is_whole()


def test_an_uncertain_group_does_not_affect_later_comparisons(scene: Scene) -> None:
    """The model is looked up again because of the group; after that, known files are compared."""
    assert scene.upload().succeeded
    for number in range(50, 50 + COUNT):
        (scene.folder / f"0000-{number}.png").write_bytes(picture(number))  # sorted before the others
    scene.sandbox.faults = Faults(Rule(Drop("after"), on=ATTACH, times=1))
    report = scene.upload(concurrency=1)
    assert report.succeeded
    assert len(report.attached) == len(report.having("already attached")) == COUNT
    assert scene.is_whole()


def test_pictures_that_another_machine_attached_are_not_attached_again(scene: Scene, tmp_path: Path) -> None:
    """The first ledger has assets that were never attached.

    Meanwhile another machine attached the pictures.
    """
    scene.sandbox.faults = Faults(Rule(DOWN, on=ATTACH))
    assert not scene.upload(ledger=tmp_path / "first", retry_budget=5).succeeded
    scene.sandbox.faults = Faults()
    assert scene.upload(ledger=tmp_path / "second").succeeded
    assert _statuses(scene, ledger=tmp_path / "first") == {"already attached"}
    assert scene.is_whole()


def test_an_asset_that_was_deleted_meanwhile_is_created_again(scene: Scene, tmp_path: Path) -> None:
    scene.sandbox.faults = Faults(Rule(DOWN, on=ATTACH))
    assert not scene.upload(ledger=tmp_path / "ledger", retry_budget=5).succeeded
    scene.sandbox.faults = Faults()
    gone = list(scene.sandbox.state.assets)[-3:]
    for asset_id in gone:
        del scene.sandbox.state.assets[asset_id]
    report = scene.upload(ledger=tmp_path / "ledger")
    assert report.succeeded
    assert scene.falsehoods(report) == []
    assert scene.is_whole()


def test_another_model_and_another_service_do_not_use_the_entries(scene: Scene, tmp_path: Path) -> None:
    assert scene.upload(ledger=tmp_path / "ledger").succeeded
    other = scene.sandbox.state.add_model(name="other", type="any").id
    first, scene.model_id = scene.model_id, other
    report = scene.upload(ledger=tmp_path / "ledger")
    assert len(report.attached) == COUNT
    assert scene.falsehoods(report) == []
    assert contents_of(scene.sandbox, first) == dict.fromkeys(digests_of(scene.folder).values(), 1)
