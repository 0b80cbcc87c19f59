"""Assets become training images in groups, one request at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_async import PlanLimitError
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import AssetRefused, Delay
from scenario_async.values.training_image import GROUP_LIMIT

from .conftest import Upload
from .watching import ASSETS, ATTACH, changing, spoil, watch


def order(model: Model) -> list[str]:
    """The names of the training images in the order in which they were attached."""
    return [image.asset.name for image in model.training_images.values()]


@pytest.mark.parametrize(
    "groups", [[1], [GROUP_LIMIT], [GROUP_LIMIT, 1], [GROUP_LIMIT, GROUP_LIMIT, 3]], ids=repr
)
async def test_groups_have_the_largest_size_that_the_service_accepts(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], groups: list[int]
) -> None:
    attaching = watch(sandbox, ATTACH)
    report = await upload(folder_of(sum(groups)))
    assert [len(body["assetIds"]) for body in attaching.bodies] == groups
    assert len(report.attached) == sum(groups)


async def test_attach_requests_never_overlap(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    attaching = watch(sandbox, ATTACH, seconds=0.05)
    report = await upload(folder_of(2 * GROUP_LIMIT + 5), concurrency=16)
    assert set(attaching.at_once) == {1}
    assert len(attaching.bodies) == 3
    assert report.succeeded


async def test_pictures_are_sent_while_a_group_is_attached(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """While the first attach request waits, more assets are created than were already being sent."""
    seconds, concurrency = 0.5, 2
    attaching, sending = watch(sandbox, ATTACH, seconds=seconds), watch(sandbox, ASSETS)
    await upload(folder_of(GROUP_LIMIT + 20), concurrency=concurrency)
    begun = attaching.times[0]
    meanwhile = [moment for moment in sending.times if begun < moment < begun + seconds]
    assert len(meanwhile) > concurrency


@pytest.mark.parametrize("preset", ["default", "style", "subject", None])
async def test_the_preset_is_sent_and_omitted_if_it_is_none(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], preset: str | None
) -> None:
    attaching = watch(sandbox, ATTACH)
    await upload(folder_of(2), preset=preset)
    [body] = attaching.bodies
    assert set(body) == ({"assetIds"} if preset is None else {"assetIds", "preset"})
    assert {image.preset for image in model.training_images.values()} == {preset}


@pytest.mark.parametrize("answer", ["first", "all", "none"])
async def test_the_report_is_complete_for_each_kind_of_attach_response(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], answer: str
) -> None:
    """A caption comes from the response, or else from a lookup of the model at the end."""
    sandbox.group_answer = "first" if answer == "first" else "all" if answer == "all" else "none"
    report = await upload(folder_of(GROUP_LIMIT + 2))
    assert {result.status for result in report.results} == {"attached"}
    assert len(model.training_images) == GROUP_LIMIT + 2
    for result in report.results:
        image = model.training_images[result.asset_id or ""]
        assert image.asset.name == result.path.name
        assert result.caption == image.asset.automatic_captioning


@pytest.mark.parametrize("reason", ["already attached", "not found"])
async def test_a_refused_asset_does_not_stop_the_others_of_its_group(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], reason: str
) -> None:
    """The others are sent again as a group, or one by one if it is not known which asset was refused."""
    refused = AssetRefused("already attached" if reason == "already attached" else "not found")
    spoil(sandbox, Rule(refused, on=ATTACH, about="03.png"))
    report = await upload(folder_of(5), raise_on_failure=False)
    bad = report.results[3]
    assert [result.path.name for result in report.results if result.status != "attached"] == ["03.png"]
    assert sorted(order(model)) == [f"{number:02}.png" for number in range(5) if number != 3]
    # An asset that is refused as already attached, but is not in the model's list, may be in the set.
    assert bad.status == ("in doubt" if reason == "already attached" else "failed")
    assert bad.asset_id in sandbox.state.assets
    assert bad.error is not None
    if reason == "not found":  # the message names the asset, so the others stay in one group
        assert sandbox.requests[ATTACH] == 3


async def test_an_asset_that_another_client_attached_counts_as_attached(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """The service refuses the group because of this asset.

    A lookup of the model shows that it is attached.
    """

    def attach_behind_its_back(progress: object) -> None:
        del progress
        assets = list(sandbox.state.assets.values())
        if len(assets) == 3 and not model.training_images:
            model.attach(assets[:1], preset=None)

    report = await upload(folder_of(3), on_progress=attach_behind_its_back)
    assert {result.status for result in report.results} == {"attached"}
    assert len(model.training_images) == 3
    assert sandbox.requests.count(ATTACH, 400) == 1
    assert sandbox.requests.count(ATTACH, 200) == 1


async def test_pictures_that_the_model_has_are_not_sent_or_attached_again(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(3)
    first = await upload(folder)
    before = changing(sandbox)
    again = await upload(folder, ledger=False)
    assert changing(sandbox) == before
    assert [result.status for result in again.results] == ["already attached"] * 3
    assert [result.asset_id for result in again.results] == [result.asset_id for result in first.results]
    assert [result.caption for result in again.results] == [result.caption for result in first.results]
    assert again.succeeded
    assert not again.attached
    assert len(model.training_images) == 3


async def test_the_limit_of_the_plan_stops_the_batch_and_the_error_has_its_figures(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    ceiling = sandbox.training_image_limit = GROUP_LIMIT
    spoil(sandbox, Rule(Delay(0.02, "before"), on=ASSETS))
    report = await upload(folder_of(ceiling + 30), concurrency=2, raise_on_failure=False)
    assert len(model.training_images) == ceiling
    assert len(report.attached) == ceiling
    assert len(report.having("not tried")) == 30
    assert not report.having("failed")
    stopped_by = report.stopped_by
    assert isinstance(stopped_by, PlanLimitError)
    assert (stopped_by.limit, stopped_by.value, stopped_by.scope) == (ceiling, ceiling, "team")
    assert sandbox.requests.count(ATTACH, 429) == 1
    assert sandbox.requests[ASSETS] < ceiling + 30
