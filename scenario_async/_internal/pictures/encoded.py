"""Read pictures in text: base64 and data URLs, in all common spellings."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

import pybase64

from scenario_async._internal.pictures.formats import SIGNATURE_LENGTH, image_type
from scenario_async.errors import InvalidArgumentError, is_encodable

_URL: Final = re.compile(r"(?i)(https?|ftp|s3|gs|az|abfss?|hf|ipfs|blob):/")
_ALPHABET: Final = re.compile(r"[A-Za-z0-9+/_\-\s]+={0,2}\s*")
_SAMPLE: Final = (SIGNATURE_LENGTH + 2) // 3 * 4
"""The number of base64 characters that contain the bytes of a picture's signature."""

_LONGEST_PATH: Final = 1024
_SHOWN: Final = 40


def is_data_url(source: object) -> bool:
    """Whether an argument is a data URL; leading spaces are ignored."""
    return isinstance(source, str) and source[:64].lstrip()[:5].lower() == "data:"


def is_base64_picture(text: str) -> bool:
    """Whether text is the base64 of a picture, judged by its beginning."""
    sample = re.sub(r"\s+", "", text[: 2 * _SAMPLE])[:_SAMPLE]
    if not sample or not _ALPHABET.fullmatch(sample):
        return False
    # An incomplete group of four letters is cut off, because only the beginning is needed.
    sample = sample.rstrip("=")
    return image_type(_decoded(sample[: len(sample) // 4 * 4])) is not None


def looks_like_base64(text: str) -> bool:
    """Whether text must be base64, because it has only base64 characters and is too long for a path."""
    return len(text) > _LONGEST_PATH and bool(_ALPHABET.fullmatch(text[:_LONGEST_PATH]))


def is_plain_base64(text: str) -> bool:
    """Whether text is valid base64, with padding if needed."""
    try:
        pybase64.b64decode(text, validate=True)
    except ValueError:
        return False
    return bool(text)


def refuse_url(text: str, argument: str) -> None:
    """Refuse a URL.

    Raises:
        InvalidArgumentError: It is one; nothing is fetched for the caller.
    """
    if _URL.match(text.lstrip()):
        expected = "URLs are not fetched: download the picture, and pass its bytes or a path"
        raise InvalidArgumentError(argument, shortened(text), expected)
    if text.lstrip()[:5].lower() == "file:":
        raise InvalidArgumentError(argument, shortened(text), "a path is needed, not a file: URL")


def from_data_url(text: str, argument: str) -> tuple[bytes, bool]:
    """Decode a data URL.

    Returns:
        The bytes, and whether the text can be sent as it is: ``data:image/…;base64,`` and plain base64.

    Raises:
        InvalidArgumentError: It cannot be decoded.
    """
    head, comma, payload = text.strip().partition(",")
    if not comma:
        expected = "a data URL needs a comma before its content: data:image/png;base64,…"
        raise InvalidArgumentError(argument, shortened(text), expected)
    kind, *parameters = head[5:].split(";")
    is_usual = text.startswith("data:image/") and kind.isascii() and parameters == ["base64"]
    if not is_usual and not any(parameter.strip().lower() == "base64" for parameter in parameters):
        if not is_encodable(payload):
            expected = "text without lone surrogates is needed"
            raise InvalidArgumentError(argument, shortened(text), expected)
        return unquote_to_bytes(payload), False
    content, is_plain = from_base64(payload, argument)
    return content, is_plain and is_usual and text[-1:].strip() != ""


def from_base64(text: str, argument: str) -> tuple[bytes, bool]:
    """Decode base64, also in the URL-safe alphabet, without padding, in lines, or percent-encoded.

    Returns:
        The bytes, and whether the text is plain base64 already.

    Raises:
        InvalidArgumentError: It is not base64.
    """
    try:
        return pybase64.b64decode(text, validate=True), True
    except ValueError:
        pass
    plain = "".join(unquote(text).split()).rstrip("=")
    try:
        return _decoded(plain + "=" * (-len(plain) % 4)), False
    except ValueError:
        expected = "this is not base64 (letters, digits, + and /)"
        raise InvalidArgumentError(argument, shortened(text), expected) from None


def _decoded(text: str) -> bytes:
    return pybase64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)


def shortened(text: str) -> str:
    """Return text in the form in which an error shows it."""
    text = text.strip()
    return text if len(text) <= _SHOWN * 2 else f"{text[:_SHOWN]}… ({len(text):,} characters)"
