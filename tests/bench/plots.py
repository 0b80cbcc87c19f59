"""Draw plots as SVG that can be read on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from attrs import frozen

STYLE: Final = """
  text { font: 13px system-ui, sans-serif; fill: #333 }
  .grid { stroke: #ddd } .line { fill: none; stroke-width: 2.5 }
  .l0 { stroke: #0b6bcb } .l1 { stroke: #2e7d32 } .l2 { stroke: #b3541e }
  .l3 { stroke: #777; stroke-dasharray: 6 4 }
  .t0 { fill: #0b6bcb } .t1 { fill: #2e7d32 } .t2 { fill: #b3541e } .t3 { fill: #666 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .grid { stroke: #444 }
    .l0 { stroke: #6db3f2 } .l1 { stroke: #81c784 } .l2 { stroke: #f0a070 } .l3 { stroke: #aaa }
    .t0 { fill: #6db3f2 } .t1 { fill: #81c784 } .t2 { fill: #f0a070 } .t3 { fill: #bbb }
  }
"""

WIDTH: Final = 350
HEIGHT: Final = 230
_LEFT, _TOP, _RIGHT, _BOTTOM = 52, 34, 16, 44
_MARGIN: Final = 12
"""The space on the right for half of a label at the end of an axis."""

_LINES: Final = 4


@frozen
class Series:
    """A line of a plot: its values from left to right; None where there is no value."""

    label: str
    values: Sequence[float | None]


@frozen
class Plot:
    """One plot.

    Attributes:
        title: The title, with the unit.
        across: The label of the horizontal axis.
        places: The labels of the places on it, at equal distances.
        series: The lines.
    """

    title: str
    across: str
    places: Sequence[str]
    series: Sequence[Series]


def drawing(title: str, plots: Sequence[Plot], columns: int) -> str:
    """An SVG of several plots in rows, whose vertical axes begin at zero."""
    rows = -(-len(plots) // columns)
    box = f"0 0 {WIDTH * columns + _MARGIN} {HEIGHT * rows}"
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img">']
    parts += [f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>"]
    for number, plot in enumerate(plots):
        place = f"translate({number % columns * WIDTH} {number // columns * HEIGHT})"
        parts += [f'<g transform="{place}">', *_plot(plot), "</g>"]
    return "\n".join([*parts, "</svg>\n"])


def _plot(plot: Plot) -> list[str]:
    largest = max(value for one in plot.series for value in one.values if value is not None)
    step = _step(largest)
    top = step * max(-(-largest // step), 1)
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM

    def x(place: int) -> float:
        return _LEFT + place / max(len(plot.places) - 1, 1) * (right - _LEFT)

    def y(value: float) -> float:
        return bottom - value / top * (bottom - _TOP)

    parts = [_text(_LEFT - 36, 16, plot.title, 'style="font-weight: 600"')]
    value = 0.0
    while value <= top * 1.001:
        parts.append(f'<path class="grid" d="M{_LEFT} {y(value):.1f}H{right}"/>')
        parts.append(_text(_LEFT - 6, y(value) + 4, f"{value:g}", 'text-anchor="end"'))
        value = round(value + step, 9)
    for place, label in enumerate(plot.places):
        parts.append(_text(x(place), bottom + 17, label, 'text-anchor="middle"'))
    parts.append(_text((_LEFT + right) / 2, HEIGHT - 10, plot.across, 'text-anchor="middle"'))
    for number, one in enumerate(plot.series):
        points = [(x(place), y(found)) for place, found in enumerate(one.values) if found is not None]
        line = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
        parts.append(f'<polyline class="line l{number % _LINES}" points="{line}"/>')
        color = f"t{number % _LINES}"
        parts += [
            f'<circle class="{color}" cx="{across:.1f}" cy="{down:.1f}" r="3"/>' for across, down in points
        ]
        if len(plot.series) > 1:
            label = _text(_LEFT + 8 + 150 * number, _TOP - 4, one.label, f'class="{color}"')
            parts.append(label)
    return parts


def _step(largest: float) -> float:
    """Return a round distance of grid lines, so that about four are below the largest value."""
    rough, power = largest / 4, 1.0
    while power > rough:
        power /= 10
    while power * 10 <= rough:
        power *= 10
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)


def _text(x: float, y: float, words: str, rest: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" {rest}>{escape(words)}</text>'
