"""What proves that a picture is in a training set, if the service responds late or incompletely."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_async import (
    APIResponseValidationError,
    AsyncScenario,
    BadRequestError,
    InternalServerError,
    PermissionDeniedError,
)
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import (
    Accepted,
    Altered,
    AssetRefused,
    Conflict,
    EmptyBody,
    Lag,
    ModelInTraining,
    PictureModerated,
    ServerError,
    Short,
)
from scenario_async.upload._internal import evidence
from scenario_async.upload._internal.evidence import Evidence
from scenario_async.upload._internal.training_set import TrainingSet
from scenario_async.values.training_image import GROUP_LIMIT

from .conftest import Upload
from .watching import ASSETS, ATTACH, LOOK_UP, changing, spoil

LAG = 0.2
"""The seconds by which a model's list is outdated: about half of the sum of the pauses of these tests."""


@pytest.mark.parametrize("ledger", [True, False])
async def test_a_model_with_an_outdated_list_is_looked_up_again(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], ledger: bool
) -> None:
    count = 2 * GROUP_LIMIT + 1
    folder = folder_of(count)
    spoil(sandbox, Rule(Lag(LAG), on=LOOK_UP))
    report = await upload(folder, ledger=ledger)
    assert {result.status for result in report.results} == {"attached"}
    assert sandbox.requests[ATTACH] == 3
    before = changing(sandbox)
    again = await upload(folder, ledger=ledger)
    assert {result.status for result in again.results} == {"already attached"}
    assert changing(sandbox) == before
    assert len(model.training_images) == count


async def test_the_list_of_a_large_set_is_requested_less_often_than_groups_are_attached(
    folder_of: Callable[[int], Path],
) -> None:
    """Each response lists all images, so one request for each group would cost the square of their number."""
    pictures = 200
    async with Sandbox(training_image_limit=pictures) as sandbox:
        model = sandbox.state.add_model(name="paper", type="flux.1-lora")
        async with AsyncScenario(
            api_key=sandbox.api_key, api_secret=sandbox.api_secret, base_url=sandbox.base_url
        ) as client:
            report = await client.models.training_images.upload(model.id, folder_of(pictures))
    assert report.succeeded
    assert sandbox.requests[ATTACH] == pictures // GROUP_LIMIT
    assert 4 < sandbox.requests[LOOK_UP] < sandbox.requests[ATTACH]


async def test_the_refusal_of_an_attached_asset_is_proof_although_the_model_does_not_list_it(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """The model's list stays outdated for longer than the client waits.

    No attached picture is reported as failed.
    """
    spoil(sandbox, Rule(Lag(60), on=LOOK_UP))
    report = await upload(folder_of(12))
    assert {result.status for result in report.results} == {"attached"}
    assert len(model.training_images) == 12


@pytest.mark.parametrize("ledger", [True, False])
async def test_a_list_shorter_than_the_number_of_images_proves_no_absence(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], ledger: bool
) -> None:
    """The number has grown by the number of attached images, and nothing is sent a second time."""
    folder = folder_of(30)
    spoil(sandbox, Rule(Short(10), on=LOOK_UP))
    report = await upload(folder, ledger=ledger)
    assert {result.status for result in report.results} == {"attached"}
    attachings = sandbox.requests[ATTACH]
    again = await upload(folder, ledger=ledger)
    assert {result.status for result in again.results} == {"already attached"}
    assert sandbox.requests.changes[ASSETS] == len(model.training_images) == 30
    if ledger:  # it says which of the pictures that are not listed are attached
        assert sandbox.requests[ATTACH] == attachings


async def test_the_number_of_images_is_proof_for_a_single_picture_too(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(Short(0), on=LOOK_UP))
    report = await upload(folder_of(1))
    assert [result.status for result in report.results] == ["attached"]


async def test_a_picture_that_may_be_missing_from_a_short_list_is_in_doubt_and_not_sent(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """The library, where the asset could be found, cannot be searched."""
    folder = folder_of(30)
    await upload(folder, ledger=False)
    down = ServerError(503, "before", retry_after=0)
    spoil(sandbox, Rule(Short(10), on=LOOK_UP), Rule(down, on="GET /assets"))
    before = changing(sandbox)
    report = await upload(folder, ledger=False, raise_on_failure=False, retry_budget=0)
    assert changing(sandbox) == before
    assert len(report.having("already attached")) == 10
    assert len(report.having("in doubt")) == 20
    assert "lists 10 of its 30" in str(report.having("in doubt")[0].error)


async def test_the_reason_for_a_doubt_gives_the_numbers_of_the_first_list(
    client: AsyncScenario, upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """A later list is complete, but a picture is in doubt because of the list from before the batch."""
    await upload(folder_of(3), ledger=False)
    spoil(sandbox, Rule(Short(1), on=LOOK_UP))
    training_set = TrainingSet(client.assets.sender, model.id)
    await training_set.look_up(names=())
    of_batch = Evidence(training_set, 1, 1)
    spoil(sandbox)
    await training_set.look_up()
    assert "lists 1 of its 3 training images" in str(of_batch.cannot_tell())


async def test_images_without_ids_prove_no_absence(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(12)
    spoil(sandbox, Rule(Altered("missing fields", ("id",)), on=LOOK_UP))
    report = await upload(folder)
    assert {result.status for result in report.results} == {"attached"}
    again = await upload(folder)
    assert {result.status for result in again.results} == {"already attached"}


async def test_an_attach_request_that_is_only_accepted_is_waited_for_and_not_repeated(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(Accepted(0.3), on=ATTACH))
    report = await upload(folder_of(GROUP_LIMIT + 2))
    assert {result.status for result in report.results} == {"attached"}
    assert sandbox.requests[ATTACH] == 2
    assert len(model.training_images) == GROUP_LIMIT + 2


async def test_a_success_that_attached_nothing_is_in_doubt_if_the_model_cannot_be_looked_up(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    down = ServerError(503, "before", retry_after=0)
    spoil(sandbox, Rule(EmptyBody("before"), on=ATTACH), Rule(down, on=LOOK_UP, skip=1))
    report = await upload(folder_of(3), raise_on_failure=False, retry_budget=3)
    assert {result.status for result in report.results} == {"in doubt"}
    assert {type(result.error) for result in report.results} == {InternalServerError}


@pytest.mark.parametrize("others", [0, 2])
async def test_a_picture_that_the_model_certainly_lacks_is_attached_once_more(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], others: int
) -> None:
    """This holds whether or not other pictures were in its set before."""
    files = sorted(folder_of(3 + others).iterdir())
    if others:
        await upload(files[3:])
    spoil(sandbox, Rule(EmptyBody("before"), on=ATTACH, times=1))
    report = await upload(files[:3])
    assert {result.status for result in report.results} == {"attached"}
    assert len(model.training_images) == 3 + others


async def test_a_success_that_attached_nothing_twice_is_in_doubt_with_a_reason(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(EmptyBody("before"), on=ATTACH))
    report = await upload(folder_of(2), raise_on_failure=False)
    assert {result.status for result in report.results} == {"in doubt"}
    assert {type(result.error) for result in report.results} == {APIResponseValidationError}
    assert sandbox.requests[ATTACH] == 2


async def test_a_picture_that_may_be_missing_from_a_short_list_is_not_attached_once_more(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    files = sorted(folder_of(5).iterdir())
    await upload(files[2:])
    attachings = sandbox.requests[ATTACH]
    spoil(sandbox, Rule(EmptyBody("before"), on=ATTACH), Rule(Short(1), on=LOOK_UP, skip=1))
    report = await upload(files[:2], raise_on_failure=False)
    assert {result.status for result in report.results} == {"in doubt"}
    assert "not known whether this picture is one" in str(report.results[0].error)
    assert sandbox.requests[ATTACH] == attachings + 1


async def test_a_refused_picture_is_not_counted_among_those_missing_from_a_short_list(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """The number has grown by three, and three attach requests were not refused."""
    refused = Rule(AssetRefused("moderated"), on=ATTACH, about="01.png")
    spoil(sandbox, refused, Rule(Short(1), on=LOOK_UP))
    report = await upload(folder_of(4), raise_on_failure=False)
    assert [result.status for result in report.results] == ["attached", "failed", "attached", "attached"]


async def test_a_model_in_training_ends_the_attaching_with_the_first_request(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """Each run sends one attach request, and no asset is created again."""
    folder = folder_of(25)
    spoil(sandbox, Rule(ModelInTraining(), on=ATTACH))
    report = await upload(folder, raise_on_failure=False)
    assert isinstance(report.stopped_by, BadRequestError)
    assert (sandbox.requests[ATTACH], sandbox.requests[LOOK_UP]) == (1, 1)
    await upload(folder, raise_on_failure=False)
    assert sandbox.requests[ATTACH] == 2
    names = [asset.name for asset in sandbox.state.assets.values()]
    assert len(names) == len(set(names))  # the second run may send pictures that the first one did not try
    sandbox.faults.stop()
    assert (await upload(folder)).succeeded
    assert len(sandbox.state.assets) == 25


@pytest.mark.parametrize("where", ["sending", "attaching"])
async def test_a_forbidden_picture_does_not_stop_the_others(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], where: str
) -> None:
    rule = Rule(PictureModerated(), on=ASSETS, about="03.png")
    if where == "attaching":
        rule = Rule(AssetRefused("moderated"), on=ATTACH, about="03.png")
    spoil(sandbox, rule)
    report = await upload(folder_of(12), raise_on_failure=False)
    assert [result.path.name for result in report.results if result.status != "attached"] == ["03.png"]
    assert report.results[3].status == "failed"
    assert isinstance(report.results[3].error, PermissionDeniedError)
    assert report.stopped_by is None
    assert len(model.training_images) == 11


async def test_a_conflict_is_retried(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(Conflict(), on=ATTACH, times=2))
    assert (await upload(folder_of(3))).succeeded
    assert len(model.training_images) == 3


async def test_the_list_of_a_very_large_set_is_not_requested_again(
    upload: Upload,
    sandbox: Sandbox,
    folder_of: Callable[[int], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Such a list would need more memory than all else, so the response of the service is trusted."""
    monkeypatch.setattr(evidence, "_LOOKED_FOR_AT_MOST", 11)
    report = await upload(folder_of(12))
    assert report.succeeded
    assert sandbox.requests[LOOK_UP] == 1


def test_a_model_is_looked_up_for_about_thirty_seconds() -> None:
    """These are the real pauses, which the other tests replace by shorter ones."""
    from importlib import reload

    pauses = reload(evidence).LOOK_PAUSES
    assert 25 <= sum(pauses) <= 35
    assert list(pauses) == sorted(pauses)
