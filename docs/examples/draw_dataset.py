"""Draw the example training set: fourteen cut-paper pictures in one palette.

They are what `docs/examples/dataset/` holds, and the README shows them on one contact sheet. Everything is
drawn from fixed seeds, so that a second run with the same Pillow writes the same bytes::

    python docs/examples/draw_dataset.py [FOLDER]

`cut_paper.py` is the paper, `paper_things.py` what is made of it; here are the pictures.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import paper_things as things
from cut_paper import (
    Fill,
    Sheet,
    box,
    curve,
    cut,
    disc,
    dome,
    leaf,
    mirrored,
    mix,
    moved,
    ray,
    ribbon,
    rows,
    smooth,
    steps,
    waves,
)
from paper_things import pine
from PIL import Image


def harbour_at_dusk(s: Sheet) -> None:
    """Sails before a low sun, and a lighthouse."""
    s.rings(420, 540, (560, 450, 345, 250, 165), ("lilac", "rose", "coral", "apricot", "cream"))
    s.lay(("plum", mix("plum", "lilac", 0.4)), s.peaks(650, 130, 4), lift=7)
    boats = ((), (255, 655, 0.9), (570, 715, 1.3), (150, 808, 2.1), ())
    for n, colour in enumerate((mix("teal", "lilac", 0.4), *steps("teal", "night", 4))):
        top = 612 + n * n * 9 + n * 48
        s.lay((colour, mix(colour, "night", 0.3)), waves(top, 3 + n * 3, 150 + n * 45, n * 70))
        things.glints(s, "apricot", 420, top + 18 + n * 2, 95 - n * 12)
        if boats[n]:
            things.sailing_boat(s, *boats[n])
    things.lighthouse(s)
    s.lay(("plum", "night"), smooth("600,1050 640,860 720,770 800,748 900,765 1060,700 1100,1050"), lift=14)
    s.lay((mix("plum", "night", 0.4), "night"), smooth("760,1080 800,920 900,850 980,880 1090,850 1150,1080"))


def pines_in_mist(s: Sheet) -> None:
    """Firs on ridge after ridge, and a cabin with its light on."""
    s.rings(650, 270, (170, 118), (mix("cream", "sand", 0.3), "white"))
    for bird in ((300, 200), (350, 170, 0.8), (250, 150, 0.7)):
        s.ink("pine", cut("-22,-8 0,3 22,-8 0,-2"), at=bird)
    s.lay((mix("aqua", "mist", 0.3), "mist"), s.peaks(520, 330, 4))
    for n, (top, size, count) in enumerate(((470, 60, 17), (560, 95, 12), (665, 145, 9), (790, 215, 6))):
        colour, ridge = mix(mix("aqua", "mist", 0.25), "forest", n / 3.4), s.hills(top, 34 + n * 4)
        firs = [pine(x, y + 2, size * s.pick(0.7, 1.15)) for x, y in s.random.sample(ridge[2:-4], count)]
        s.lay((colour, mix(colour, "mist", 0.2)), ridge, *firs)
        s.ink("mist", box(-10, top + 10, 1010, top + 150), fade=True, opacity=0.9 - n * 0.2)
    s.lay(("sand", "ochre"), box(620, 800, 760, 950))
    s.lay("brick", cut("598,815 690,730 782,815"), box(722, 728, 746, 780))
    s.ink("white", box(642, 838, 676, 876), box(704, 838, 738, 876))
    bars = "657,838,661,876 719,838,723,876 642,855,676,859 704,855,738,859"
    s.ink("brick", *(box(*bar) for bar in rows(bars)))
    firs = [
        pine(x, y, high) for x, y, high in ((70, 955, 330), (180, 965, 240), (520, 945, 190), (900, 925, 300))
    ]
    ground = smooth("-80,890 180,940 420,925 700,915 1080,870 1080,1120 -80,1120")
    s.lay((mix("forest", "pine", 0.3), mix("forest", "night", 0.6)), ground, *firs, lift=13)


def saguaro_canyon(s: Sheet) -> None:
    """Table mountains in the midday heat, and cacti in bloom."""
    s.rings(300, 330, (250, 190, 130), (mix("apricot", "blush", 0.6), "apricot", "ochre"))
    mesa = cut("-150,400 -100,190 -80,180 -68,9 -50,0 60,0 66,30 82,38 100,190 160,400")
    strata = [box(-66 - y / 14, y, 60 + y / 14, y + 6) for y in (18, 44, 54, 96)]
    for colour, at in (("rose", (120, 470, 1.5)), ("coral", (830, 330, 1.9)), ("brick", (560, 440, 1.2))):
        s.lay((colour, mix(colour, "sand", 0.35)), mesa, at=at)
        s.ink(mix(colour, "plum", 0.35), *strata, at=at, opacity=0.5)
    cacti = (((430, 720, 0.5), (905, 735, 0.55)), ((655, 800, 0.9),), ((210, 930, 1.7),), ())
    for n, colour in enumerate(("apricot", mix("coral", "ochre", 0.4), mix("brick", "coral", 0.4), "plum")):
        s.lay((colour, mix(colour, "brick", 0.3)), s.hills(670 + n * 82, 24), lift=12)
        for cactus in cacti[n]:
            things.saguaro(s, *cactus)
    agaves = [leaf(x, 1010, 190, 30, turn) for x in (560, 880) for turn in range(-165, -10, 25)]
    s.lay(("pine", "forest"), *agaves, lift=7)


def snow_village(s: Sheet) -> None:
    """A sleeping village in deep snow."""
    s.stars(70, 480)
    s.rings(730, 210, (190, 138, 88), ("navy", mix("navy", "teal", 0.6), "cream"))
    s.lay((mix("teal", "aqua", 0.4), mix("aqua", "mist", 0.5)), s.peaks(560, 240, 5))
    s.lay(("pine", "forest"), *(pine(x + s.pick(-18, 18), 600, s.pick(90, 170)) for x in range(0, 1040, 48)))
    rows = ((570, 0.8, (170, 330, 640, 830)), (690, 1.05, (80, 480, 700)), (820, 1.4, (260, 860)))
    colours = iter(("brick", "aqua", "plum", "apricot", "rose", "brick", "teal", "ochre", "coral"))
    for top, scale, places in rows:
        s.lay(("white", mix("mist", "aqua", 0.55)), s.hills(top, 22, 4), lift=12)
        for x in places:
            things.cottage(s, next(colours), x, top + 34 * scale, scale)
        s.lay(("white", mix("mist", "aqua", 0.3)), s.hills(top + 68 * scale, 12), lift=8)
    snow = cut("0,-1.01 .1,-.77 .04,-.8 0,-.75 -.04,-.8 -.1,-.77")
    for at in ((520, 975, 250), (620, 975, 180), (40, 975, 300)):
        s.lay(("pine", "forest"), pine(*at))
        s.lay(("white", "mist"), snow, at=at, lift=2)
    s.lay(("white", "mist"), s.hills(965, 8), lift=10)
    flakes = [disc(s.pick(0, 1000), s.pick(0, 1000), s.pick(1.5, 4.5)) for _ in range(170)]
    s.ink("white", *flakes, opacity=0.85)


def balloons_over_hills(s: Sheet) -> None:
    """Five balloons on a clear morning."""
    s.rings(800, 640, (230, 160), (mix("cream", "blush", 0.5), mix("ochre", "cream", 0.35)))
    s.clouds("160,180,260 900,150,300 590,600,240 60,600,280")
    things.balloon(s, "teal", "cream", 745, 470, 0.5)
    things.balloon(s, "plum", "rose", 190, 420, 0.75)
    things.balloon(s, "brick", "apricot", 890, 290, 0.42)
    things.balloon(s, "moss", "sand", 330, 160, 0.55)
    things.balloon(s, "coral", "ochre", 530, 320, 1.3)
    fields = (mix("aqua", "moss", 0.4), "moss", mix("ochre", "moss", 0.45), *steps("moss", "forest", 4)[1:])
    for n, colour in enumerate(fields):
        ground, trees = s.hills(690 + n * 55, 34), (5, 8, 0, 9, 0, 0)[n]
        crowns = [disc(x, y - 6, 8 + n * 2, 13 + n * 4) for x, y in s.random.sample(ground[4:-6], trees)]
        s.lay((colour, mix(colour, "sand", 0.25)), ground, *crowns, lift=11)


def windmill_and_tulips(s: Sheet) -> None:
    """Rows of tulips that run up to a windmill."""
    s.clouds("200,170,330 860,120,240 480,330,200 60,400,240")
    s.lay("aqua", *(disc(x, 545, 46, 26) for x in range(-10, 1040, 58)), box(-10, 540, 1010, 620), lift=5)
    s.lay(("moss", "pine"), box(-10, 548, 1010, 1010))
    colours = ("coral", "ochre", "rose", "cream", "brick", "apricot", "plum")
    for n, x in enumerate(range(-2300, 3200, 220)):
        row = cut(f"{475 + x / 20},552 {481.5 + x / 20},552 {x + 130},1000 {x},1000")
        s.lay((mix(colours[n % 7], "moss", 0.2), colours[n % 7]), row, lift=4)
    things.windmill(s)
    colours = ("coral", "ochre", "blush", "brick", "cream", "coral", "plum")
    for n, y in enumerate((800, 850, 800, 870, 830, 800, 850)):
        things.tulip(s, 70 + n * 142, y, colours[n])


def coral_reef(s: Sheet) -> None:
    """A shoal above the corals."""
    for x, wide in ((180, 60), (380, 120), (600, 60), (780, 110)):
        s.ink("cream", [(x, -10), (x + wide, -10), (x + wide * 2 - 220, 900), (x - 300, 900)], opacity=0.16)
    for n, colour in enumerate((*steps(mix("aqua", "teal", 0.65), mix("teal", "navy", 0.7), 3), "night")):
        edge = [ray(500, 430, 330 + n * 57 + s.pick(-28, 28), turn) for turn in range(0, 360, 26)]
        s.lay((colour, colour), box(-40, -40, 1040, 1040), holes=[curve(edge, closed=True)], lift=16)
    s.lay(("sand", "apricot"), s.hills(860, 18), lift=12)
    for colour, root in (
        ("coral", ((150, 930), 110)),
        ("rose", ((860, 930), 122)),
        ("ochre", ((630, 950), 70)),
    ):
        s.lay((mix(colour, "cream", 0.2), mix(colour, "plum", 0.35)), *things.coral(s, *root))
    for x, high in ((300, 360), (350, 260), (740, 260), (965, 440), (40, 450)):
        things.seaweed(s, x, high)
    s.lay(("cream", "sand"), s.hills(940, 14), lift=10)
    for colour, stripes, shoal in (
        ("coral", "cream", "430,350,1.7 620,250,0.8"),
        ("ochre", "brick", "640,460,1.1 350,530,0.9"),
        ("rose", "plum", "490,610,0.7 590,660,0.6"),
    ):
        for at in rows(shoal):
            things.fish(s, colour, stripes, *at)
    path = [(16 * math.sin(n * 2), 500 - n * 43, 4 + n % 4 * 3) for n in range(9)]
    bubbles = [disc(x + a, y, radius) for x in (300, 730) for a, y, radius in path]
    s.ink("white", *bubbles, opacity=0.5)


def volcano_island(s: Sheet) -> None:
    """An island that smokes at sunrise."""
    s.rings(250, 590, (300, 215, 140), (mix("blush", "apricot", 0.4), mix("apricot", "ochre", 0.2), "cream"))
    smoke, puff = (
        steps(mix("lilac", "plum", 0.15), mix("lilac", "cream", 0.5), 6),
        "0,0,1 -.8,.3,.6 .8,.25,.7",
    )
    for n, at in enumerate(rows("830,40,150 700,70,120 610,130,95 690,190,74 615,226,58 642,282,44")):
        s.lay((mix(smoke[n], "cream", 0.35), smoke[n]), *(disc(*part) for part in rows(puff)), at=at)
    cone = smooth("100,840 400,640 520,460 585,312 642,304 700,312 765,460 880,640 1150,840")
    s.lay(("plum", mix("plum", "brick", 0.55)), cone, lift=12)
    slope = curve(cut("692,318 762,462 876,642 1140,836 760,840 725,600 690,440"))
    s.lay((mix("brick", "plum", 0.3), "brick"), slope, lift=5)
    lava = "584,314 642,302 700,314 704,400 688,372 668,350 655,490 640,395 622,570 612,400 596,360"
    s.lay(("glow", "coral"), smooth(lava), lift=6)
    shore = "150,880 270,755 360,762 450,710 540,748 650,725 760,758 850,705 950,742 1100,720 1100,880"
    s.lay(("moss", "pine"), smooth(shore), lift=10)
    for n, colour in enumerate(steps("aqua", mix("teal", "navy", 0.6), 4)):
        s.lay((colour, mix(colour, "navy", 0.3)), waves(785 + n * 52, 5 + n * 2, 180 + n * 60, n * 90))
        things.glints(s, "cream", 260, 800 + n * 52, 100 - n * 12)
    things.palm(s, (60, 960), (110, 690), (170, 400))
    things.palm(s, (150, 960), (215, 760), (335, 560))
    s.lay(("pine", "forest"), smooth("-80,1080 -80,890 60,880 200,915 300,975 420,1080"), lift=12)


def canal_houses(s: Sheet) -> None:
    """Six gabled houses, and what the water makes of them."""
    s.rings(770, 170, (150, 100), (mix("blush", "apricot", 0.5), mix("cream", "ochre", 0.25)))
    s.clouds("150,150,240 500,95,180", ("white", "blush"))
    behind = cut("-60,60 -60,-200 0,-260 60,-200 60,60")
    row = [moved(behind, x, 720, s.pick(0.9, 1.6)) for x in range(0, 1040, 95)]
    s.lay((mix("rose", "lilac", 0.4), "lilac"), *row)
    s.ink((mix("teal", "aqua", 0.2), "navy"), box(0, 745, 1000, 1000))
    left = "0,0 0,-24 34,-24 34,-58 62,-58 62,-92 91,-92 91,-58 119,-58 119,-24 153,-24 153,0"
    right = "0,0 14,-40 44,-52 52,-96 76,-112 101,-96 109,-52 139,-40 153,0"
    gables = (cut(left), cut("0,0 76,-118 153,0"), curve(cut(right)))
    colours = ("teal", "brick", "cream", "plum", "ochre", mix("pine", "teal", 0.3))
    for n, top in enumerate((330, 255, 370, 290, 345, 270)):
        things.gabled_house(s, 42 + n * 153, top, colours[n], gables[n % 3])
    s.lay(("sand", mix("sand", "plum", 0.4)), box(-10, 742, 1010, 768), lift=8)
    things.barge(s, 300, 880)
    things.barge(s, 760, 850, 0.8)
    s.shimmer("cream", 26, 800)


def rainbow_falls(s: Sheet) -> None:
    """A fall in a green gorge, and its rainbow."""
    s.rings(620, 190, (160, 108), (mix("cream", "ochre", 0.2), "glow"))
    s.lay((mix("aqua", "mist", 0.4), mix("moss", "mist", 0.3)), s.peaks(440, 200, 5))
    cliff = smooth("-100,1000 -60,420 100,330 250,360 430,392 570,392 740,350 900,300 1060,420 1100,1000")
    s.lay((mix("moss", "sand", 0.3), "pine"), cliff, lift=10)
    fall = smooth("430,396 500,380 570,396 592,520 606,820 394,820 408,520")
    s.lay(("white", mix("aqua", "cream", 0.4)), fall)
    streams = [(x, 420 + abs(x - 500), x * 1.02 - 10, x * 1.1 - 50) for x in (447, 478, 522, 553)]
    s.ink("aqua", *(ribbon([(x, y), (a, 560), (b, 790)], 3, 11) for x, y, a, b in streams), opacity=0.8)
    for n, colour in enumerate(("coral", "apricot", "glow", "moss", "teal", "lilac")):
        bow, inner = dome(500, 850, 340 - n * 20), dome(500, 852, 320 - n * 20)
        s.lay((colour, colour), bow, holes=[inner], lift=4, opacity=0.8)
    for n, colour in enumerate(steps(mix("aqua", "cream", 0.35), mix("teal", "navy", 0.4), 5)):
        s.lay(colour, disc(500, 920 + n * 62, 460 + n * 90, 120 + n * 16), lift=8)
    foam = [disc(500 + x, 806 + abs(x) * 0.12, 36, 27) for x in range(-128, 130, 32)]
    s.lay(("white", "mist"), *foam, lift=6)
    for n, colour in enumerate((mix("moss", "pine", 0.5), mix("pine", "moss", 0.1), "forest")):
        for bank in (0, 1):
            depths = [215 - n * 75 + s.pick(-30, 30) + (m - 3.2) ** 2 * 9 for m in range(8)]
            growth = things.thicket(s, [(x, 1120 - m * 175) for m, x in enumerate(depths)])
            s.lay(colour, *([mirrored(shape, 500) for shape in growth] if bank else growth), lift=14)
    for x, turn in ((60, -60), (150, -90), (930, -120), (850, -95), (20, -30), (985, -150)):
        things.fern(s, x, turn)


def fox_in_the_birches(s: Sheet) -> None:
    """A fox that waits among birches in October."""
    s.rings(560, 330, (330, 240, 150), (mix("sand", "cream", 0.4), mix("cream", "ochre", 0.2), "white"))
    for n, colour in enumerate(steps(mix("sand", "ochre", 0.4), mix("apricot", "coral", 0.6), 3)):
        spots = [(x + s.pick(-40, 40), 500 + n * 80 - s.pick(0, 70)) for x in range(-20, 1060, 130)]
        crowns = [disc(x, y, s.pick(36, 70), s.pick(50, 90)) for x, y in spots]
        s.lay((colour, mix(colour, "sand", 0.3)), box(-10, 520 + n * 75, 1010, 1010), *crowns)
    for n, (x, wide) in enumerate(((385, 26), (700, 30), (215, 40), (910, 46), (60, 62), (800, 68))):
        things.birch(s, x, wide, 0.65 + n * 0.06)
    for colour in ("ochre", "coral", "brick", "apricot"):
        things.litter(s, colour, 15, 0, 800)
    s.lay((mix("brick", "coral", 0.3), "plum"), s.hills(800, 18), lift=12)
    things.fox(s, 500, 760)
    for colour in ("ochre", "apricot", "coral"):
        things.litter(s, colour, 11, 905, 985)
    for x in (70, 190, 830, 950):
        s.lay(
            ("plum", "night"), *(leaf(x, 1030, s.pick(110, 210), 30, turn) for turn in range(-130, -40, 21))
        )


def whale_at_night(s: Sheet) -> None:
    """A whale that surfaces under the moon."""
    s.stars(60, 560)
    s.rings(650, 330, (330, 285, 235), (mix("navy", "lilac", 0.25), mix("lilac", "rose", 0.4), "blush"))
    craters = [disc(570, 260, 42), disc(720, 210, 24), disc(750, 400, 56), disc(610, 430, 20)]
    s.ink(mix("blush", "rose", 0.35), *craters, opacity=0.5)
    s.clouds("150,200,220 900,520,260", ("rose", mix("lilac", "navy", 0.4)))
    things.whale(s)
    for row, colour in enumerate(steps(mix("teal", "aqua", 0.5), "navy", 7)):
        y, columns = 800 + row * 44, range(-60 + row % 2 * 62, 1100, 124)
        for x in columns:
            s.lay(colour, disc(x, y, 66), lift=7)
        for radius, tint in ((50, "cream"), (44, colour), (28, "cream"), (22, mix(colour, "night", 0.2))):
            s.ink(tint, *(disc(x, y, radius) for x in columns))


def northern_lights(s: Sheet) -> None:
    """A red ship among icebergs, under the northern lights."""
    s.stars(110, 600)
    for top, lean, tint in ((230, -0.2, "lilac"), (350, 0.2, mix("aqua", "jade", 0.5)), (500, -0.16, "jade")):
        line = curve([(x, top + s.pick(-65, 65) + (x - 500) * lean) for x in range(-150, 1300, 150)])
        for high, light, opacity in ((290, 0, 0.6), (170, 0.1, 0.6), (80, 0.4, 0.7)):
            curtain = [*line, *((x, y - high) for x, y in line[::-1])]
            s.ink(mix(tint, "white", light), curtain, fade=True, opacity=opacity)
    s.lay((mix("navy", "lilac", 0.35), "navy"), s.peaks(655, 140, 6))
    s.lay(("teal", "night"), box(-10, 640, 1010, 1010), lift=5)
    s.shimmer("jade", 40, 655)
    things.iceberg(s, 140, 690)
    things.iceberg(s, 860, 700, 1.25)
    things.steamer(s, 490, 800)
    s.lay((mix("navy", "teal", 0.4), "night"), waves(838, 6, 190), lift=8)
    s.ink("coral", *(disc(490, 866 + n * 17, 150 - n * 24, 4) for n in range(5)), opacity=0.5)
    for floe in ((60, 920, 190), (330, 965, 120), (700, 930, 240), (600, 885, 70)):
        s.lay(("white", mix("mist", "aqua", 0.6)), cut("0,0 .2,-.16 .8,-.14 1,0 .6,.1"), at=floe)


def poppies(s: Sheet) -> None:
    """Poppies against the evening sun."""
    s.rings(330, 420, (300, 215), (mix("apricot", "cream", 0.4), mix("ochre", "cream", 0.35)))
    for n, colour in enumerate((mix("moss", "sand", 0.5), "moss", mix("moss", "pine", 0.6))):
        blades = [leaf(x, 860 + n * 70, s.pick(110, 230), 20, s.pick(-115, -65)) for x in range(0, 1020, 24)]
        s.lay((colour, mix(colour, "pine", 0.4)), s.hills(770 + n * 72, 24), *blades)
    pod = (smooth("-30,-20 -26,20 0,40 26,20 30,-20 0,-30"), cut("-36,-38 36,-38 30,-22 -30,-22"))
    for x, y, scale in ((330, 175, 1), (690, 700, 0.8), (945, 330, 0.9)):
        s.lay(("moss", "forest"), ribbon([(x, y), (x + 16, (y + 1000) / 2), (x - 20, 1040)], 7, 11), lift=7)
        s.lay(("moss", "pine"), *pod, at=(x, y, scale), lift=7)
    things.poppy(s, 560, 300, 1.35, "brick")
    things.poppy(s, 250, 480, 1.1, "coral")
    things.poppy(s, 800, 520, 1.15, "coral")
    things.poppy(s, 480, 660, 0.8, "apricot")
    things.poppy(s, 120, 740, 0.75, "brick")
    things.poppy(s, 895, 780, 0.7, "rose")


class Picture(NamedTuple):
    """What becomes of a motif: its file, the sky behind it, its side in pixels, and how grainy it is."""

    name: str
    motif: Callable[[Sheet], None]
    sky: Fill
    pixels: int = 1280
    grain: float = 3


PICTURES: Final = (
    Picture("01-harbour-at-dusk.png", harbour_at_dusk, mix("plum", "lilac", 0.45), 1920, 6),
    Picture("02-pines-in-mist.jpg", pines_in_mist, (mix("mist", "aqua", 0.5), "cream")),
    Picture("03-saguaro-canyon.webp", saguaro_canyon, ("blush", "cream")),
    Picture("04-snow-village.jpg", snow_village, ("night", mix("navy", "teal", 0.6))),
    Picture("05-balloons-over-hills.png", balloons_over_hills, (mix("aqua", "teal", 0.25), "cream"), 1024, 1),
    Picture("06-windmill-and-tulips.jpg", windmill_and_tulips, (mix("aqua", "mist", 0.3), "cream")),
    Picture("07-coral-reef.webp", coral_reef, ("aqua", "teal")),
    Picture("08-volcano-island.jpg", volcano_island, (mix("rose", "lilac", 0.4), "blush")),
    Picture("09-canal-houses.webp", canal_houses, (mix("blush", "rose", 0.3), "cream")),
    Picture("10-rainbow-falls.jpg", rainbow_falls, ("cream", mix("aqua", "cream", 0.5))),
    Picture("11-fox-in-the-birches.png", fox_in_the_birches, ("cream", mix("sand", "apricot", 0.5)), 1024, 1),
    Picture("12-whale-at-night.webp", whale_at_night, ("night", mix("navy", "lilac", 0.5))),
    Picture("13-northern-lights.jpg", northern_lights, ("night", mix("navy", "teal", 0.7))),
    Picture("14-poppies.webp", poppies, (mix("ochre", "cream", 0.55), "blush")),
)


def contact_sheet(files: list[Path]) -> Image.Image:
    """All pictures on one sheet, seven in a row."""
    tile, gap = 222, 6
    sheet = Image.new("RGB", (7 * (tile + gap) + gap, len(files) // 7 * (tile + gap) + gap), "white")
    for n, file in enumerate(files):
        with Image.open(file) as picture:
            small = picture.convert("RGB")
        small.thumbnail((tile, tile), Image.Resampling.LANCZOS)
        sheet.paste(small, (gap + n % 7 * (tile + gap), gap + n // 7 * (tile + gap)))
    return sheet


def main() -> None:
    """Draw every picture, and the contact sheet."""
    docs = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description="Draw the example training set, and its contact sheet.")
    parser.add_argument("folder", nargs="?", type=Path, default=docs / "examples/dataset", metavar="FOLDER")
    parser.add_argument("--contact-sheet", type=Path, default=docs / "images/dataset.jpg", metavar="FILE")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    for directory in (folder, arguments.contact_sheet.parent):
        directory.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        sheet = Sheet(picture.pixels, picture.name, picture.sky)
        picture.motif(sheet)
        sheet.finished(picture.grain).save(folder / picture.name, quality=88)
        sys.stdout.write(f"{picture.name}: {(folder / picture.name).stat().st_size:,} bytes\n")
    contact_sheet([folder / picture.name for picture in PICTURES]).save(arguments.contact_sheet, quality=85)


if __name__ == "__main__":
    main()
