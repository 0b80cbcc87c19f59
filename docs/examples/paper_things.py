"""The objects, animals and plants in the pictures, each drawn at a given position."""

from __future__ import annotations

import math

from cut_paper import (
    Fill,
    Shape,
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
)

LIT: Fill = ("glow", "ochre")
"""A lit window."""


def pine(x: float, y: float, high: float) -> Shape:
    """A fir of four tiers, rooted a little below its foot."""
    right = cut("0,-1 .095,-.775 .03,-.79 .15,-.55 .06,-.565 .205,-.325 .09,-.34 .26,-.1 .03,-.1 .03,.1")
    return moved(right + [(-a, b) for a, b in right[:0:-1]], x, y, high)


def coral(s: Sheet, root: tuple[float, float], long: float, turn: float = -90, forks: int = 4) -> list[Shape]:
    """A branch, and the branches that grow from it."""
    tip, wide, twigs = ray(*root, long, turn), 6 + forks * 8, list[Shape]()
    for side in (-32, 28) if forks else ():
        twigs += coral(s, tip, long * s.pick(0.68, 0.86), turn + side + s.pick(-9, 9), forks - 1)
    return [ribbon([root, tip], wide + 6, wide), disc(*tip, wide / 2), *twigs]


def fern(s: Sheet, x: float, turn: float) -> None:
    """A frond at the lower edge."""
    stem = curve([(x, 1010), ray(x, 930, 60, turn), ray(x, 960, 190, turn)])
    leaves = [leaf(*spot, 70 - n * 4, 18, turn + d) for n, spot in enumerate(stem[4::3]) for d in (-62, 62)]
    s.lay(("moss", "pine"), ribbon(stem[::7], 7, 2), *leaves, lift=8)


def palm(s: Sheet, foot: tuple[float, float], knee: tuple[float, float], top: tuple[float, float]) -> None:
    """A palm with two coconuts."""
    s.lay((mix("plum", "sand", 0.3), "plum"), ribbon([foot, knee, top], 34, 16))
    for turn, reach in rows("250,120 290,120 215,165 325,165 185,185 355,185 155,150 25,150"):
        (x, y), (a, b) = ray(*top, reach * 0.55, turn), ray(*top, reach, turn)
        upper = curve([top, (x, y - 22), (a, b + 62)])
        lower = [(x, y + 26 * math.sin(math.pi * n / len(upper))) for n, (x, y) in enumerate(upper)]
        s.lay(("pine", "forest"), upper + lower[::-1], lift=6)
    s.lay(("ochre", "brick"), disc(-12, 12, 11), disc(12, 14, 11), at=top, lift=4)


def saguaro(s: Sheet, *at: float) -> None:
    """A cactus with two arms, all three in bloom."""
    left, right, trunk = "0,-70 -62,-72 -70,-120 -70,-170", "0,-110 75,-112 82,-160 82,-225", "0,90 0,-300"
    for points, wide in ((left, 34), (right, 36), (trunk, 52)):
        line = cut(points)
        x, y = line[-1]
        s.lay(("moss", "pine"), ribbon(line, wide, wide), disc(x, y, wide / 2), at=at, lift=5)
        s.ink("forest", *(ribbon([(a + d, b) for a, b in line], 2, 2) for d in (-8, 8)), at=at, opacity=0.6)
        s.lay("coral", *(leaf(x, y - wide / 2 + 4, 26, 14, turn) for turn in (-130, -90, -50)), at=at, lift=3)


def birch(s: Sheet, x: float, wide: float, pale: float) -> None:
    """The trunk of a birch."""
    bark = mix("lilac", "cream", pale)
    trunk = ribbon([(x, -40), (x + s.pick(-6, 6), 480), (x, 900)], wide * 0.9, wide * 1.15)
    s.lay((bark, mix(bark, "sand", 0.5)), trunk)
    for side, start in ((-0.5, 20), (0.5, 66)):
        marks = [(y + s.pick(-12, 12), s.pick(0.3, 0.8) * wide) for y in range(start, 820, 92)]
        s.ink("plum", *(leaf(x + side * wide, y, long, wide * 0.16, 90 + 180 * side) for y, long in marks))


def litter(s: Sheet, colour: str, count: int, top: float, foot: float) -> None:
    """Leaves that fall, or have fallen."""
    spots = [(s.pick(0, 1000), s.pick(top, foot), s.pick(25, 44), s.pick(13, 22)) for _ in range(count)]
    s.lay(colour, *(leaf(*spot, s.pick(0, 360)) for spot in spots), lift=5)


def seaweed(s: Sheet, x: float, high: float) -> None:
    """A weed that sways."""
    stalk = [(x + 22 * math.sin(n * 1.3 + x), 970 - high * n / 6) for n in range(7)]
    leaves = [leaf(*stalk[n], 64, 24, (-35, -145)[n % 2]) for n in range(1, 7)]
    s.lay(("moss", "forest"), ribbon(stalk, 24, 3), *leaves, lift=7)


def iceberg(s: Sheet, *at: float) -> None:
    """An iceberg, and its reflection."""
    berg = cut("-120,0 -95,-110 -60,-130 -20,-220 20,-190 50,-235 90,-90 135,0")
    shade = cut("-20,-220 20,-190 50,-235 90,-90 135,0 30,0 44,-80 0,-120")
    s.ink(("aqua", "teal"), [(x, -y * 0.5) for x, y in berg], at=at, opacity=0.45)
    s.lay(("white", mix("mist", "aqua", 0.4)), berg, at=at, lift=11)
    s.lay((mix("mist", "aqua", 0.7), mix("aqua", "teal", 0.5)), shade, at=at, lift=3)


def thicket(s: Sheet, edge: Shape) -> list[Shape]:
    """Leafy growth from the left border to an edge."""
    line = curve(edge)
    twigs = [s.random.choice(line[10:-20]) for _ in range(5)]
    leaves = [leaf(x - 8, y, s.pick(70, 105), 30, turn) for x, y in twigs for turn in (-40, 15, 65)]
    return [[(-99, 1120), *line, (-99, -99)], *leaves]


def glints(s: Sheet, colour: str, x: float, y: float, wide: float) -> None:
    """The reflection of a low sun, two strokes of it."""
    s.ink(colour, disc(x - 35, y, wide, 3), disc(x + 40, y + 14, wide * 0.75, 3), opacity=0.75)


def tulip(s: Sheet, x: float, y: float, colour: str) -> None:
    """A tulip on its stem, two leaves at the foot."""
    leaves = [leaf(x, 1020, 165, 40, turn) for turn in (-65, -118)]
    s.lay(("pine", "forest"), ribbon([(x, y), (x + 6, y + 100), (x, 1040)], 11, 13), *leaves, lift=6)
    at = (x, y, 1.35 - (y - 800) / 250)
    s.lay(colour, cut("-46,-52 -24,-30 0,-70 24,-30 46,-52 44,8 22,40 -22,40 -44,8"), at=at)
    s.lay(colour, smooth("0,-52 26,-10 18,38 -18,38 -26,-10"), at=at, lift=4)


def poppy(s: Sheet, x: float, y: float, scale: float, colour: str) -> None:
    """A poppy of four petals, on its stem."""
    at, foot = (x, y, scale), 500 + (x - 500) * 0.8
    leaves = [leaf(foot + (x - foot) * 0.3, 860 + b, 150, 34, turn) for turn, b in ((-150, 0), (-30, 50))]
    stem = ribbon([(x, y), (x + (foot - x) * 0.2, (y + 1000) / 2), (foot, 1040)], 10, 15)
    s.lay(("pine", "forest"), stem, *leaves, lift=8)
    petal = smooth("0,-24 50,-100 118,-96 142,-34 132,0 142,38 116,96 50,98 0,24")
    for turn, tone in ((-90, 0.3), (-155, 0.12), (-25, 0.2), (90, 0)):
        s.lay((mix(colour, "plum", tone), mix(colour, "cream", 0.12)), petal, at=(*at, turn))
    stamens = [leaf(0, 0, 64, 10, turn) for turn in range(0, 360, 24)]
    s.lay("night", *stamens, *(disc(*ray(0, 0, 68, turn), 6) for turn in range(12, 360, 24)), at=at, lift=2)
    s.lay(("moss", "pine"), disc(0, 0, 30), at=at, lift=5)
    s.ink("forest", *(moved(box(4, -1.5, 25, 1.5), 0, 0, 1, turn) for turn in range(0, 360, 45)), at=at)


def fish(s: Sheet, colour: str, stripes: str, *at: float) -> None:
    """A striped fish."""
    s.lay(
        mix(colour, "plum", 0.3),
        smooth("-12,-24 8,-52 34,-42 24,-18"),
        smooth("-4,22 4,42 22,38 20,18"),
        at=at,
    )
    s.lay(colour, smooth("-60,0 -25,-30 20,-26 52,-4 84,-32 78,2 84,34 52,6 20,28 -25,28"), at=at, lift=8)
    s.ink(stripes, *(ribbon([(a, -h), (a + 7, 0), (a, h)], 10, 10) for a, h in ((-22, 26), (10, 25))), at=at)
    s.ink("night", disc(-40, -6, 5), at=at)


def fox(s: Sheet, *at: float) -> None:
    """A fox that sits and looks at you."""
    fur = (mix("coral", "apricot", 0.3), "brick")
    s.lay(fur, smooth("60,120 150,140 240,80 250,-30 205,-110 185,-20 130,50 50,60"), at=at)
    s.lay("cream", smooth("205,-110 250,-30 244,10 222,-16 206,8 190,-40"), at=at, lift=3)
    s.lay(fur, smooth("-40,-110 40,-110 92,40 84,130 -84,130 -92,40"), at=at)
    s.lay("cream", smooth("-44,-96 44,-96 34,0 0,60 -34,0"), at=at, lift=4)
    s.lay("plum", dome(-32, 134, 28, 24), dome(32, 134, 28, 24), at=at, lift=3)
    for colour, ear in ((fur, "94,-272 14,-190 104,-140"), ("plum", "86,-246 40,-190 90,-160")):
        s.lay(colour, cut(ear), mirrored(cut(ear)), at=at, lift=6)
    s.lay("coral", smooth("-96,-176 -50,-208 50,-208 96,-176 112,-130 0,-56 -112,-130"), at=at, lift=7)
    cheek = smooth("112,-130 78,-146 34,-112 0,-74 0,-56")
    s.lay("cream", cheek, mirrored(cheek), at=at, lift=3)
    s.ink("night", disc(0, -68, 15, 12), disc(-46, -146, 9, 11), disc(46, -146, 9, 11), at=at)
    s.ink("cream", disc(-43, -150, 3), disc(49, -150, 3), at=at)


def whale(s: Sheet) -> None:
    """A whale that spouts."""
    spout = [ribbon([(0, 10), (a * 0.3, -95), (a, -145), (a * 1.5, -95)], 12, 16) for a in (-70, 70)]
    drops = [disc(*drop) for drop in rows("-105,-92,8 105,-92,8 0,-175,9 -108,-62,6 108,-58,6 0,-205,6")]
    s.lay(("white", "aqua"), *spout, ribbon([(0, 10), (0, -80), (0, -175)], 12, 18), *drops, at=(330, 405))
    back = "150,640 150,520 230,430 370,400 520,440 650,560 730,600 800,520 806,440 750,400 700,350 775,345"
    tail = "835,395 890,345 960,340 915,400 860,440 860,560 800,700 640,800 300,800"
    s.lay((mix("teal", "aqua", 0.3), "navy"), smooth(f"{back} {tail}"), lift=16)
    belly = smooth("152,610 230,640 400,650 560,690 690,752 740,800 600,860 300,860 180,740")
    s.lay(("cream", "aqua"), belly, lift=4)
    for n in range(5):
        s.ink("teal", ribbon([(180 + n * 10, 650 + n * 22), (350, 668 + n * 24), (600, 725 + n * 20)], 4, 2))
    s.lay(("teal", "navy"), smooth("380,620 440,610 500,700 520,820 440,740"), lift=8)
    s.ink("night", disc(245, 585, 13), ribbon(cut("152,612 205,632 262,628"), 4, 3))
    s.ink("cream", disc(241, 581, 4))


def balloon(s: Sheet, one: str, two: str, *at: float) -> None:
    """A hot-air balloon in two colours."""
    body = smooth("0,-130 78,-105 118,-30 96,50 30,122 -30,122 -96,50 -118,-30 -78,-105")
    s.ink("plum", cut("-30,120 -26,120 -20,182 -24,182"), cut("30,120 26,120 20,182 24,182"), at=at)
    s.lay(("sand", "brick"), smooth("-26,176 26,176 21,216 -21,216"), at=at, lift=5)
    s.lay(one, body, at=at, lift=14)
    for narrow, colour in ((0.74, two), (0.46, one), (0.16, two)):
        shade = (mix(colour, "cream", 0.1), mix(colour, "plum", 0.2))
        s.ink(shade, [(x * narrow, y) for x, y in body], at=at)
    s.lay(one, box(-34, 112, 34, 136), at=at, lift=3)


def sailing_boat(s: Sheet, *at: float) -> None:
    """A small boat under two sails."""
    s.lay("plum", box(-2.5, -152, 2.5, 0), at=at, lift=4)
    s.lay(("cream", "blush"), cut("5,-150 60,-24 5,-18"), cut("-5,-126 -5,-18 -46,-22"), at=at)
    s.lay(("coral", "brick"), smooth("-54,-12 0,-6 57,-14 37,13 -35,13"), at=at)


def steamer(s: Sheet, *at: float) -> None:
    """A red ship with its lights on."""
    s.lay("plum", box(-94, -280, -86, -60), cut("-92,-250 -89,-250 -188,-60 -192,-60"), at=at, lift=4)
    s.lay("plum", cut("-91,-250 -88,-250 62,-90 58,-90"), at=at, lift=4)
    s.lay("ochre", box(64, -200, 112, -100), at=at, lift=6)
    s.lay("night", box(60, -214, 116, -186), at=at, lift=4)
    for n, puff in enumerate(rows("96,-240,18,15 124,-272,26,21 164,-306,34,27 216,-330,42,33")):
        s.lay(("mist", "lilac"), disc(*puff), at=at, lift=5, opacity=0.85 - n * 0.15)
    s.lay(("cream", "blush"), box(-40, -130, 140, -40), box(-20, -172, 50, -120), at=at, lift=7)
    s.ink("glow", *(disc(x, -92, 11) for x in (-12, 28, 68, 108)), box(-10, -160, 40, -138), at=at)
    s.lay(("coral", "brick"), cut("-215,-66 200,-54 172,60 -150,60"), at=at, lift=10)
    s.ink("cream", cut("-208,-52 197,-40 195,-30 -202,-40"), at=at)


def cottage(s: Sheet, colour: str, *at: float) -> None:
    """A house under snow, with a light in every window."""
    dark = mix(colour, "plum", 0.5)
    s.lay(dark, box(22, -140, 42, -80), at=at, lift=3)
    s.lay(colour, cut("-60,60 -60,-60 0,-128 60,-60 60,60"), at=at)
    roof = cut("0,-150 80,-62 66,-46 0,-116 -66,-46 -80,-62")
    s.lay(("white", "mist"), roof, box(18, -150, 46, -136), at=at, lift=6)
    s.ink("glow", box(-44, -48, -14, -8), box(14, -48, 44, -8), disc(0, -78, 12), at=at)
    s.ink(
        dark,
        box(-31, -48, -27, -8),
        box(27, -48, 31, -8),
        box(-44, -30, -14, -27),
        box(14, -30, 44, -27),
        at=at,
    )


def gabled_house(s: Sheet, x: float, top: float, colour: str, gable: Shape) -> None:
    """A narrow house on a quay, and its reflection."""
    trim, dark = "brick" if colour == "cream" else "cream", mix(colour, "night", 0.5)
    for n in range(5):
        y, wide = 787.0 + n * 36, 24 - n * 3
        strip = ribbon([(x + 4 + s.pick(-12, 12), y + 3), (x + 76, y - 3), (x + 149, y + 3)], wide, wide)
        s.ink(mix(colour, "teal", 0.35), strip, opacity=0.75 - n * 0.13)
    s.lay(dark, moved([(a, b * 1.06 - 6) for a, b in gable], x, top), box(x + 112, top - 100, x + 132, top))
    s.lay(colour, moved(gable, x, top), box(x, top - 1, x + 153, 750), lift=11)
    s.lay(trim, box(x, top, x + 153, top + 9), disc(x + 76, top - 42, 15), box(x, 606, x + 153, 613), lift=3)
    windows = [(x + a, top + 34 + row * 88) for row in range(int(604 - top) // 88) for a in (20, 62, 104)]
    s.lay(trim, *(box(a - 3, b - 3, a + 32, b + 55) for a, b in windows), lift=2)
    for a, b in windows:
        pane = LIT if s.random.random() < 1 / 3 else (mix("navy", "aqua", 0.35), "navy")
        s.ink(pane, box(a, b, a + 13, b + 52), box(a + 16, b, a + 29, b + 52))
    s.ink(dark, box(x + 22, 640, x + 58, 746), dome(x + 40, 641, 18, 20))
    s.ink(LIT, box(x + 80, 644, x + 134, 700))
    s.lay(trim, *(box(x + a, 634, x + a + 4, 652) for a in range(80, 133, 7)), lift=2)


def barge(s: Sheet, *at: float) -> None:
    """A boat with a cabin."""
    s.lay(("cream", "sand"), box(-46, -44, 56, 0), box(-54, -50, 64, -42), at=at, lift=4)
    s.ink(LIT, *(box(a, -36, a + 20, -18) for a in (-36, -6, 24)), at=at)
    s.lay(("brick", "plum"), smooth("-130,-22 -60,-4 60,-4 130,-26 96,38 -90,38"), at=at)
    s.ink("cream", ribbon(cut("-118,-6 0,8 118,-8"), 6, 6), at=at)


def windmill(s: Sheet) -> None:
    """A windmill on its mound."""
    s.lay(
        ("moss", mix("moss", "pine", 0.6)), smooth("540,612 600,580 680,570 760,578 830,612 690,625"), lift=5
    )
    s.lay(("plum", "brick"), cut("625,330 735,330 775,600 585,600"))
    s.ink("glow", box(648, 430, 674, 466), box(690, 500, 716, 536), dome(655, 600, 22, 60))
    s.lay(("ochre", "apricot"), dome(680, 335, 66, 74), box(608, 328, 752, 342))
    panes = [box(a, b, a + 40, b + 16) for a in range(36, 240, 53) for b in (10, 31)]
    for turn in (20, 110, 200, 290):
        s.lay("cream", box(30, 4, 250, 52), at=(680, 310, 1, turn), lift=6, holes=panes)
        s.lay("plum", box(0, -4, 252, 5), at=(680, 310, 1, turn), lift=3)
    s.lay("ochre", disc(680, 310, 15), lift=4)


def lighthouse(s: Sheet) -> None:
    """A striped lighthouse, and its beam."""
    s.ink("glow", cut("800,318 -100,150 -100,330"), opacity=0.3)
    s.lay(("cream", "blush"), cut("768,360 832,360 858,800 742,800"))
    for y in (420, 540, 660):
        half, foot = 20 + y / 29, 24 + y / 29
        s.ink(
            ("coral", "brick"), [(800 - half, y), (800 + half, y), (800 + foot, y + 62), (800 - foot, y + 62)]
        )
    s.lay("glow", box(778, 296, 822, 345), lift=4)
    s.lay(
        "plum",
        box(756, 343, 844, 362),
        dome(800, 298, 40, 36),
        box(797, 240, 803, 265),
        box(798, 296, 802, 345),
    )
