"""Decode the pictures of a data set, and compute a hash of 128 bits for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from scenario_async._internal.pictures.decoding import damage, decode

if TYPE_CHECKING:
    from PIL import Image

_HALF: Final = 64


@frozen(kw_only=True)
class Pixels:
    """The results of decoding pictures.

    Attributes:
        decoded: Whether Pillow is installed.
        compared: Whether hashes were requested and dhash is installed.
        damaged: Why a picture cannot be decoded, by its path.
        hashes: The difference hash of each picture, 128 bits, by its path.
    """

    decoded: bool
    compared: bool
    damaged: Mapping[Path, str] = field(factory=dict[Path, str])
    hashes: Mapping[Path, int] = field(factory=dict[Path, int])


def decode_pictures(paths: Sequence[Path], *, compare: bool) -> Pixels:
    """Decode pictures if Pillow is installed and supports their format.

    Args:
        paths: Files of pictures.
        compare: Compute the difference hash of each picture, if dhash is installed.
    """
    if find_spec("PIL") is None:
        return Pixels(decoded=False, compared=False)
    compare = compare and find_spec("dhash") is not None
    damaged: dict[Path, str] = {}
    hashes: dict[Path, int] = {}
    for path in paths:
        try:
            with path.open("rb") as file:
                value = decode(file, _difference_hash if compare else lambda _: None)
        except Exception as error:  # noqa: BLE001 - decoders raise errors of many kinds for broken files
            damaged[path] = damage(error)
        else:
            if value is not None:
                hashes[path] = value
    return Pixels(decoded=True, compared=compare, damaged=damaged, hashes=hashes)


def _difference_hash(picture: Image.Image) -> int:
    dhash: Any = import_module("dhash")  # dhash has no types
    row, column = dhash.dhash_row_col(picture.convert("RGB"))
    return int(row) << _HALF | int(column)
