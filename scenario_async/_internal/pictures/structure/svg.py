"""SVG: the file has to be well-formed XML, and its root element has its size."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.formats import inflated
from scenario_async._internal.pictures.structure.content import Content, DamagedPictureError

_LARGEST: Final = 64 * 1024 * 1024
"""The largest number of bytes of XML that are checked for well-formedness."""

_PIXELS: Final = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_SEPARATORS: Final = re.compile(r"[\s,]+")
_VIEW_BOX_NUMBERS: Final = 4


def read(content: Content, mime_type: str) -> PictureFacts:
    """Parse a whole SVG file and read its properties.

    The Expat parser does not load external resources, and it stops if entities expand too much.
    """
    text = content.up_to(0, min(content.size, _LARGEST))
    document = inflated(text, _LARGEST)
    root: dict[str, str] = {}

    def note(_name: str, attributes: dict[str, str]) -> None:
        root.update(attributes)
        parser.StartElementHandler = None

    parser = expat.ParserCreate()
    parser.StartElementHandler = note
    try:
        parser.Parse(document, content.size <= _LARGEST)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DamagedPictureError(f"the SVG is not well-formed XML ({error})") from None
    width, height = _size(root)
    return PictureFacts(
        mime_type=mime_type, width=width, height=height, has_alpha=True, color_model="rgb", bits=8
    )


def _size(root: dict[str, str]) -> tuple[int | None, int | None]:
    """Width and height in pixels, from the attributes or the view box; None where they are in other units."""
    found = [_PIXELS.fullmatch(root.get(name, "")) for name in ("width", "height")]
    sides = [match[1] for match in found if match]
    if len(sides) < len(found):
        numbers = _SEPARATORS.split(root.get("viewBox", "").strip())
        if "width" in root or "height" in root or len(numbers) != _VIEW_BOX_NUMBERS:
            return None, None
        sides = numbers[2:]
    try:
        width, height = (round(float(side)) for side in sides)
    except (ValueError, OverflowError):  # no number, or an infinite one
        return None, None
    return (width, height) if width >= 0 and height >= 0 else (None, None)
