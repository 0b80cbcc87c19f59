"""Recognition of the documented file formats."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scenario_async._internal.pictures.formats import SIGNATURE_LENGTH, image_type

from .samples import RASTER_FORMATS, picture

DOCUMENTED = {
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/svg+xml",
    "image/webp",
    "image/avif",
    "image/tiff",
    "image/heif",
    "image/heic",
}


@pytest.mark.parametrize("image_format", RASTER_FORMATS)
def test_real_picture(image_format: str) -> None:
    """A picture that Pillow wrote is recognised by its beginning and by its whole content."""
    content = picture(image_format)
    assert image_type(content[:SIGNATURE_LENGTH]) == f"image/{image_format.lower()}"
    assert image_type(content) == f"image/{image_format.lower()}"


def test_big_endian_tiff_and_old_gif() -> None:
    """The second signatures of formats that have two are recognised."""
    assert image_type(b"MM\x00*" + bytes(20)) == "image/tiff"
    assert image_type(b"GIF87a" + bytes(20)) == "image/gif"


@pytest.mark.parametrize("image_format", ["BMP", "ICO", "PPM", "TGA", "PDF", "ICNS", "JPEG2000"])
def test_an_unsupported_format_is_not_recognised(image_format: str) -> None:
    assert image_type(picture(image_format)) is None


@pytest.mark.parametrize("image_format", RASTER_FORMATS)
def test_incomplete_signature(image_format: str) -> None:
    """The first two bytes are not enough to recognise a picture."""
    assert image_type(picture(image_format)[:2]) is None


@pytest.mark.parametrize(
    "content",
    [
        "<svg/>",
        "<svg>",
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "\n\t <svg\nwidth='1'/>",
        "\ufeff<svg/>",
        '<?xml version="1.0" encoding="utf-8"?><svg/>',
        '\ufeff<?xml version="1.0"?>\r\n<svg/>',
        '<?xml version="1.0"?><?xml-stylesheet href="a.css"?><svg/>',
        "<!-- Created with a > pen --><svg/>",
        "<!-- one --><!-- two -->\n<!-- three --><svg/>",
        "<?xml version='1.0'?>\n<!-- before --><!DOCTYPE svg><!-- after --><svg/>",
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd"><svg/>',
        '<!DOCTYPE svg [ <!ENTITY ns "http://www.w3.org/2000/svg"> ]>\n<svg/>',
        '<!DOCTYPE svg:svg><svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>',
        '<ns0:svg xmlns:ns0="http://www.w3.org/2000/svg"/>',
    ],
)
def test_svg(content: str) -> None:
    """An SVG is recognised after anything that XML allows before its root element."""
    assert image_type(content.encode()) == "image/svg+xml"


@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE html><html><body><svg/></body></html>",
        "<html><svg/></html>",
        "<!DOCTYPE html><svg/>",
        "<p>see <svg/></p>",
        "<!-- <svg/> -->",
        "<!-- never closed <svg/>",
        "<?xml version='1.0'?>",
        "<svgs/>",
        "svg",
        "",
    ],
)
def test_text_that_is_not_svg(content: str) -> None:
    """A page that contains a drawing is not an SVG, and a drawing in a comment is not one either."""
    assert image_type(content.encode()) is None


def container(major: bytes, *compatible: bytes) -> bytes:
    """The first box of an ISO media file, with the first bytes of the next."""
    box = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (len(box) + 4).to_bytes(4, "big") + box + b"\x00\x00\x01\x00meta"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (container(b"heic"), "image/heic"),
        (container(b"heix", b"mif1"), "image/heic"),
        (container(b"hevc"), "image/heic"),
        (container(b"mif1"), "image/heif"),
        (container(b"msf1", b"iso8"), "image/heif"),
        (container(b"mif1", b"miaf", b"heic"), "image/heic"),
        (container(b"mif1", b"avif"), "image/avif"),
        (container(b"avis", b"msf1"), "image/avif"),
        (container(b"isom", b"mp42"), None),
        (container(b"qt  "), None),
        (container(b"isom")[:-8] + b"heicheic", None),
    ],
)
def test_brands(head: bytes, expected: str | None) -> None:
    """AVIF and HEIF are distinguished by their brands; a brand counts only inside its box."""
    assert image_type(head) == expected


@given(st.binary(max_size=200))
@example(b"RIFF")
@example(b"\x00\x00\x00\x00ftyp")
@example(b"\xff\xff\xff\xffftyp")
def test_any_bytes(content: bytes) -> None:
    """Any bytes give a documented format or None, and no error."""
    assert image_type(content) in {*DOCUMENTED, None}


@given(
    st.lists(
        st.sampled_from([" ", "<!--", "-->", "<?", "?>", "<!DOCTYPE svg", "[", "]", ">", "<svg", "<!---->"]),
        max_size=600,
    )
)
@example(["<!---->"] * 585)
@example(["<?", "?>"] * 1000)
@example([" "] * SIGNATURE_LENGTH)
@example(["<!DOCTYPE svg", "["] + ["]"] * 4000)
def test_text_made_to_be_slow(pieces: list[str]) -> None:
    """The pattern for SVG needs linear time for any text.

    Backtracking would exceed the time limit of a test.
    """
    assert image_type("".join(pieces).encode()[:SIGNATURE_LENGTH]) in {"image/svg+xml", None}
