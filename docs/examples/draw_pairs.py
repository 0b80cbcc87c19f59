"""Draw the example pairs: four cut-paper landscapes by day, and the same four by night.

They are what `docs/examples/pairs/` holds, for models that learn to edit: `before/` has the sources and
`after/` the targets of the same names, each with a text file beside it that holds the instruction.
Everything is drawn from fixed seeds, so that a second run with the same Pillow writes the same bytes::

    python docs/examples/draw_pairs.py [FOLDER]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import paper_things as things
from cut_paper import Sheet, mix, waves
from paper_things import pine

Tint: TypeAlias = Callable[[str], str]
"""What becomes of a colour at the time of day."""

INSTRUCTION: Final = "Turn the day into night"
PIXELS: Final = 1024


def hills_with_cottages(s: Sheet, tint: Tint) -> None:
    """Cottages on rolling hills."""
    for n, colour in enumerate(("mist", "moss", "pine")):
        s.lay(tint(colour), s.hills(560 + 130 * n, 45), lift=11)
    for colour, *at in (("brick", 300, 700, 1.1), ("ochre", 680, 780, 1.4)):
        things.cottage(s, tint(str(colour)), *(float(one) for one in at))


def firs_before_peaks(s: Sheet, tint: Tint) -> None:
    """A row of firs before a range of mountains."""
    s.lay(tint("aqua"), s.peaks(620, 330, 4))
    s.lay(tint("jade"), s.hills(680, 30))
    s.lay(tint("pine"), *(pine(x, 900 + s.pick(-20, 20), s.pick(180, 320)) for x in range(60, 1000, 125)))
    s.lay(tint("forest"), s.hills(900, 20), lift=12)


def boats_in_a_bay(s: Sheet, tint: Tint) -> None:
    """Two sailing boats in a bay."""
    s.lay(tint("rose"), s.peaks(570, 120, 5), lift=7)
    for n, colour in enumerate(("aqua", mix("aqua", "teal", 0.5), "teal")):
        s.lay(tint(colour), waves(600 + 120 * n, 8 + 4 * n, 220 + 60 * n, 90 * n))
        if n:
            things.sailing_boat(s, 200 + 330 * n, 640 + 90 * n, 0.8 + 0.7 * n)


def cacti_in_the_desert(s: Sheet, tint: Tint) -> None:
    """Cacti before dunes."""
    for n, colour in enumerate(("blush", "apricot", "ochre")):
        s.lay(tint(colour), s.hills(560 + 120 * n, 50, 2 + n), lift=11)
    for at in ((300, 800, 0.9), (720, 880, 1.2)):
        things.saguaro(s, *at)


SCENES: Final = (hills_with_cottages, firs_before_peaks, boats_in_a_bay, cacti_in_the_desert)


def drawn(scene: Callable[[Sheet, Tint], None], *, night: bool) -> Sheet:
    """Draw a scene by day or by night: the same shapes, in other colours."""
    sky = ("night", mix("navy", "lilac", 0.3)) if night else (mix("aqua", "mist", 0.4), "cream")
    sheet = Sheet(PIXELS, scene.__name__, sky)
    if night:
        # Stars must not change what chance gives to the shapes that follow.
        state = sheet.random.getstate()
        sheet.stars(90, 560)
        sheet.random.setstate(state)
    halo, disc = (mix("navy", "lilac", 0.6), "cream") if night else ("glow", "ochre")
    sheet.rings(720, 240, (130, 85), (halo, disc))
    scene(sheet, lambda colour: mix(colour, "night", 0.62 if night else 0))
    return sheet


def main() -> None:
    """Draw every pair, and write their instructions."""
    parser = argparse.ArgumentParser(description="Draw the example pairs.")
    default = Path(__file__).resolve().parent / "pairs"
    parser.add_argument("folder", nargs="?", type=Path, default=default, metavar="FOLDER")
    folder: Path = parser.parse_args().folder
    for night, side in enumerate(("before", "after")):
        (folder / side).mkdir(parents=True, exist_ok=True)
        for number, scene in enumerate(SCENES, 1):
            file = folder / side / f"{number:02}-{scene.__name__.replace('_', '-')}.webp"
            drawn(scene, night=bool(night)).finished(1).save(file, quality=82)
            if night:
                file.with_suffix(".txt").write_text(INSTRUCTION + "\n", encoding="utf-8")
            sys.stdout.write(f"{side}/{file.name}: {file.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
