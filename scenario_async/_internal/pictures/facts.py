"""The properties of a picture that are known without decoding it, and warnings about them."""

from __future__ import annotations

from typing import Final, Literal

from attrs import frozen

ColorModel = Literal["gray", "rgb", "cmyk", "lab"]

TRAINING_SIDE: Final = 1024
"""The smallest recommended width and height of a training image, in pixels.

Below this, the service's score of a data set warns: ``Width and height must be larger than 1024``.
"""

LONGEST_RATIO: Final = 3.0
"""The highest ratio of the sides of a training image without a warning."""

_BITS: Final = 8

WarningCode = Literal[
    "small", "elongated", "transparency", "rotated", "several-frames", "color-model", "bit-depth"
]


@frozen
class PictureWarning:
    """A problem of a picture that makes a training worse.

    Attributes:
        code: The kind of problem, for programs.
        message: One sentence that names the problem and a solution.
    """

    code: WarningCode
    message: str

    def __str__(self) -> str:
        return self.message


@frozen(kw_only=True)
class PictureFacts:
    """The properties of a picture that its file structure shows, without decoding the picture.

    Attributes:
        mime_type: What the content is, e.g. ``"image/png"``.
        width: The stored width in pixels, before a rotation by EXIF; None if it is unknown (an SVG in
            centimetres).
        height: The stored height in pixels.
        has_alpha: Whether it has an alpha channel or transparent colours, even if they are not used.
        frames: How many frames or pages it has.
        orientation: The EXIF orientation from 1 (not rotated) to 8.
        color_model: ``"gray"``, ``"rgb"``, ``"cmyk"`` or ``"lab"``; None if unknown.
        bits: Bits for each channel of a pixel; None if unknown.
    """

    mime_type: str
    width: int | None = None
    height: int | None = None
    has_alpha: bool = False
    frames: int = 1
    orientation: int = 1
    color_model: ColorModel | None = None
    bits: int | None = None

    @property
    def warnings(self) -> tuple[PictureWarning, ...]:
        """Warnings about the size, the shape, transparency, rotation, frames and colours."""
        found: list[PictureWarning] = []
        if self.width and self.height and self.mime_type != "image/svg+xml":
            found += _about_size(self.width, self.height)
        if self.has_alpha and self.mime_type != "image/svg+xml":
            text = (
                "it has an alpha channel, and the service may fill transparent areas with any colour: "
                "save it on an opaque background"
            )
            found.append(PictureWarning("transparency", text))
        if self.orientation != 1:
            text = f"its EXIF data says that it is rotated (orientation {self.orientation}): save it upright"
            found.append(PictureWarning("rotated", text))
        if self.frames > 1:
            text = f"it has {self.frames} frames, of which at most the first is used: save one"
            found.append(PictureWarning("several-frames", text))
        if self.color_model in {"cmyk", "lab"}:
            text = (
                f"its colours are {self.color_model.upper()}, which other programs may show differently: "
                "convert it to sRGB"
            )
            found.append(PictureWarning("color-model", text))
        if self.bits is not None and self.bits > _BITS:
            text = f"it has {self.bits} bits a channel, which are reduced to 8: convert it to 8 bits"
            found.append(PictureWarning("bit-depth", text))
        return tuple(found)


def _about_size(width: int, height: int) -> list[PictureWarning]:
    found: list[PictureWarning] = []
    shown = f"{width} x {height} pixels"
    if min(width, height) < TRAINING_SIDE:
        text = f"{shown}: the shorter side has under {TRAINING_SIDE}, which is small for a training"
        found.append(PictureWarning("small", text))
    if max(width, height) > LONGEST_RATIO * min(width, height):
        text = f"{shown}: over {LONGEST_RATIO:g} times as long as wide; much is lost when it is cropped"
        found.append(PictureWarning("elongated", text))
    return found
