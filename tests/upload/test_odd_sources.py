"""Pictures that cannot be read, or not in the usual way: each has a result, and the others are sent."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import unicodedata
import zipfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped] # psutil has no types
import pytest

from scenario_async import AsyncScenario, InvalidArgumentError, UploadReport
from scenario_async.sandbox import Model, Sandbox
from scenario_async.upload._internal.adoption import find_made_asset

from .conftest import Upload
from .pictures import MIB, encoded, png, png_of
from .test_plan import needs_links, reason, statuses
from .watching import changing, when

SIZES: Final = [5000, MIB, 9 * MIB]
"""A picture of each size is read in one piece, is read in chunks, or is sent in parts."""


AFTER: Final = [0, 2, 4, 5]
"""Reads before the first that fails; the check before anything is sent makes four."""


def bad_archive(size: int) -> zipfile.ZipExtFile:
    """A member of a ZIP archive whose checksum is wrong, after a valid picture."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("fox.png", png_of(size))
    content = bytearray(file.getvalue())
    content[size // 2] ^= 1
    return zipfile.ZipFile(io.BytesIO(content)).open("fox.png")  # type: ignore[return-value]


class Odd(io.BytesIO):
    """A file whose `read` behaves differently from the call with this number on, of those with a size.

    Attributes:
        act: Called with the content that was read; its result is returned.
        calls: The number of calls so far.
    """

    def __init__(self, content: bytes, act: Callable[[bytes], Any], after: int = 0) -> None:
        super().__init__(content)
        self.act = act
        self.calls = -after

    def read(self, size: int | None = -1, /) -> Any:
        """Read the usual way, and then call the function."""
        content = super().read(size)
        self.calls += 1
        return content if self.calls <= 0 else self.act(content)


class Short(io.BytesIO):
    """A file that returns at most 3,000 bytes of each read, as a network file may."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read less than asked."""
        return super().read(3000 if size is None or size < 0 else min(size, 3000))


def as_numbers(content: bytes) -> Any:
    return content if len(content) % 2 else memoryview(array("H", content))


def too_much(content: bytes) -> bytes:
    return content and content + b"more"


def nothing(_: bytes) -> None:
    return None


def text(_: bytes) -> str:
    return "text"


def stop(_: bytes) -> bytes:
    raise StopIteration


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("size", SIZES)
async def test_a_file_that_raises_stop_iteration_fails_alone(upload: Upload, size: int, after: int) -> None:
    """A future refuses StopIteration, so the batch waited for ever."""
    report = await upload([Odd(png_of(size), stop, after), png(1)], raise_on_failure=False)
    assert [result.status for result in report.results] == ["failed", "attached"]
    error = report.results[0].error
    assert isinstance(error, InvalidArgumentError)
    assert "StopIteration" in str(error)


class NoPath:
    """A path whose `__fspath__` fails."""

    def __fspath__(self) -> str:
        """Raise an error."""
        raise StopIteration


@pytest.mark.parametrize("given", [NoPath(), [NoPath()]])
async def test_a_path_that_raises_is_refused(upload: Upload, sandbox: Sandbox, given: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^images: a path is needed, .*StopIteration"):
        await upload(given)
    assert changing(sandbox) == 0


@pytest.mark.parametrize("size", SIZES)
async def test_a_damaged_member_of_an_archive_fails_under_its_name(upload: Upload, size: int) -> None:
    report = await upload([bad_archive(size), png(1)], raise_on_failure=False)
    assert statuses(report) == {"fox.png": "failed", "picture-2.png": "attached"}
    assert "Bad CRC-32" in reason(report, "fox.png")


@pytest.mark.parametrize("size", SIZES)
async def test_a_file_that_is_closed_before_its_turn_fails_alone(upload: Upload, size: int) -> None:
    file = io.BytesIO(png_of(size))

    def given() -> Iterator[Any]:
        yield ("fox.png", file)
        file.close()
        yield png(1)

    report = await upload(given(), raise_on_failure=False)
    assert statuses(report) == {"fox.png": "failed", "picture-2.png": "attached"}
    assert "stay readable until it is sent (I/O operation on closed file" in reason(report, "fox.png")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "make",
    [
        Short,
        partial(Odd, act=memoryview),
        partial(Odd, act=as_numbers),
    ],
    ids=["short reads", "memoryview", "memoryview of numbers"],
)
async def test_a_file_with_odd_reads_is_sent_whole(
    upload: Upload, model: Model, size: int, make: Callable[[bytes], Any]
) -> None:
    report = await upload([("fox.png", make(png_of(size)))])
    [image] = model.training_images.values()
    assert image.asset.picture.stored.content == png_of(size)
    assert report.results[0].size == size


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("act", [too_much, nothing, text])
@pytest.mark.parametrize("after", AFTER[:-1])
async def test_a_file_that_breaks_its_promises_fails_alone(
    upload: Upload, model: Model, size: int, act: Callable[[bytes], Any], after: int
) -> None:
    report = await upload([Odd(png_of(size), act, after), png(1)], raise_on_failure=False)
    assert [result.status for result in report.results] == ["failed", "attached"]
    assert isinstance(report.results[0].error, InvalidArgumentError)
    assert len(model.training_images) == 1


class Bare:
    """A file that has only what is needed to read it, without `readinto`."""

    def __init__(self, content: bytes) -> None:
        file = io.BytesIO(content)
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


async def test_a_digest_needs_only_read_seek_and_tell(upload: Upload, model: Model) -> None:
    """Two pictures have the same size, so a digest is computed before they are sent."""
    given = [Bare(png_of(9 * MIB, number)) for number in (1, 1, 2)]
    report = await upload(given, concurrency=1)
    assert [result.status for result in report.results] == ["attached", "duplicate", "attached"]
    assert len(model.training_images) == 2


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("is_file", [True, False])
async def test_a_picture_that_is_cut_off_before_its_turn_is_not_sent(
    upload: Upload, model: Model, tmp_path: Path, size: int, is_file: bool
) -> None:
    """Its first bytes still are those of a picture."""
    path = tmp_path / "fox.png"
    path.write_bytes(png_of(size))
    with path.open("r+b") as file:

        def given() -> Iterator[Any]:
            yield path if is_file else file
            file.truncate(size // 2)
            yield png(1)

        report = await upload(given(), raise_on_failure=False)
    assert statuses(report) == {"fox.png": "failed", "picture-2.png": "attached"}
    assert "cut off" in reason(report, "fox.png") or "shorter" in reason(report, "fox.png")
    assert len(model.training_images) == 1


async def test_a_file_that_is_replaced_before_its_turn_is_reported_with_its_new_facts(
    upload: Upload, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(3)
    replace = when("00.png", "sent", lambda: (folder / "02.png").write_bytes(encoded("GIF", 3)))
    report = await upload(folder, concurrency=1, on_progress=replace)
    facts = report.results[2].facts
    assert report.results[2].mime_type == "image/gif"
    assert facts is not None
    assert facts.mime_type == "image/gif"


async def test_a_folder_that_replaces_a_file_is_named_and_no_file_stays_open(
    upload: Upload, folder_of: Callable[[int], Path]
) -> None:
    """Its descriptor was not closed."""
    folder = folder_of(22)

    def swap() -> None:
        for number in range(2, 22):
            (folder / f"{number:02}.png").unlink()
            (folder / f"{number:02}.png").mkdir()

    before = psutil.Process().num_fds() if os.name != "nt" else 0
    report = await upload(
        folder, concurrency=1, on_progress=when("00.png", "sent", swap), raise_on_failure=False
    )
    assert Counter(statuses(report).values()) == {"attached": 2, "failed": 20}
    assert "not a regular file" in reason(report, "02.png")
    assert not before or psutil.Process().num_fds() < before + 10


FOX: Final = unicodedata.normalize("NFC", "Füchslein.png")
"""A name in the form of most programs."""

FOX_ON_A_MAC: Final = unicodedata.normalize("NFD", FOX)
"""The same name in the form of a Mac."""


@pytest.mark.parametrize("names", [(FOX, FOX_ON_A_MAC), (FOX_ON_A_MAC, FOX)])
async def test_a_name_in_the_form_of_a_mac_is_the_same_name(
    upload: Upload, model: Model, tmp_path: Path, names: tuple[str, str]
) -> None:
    """Without a ledger, the picture is found by its name; it was sent again."""
    reports: list[UploadReport] = []
    for name in names:
        (tmp_path / name).write_bytes(png())
        reports.append(await upload([tmp_path / name], ledger=False))
    assert statuses(reports[1]) == {names[1]: "already attached"}
    assert len(model.training_images) == 1


async def test_captions_are_sent_to_a_name_in_the_form_of_a_mac(
    client: AsyncScenario, model: Model, tmp_path: Path
) -> None:
    await client.models.training_images.upload(model.id, [(FOX, png())])
    (tmp_path / FOX_ON_A_MAC).write_bytes(png())
    (tmp_path / FOX_ON_A_MAC).with_suffix(".txt").write_text("a small fox")
    report = await client.models.captions.push(model.id, tmp_path)
    assert [result.status for result in report.results] == ["changed"]


async def test_an_asset_with_a_name_in_the_form_of_a_mac_is_found(client: AsyncScenario) -> None:
    """So a picture whose response was lost is not sent again."""
    since, content = datetime.now(UTC), png()
    made = (await client.assets.upload(image=content, name=FOX_ON_A_MAC)).asset.id
    sha256 = hashlib.sha256(content).digest()
    found = await find_made_asset(
        client.assets.sender, name=FOX, size=len(content), sha256=sha256, since=since
    )
    assert found == made


class Missing:
    """A file of a web framework whose content is gone; its `read` is a property that opens the file."""

    @property
    def read(self) -> Callable[[], bytes]:
        """Raise an error."""
        raise FileNotFoundError(2, "No such file or directory", "media/fox.png")

    @property
    def name(self) -> str:
        """Raise an error."""
        raise ValueError("no file is associated with this field")


async def test_a_file_whose_properties_raise_fails_alone(upload: Upload) -> None:
    report = await upload([Missing(), png(1)], raise_on_failure=False)
    assert statuses(report) == {"picture 1": "failed", "picture-2.png": "attached"}
    assert "media/fox.png" in reason(report, "picture 1")


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ({"fox.png": png()}, "a mapping is not taken"),
        ("https://example.com/fox.png", "URLs are not fetched"),
        (["s3://bucket/fox.png"], "URLs are not fetched"),
    ],
)
async def test_images_of_another_kind_are_refused_with_advice(
    upload: Upload, sandbox: Sandbox, given: Any, hint: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=f"^images: {hint}"):
        await upload(given)
    assert len(sandbox.requests) == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
async def test_a_named_pipe_with_the_name_of_an_apple_double_file_is_not_opened(
    upload: Upload, tmp_path: Path
) -> None:
    """Nothing writes to the pipe, so opening it waited for ever."""
    os.mkfifo(tmp_path / "._fox.png")
    async with asyncio.timeout(20):
        report = await upload([tmp_path / "._fox.png", png(1)], raise_on_failure=False)
    assert [result.status for result in report.results] == ["failed", "attached"]


@needs_links
async def test_a_link_to_the_given_folder_does_not_list_it_again(
    upload: Upload, folder_of: Callable[[int], Path]
) -> None:
    """Its pictures were reported twice, as duplicates."""
    folder = folder_of(2)
    (folder / "here").symlink_to(".")
    (folder / "more").mkdir()
    (folder / "more" / "up").symlink_to("..")
    report = await upload(folder, recursive=True)
    assert [str(result.path.relative_to(folder)) for result in report.results] == ["00.png", "01.png"]
