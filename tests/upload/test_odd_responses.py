"""Responses that are wrong in one field: no picture is lost, sent twice or reported wrongly."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from attrs import define

from scenario_async import APIError, APIResponseValidationError, AsyncScenario, UploadReport
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Arrival, Fault, ServerError
from scenario_async.upload._internal.adoption import find_made_asset
from scenario_async.upload._internal.imports import ImportFailedError
from scenario_async.upload._internal.sending import PartRefusedError
from tests.work.changed import ODD, Changed, set_at

from .conftest import Upload
from .pictures import MIB, png, png_of
from .watching import ASSETS, ATTACH, COMPLETE_UPLOAD, LOOK_UP, OPEN_UPLOAD, PUT_PART, spoil

LIST_ASSETS = "GET /assets"
UPLOAD_STATUS = "GET /uploads/{uploadId}"
_WITH_THE_ASSET = (ASSETS, UPLOAD_STATUS, COMPLETE_UPLOAD)
"""The requests whose responses have the id of a new asset."""


def contents_of(model: Model) -> list[bytes]:
    """The bytes of the model's training images, sorted."""
    return sorted(image.asset.picture.stored.content or b"" for image in model.training_images.values())


def counts_of(report: UploadReport) -> dict[str, int]:
    """The number of results with each status."""
    return dict(Counter(result.status for result in report.results))


def contents_in(folder: Path) -> list[bytes]:
    """The bytes of the files in a folder, sorted."""
    return sorted(path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize(
    "number", [float("nan"), float("inf"), float("-inf"), 1e308, -1, -3, 2.5, True, "x", None, [], 10**400]
)
async def test_an_impossible_number_of_images_counts_as_unknown(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], number: object
) -> None:
    """A run without a ledger still finds the images in the list, so no picture is attached twice."""
    folder = folder_of(3)
    await upload(folder / "00.png", ledger=False)
    spoil(sandbox, Rule(Changed(set_at("model", "trainingImagesNumber", value=number)), on=LOOK_UP))
    report = await upload(folder, ledger=False)
    assert [result.status for result in report.results] == ["already attached", "attached", "attached"]
    assert contents_of(model) == contents_in(folder)


async def test_a_list_that_repeats_an_image_does_not_prove_that_another_image_is_missing(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """The list has as many entries as the model has images. No picture is sent a second time."""
    folder = folder_of(3)
    await upload(folder, ledger=False)

    def repeat(document: Any) -> None:
        images = document["model"]["trainingImages"]
        document["model"]["trainingImages"] = [images[0]] * len(images)

    spoil(sandbox, Rule(Changed(repeat), on=LOOK_UP))
    report = await upload(folder, ledger=False, raise_on_failure=False)
    assert counts_of(report) == {"already attached": 3}
    assert len(model.training_images) == 3


@pytest.mark.parametrize("odd", [7, [], "x", {}, None, {"id": " "}, {"id": 7}], ids=repr)
async def test_a_response_without_a_model_does_not_count_as_an_empty_set(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], odd: object
) -> None:
    """Otherwise, a run without a ledger would attach each picture twice."""
    folder = folder_of(2)
    await upload(folder, ledger=False)
    spoil(sandbox, Rule(Changed(set_at("model", value=odd)), on=LOOK_UP))
    with pytest.raises(APIError, match=f"GET /models/{model.id}: the response does not list"):
        await upload(folder, ledger=False)
    assert len(model.training_images) == 2


@define(eq=False)
class OneId(Fault):
    """Returns the id of the first new asset as the id of each further one."""

    first: Any = None

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Change the id in the response."""

        def change(document: Any) -> None:
            one = document.get("asset") or document["upload"]
            name = "id" if "asset" in document else "entityId"
            if one.get(name):
                self.first = self.first or one[name]
                one[name] = self.first

        return await Changed(change).spoil(arrival)


@pytest.mark.parametrize("way", ["inline", "parts"])
@pytest.mark.parametrize("ledger", [True, False])
async def test_a_response_with_the_id_of_another_picture_loses_no_picture(  # noqa: PLR0917 - fixtures
    upload: Upload,
    sandbox: Sandbox,
    model: Model,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
    way: str,
    ledger: bool,
) -> None:
    """The asset that was made is found by its bytes, and attached."""
    folder = folder_of(4)
    given = tmp_path / "state" / "ledger" if ledger else False
    spoil(sandbox, Rule(OneId(), on=_WITH_THE_ASSET))
    report = await upload(folder, way=way, ledger=given)
    assert counts_of(report) == {"attached": 4}
    assert len({result.asset_id for result in report.results}) == 4
    assert contents_of(model) == contents_in(folder)
    spoil(sandbox)
    again = await upload(folder, ledger=given)
    assert counts_of(again) == {"already attached": 4}


async def test_a_ledger_with_one_asset_for_two_pictures_loses_no_picture(
    upload: Upload, model: Model, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    """The second picture is searched for by its bytes, and sent if it is not found."""
    folder, ledger = folder_of(2), tmp_path / "state" / "ledger"
    await upload(folder / "00.png", ledger=ledger)
    with closing(sqlite3.connect(ledger)) as connection, connection:
        other = hashlib.sha256((folder / "01.png").read_bytes()).digest()
        connection.execute(
            "INSERT INTO pictures SELECT origin, model, ?, asset_id, state, since FROM pictures", (other,)
        )
    report = await upload(folder, ledger=ledger)
    assert [result.status for result in report.results] == ["already attached", "attached"]
    assert contents_of(model) == contents_in(folder)


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "a" * 100_000, "a\nb", 7, None, [], {}])
@pytest.mark.parametrize("way", ["inline", "parts"])
async def test_an_id_that_cannot_be_one_is_not_attached(  # noqa: PLR0917 - fixtures
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], way: str, blank: object
) -> None:
    """The asset that was made is found by its bytes."""
    folder = folder_of(2)

    def change(document: Any) -> None:
        if "asset" in document:
            document["asset"]["id"] = blank
        elif document["upload"].get("entityId"):
            document["upload"]["entityId"] = blank

    spoil(sandbox, Rule(Changed(change), on=_WITH_THE_ASSET, times=6))
    report = await upload(folder, way=way, ledger=False, retry_budget=20)
    assert report.succeeded
    assert contents_of(model) == contents_in(folder)


@pytest.mark.parametrize("field", ["id", "createdAt", "metadata", "properties", "url"])
async def test_odd_entries_in_the_list_of_assets_are_skipped(
    client: AsyncScenario, sandbox: Sandbox, field: str
) -> None:
    """The asset is found behind entries with odd fields, and behind entries that are not objects."""
    since, content = datetime.now(UTC), png(1)
    made = (await client.assets.upload(image=content, name="a.png")).asset.id

    def change(document: Any) -> None:
        whole = document["assets"][0]
        odd = [{**whole, field: one} for one in ODD if one != "?" or field != "id"]
        without = {name: value for name, value in whole.items() if name != field}
        if field != "id":
            odd, without = [{**one, "id": 7} for one in odd], {**without, "id": " "}
        document["assets"] = [*ODD, *odd, without, whole]
        document["nextPaginationToken"] = 7

    spoil(sandbox, Rule(Changed(change), on=LIST_ASSETS))
    found = await find_made_asset(
        client.assets.sender,
        name="a.png",
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        since=since,
    )
    assert found == made


@pytest.mark.parametrize("odd", [*ODD, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"], ids=repr)
@pytest.mark.parametrize("path", [("assets",), ("nextPaginationToken",), ("assets", 0, "createdAt")], ids=str)
async def test_an_odd_list_of_assets_causes_no_undocumented_error(
    client: AsyncScenario, sandbox: Sandbox, path: tuple[Any, ...], odd: object
) -> None:
    """The result is the asset or None, or the documented error for assets that cannot be listed."""
    since, content = datetime.now(UTC), png(1)
    made = (await client.assets.upload(image=content, name="a.png")).asset.id
    spoil(sandbox, Rule(Changed(set_at(*path, value=odd)), on=LIST_ASSETS))
    digest = hashlib.sha256(content).digest()
    sender, found = client.assets.sender, None
    with suppress(APIResponseValidationError):
        found = await find_made_asset(
            sender, name="a.png", size=len(content), sha256=digest, since=since, pages=2
        )
    assert found in {None, made}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "as in the first part"),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", 1.5),
        ("number", True),
        ("url", "as in the first part"),
    ],
)
async def test_parts_that_would_get_mixed_up_are_refused_before_a_byte_is_sent(
    upload: Upload, sandbox: Sandbox, tmp_path: Path, field: str, value: object
) -> None:
    (tmp_path / "large.png").write_bytes(png_of(9 * MIB))

    def change(document: Any) -> None:
        first, second = document["upload"]["parts"]
        second[field] = first[field] if value == "as in the first part" else value

    spoil(sandbox, Rule(Changed(change), on=OPEN_UPLOAD))
    report = await upload(tmp_path / "large.png", raise_on_failure=False)
    (result,) = report.results
    assert result.status == "failed"
    assert isinstance(result.error, ImportFailedError)
    assert sandbox.requests[PUT_PART] == 0


@define(eq=False)
class StorageStatus(Fault):
    """Object storage refuses a part with a status."""

    status: int

    async def spoil(self, arrival: Arrival) -> web.StreamResponse:
        """Return an error of object storage."""
        del arrival
        body = "<Error><Code>NoSuchUpload</Code><Message>The upload does not exist.</Message></Error>"
        return web.Response(status=self.status, text=body, content_type="application/xml")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_part_whose_upload_does_not_exist_any_more_is_sent_to_a_new_upload(
    upload: Upload, sandbox: Sandbox, model: Model, tmp_path: Path, status: int
) -> None:
    (tmp_path / "large.png").write_bytes(png_of(9 * MIB))
    spoil(sandbox, Rule(StorageStatus(status), on=PUT_PART, times=1))
    report = await upload(tmp_path / "large.png")
    assert report.succeeded
    assert sandbox.requests[OPEN_UPLOAD] == 2
    assert len(model.training_images) == 1


async def test_a_part_that_is_refused_for_another_reason_is_not_sent_again(
    upload: Upload, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "large.png").write_bytes(png_of(9 * MIB))
    spoil(sandbox, Rule(StorageStatus(411), on=PUT_PART))
    report = await upload(tmp_path / "large.png", raise_on_failure=False)
    (result,) = report.results
    assert result.status == "failed"
    assert not isinstance(result.error, PartRefusedError)
    assert sandbox.requests[OPEN_UPLOAD] == 1


async def test_a_very_long_reason_of_an_import_is_shortened(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    def fail(document: Any) -> None:
        document["upload"].update(status="failed", errorMessage="x\x1b[31m" * 100_000)

    spoil(sandbox, Rule(Changed(fail), on=(UPLOAD_STATUS, COMPLETE_UPLOAD)))
    report = await upload(folder_of(1), way="parts", raise_on_failure=False)
    (result,) = report.results
    assert isinstance(result.error, ImportFailedError)
    assert len(str(result.error)) < 2_000
    assert "\x1b" not in str(result.error)


async def test_a_list_without_a_number_after_a_short_list_is_no_proof_of_absence(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """The response to the attaching is lost, and each later list is short and has no number.

    The service says that the pictures are attached already.
    """
    folder = folder_of(3)
    await upload(folder / "00.png", ledger=False)

    def shorten(document: Any) -> None:
        document["model"]["trainingImages"] = []
        del document["model"]["trainingImagesNumber"]

    spoil(
        sandbox,
        Rule(ServerError(500, "after"), on=ATTACH, times=1),
        Rule(Changed(shorten), on=LOOK_UP, skip=1),
    )
    report = await upload(folder, ledger=False, raise_on_failure=False)
    assert counts_of(report) == {"already attached": 1, "attached": 2}
    assert len(model.training_images) == 3
