"""The check of a data set finds problems before anything is paid."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from scenario_async import Dataset, DatasetReport, InvalidArgumentError

Draw = Callable[..., Path]
GOOD = (1024, 1024)


def noise(seed: int, size: tuple[int, int] = GOOD) -> Image.Image:
    """A picture of large soft spots; another seed makes a different picture."""
    small: Any = Image.frombytes("RGB", (8, 8), random.Random(seed).randbytes(192))  # noqa: S311 - no secret
    picture: Image.Image = small.resize(size, Image.Resampling.BICUBIC)
    return picture


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A folder of five pictures with captions and without problems."""
    for number in range(5):
        noise(number).save(tmp_path / f"{number}.jpg", quality=90)
        (tmp_path / f"{number}.txt").write_text(f"spots, number {number}")
    return tmp_path


def found(report: DatasetReport) -> set[tuple[str, str, str]]:
    """Severity, code and file of every problem."""
    return {
        (problem.severity, problem.code, problem.path.name if problem.path else "")
        for problem in report.problems
    }


def test_a_good_set_has_no_problems(good: Path) -> None:
    report = Dataset.read(good).check("flux.1-lora")
    assert report.ok
    assert report.problems == ()
    assert report.decoded
    assert report.compared
    assert report.summary() == "5 pictures, 5 captions (5 from *.txt), 0 errors, 0 warnings"


def test_each_picture_is_checked(good: Path) -> None:
    """Size, shape, alpha, rotation, frames, colours and depth are checked; errors come first."""
    noise(10, (640, 640)).save(good / "small.png")
    noise(11, (4096, 1024)).save(good / "long.png")
    alpha = noise(12)
    alpha.putalpha(noise(17).convert("L"))
    alpha.save(good / "alpha.webp")
    exif = Image.Exif()
    exif[274] = 6
    noise(13).save(good / "rotated.jpg", exif=exif)
    noise(14).convert("P").save(good / "moving.gif", save_all=True, append_images=[noise(15).convert("P")])
    noise(16).convert("CMYK").save(good / "cmyk.jpg")
    Image.new("I;16", GOOD, 5).save(good / "deep.png")
    (good / "cut.jpg").write_bytes((good / "0.jpg").read_bytes()[:5000])
    (good / "drawing.bmp").write_bytes(b"BM" + bytes(60))
    report = Dataset.read(good, captions="none").check()
    for problem in [
        ("warning", "small", "small.png"),
        ("warning", "elongated", "long.png"),
        ("warning", "transparency", "alpha.webp"),
        ("warning", "rotated", "rotated.jpg"),
        ("warning", "several-frames", "moving.gif"),
        ("warning", "color-model", "cmyk.jpg"),
        ("warning", "bit-depth", "deep.png"),
        ("error", "damaged", "cut.jpg"),
        ("error", "not-a-picture", "drawing.bmp"),
    ]:
        assert problem in found(report)
    assert [problem.severity for problem in report.problems][:2] == ["error", "error"]
    assert not report.ok


def test_pixels_that_cannot_be_decoded(good: Path) -> None:
    """The structure of the file is complete, but its pixels are damaged; only decoding finds that."""
    noise(20).save(content := io.BytesIO(), "PNG")
    broken = bytearray(content.getvalue())
    broken[len(broken) // 2] ^= 0xFF
    (good / "broken.png").write_bytes(broken)
    assert ("error", "damaged", "broken.png") in found(Dataset.read(good).check())


def test_a_picture_with_too_many_pixels_is_not_decoded_and_not_called_damaged(good: Path) -> None:
    """Pillow raises an error for a picture of more than 179 million pixels, which is whole."""
    Image.new("1", (20_000, 10_000)).save(good / "large.png")
    problems = found(Dataset.read(good).check())
    assert ("error", "damaged", "large.png") not in problems


def test_too_few_and_too_many_pictures_are_reported(tmp_path: Path) -> None:
    assert found(Dataset.read(tmp_path).check()) == {("error", "count", "")}
    for number in range(51):
        noise(number, (16, 16)).save(tmp_path / f"{number:02}.png")
    assert ("error", "count", "") in found(Dataset.read(tmp_path).check(near=None))
    assert ("warning", "count", "") in found(Dataset.read(tmp_path, include="00.png").check(near=None))


def test_equal_and_nearly_equal_pictures(good: Path) -> None:
    """Identical, re-encoded, halved, brighter, grey and cropped copies are found, but not another picture."""
    original: Any = noise(1)
    (good / "copy.jpg").write_bytes((good / "1.jpg").read_bytes())
    original.save(good / "encoded.jpg", quality=40)
    original.resize((512, 512)).save(good / "half.png")
    ImageEnhance.Brightness(original).enhance(1.2).save(good / "bright.png")
    original.convert("L").save(good / "gray.png")
    original.crop((20, 20, 1004, 1004)).save(good / "cropped.png")
    original.filter(ImageFilter.GaussianBlur(4)).save(good / "soft.png")
    report = Dataset.read(good, captions="none").check()
    duplicates = [problem for problem in report.problems if problem.code == "duplicate"]
    assert [(str(p.path and p.path.name), p.message) for p in duplicates] == [
        ("copy.jpg", "it has the same content as 1.jpg")
    ]
    near = [problem.path for problem in report.problems if problem.code == "near-duplicate"]
    names = {"bright.png", "cropped.png", "encoded.jpg", "gray.png", "half.png", "soft.png"}
    assert {path.name for path in near if path is not None} == names
    assert "near-duplicate" not in {p.code for p in Dataset.read(good).check(near=None).problems}


def test_equal_and_missing_captions_are_reported(good: Path) -> None:
    (good / "1.txt").write_text("spots, number 0")
    (good / "2.txt").unlink()
    report = Dataset.read(good).check()
    assert ("warning", "captions-identical", "") in found(report)
    assert ("warning", "caption-missing", "2.jpg") in found(report)
    assert ("warning", "caption-missing", "") in found(Dataset.read(good, captions="none").check())


def test_pairs_with_different_shapes_are_reported(tmp_path: Path) -> None:
    for side, size in (("before", (64, 64)), ("after", (64, 32))):
        (tmp_path / side).mkdir()
        for number in range(2):
            noise(number, size).save(tmp_path / side / f"{number}.png")
    report = Dataset.read(tmp_path).check("flux.1-kontext-lora", near=None)
    assert ("warning", "pair-shapes-differ", "0.png") in found(report)


def test_a_report_is_json(good: Path) -> None:
    (good / "0.jpg").write_bytes(b"")
    report = Dataset.read(good).check("flux.1-lora")
    document = json.loads(json.dumps(report.to_dict()))
    assert (document["ok"], document["pictures"], document["captions"]) == (False, 5, {"*.txt": 5})
    assert document["problems"][0]["code"] == "not-a-picture"
    assert "empty" in report.summary()


@pytest.mark.parametrize(
    ("type", "near", "argument"), [(None, -1, "near"), (None, 1.5, "near"), (5, 16, "type")]
)
def test_invalid_arguments_are_refused(good: Path, type: object, near: object, argument: str) -> None:
    with pytest.raises(InvalidArgumentError, match=f"^{argument}: "):
        Dataset.read(good).check(type, near=near)  # type: ignore[arg-type]


def test_a_file_that_cannot_be_used_has_no_warning_about_its_caption(good: Path) -> None:
    """Its error is enough."""
    (good / "cut.jpg").write_bytes((good / "0.jpg").read_bytes()[:200])
    (good / "empty.png").write_bytes(b"")
    report = Dataset.read(good).check("flux.1-lora")
    assert {problem.path.name for problem in report.errors if problem.path} == {"cut.jpg", "empty.png"}
    assert not [problem for problem in report.problems if problem.code == "caption-missing"]
