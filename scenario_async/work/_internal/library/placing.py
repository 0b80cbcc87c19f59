"""Add assets to a collection and tag them; assets that are there already are not sent again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.display.words import counted
from scenario_async.errors import APIError, BadRequestError
from scenario_async.values.asset import AssetGetBulkParams, AssetUpdateTagsParams
from scenario_async.values.collection import CollectionAssetAddParams
from scenario_async.work._internal.library.shared_ledger import SharedLedger

logger: Final = logging.getLogger("scenario_async.sync")

COLLECTION_GROUP_LIMIT: Final = 49
"""The most assets in one request (documented in the service's own package)."""


class Placer:
    """Collects assets, and adds them to a collection and tags in groups.

    Args:
        sender: Sends the requests.
        ledger: Records the collections and tags of each asset.
        collection_id: The collection; None for none.
        tags: The tags; empty for none.
    """

    def __init__(
        self, sender: Sender, ledger: SharedLedger, collection_id: str | None, tags: Sequence[str]
    ) -> None:
        self._sender = sender
        self._ledger = ledger
        self._collection_id = collection_id
        self._tags = list(tags)
        self._waiting: dict[str, None] = {}
        self._turn = asyncio.Lock()

    @property
    def places(self) -> frozenset[str]:
        """The collection and tags that every asset gets."""
        tags = [self._tags_place] if self._tags else []
        return frozenset([*tags, *([self._collection_id] if self._collection_id else [])])

    @property
    def _tags_place(self) -> str:
        return "tags:" + ",".join(sorted(self._tags))

    async def put(self, asset_id: str) -> None:
        """Place an asset together with others when there are enough."""
        if not self.places:
            return
        self._waiting[asset_id] = None
        if len(self._waiting) >= COLLECTION_GROUP_LIMIT:
            await self.flush(at_least=COLLECTION_GROUP_LIMIT)

    async def flush(self, *, at_least: int = 1) -> None:
        """Place the waiting assets in groups; groups smaller than `at_least` continue to wait.

        Raises:
            APIError: The service refuses it.
            LedgerError: The ledger cannot be used.
        """
        async with self._turn:  # one group at a time: a refused group is compared with the collection
            while len(self._waiting) >= at_least:
                group = list(self._waiting)[:COLLECTION_GROUP_LIMIT]
                known = await self._ledger.known_places(group)
                await self._place(group, known)
                for asset_id in group:
                    self._waiting.pop(asset_id, None)

    async def _place(self, group: Sequence[str], known: dict[str, set[str]]) -> None:
        collection_id = self._collection_id
        if collection_id and (missing := [one for one in group if collection_id not in known.get(one, ())]):
            await self._add(collection_id, missing)
            await self._ledger.record_places(collection_id, missing)
        if self._tags:
            missing = [one for one in group if self._tags_place not in known.get(one, ())]
            for asset_id in missing:
                await self._sender.send(AssetUpdateTagsParams(asset_id, add=self._tags, strict=False))
            await self._ledger.record_places(self._tags_place, missing)

    async def _add(self, collection_id: str, asset_ids: Sequence[str]) -> None:
        """Add assets to a collection; list its assets only if the service refuses or does not respond."""
        missing = asset_ids
        for _ in range(3):
            try:
                await self._sender.send(CollectionAssetAddParams(collection_id, asset_ids=list(missing)))
            except APIError as error:
                # If one asset is already in the collection, the service refuses the whole group.
                if not (error.in_doubt or isinstance(error, BadRequestError)):
                    raise
                left = await self._not_in(collection_id, missing)
                if not left:
                    return
                if len(left) == len(missing) and not error.in_doubt:
                    raise
                missing = left
            else:
                return
        raise APIError(
            f"{counted(len(missing), 'asset')} could not be added to the collection {collection_id}",
            method="PUT",
            path=f"/collections/{collection_id}/assets",
        )

    async def _not_in(self, collection_id: str, asset_ids: Sequence[str]) -> list[str]:
        response: Any = await self._sender.send(AssetGetBulkParams(asset_ids=list(asset_ids)))
        inside = {asset.id for asset in response.assets if collection_id in (asset.collection_ids or ())}
        return [one for one in asset_ids if one not in inside]
