"""Uploads in parts: what is counted, what is read, and how they are completed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncGenerator
from itertools import repeat
from typing import Any

import pytest

from scenario_async import AsyncScenario
from scenario_async._internal.background_thread import BackgroundThread
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import INLINE_LIMIT, PictureChangedError
from scenario_async.errors import BadRequestError
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Drop
from scenario_async.upload._internal.sending import PART_SIZE, PictureSender, SentBytes, requests_needed, send
from scenario_async.upload._internal.stages import Examined, Planned

from .conftest import Upload
from .pictures import MIB, png, png_of
from .watching import COMPLETE_UPLOAD, Refused, spoil

STATUS = "GET /uploads/{uploadId}"
LARGE = 5 * MIB


class BadSector(io.BytesIO):
    """A file of which one byte in the middle cannot be read."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, or raise an error if the bytes include the bad one."""
        start = self.tell()
        content = super().read(size)
        if start <= 3 * MIB < start + len(content):
            raise OSError(5, "Input/output error")
        return content


@pytest.mark.parametrize(
    ("size", "requests"),
    [(1, 1), (INLINE_LIMIT, 1), (INLINE_LIMIT + 1, 3), (PART_SIZE, 3), (PART_SIZE + 1, 4)],
)
def test_the_number_of_changing_requests(size: int, requests: int) -> None:
    assert requests_needed(size) == requests


def test_a_chunk_that_is_sent_again_does_not_lower_the_number_of_sent_bytes() -> None:
    counts = list[int]()
    first, second = map(SentBytes(counts.append).of_part, range(2))
    first(0, 5)
    second(0, 3)
    first(5, 5)
    first(0, 5)
    assert counts == [5, 8, 13, 13]


async def test_a_large_file_is_sent_from_its_position(upload: Upload, model: Model) -> None:
    content = png_of(2 * PART_SIZE)
    file = io.BytesIO(b"before" + content)
    file.seek(len(b"before"))
    assert (await upload([file])).succeeded
    [image] = model.training_images.values()
    assert image.asset.picture.stored.sha256 == hashlib.sha256(content).hexdigest()


async def test_pictures_that_cannot_be_read_do_not_keep_others_from_being_sent(upload: Upload) -> None:
    """Each part in memory has a place, which a failed one gives back."""
    broken = [BadSector(png_of(LARGE + number, number)) for number in range(6)]
    report = await upload([*broken, png_of(LARGE + 9, 9), png(1)], raise_on_failure=False, stalled=10)
    assert [result.status for result in report.results] == ["failed"] * 6 + ["attached"] * 2


async def test_a_refused_completion_fails_the_picture_at_once(upload: Upload, sandbox: Sandbox) -> None:
    spoil(sandbox, Rule(Refused(repeat("no")), on=COMPLETE_UPLOAD))
    report = await upload([png_of(LARGE)], raise_on_failure=False)
    [result] = report.results
    assert isinstance(result.error, BadRequestError)
    assert (sandbox.requests[COMPLETE_UPLOAD], sandbox.requests[STATUS]) == (1, 0)


@pytest.fixture
async def client(credentials: Any) -> AsyncGenerator[AsyncScenario]:
    """A client that does not retry."""
    async with AsyncScenario(**credentials, max_retries=0) as client:
        yield client


async def test_a_completion_that_was_lost_is_sent_again(sandbox: Sandbox, client: AsyncScenario) -> None:
    """The status of the upload shows that it is not completed."""
    spoil(sandbox, Rule(Drop("before"), on=COMPLETE_UPLOAD, times=1))
    asset_id = await send(client.models.sender, open_picture(png_of(LARGE), "image"))
    assert [*sandbox.state.assets] == [asset_id]
    assert sandbox.requests[COMPLETE_UPLOAD] == 2


async def test_an_error_after_the_completion_is_in_doubt(sandbox: Sandbox, client: AsyncScenario) -> None:
    """The service imports the picture, although its status cannot be read."""
    spoil(sandbox, Rule(Refused(repeat("no")), on=STATUS))
    with pytest.raises(BadRequestError) as caught:
        await send(client.models.sender, open_picture(png_of(LARGE), "image"))
    assert caught.value.in_doubt


@pytest.mark.parametrize("in_parts", [False, True])
async def test_the_beginning_and_the_end_of_the_transfer_are_reported(
    sandbox: Sandbox, client: AsyncScenario, in_parts: bool
) -> None:
    """Before the first byte, the number is 0; the service imports parts after the last byte."""
    picture = open_picture(png_of(MIB), "image")
    examined = Examined(Planned(0, picture, picture.mime_type, picture.size), picture, None, None)
    thread, counts, completed = BackgroundThread("reader"), list[int](), list[tuple[int, bytes]]()

    async def note(digest: bytes) -> None:
        completed.append((sandbox.requests[COMPLETE_UPLOAD], digest))

    await PictureSender(client.models.sender, thread).send(
        examined,
        counts.append,
        in_parts=in_parts,
        on_stored=note,
    )
    await thread.closed()
    assert (counts[0], counts[-1]) == (0, MIB)
    assert completed == [(0, hashlib.sha256(png_of(MIB)).digest())] * in_parts


async def test_a_file_object_that_changed_after_its_digest_was_computed_is_refused(
    client: AsyncScenario,
) -> None:
    """Its bytes are read again when they are sent, and may be others."""
    picture = open_picture(io.BytesIO(png_of(LARGE)), "image")
    before = hashlib.sha256(b"before").digest()
    examined = Examined(Planned(0, picture, picture.mime_type, picture.size), picture, before, None)
    thread = BackgroundThread("reader")
    with pytest.raises(PictureChangedError, match="was changed while it was sent"):
        await PictureSender(client.models.sender, thread).send(examined, None, in_parts=True)
    await thread.closed()
