"""Find the asset of a request whose response was lost, so that the picture is not uploaded again.

The service has neither idempotency keys nor content hashes. So the newest assets are compared by name, by
size, and then by their bytes. Only equal bytes are proof.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from scenario_async._internal.declare.operation import Sender
from scenario_async.errors import APIError
from scenario_async.values.asset import Asset, AssetListParams

_PAGE_SIZE: Final = 100
"""Assets of a page; the service allows no more."""

_PAGES_AT_MOST: Final = 200
"""Pages that are searched by default."""

_CLOCK_SKEW: Final = timedelta(minutes=2)
"""The time by which the service's clock may be behind the clock of `since`."""


async def find_made_asset(
    sender: Sender, *, name: str, size: int, sha256: bytes, since: datetime, pages: int = _PAGES_AT_MOST
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
        page: Any = await sender.send(
            AssetListParams(page_size=_PAGE_SIZE, pagination_token=token, original_assets=True)
        )
        for asset in page.assets or ():
            if (made := _made_at(asset)) is not None and made < oldest:
                return None
            if _may_be(asset, name, size) and await _has_bytes(sender, asset, sha256):
                return str(asset.id)
        token = page.next_pagination_token
        if not token:
            return None
    return None


def _made_at(asset: Asset) -> datetime | None:
    try:
        made = datetime.fromisoformat(asset.created_at)
    except (TypeError, ValueError):
        return None
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def _may_be(asset: Asset, name: str, size: int) -> bool:
    """Whether an asset can be the searched one, according to its fields in the list."""
    given = getattr(asset.metadata, "name", None)
    known = getattr(asset.properties, "size", None)
    return given in {None, name} and known in {None, size}


async def _has_bytes(sender: Sender, asset: Asset, sha256: bytes) -> bool:
    try:
        content = await sender.download(asset.url)
    except APIError:
        return False
    return hashlib.sha256(content).digest() == sha256
