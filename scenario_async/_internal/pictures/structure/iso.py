"""AVIF and HEIF: boxes within boxes (ISO base media), each with a length and a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.structure.content import Content, CutOffError

_SEQUENCES: Final = frozenset({b"avis", b"hevc", b"hevx", b"msf1"})
_HAVING_FLAGS: Final = frozenset({b"meta"})
_LONG_LENGTH: Final = 1


@frozen
class _Box:
    """A box: its name, and the start and end of its content."""

    name: bytes
    start: int
    end: int


def read(content: Content, mime_type: str) -> PictureFacts:
    """Read the properties of an AVIF or HEIF file."""
    top = list(_boxes(content, 0, content.size, complete=True))
    meta = next((box for box in top if box.name == b"meta"), None)
    movie = next((box for box in top if box.name == b"moov"), None)
    if meta is None and movie is None:
        raise CutOffError(content.size, "the description of the picture")
    if meta is not None:
        _check_extents(content, meta)
    properties = list(_inside(content, meta, b"iprp", b"ipco")) if meta else []
    sizes = [
        (content.number(box.start + 4, 4), content.number(box.start + 8, 4))
        for box in properties
        if box.name == b"ispe"
    ]
    # Tiles and thumbnails have sizes too; the whole picture is the largest.
    width, height = max(sizes, key=lambda size: size[0] * size[1], default=(None, None))
    bits = [_bits(content, box) for box in properties if box.name == b"pixi"]
    alpha = [box for box in properties if box.name == b"auxC" and _is_alpha(content, box)]
    is_sequence = content.at(8, 4) in _SEQUENCES and movie is not None
    return PictureFacts(
        mime_type=mime_type,
        width=width,
        height=height,
        has_alpha=bool(alpha),
        frames=_samples(content, movie) if is_sequence and movie else 1,
        color_model="rgb",
        bits=max(bits, default=None),
    )


def _boxes(content: Content, start: int, end: int, *, complete: bool = False) -> Iterator[_Box]:
    """Return the boxes between two offsets; with `complete`, each must be complete."""
    while start + 8 <= end:
        head = content.at(start, 8)
        length, name, body = int.from_bytes(head[:4], "big"), head[4:], start + 8
        if length == _LONG_LENGTH:
            length, body = content.number(body, 8, "the length of a box"), body + 8
        stop = start + length if length else end
        if stop < body or not name.strip(b"\x00"):
            return  # not a box: padding or appended data
        if stop > end:
            if complete:
                raise CutOffError(content.size, f"{stop - end:,} bytes of the picture")
            stop = end
        yield _Box(name, body, stop)
        start = stop


def _inside(content: Content, outer: _Box, *path: bytes) -> Iterator[_Box]:
    """Return the boxes inside a box, or inside the nested box at a path of names."""
    start = outer.start + (4 if outer.name in _HAVING_FLAGS else 0)
    inner = _boxes(content, start, outer.end)
    if not path:
        yield from inner
        return
    found = next((box for box in inner if box.name == path[0]), None)
    if found is not None:
        yield from _inside(content, found, *path[1:])


def _bits(content: Content, pixi: _Box) -> int:
    count = content.number(pixi.start + 4, 1)
    return max(content.at(pixi.start + 5, count), default=8)


def _is_alpha(content: Content, box: _Box) -> bool:
    kind = content.up_to(box.start + 4, box.end - box.start - 4)
    return b":alpha" in kind or b"auxid:1\x00" in kind


def _samples(content: Content, movie: _Box) -> int:
    """How many frames the first track has."""
    path = (b"trak", b"mdia", b"minf", b"stbl")
    table = next((box for box in _inside(content, movie, *path) if box.name == b"stsz"), None)
    return content.number(table.start + 8, 4) if table else 1


def _check_extents(content: Content, meta: _Box) -> None:
    """Check that the file contains all data of its pictures."""
    table = next((box for box in _inside(content, meta) if box.name == b"iloc"), None)
    if table is None:
        return
    version = content.number(table.start, 1)
    sizes = content.at(table.start + 4, 2)
    offset_size, length_size, base_size, index_size = (
        sizes[0] >> 4,
        sizes[0] & 15,
        sizes[1] >> 4,
        sizes[1] & 15,
    )
    wide = 4 if version == 2 else 2  # noqa: PLR2004 - the version of the box with longer ids
    at = table.start + 6
    items, at = content.number(at, wide), at + wide
    for _ in range(items):
        at += wide
        in_file = True
        if version:
            in_file, at = content.number(at, 2) & 15 == 0, at + 2
        at += 2
        base, at = content.number(at, base_size), at + base_size
        extents, at = content.number(at, 2), at + 2
        index = index_size if version else 0
        if not index + offset_size + length_size:
            continue  # extents without numbers say nothing, and a small table can claim millions of them
        for _ in range(extents):
            at += index
            offset, at = base + content.number(at, offset_size), at + offset_size
            length, at = content.number(at, length_size), at + length_size
            if in_file and offset + length > content.size:
                raise CutOffError(content.size, f"{offset + length - content.size:,} bytes of the picture")
