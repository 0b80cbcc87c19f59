"""Whether a refused attach request concerns a picture or the whole batch, or whether this is not known."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, repeat
from pathlib import Path

import pytest

from scenario_async import BadRequestError, ConflictError
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Conflict, ModelInTraining
from scenario_async.values.training_image import GROUP_LIMIT

from .conftest import Upload
from .watching import ATTACH, Refused, spoil


async def test_the_same_refusal_of_each_picture_of_a_group_ends_the_batch(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """The refusal does not concern a single picture, so the next group would be refused too."""
    spoil(sandbox, Rule(Refused(repeat("It is Sunday")), on=ATTACH))
    report = await upload(folder_of(GROUP_LIMIT + 3), raise_on_failure=False)
    assert isinstance(report.stopped_by, BadRequestError)
    assert sandbox.requests[ATTACH] == 1 + GROUP_LIMIT
    assert len(report.having("failed")) == GROUP_LIMIT
    assert len(report.having("not tried")) == 3


async def test_pictures_with_different_refusals_fail_one_by_one(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    words = (f"It is day {number}" for number in count())
    spoil(sandbox, Rule(Refused(words), on=ATTACH))
    report = await upload(folder_of(GROUP_LIMIT + 3), raise_on_failure=False)
    assert report.stopped_by is None
    assert sandbox.requests[ATTACH] == 1 + GROUP_LIMIT + 1 + 3
    assert {result.status for result in report.results} == {"failed"}


@pytest.mark.parametrize("name", ["00.png", "02.png", "04.png"])
async def test_a_refused_picture_does_not_stop_the_others_of_its_group(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], name: str
) -> None:
    spoil(sandbox, Rule(Refused(repeat("It is Sunday")), on=ATTACH, about=name))
    report = await upload(folder_of(5), concurrency=1, raise_on_failure=False)
    assert [result.path.name for result in report.having("failed")] == [name]
    assert report.stopped_by is None
    assert len(model.training_images) == 4


async def test_a_group_refused_because_of_a_conflict_is_not_split(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    """A conflict may pass, so the whole group is sent again, as often as the retry budget allows."""
    spoil(sandbox, Rule(Conflict(), on=ATTACH))
    report = await upload(folder_of(3), retry_budget=2, raise_on_failure=False)
    assert sandbox.requests[ATTACH] == 3
    assert {result.status for result in report.results} == {"failed"}
    assert all(isinstance(result.error, ConflictError) for result in report.results)
    assert report.stopped_by is None


async def test_each_picture_of_a_group_refused_because_of_the_model_has_its_error(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(ModelInTraining(), on=ATTACH))
    report = await upload(folder_of(GROUP_LIMIT + 3), concurrency=1, raise_on_failure=False)
    failed = report.having("failed")
    assert len(failed) == GROUP_LIMIT
    assert all(str(result.error) == str(report.stopped_by) for result in failed)
    assert len(report.having("not tried")) == 3
