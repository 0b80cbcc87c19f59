"""Cut paper, drawn with Pillow: the material of the pictures that `draw_dataset.py` draws.

A `Sheet` is a square of 1000 by 1000 units, whatever its size in pixels, onto which pieces of paper are laid.
The functions give their outlines.
"""

from __future__ import annotations

import itertools
import math
import random
import statistics
from collections.abc import Iterable
from typing import Final, TypeAlias

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter, ImageOps

Shape: TypeAlias = list[tuple[float, float]]
"""The outline of a piece of paper, in units."""

Fill: TypeAlias = str | tuple[str, str]
"""A colour (a name from the palette, or what `mix` gives), or a gradient from the top of a piece down."""

PALETTE: Final = {
    "white": "#fffdf7",
    "cream": "#faf0df",
    "sand": "#edd3a8",
    "blush": "#f6cdb6",
    "mist": "#d3e0d8",
    "glow": "#ffe199",
    "ochre": "#e9b044",
    "apricot": "#f4aa6c",
    "coral": "#e8745a",
    "brick": "#b5493f",
    "rose": "#db8c88",
    "lilac": "#9d8dac",
    "plum": "#643251",
    "navy": "#1f3b5b",
    "night": "#13233f",
    "aqua": "#8cbfb5",
    "teal": "#30808a",
    "jade": "#74d3a6",
    "moss": "#8aa066",
    "pine": "#3b6b57",
    "forest": "#1f4541",
}

_SHADOW = "#1a1430"
_MOTTLE = 17  # the standard deviation of the clouds in the paper, before they are blurred
_STAR = "0,-5 1,-1 5,0 1,1 0,5 -1,1 -5,0 -1,-1"


class Sheet:
    """A picture in the making: pieces of paper laid on one another, each with its shadow."""

    def __init__(self, pixels: int, seed: str, background: Fill) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same picture every time is the point
        self.pick = self.random.uniform
        self.image = Image.new("RGB", (pixels, pixels))
        self._scale = pixels / 1000
        self.ink(background, box(0, 0, 1000, 1000))

    def lay(
        self,
        fill: Fill,
        *shapes: Shape,
        lift: float = 9,
        at: Iterable[float] = (0, 0),
        holes: Iterable[Shape] = (),
        opacity: float = 1,
        fade: bool = False,
    ) -> None:
        """Lay one piece of paper on the picture.

        Args:
            fill: Its colour. A single one is lit from above.
            shapes: The outlines that make it up together.
            lift: How far it floats above what is beneath it.
            at: Where it goes: what `moved` takes behind the shape.
            holes: What is cut out of it.
            opacity: Less than 1 for tracing paper.
            fade: Whether it dissolves towards its upper edge.
        """
        place = tuple(at)
        outlines = [(255, moved(shape, *place)) for shape in shapes] + [
            (0, moved(hole, *place)) for hole in holes
        ]
        mask = self._mask(outlines)
        bounds = mask.getbbox()
        if bounds is None:
            return
        ramp = Image.new("L", mask.size, 255)
        ramp.paste(0, (0, 0, ramp.width, bounds[1]))
        slope = _stretched(Image.linear_gradient("L"), (ramp.width, bounds[3] - bounds[1]))
        ramp.paste(slope, (0, bounds[1]))
        if isinstance(fill, str):
            fill = (mix(fill, "cream", 0.1), mix(fill, "plum", 0.2)) if lift else (fill, fill)
        paper = self._paper(ImageOps.colorize(ramp, mix(fill[0], "night", 0), mix(fill[1], "night", 0)))
        if lift:
            fallen = self._mask(outlines, lift * 0.35, lift * 0.3)
            shadow = fallen.filter(ImageFilter.GaussianBlur(lift * self._scale))
            self.image.paste(_SHADOW, mask=_dimmed(shadow, 0.42))
            rim = ImageChops.subtract(mask, self._mask(outlines, 0, 1.5))
            paper.paste("white", mask=_dimmed(rim, 0.3))
        self.image.paste(paper, mask=_dimmed(ImageChops.multiply(mask, ramp) if fade else mask, opacity))

    def ink(
        self, fill: Fill, *shapes: Shape, at: Iterable[float] = (0, 0), opacity: float = 1, fade: bool = False
    ) -> None:
        """Print on what is there already, without a shadow."""
        self.lay(fill, *shapes, lift=0, at=at, opacity=opacity, fade=fade)

    def rings(self, x: float, y: float, radii: Iterable[float], colours: Iterable[str]) -> None:
        """Lay a sun or a moon and its glow, the largest disc first."""
        for radius, colour in zip(radii, colours, strict=True):
            self.lay((colour, colour), disc(x, y, radius), lift=11)

    def clouds(self, places: str, fill: Fill = ("white", "mist")) -> None:
        """Lay clouds with level feet: the middle of the foot and the width of each."""
        for x, y, wide in rows(places):
            parts = ((-0.3, 0.16), (-0.08, 0.27), (0.17, 0.2), (0.36, 0.12))
            self.lay(fill, *(dome(x + a * wide, y, r * wide) for a, r in parts), lift=7)

    def stars(self, count: int, foot: float) -> None:
        """Print stars of a few sizes, all above a line."""
        places = [(self.pick(0, 1000), self.pick(0, foot), self.pick(0.4, 1.5)) for _ in range(count)]
        self.ink("cream", *(moved(cut(_STAR), *place) for place in places))

    def shimmer(self, fill: Fill, count: int, top: float) -> None:
        """Print glints on water, all below a line."""
        places = [(self.pick(0, 1000), self.pick(top, 990), self.pick(15, 60)) for _ in range(count)]
        self.ink(fill, *(disc(*place, 2.2) for place in places), opacity=0.4)

    def hills(self, top: float, swing: float, bumps: int = 3) -> Shape:
        """Rolling ground from a line down to the lower edge."""
        step = 1200 / bumps
        line = [(step * n - 100, top + self.pick(-swing, swing)) for n in range(bumps + 1)]
        return [*curve(line), (1100, 1100), (-100, 1100)]

    def peaks(self, foot: float, height: float, count: int) -> Shape:
        """A jagged range from its summits down to the lower edge."""
        line, step = [(-80.0, foot)], 1100 / count
        for n in range(count):
            x = step * (n + self.pick(0.3, 0.6)) - 40
            line.append((x, foot - height * self.pick(0.6, 1)))
            line.append((x + step * self.pick(0.35, 0.55), foot - height * self.pick(0.15, 0.35)))
        for rough in (0.09, 0.08, 0.07):
            finer = line[:1]
            for a, b in itertools.pairwise(line):
                bump = self.pick(-rough, rough) * math.dist(a, b)
                finer += [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + bump), b]
            line = finer
        return [*line, (1100, 1100), (-100, 1100)]

    def finished(self, grain: float) -> Image.Image:
        """The picture, with a grain of that standard deviation over all of it."""
        noise = self._noise(self.image.width, grain)
        return ImageChops.add(self.image, Image.merge("RGB", [noise] * 3), offset=-128)

    def _mask(self, outlines: Iterable[tuple[int, Shape]], right: float = 0, down: float = 0) -> Image.Image:
        """What a piece covers when it is shifted so far, drawn at twice the size for smooth edges."""
        side, zoom = self.image.width * 2, self._scale * 2
        mask = Image.new("L", (side, side))
        draw = ImageDraw.Draw(mask)
        for shade, outline in outlines:
            draw.polygon([((x + right) * zoom, (y + down) * zoom) for x, y in outline], fill=shade)
        return mask.reduce(2)

    def _paper(self, plain: Image.Image) -> Image.Image:
        """The mottled paper that a plain one becomes."""
        noise = self._noise(plain.width // 5, _MOTTLE).filter(ImageFilter.GaussianBlur(1.6))
        mottle = _stretched(noise, plain.size)
        return ImageChops.add(plain, Image.merge("RGB", [mottle] * 3), offset=-128)

    def _noise(self, pixels: int, deviation: float) -> Image.Image:
        """Normally distributed noise around a middle grey."""
        normal = statistics.NormalDist(128, deviation)
        levels = bytes(round(normal.inv_cdf((value + 0.5) / 256)) for value in range(256))
        return Image.frombytes(
            "L", (pixels, pixels), self.random.randbytes(pixels * pixels).translate(levels)
        )


def _dimmed(mask: Image.Image, share: float) -> Image.Image:
    """A mask that lets only a share through."""
    return ImageChops.multiply(mask, Image.new("L", mask.size, round(share * 255)))


def _stretched(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A small image, smoothly enlarged."""
    return image.transform(size, Image.Transform.EXTENT, (0, 0, *image.size), Image.Resampling.BILINEAR)


def mix(first: str, second: str, share: float) -> str:
    """The colour that lies between two others."""
    ends = [ImageColor.getrgb(PALETTE.get(name, name)) for name in (first, second)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(*ends, strict=True))


def steps(first: str, last: str, count: int) -> list[str]:
    """So many colours from one to another."""
    return [mix(first, last, n / (count - 1)) for n in range(count)]


def rows(text: str) -> list[tuple[float, ...]]:
    """A small table of numbers: ``1,2,3 4,5,6`` has two rows."""
    return [tuple(float(number) for number in row.split(",")) for row in text.split()]


def cut(points: str) -> Shape:
    """A straight-edged outline, written the way SVG writes one: ``0,0 10,0 5,8``."""
    return [(x, y) for x, y in rows(points)]


def smooth(points: str) -> Shape:
    """A smooth outline through the points."""
    return curve(cut(points), closed=True)


def curve(points: Shape, *, closed: bool = False) -> Shape:
    """A smooth line through the points (a Catmull-Rom spline)."""
    before, after = (points[-1:], points[:2]) if closed else (points[:1], points[-1:])
    ring, line = [*before, *points, *after], Shape()
    for a, b, c, d in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        for t in (step / 14 for step in range(14)):
            first, last = t * (-0.5 + t * (1 - t / 2)), t * t * (t - 1) / 2
            weights = (first, 1 + t * t * (1.5 * t - 2.5), t * (0.5 + t * (2 - 1.5 * t)), last)
            knots = list(zip(weights, (a, b, c, d), strict=True))
            line.append((math.fsum(w * p[0] for w, p in knots), math.fsum(w * p[1] for w, p in knots)))
    return line if closed else [*line, points[-1]]


def moved(shape: Shape, x: float, y: float, scale: float = 1, turn: float = 0) -> Shape:
    """A shape drawn around the origin: scaled, turned (in degrees), and put in its place."""
    cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
    return [(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in shape]


def mirrored(shape: Shape, axis: float = 0) -> Shape:
    """A shape as a mirror on an upright axis shows it."""
    return [(2 * axis - x, y) for x, y in shape]


def ray(x: float, y: float, reach: float, turn: float) -> tuple[float, float]:
    """The point so far from another, in a direction in degrees."""
    return x + reach * math.cos(math.radians(turn)), y + reach * math.sin(math.radians(turn))


def box(left: float, top: float, right: float, bottom: float) -> Shape:
    """A rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def disc(x: float, y: float, wide: float, high: float = 0) -> Shape:
    """A disc, or an ellipse."""
    return dome(x, y, wide, high, 360)


def dome(x: float, y: float, wide: float, high: float = 0, sweep: float = 180) -> Shape:
    """The upper half of a disc or an ellipse."""
    angles = [math.radians(180 + sweep * step / 90) for step in range(91)]
    return [(x + wide * math.cos(angle), y + (high or wide) * math.sin(angle)) for angle in angles]


def ribbon(points: Shape, start: float, end: float) -> Shape:
    """A strip along a smooth line, with a given width at each end."""
    line = curve(points)
    left, right = Shape(), Shape()
    for step, (x, y) in enumerate(line):
        before, after = line[max(step - 1, 0)], line[min(step + 1, len(line) - 1)]
        angle = math.atan2(after[1] - before[1], after[0] - before[0])
        half = (start + (end - start) * step / len(line)) / 2
        left.append((x + math.sin(angle) * half, y - math.cos(angle) * half))
        right.append((x - math.sin(angle) * half, y + math.cos(angle) * half))
    return left + right[::-1]


def leaf(x: float, y: float, long: float, wide: float, turn: float) -> Shape:
    """A pointed leaf that grows from a point."""
    half = [(long * step / 16, wide / 2 * math.sin(math.pi * (step / 16) ** 0.8)) for step in range(17)]
    return moved(half + [(a, -b) for a, b in half[::-1]], x, y, turn=turn)


def waves(top: float, high: float, length: float, shift: float = 0) -> Shape:
    """Water from an even swell down to the lower edge."""
    line = [(x, top + high * math.sin((x + shift) / length * math.tau)) for x in range(-20, 1030, 10)]
    return [*line, (1100, 1100), (-100, 1100)]
