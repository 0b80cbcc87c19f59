"""Facts that the structure of a file shows: incomplete files, sizes, camera RAW files and SVG."""

from __future__ import annotations

import gzip
import io
import random
import struct
from typing import Any

import pytest
from PIL import Image

from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.opening import open_picture
from scenario_async.errors import InvalidArgumentError
from tests.unit.samples import RASTER_FORMATS

FORMATS: list[tuple[str, dict[str, Any]]] = [
    ("PNG", {}),
    ("JPEG", {}),
    ("JPEG", {"progressive": True}),
    ("WEBP", {}),
    ("WEBP", {"lossless": True}),
    ("GIF", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("TIFF", {"big_tiff": True}),
    *([("AVIF", {})] if "AVIF" in RASTER_FORMATS else []),
]


def noise(size: tuple[int, int] = (120, 90), mode: str = "RGB") -> Image.Image:
    """A picture that no format can compress."""
    count = len(Image.new(mode, (1, 1)).getbands()) * size[0] * size[1]
    return Image.frombytes(mode, size, random.Random(5).randbytes(count))  # noqa: S311 - no secret


def encoded(image_format: str, picture: Image.Image | None = None, **options: Any) -> bytes:
    """A picture as Pillow writes it."""
    file = io.BytesIO()
    (picture or noise()).save(file, image_format, **options)
    return file.getvalue()


def facts(content: bytes) -> PictureFacts:
    """The facts that are read from a picture."""
    found = open_picture(content, "data").facts
    assert found is not None
    return found


def refusal(content: bytes, name: str = "") -> str:
    """The error message for refused bytes."""
    file = io.BytesIO(content)
    file.name = name
    with pytest.raises(InvalidArgumentError) as caught:
        open_picture(file, "data")
    assert len(str(caught.value)) < 500
    return caught.value.expected


@pytest.mark.parametrize(("image_format", "options"), FORMATS)
def test_incomplete_files_are_refused(image_format: str, options: dict[str, Any]) -> None:
    """The whole file is accepted at any position in another file; a file that ends early is refused."""
    content = encoded(image_format, **options)
    assert (facts(content).width, facts(content).height) == (120, 90)
    file = io.BytesIO(b"before" + content)
    file.seek(6)
    assert open_picture(file, "data").facts == facts(content)
    assert file.tell() == 6
    for share in (0.02, 0.3, 0.5, 0.75, 0.95, 0.999):
        assert "the file is cut off" in refusal(content[: max(64, int(len(content) * share))]), share


def test_a_tiff_compressed_as_jpeg_needs_its_tables() -> None:
    """Pillow writes the tables behind the pixels and the directory."""
    content = encoded("TIFF", compression="jpeg")
    assert facts(content).width == 120
    for missing in (1, 4, 40, 280):
        assert "the file is cut off" in refusal(content[:-missing]), missing


def test_the_end_of_a_thumbnail_is_not_the_end_of_the_picture() -> None:
    """The thumbnail's end marker is before the pixels, in another segment."""
    exif = b"Exif\x00\x00" + bytes(50) + encoded("JPEG", noise((16, 16)))
    content = encoded("JPEG", exif=exif)
    assert facts(content).width == 120
    assert "cut off" in refusal(content[:-200])


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_bytes_after_the_end_are_ignored(image_format: str) -> None:
    """Phones put videos after a picture."""
    assert facts(encoded(image_format) + bytes(200_000)).width == 120


def test_facts_and_warnings_are_read_from_the_structure() -> None:
    exif = Image.Exif()
    exif[274] = 8
    frames = [noise().convert("P"), Image.new("P", (120, 90), 3)]
    assert facts(encoded("JPEG", exif=exif)).orientation == 8
    assert facts(encoded("PNG", exif=exif)).orientation == 8
    assert facts(encoded("WEBP", exif=exif)).orientation == 8
    assert facts(encoded("TIFF", exif=exif)).orientation == 8
    assert facts(encoded("JPEG", noise(mode="CMYK"))).color_model == "cmyk"
    assert facts(encoded("TIFF", noise(mode="CMYK"))).color_model == "cmyk"
    for image_format in {"PNG", "WEBP", "TIFF", "AVIF"}.intersection(RASTER_FORMATS):
        assert facts(encoded(image_format, noise(mode="RGBA"))).has_alpha
        assert not facts(encoded(image_format)).has_alpha
    for image_format in {"GIF", "WEBP", "PNG", "TIFF", "AVIF"}.intersection(RASTER_FORMATS):
        content = encoded(image_format, frames[0], save_all=True, append_images=frames[1:])
        assert facts(content).frames == 2, image_format
    assert facts(encoded("PNG", Image.new("I;16", (4, 4)))).bits == 16
    small = facts(encoded("JPEG", noise((400, 100)), exif=exif))
    assert [warning.code for warning in small.warnings] == ["small", "elongated", "rotated"]
    assert facts(encoded("PNG", Image.new("RGB", (1024, 1024)))).warnings == ()


def tiff(tags: dict[int, tuple[int, int]], *, order: str = "<") -> bytes:
    """A TIFF with one directory; each tag has a type and a value."""
    head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(f"{order}I", 8)
    entries = b"".join(
        struct.pack(f"{order}HHI", tag, kind, 1)
        + (struct.pack(f"{order}HH", value, 0) if kind == 3 else struct.pack(f"{order}I", value))
        for tag, (kind, value) in sorted(tags.items())
    )
    return head + struct.pack(f"{order}H", len(tags)) + entries + bytes(4)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (tiff({256: (3, 9), 257: (3, 9), 262: (3, 32803)}), "camera RAW"),
        (tiff({256: (3, 9), 257: (3, 9), 259: (3, 34713)}, order=">"), "camera RAW"),
        (tiff({256: (3, 9), 257: (3, 9), 50706: (4, 1)}), "camera RAW file (DNG)"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(4) + bytes(6), "camera RAW"),
        (b"FUJIFILMCCD-RAW 0201" + bytes(40), "Fujifilm RAF"),
        (b"\x00\x00\x00\x18ftypcrx " + bytes(40), "Canon CR3"),
        (b"IIRO" + bytes(40), "Olympus ORF"),
        (b"IIU\x00" + bytes(40), "Panasonic RW2"),
    ],
)
def test_camera_raw_files_are_refused_by_name(content: bytes, what: str) -> None:
    assert what in refusal(content)


@pytest.mark.parametrize(
    ("content", "what", "advice"),
    [
        (encoded("BMP"), "a BMP picture", "convert it to PNG"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "HTML", "download"),
        (b"%PDF-1.7", "a PDF", "export"),
        (b"\x00\x05\x16\x07" + bytes(40), "an AppleDouble file", ""),
        (b"8BPS\x00\x01", "a Photoshop document", "export"),
        (b"\xff\x0a" + bytes(20), "a JPEG XL picture", "convert"),
        (b'{"error": "no"}', "JSON", ""),
        (b"PK\x03\x04" + bytes(30), "a ZIP archive", "unpack"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(30), "a video", "frames"),
        (b"\x1aE\xdf\xa3" + bytes(30), "a video", "frames"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer", "git lfs pull"),
        (bytes(5000), "nothing but zeros", "copy"),
        ("prose, größer".encode(), "text", ""),
        (b"\x8f\x01\x02\x03\x04\x05\x06\x07", "of no known kind (it begins with 8f 01", ""),
    ],
)
def test_a_refusal_names_the_format_that_was_found(content: bytes, what: str, advice: str) -> None:
    said = refusal(content)
    assert f"this is {what}" in said
    assert advice in said
    assert "JPEG, PNG, GIF, SVG, WebP, AVIF, TIFF or HEIF" in said


def test_a_refused_file_with_content_is_not_reported_as_empty() -> None:
    assert "empty" in refusal(b"")


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200px"><path d="M0 0"/></svg>'


def test_svg_files_are_accepted() -> None:
    """The root element, which has the size, may come after a long comment or DTD, and may be compressed."""
    assert (facts(SVG.encode()).width, facts(SVG.encode()).height) == (300, 200)
    assert facts(f"<!-- {'x' * 9000} -->{SVG}".encode()).width == 300
    dtd = "".join(f'<!ENTITY ns{number} "http://example.com/{number}">' for number in range(200))
    assert facts(f'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "a" "b" [{dtd}]>\n{SVG}'.encode()).width == 300
    assert facts(gzip.compress(SVG.encode())).width == 300
    assert facts(b'<svg viewBox="0 0 40 30"/>').height == 30
    assert facts(b'<svg width="3cm" height="3cm"/>').width is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("beginning", ["", "\ufeff", '<?xml version="1.0"?>', f"<!-- {'x' * 900} -->"])
@pytest.mark.parametrize("packed", [True, False])
def test_a_refused_svg_in_another_encoding_is_named(encoding: str, beginning: str, packed: bool) -> None:
    content = f"{beginning}{SVG}".encode(encoding)
    said = refusal(gzip.compress(content) if packed else content)
    compressed = " compressed with gzip" if packed else ""
    assert f"this is an SVG in {encoding.upper()[:6]}{compressed}, and" in said
    assert said.endswith("save it as UTF-8")


def test_xml_is_not_called_no_svg_before_its_first_element_is_read() -> None:
    for length in (300_000, 2_000_000):
        said = refusal(f"<!-- {'x' * length} -->{SVG}".encode())
        assert "XML without an element in the first 262,144 bytes" in said
        assert "if it is an SVG, remove the comments" in said
    for beginning in ("", '<?xml version="1.0"?>\n', "<!DOCTYPE note [<!ENTITY a 'b'>]>", "<!-- x -->" * 900):
        assert "XML that is not SVG" in refusal(f"{beginning}<note>{'x' * 9000}</note>".encode())
    assert "text in UTF-16" in refusal("a note".encode("utf-16"))
    assert "data compressed with gzip" in refusal(gzip.compress("a note".encode("utf-16")))


def test_invalid_svg_files_are_refused() -> None:
    assert "UTF-16" in refusal(SVG.encode("utf-16"))
    assert "not well-formed" in refusal(b"<svg><path></svg>")
    assert "not well-formed" in refusal(SVG.encode()[:-4])
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]><svg>&l11;</svg>'
    assert "not well-formed" in refusal(bomb.encode())
