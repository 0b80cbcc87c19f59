"""Which files a batch has, and in which order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from scenario_async import InvalidArgumentError, UploadReport
from scenario_async.sandbox import Model

from .conftest import Upload
from .pictures import encoded, png

needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")


def statuses(report: UploadReport) -> dict[str, str]:
    """The status of each file by its name, in the order of the report."""
    return {result.path.name: result.status for result in report.results}


def names_in(model: Model) -> list[str]:
    """The names of the training images, sorted."""
    return sorted(image.asset.name for image in model.training_images.values())


def reason(report: UploadReport, name: str) -> str:
    """Why a file is not in the set; it is an error about `images`."""
    [error] = [result.error for result in report.results if result.path.name == name]
    assert isinstance(error, InvalidArgumentError)
    assert error.argument == "images"
    return error.expected


async def test_a_folder_is_sorted_by_name(upload: Upload, model: Model, tmp_path: Path) -> None:
    for number, name in enumerate(["b.png", "a.png", "C.png", "10.png", "9.png"]):
        (tmp_path / name).write_bytes(png(number))
    report = await upload(tmp_path)
    assert list(statuses(report)) == ["10.png", "9.png", "C.png", "a.png", "b.png"]
    assert names_in(model) == ["10.png", "9.png", "C.png", "a.png", "b.png"]


@frozen
class Somewhere:
    """A path that is neither a string nor a `Path`."""

    path: Path

    def __fspath__(self) -> str:
        return str(self.path)


@pytest.mark.parametrize("kind", [str, Path, Somewhere])
@pytest.mark.parametrize("what", ["", "00.png"])
async def test_a_folder_or_a_file_may_be_a_string_or_any_path(
    upload: Upload, folder_of: Callable[[int], Path], kind: Callable[[Path], Any], what: str
) -> None:
    folder = folder_of(1)
    report = await upload(kind(folder / what))
    assert [(result.path, result.status) for result in report.results] == [(folder / "00.png", "attached")]


async def test_an_iterable_keeps_its_order_and_may_mix_kinds_of_paths(
    upload: Upload, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(3)
    given: list[Any] = [folder / "02.png", str(folder / "00.png"), Somewhere(folder / "01.png")]
    report = await upload(given)
    assert [result.path for result in report.results] == [Path(path) for path in given]
    assert len(report.attached) == 3


async def test_a_generator_is_read_once(upload: Upload, folder_of: Callable[[int], Path]) -> None:
    folder = folder_of(3)

    def paths() -> Iterator[Path]:
        yield from sorted(folder.iterdir(), reverse=True)

    report = await upload(paths())
    assert list(statuses(report).items()) == [
        ("02.png", "attached"),
        ("01.png", "attached"),
        ("00.png", "attached"),
    ]


async def test_other_files_of_a_folder_are_skipped(upload: Upload, model: Model, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / ".hidden.png").write_bytes(png(1))
    (tmp_path / "notes.txt").write_text("about the pictures")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.png").write_bytes(png(2))
    report = await upload(tmp_path)
    assert statuses(report) == {
        ".hidden.png": "skipped",
        "a.png": "attached",
        "empty.txt": "skipped",
        "more": "skipped",
        "notes.txt": "skipped",
    }
    assert report.succeeded
    assert names_in(model) == ["a.png"]
    assert "hidden" in reason(report, ".hidden.png")
    assert "a subfolder" in reason(report, "more")
    assert "not a picture" in reason(report, "notes.txt")


async def test_captions_of_pictures_are_not_files_of_the_batch(upload: Upload, tmp_path: Path) -> None:
    """The report omits the caption of a picture; a picture with the name of a caption is sent."""
    for name in ("a.png", "b.jpg", "c.png", "c.txt"):
        (tmp_path / name).write_bytes(png(ord(name[0]) + len(name)))
    for name in ("a.txt", "b.jpg.txt", "b.caption", "d.txt"):
        (tmp_path / name).write_text("a fox")
    (tmp_path / "c.txt").write_bytes(png(7))
    report = await upload(tmp_path)
    assert statuses(report) == {
        "a.png": "attached",
        "b.jpg": "attached",
        "c.png": "attached",
        "c.txt": "attached",
        "d.txt": "skipped",
    }


async def test_a_file_with_the_name_of_a_picture_but_other_content_fails(
    upload: Upload, model: Model, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / "empty.JPEG").touch()
    (tmp_path / "text.png").write_text("about the pictures")
    report = await upload(tmp_path, raise_on_failure=False)
    assert statuses(report) == {"a.png": "attached", "empty.JPEG": "failed", "text.png": "failed"}
    assert not report.succeeded
    assert names_in(model) == ["a.png"]
    assert "empty" in reason(report, "empty.JPEG")
    assert "this is text" in reason(report, "text.png")


async def test_a_picture_is_recognised_by_its_content_under_any_name(
    upload: Upload, model: Model, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(png(0))
    (tmp_path / "b.PNG").write_bytes(png(1))
    (tmp_path / "c.txt").write_bytes(encoded("JPEG", 2))
    (tmp_path / "d.jpg").write_bytes(encoded("WEBP", 3))
    report = await upload(tmp_path)
    assert set(statuses(report).values()) == {"attached"}
    assert {image.asset.name: image.asset.picture.mime_type for image in model.training_images.values()} == {
        "a": "image/png",
        "b.PNG": "image/png",
        "c.txt": "image/jpeg",
        "d.jpg": "image/webp",
    }


async def test_in_an_iterable_each_file_that_cannot_be_sent_fails(upload: Upload, tmp_path: Path) -> None:
    """It is not skipped, because the caller named it."""
    (tmp_path / ".hidden.png").write_bytes(png())
    (tmp_path / "notes.txt").write_text("about the pictures")
    (tmp_path / "folder").mkdir()
    given = [tmp_path / name for name in (".hidden.png", "notes.txt", "folder", "missing.png")]
    report = await upload(given, raise_on_failure=False)
    assert statuses(report) == {
        ".hidden.png": "attached",
        "notes.txt": "failed",
        "folder": "failed",
        "missing.png": "failed",
    }
    assert "a folder" in reason(report, "folder")
    assert "no such file" in reason(report, "missing.png")


@needs_links
async def test_links_to_any_target_are_followed(
    upload: Upload, model: Model, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    folder = folder_of(1)
    outside = tmp_path / "outside.png"
    outside.write_bytes(png(1))
    (folder / "more").mkdir()
    (folder / "more" / "b.png").write_bytes(png(2))
    (folder / "absolute.png").symlink_to(outside)
    (folder / "dangling.png").symlink_to("missing.png")
    (folder / "dangling.txt").symlink_to("missing.txt")
    (folder / "dangling-outside.png").symlink_to("../missing.png")
    (folder / "inside.png").symlink_to(Path("more") / "b.png")
    (folder / "outside.png").symlink_to("../outside.png")
    report = await upload(folder, raise_on_failure=False)
    assert statuses(report) == {
        "00.png": "attached",
        "absolute.png": "attached",
        "dangling-outside.png": "failed",
        "dangling.png": "failed",
        "dangling.txt": "skipped",
        "inside.png": "attached",
        "more": "skipped",
        "outside.png": "duplicate",
    }
    assert names_in(model) == ["00.png", "absolute.png", "inside.png"]
    report = await upload(folder, follow_links=False)
    assert {result.status for result in report.results if result.path.is_symlink()} == {"skipped"}
    assert "a link" in reason(report, "outside.png")


@needs_links
async def test_the_folder_itself_may_be_a_link(
    upload: Upload, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    folder = folder_of(1)
    (folder / "again.png").symlink_to("00.png")
    (tmp_path / "link").symlink_to(folder)
    report = await upload(tmp_path / "link", concurrency=1)
    assert statuses(report) == {"00.png": "attached", "again.png": "duplicate"}


@needs_links
async def test_a_link_to_itself_fails(upload: Upload, folder_of: Callable[[int], Path]) -> None:
    folder = folder_of(1)
    (folder / "loop.png").symlink_to("loop.png")
    report = await upload(folder, raise_on_failure=False)
    assert statuses(report) == {"00.png": "attached", "loop.png": "failed"}
    assert "cannot be read" in reason(report, "loop.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
async def test_a_named_pipe_is_not_opened(upload: Upload, folder_of: Callable[[int], Path]) -> None:
    """Nothing writes to the pipe, so opening it would wait for ever."""
    folder = folder_of(1)
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "pipe.png")
    report = await upload(folder, raise_on_failure=False)
    assert statuses(report) == {"00.png": "attached", "pipe": "skipped", "pipe.png": "failed"}
    assert "not a regular file" in reason(report, "pipe.png")


async def test_an_unreadable_file_fails(
    upload: Upload, folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`open` is patched, because permissions do not apply to the superuser, who may run the tests."""
    folder = folder_of(2)
    real: Callable[..., int] = os.open

    def refused(path: str | Path, *args: Any, **kwargs: Any) -> int:
        if os.fspath(path).endswith("01.png"):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", refused)
    report = await upload(folder, raise_on_failure=False)
    assert statuses(report) == {"00.png": "attached", "01.png": "failed"}
    assert "Permission denied" in reason(report, "01.png")


@pytest.mark.parametrize(
    "name",
    [
        "with  spaces.png",
        "Füchse im Schnee.png",
        "狐.png",
        "🦊🌲.png",
        "100%25.png",
        "a;b&c=d?#.png",
        "'\"\\.png",
    ],
)
async def test_any_name_arrives_unchanged(upload: Upload, model: Model, tmp_path: Path, name: str) -> None:
    if os.name == "nt" and set(name) & set('?"\\'):
        pytest.skip("no file can be called that here")
    (tmp_path / name).write_bytes(png())
    report = await upload(tmp_path)
    assert names_in(model) == [name]
    assert [result.path for result in report.results] == [tmp_path / name]
    assert name in str(report.to_json()["results"][0]["path"])


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
async def test_a_name_with_invalid_characters_is_sent_without_them(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    try:
        (folder / os.fsdecode(b"\xff.png")).write_bytes(png())
    except OSError:
        pytest.skip("no file can be called that here")
    (folder / "\x1b[2Jred\u202e.png").write_bytes(png(7))
    report = await upload(folder)
    assert set(statuses(report).values()) == {"attached"}
    assert names_in(model) == ["00.png", "_.png", "_[2Jred_.png"]
    again = await upload(folder)
    assert set(statuses(again).values()) == {"already attached"}


async def test_the_same_path_twice_is_sent_once(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    path = folder_of(1) / "00.png"
    report = await upload([path, path, str(path)], concurrency=1)
    assert [result.status for result in report.results] == ["attached", "duplicate", "duplicate"]
    assert len(model.training_images) == 1


async def test_the_same_content_under_two_names_is_sent_once(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(2)
    (folder / "copy.png").write_bytes((folder / "01.png").read_bytes())
    report = await upload(folder, concurrency=1)
    assert statuses(report) == {"00.png": "attached", "01.png": "attached", "copy.png": "duplicate"}
    assert report.results[2].asset_id == report.results[1].asset_id
    assert report.results[2].caption == report.results[1].caption
    assert report.succeeded
    assert names_in(model) == ["00.png", "01.png"]


async def test_content_that_is_not_a_picture_fails_under_its_name_or_its_number(upload: Upload) -> None:
    given = [b"about the pictures", ("named.png", b"about the pictures"), png()]
    report = await upload(given, raise_on_failure=False)
    assert [(str(result.path), result.status) for result in report.results] == [
        ("picture 1", "failed"),
        ("named.png", "failed"),
        ("picture-3.png", "attached"),
    ]


@pytest.mark.parametrize("recursive", [True, False])
async def test_a_folder_without_pictures_is_an_error_that_shows_its_path(
    upload: Upload, tmp_path: Path, recursive: bool
) -> None:
    (tmp_path / "notes.txt").write_text("about the pictures")
    with pytest.raises(InvalidArgumentError, match="there is no picture") as caught:
        await upload(tmp_path, recursive=recursive)
    assert caught.value.value == str(tmp_path)
    assert ("directly" in caught.value.expected) is not recursive
