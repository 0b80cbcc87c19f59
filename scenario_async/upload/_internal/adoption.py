"""Find the asset of a request whose response was lost, so that the picture is not uploaded again.

The service has neither idempotency keys nor content hashes. So the newest assets are compared by name, by
size, and then by their bytes. Only equal bytes are proof.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.pictures.names import plain_name
from scenario_async.errors import APIError
from scenario_async.upload._internal.response_fields import id_of, text_of
from scenario_async.values.asset import AssetListParams

_PAGE_SIZE: Final = 100
"""Assets of a page; the service allows no more."""

LATE_LOOKS: Final = (0.0, 1.0, 2.0, 4.0)
"""Seconds before each search for assets that were created just now, and that the service may show late."""

PAGES_AT_MOST: Final = 200
"""Pages that are searched by default. The search ends earlier at a page with an asset that is too old."""

_CLOCK_SKEW: Final = timedelta(minutes=2)
"""The time by which the service's clock may be behind the clock of `since`."""


async def find_made_asset(
    sender: Sender, *, name: str, size: int, sha256: bytes, since: datetime, pages: int = PAGES_AT_MOST
) -> str | None:
    """Search for an asset that was recently created from a picture.

    Args:
        sender: Sends the requests.
        name: The name in the request that created the asset.
        size: The picture's size in bytes.
        sha256: The digest of the picture's bytes.
        since: The time of the first request that may have created the asset.
        pages: The number of pages of a hundred assets to search, the newest first.

    Returns:
        The asset's id; None if there is none, or if its bytes cannot be compared.

    Raises:
        APIError: The assets cannot be listed.
    """
    oldest, token = since - _CLOCK_SKEW, None
    for _ in range(pages):
        page = await sender.send(
            AssetListParams(page_size=_PAGE_SIZE, pagination_token=token, original_assets=True)
        )
        listed: object = getattr(page, "assets", None)
        is_past = False
        # A whole page is compared, because the clock of `since` may be wrong by hours.
        for asset in cast("list[object]", listed) if isinstance(listed, list) else ():
            is_past = is_past or ((made := _made_at(asset)) is not None and made < oldest)
            asset_id = id_of(asset)
            if asset_id is None or not _may_be(asset, name, size):
                continue
            if await _has_bytes(sender, text_of(asset, "url"), sha256):
                return asset_id
        token = text_of(page, "next_pagination_token")
        if is_past or token is None:
            return None
    return None


def _made_at(asset: object) -> datetime | None:
    try:
        made = datetime.fromisoformat(text_of(asset, "created_at") or "")
    except ValueError:
        return None
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def _may_be(asset: object, name: str, size: int) -> bool:
    """Whether an asset can be the searched one, according to its fields in the list."""
    given = text_of(getattr(asset, "metadata", None), "name")
    known: object = getattr(getattr(asset, "properties", None), "size", None)
    is_named = given is None or plain_name(given) == plain_name(name)
    return is_named and (known == size or not isinstance(known, int | float))


async def _has_bytes(sender: Sender, url: str | None, sha256: bytes) -> bool:
    if url is None:
        return False
    try:
        return await digest_of(sender, url) == sha256
    except APIError:
        return False


async def digest_of(sender: Sender, url: str) -> bytes:
    """Download a file of any size, and return its SHA-256 digest; only one chunk at a time is in memory.

    Raises:
        APIError: The download failed after all retries.
    """
    digest = hashlib.sha256()

    async def add(chunks: AsyncIterator[bytes]) -> None:
        nonlocal digest
        digest = hashlib.sha256()  # each attempt begins with the first byte
        async for chunk in chunks:
            digest.update(chunk)

    await sender.download_to(url, add)
    return digest.digest()
