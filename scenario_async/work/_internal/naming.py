"""Names of saved files: the service's tokens, in a portable form, with the suffix of the content."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from scenario_async._internal.pictures.formats import image_type
from scenario_async.errors import InvalidArgumentError
from scenario_async.values.asset import Asset

TOKENS: Final = ("seed", "num", "prompt", "generator", "id", "description")
"""The tokens in angle brackets that a name may contain, as documented for the service's archives."""

NAME_LIMIT: Final = 128
FOLDER_LIMIT: Final = 64
"""The most characters of a name with its suffix, and of its folders (documented for archives)."""

BYTE_LIMIT: Final = 220
"""The most bytes of a name without its suffix. A file system takes 255 bytes, or 85 Chinese characters."""
_ENDING: Final = 23
"""The characters at the end of a long name that are kept, since ids and numbers there distinguish files."""

_TOKEN: Final = re.compile(r"<(\w+)>")
_UNPORTABLE: Final = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff]'
)
"""Characters that Windows does not allow in a name, or that are invisible."""
_NOT_IN_ID: Final = re.compile(r"[^0-9A-Za-z_-]")
_RESERVED: Final = re.compile(r"(?i)(con|conin\$|conout\$|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(\..*)?")

_EXTENSIONS: Final[Mapping[str, str]] = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/tiff": ".tif",
    "image/heif": ".heif",
    "image/heic": ".heic",
}
_OTHER_SIGNATURES: Final = (
    (b"glTF", ".glb"),
    (b"ID3", ".mp3"),
    (b"\xff\xfb", ".mp3"),
    (b"\xff\xf3", ".mp3"),
    (b"OggS", ".ogg"),
    (b"fLaC", ".flac"),
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".zip"),
    (b"\x1aE\xdf\xa3", ".webm"),
)
"""The suffixes of other files than images; the service sometimes returns a wrong type."""


def check_template(template: object) -> str:
    """Refuse a template that cannot name a file.

    Raises:
        InvalidArgumentError: It is not a string, is empty, leads out of its folder or has an unknown token.
    """
    if not isinstance(template, str) or not template.strip():
        raise InvalidArgumentError(
            "name", template, f"a template is needed, e.g. '<prompt>-<id>'; {_known()}"
        )
    for token in _TOKEN.findall(template):
        if token not in TOKENS:
            raise InvalidArgumentError("name", template, f"there is no token <{token}>; {_known()}")
    if template.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", template):
        raise InvalidArgumentError("name", template, "a name below the folder is needed, without '..'")
    return template


def _known() -> str:
    return "the tokens are " + " ".join(f"<{token}>" for token in TOKENS)


def file_name(template: str, asset: Asset, number: int, *, seed: int | None = None) -> PurePosixPath:
    """Return the name of an asset's file, without its suffix.

    Args:
        template: A name with tokens; ``/`` separates folders. If a token occurs several times, only the first
            one is used, as by the service.
        asset: The asset.
        number: Its position among the assets that are saved together, from 1.
        seed: The seed if the asset's metadata has none.
    """
    metadata: Any = asset.metadata
    values = {
        "seed": str((metadata and metadata.seed) or ("" if seed is None else seed)),
        "num": str(number),
        "prompt": (metadata and metadata.prompt) or "",
        "generator": (metadata and (metadata.model_id or metadata.base_model_id)) or "",
        "id": asset.id,
        "description": asset.description or "",
    }
    used = set[str]()

    def value_of(found: re.Match[str]) -> str:
        token = found[1]
        if token in used:
            return ""
        used.add(token)
        return values[token].replace("/", " ").replace("\\", " ")

    *folders, last = _TOKEN.sub(value_of, template).split("/")
    name = portable_name(last, NAME_LIMIT - 8)  # room for the extension and for a number before it
    parts = [portable_name(one, FOLDER_LIMIT) for one in folders if one.strip()]
    while len("/".join(parts)) > FOLDER_LIMIT:
        parts.pop()
    return PurePosixPath(*parts, name or portable_name(asset.id.replace("/", " "), NAME_LIMIT) or "asset")


def portable_name(name: str, limit: int = NAME_LIMIT) -> str:
    """Shorten a name, and remove the characters from it that some systems do not allow.

    Args:
        name: The name of a file or a folder, without a suffix.
        limit: The most characters that it may have; it has at most `BYTE_LIMIT` bytes too.
    """
    name = " ".join(_UNPORTABLE.sub(" ", name).split())
    if len(name) > limit or len(name.encode()) > BYTE_LIMIT:
        beginning, end = name[:-_ENDING][: limit - _ENDING - 1], name[-_ENDING:]
        left = BYTE_LIMIT - len(end.encode())
        name = beginning.encode()[:left].decode(errors="ignore").rstrip() + end
    name = name.strip(" .-")
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def portable_id(identifier: str) -> str:
    """Replace the characters of an id that could lead to another folder, or match other names."""
    return _NOT_IN_ID.sub("_", identifier)


def extension(head: bytes, mime_type: str) -> str:
    """Return the suffix for a content, with its dot.

    Args:
        head: The first `SIGNATURE_LENGTH` bytes of the content.
        mime_type: The type according to the service, which is used if the bytes are not recognised.
    """
    found = image_type(head)
    if found is not None:
        return _EXTENSIONS[found]
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return ".wav"
    if head[4:8] == b"ftyp":
        return ".mp4"
    other = next((ending for signature, ending in _OTHER_SIGNATURES if head.startswith(signature)), None)
    return other or mimetypes.guess_extension(mime_type.partition(";")[0].strip()) or ".bin"
