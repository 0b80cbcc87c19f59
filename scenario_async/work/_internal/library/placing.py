"""Find or create a collection, add assets to it and tag them; assets that are there are not sent again."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any, Final

from scenario_async._internal.declare.converter import is_sequence
from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.display.words import counted
from scenario_async.errors import (
    APIError,
    BadRequestError,
    IncompleteResponseError,
    InvalidArgumentError,
    NotFoundError,
    ScenarioError,
)
from scenario_async.upload._internal.adoption import LATE_LOOKS
from scenario_async.upload._internal.response_fields import id_of
from scenario_async.values.asset import Asset, AssetGetBulkParams, AssetUpdateTagsParams
from scenario_async.values.collection import (
    Collection,
    CollectionAssetAddParams,
    CollectionCreateParams,
    CollectionDeleteParams,
    CollectionListParams,
)
from scenario_async.work._internal.documented import as_documented, documented_list
from scenario_async.work._internal.library.shared_ledger import SharedLedger

logger: Final = logging.getLogger("scenario_async.sync")

COLLECTION_GROUP_LIMIT: Final = 49
"""The most assets in one request (documented in the service's own package)."""

_CREATING_SECONDS: Final = 2.0
"""Seconds for a worker to create a collection, or to find the one that another worker created."""


class Placer:
    """Collects assets, and adds them to a collection and tags in groups, until a group fails.

    After that it sends nothing: the run ends, and the next run places the other assets.

    Args:
        sender: Sends the requests.
        ledger: Records the collections and tags of each asset.
        collection_id: The collection; None for none.
        tags: The tags; empty for none.

    Attributes:
        gone: Assets that do not exist, with the error that showed it. They are left out.
    """

    def __init__(
        self, sender: Sender, ledger: SharedLedger, collection_id: str | None, tags: Sequence[str]
    ) -> None:
        self._sender = sender
        self._ledger = ledger
        self._collection_id = collection_id
        self._tags = list(tags)
        self._waiting: dict[str, None] = {}
        self.gone: dict[str, APIError] = {}
        self._turn = asyncio.Lock()
        self._has_failed = False

    @property
    def places(self) -> frozenset[str]:
        """The collection and tags that every asset gets."""
        tags = [self._tags_place] if self._tags else []
        return frozenset([*tags, *([self._collection_id] if self._collection_id else [])])

    @property
    def _tags_place(self) -> str:
        tags = sorted(self._tags)
        # A comma in a tag would make it look like two tags. Other ledgers have the first form.
        if not any("," in tag for tag in tags):
            return "tags:" + ",".join(tags)
        return "tags as JSON:" + json.dumps(tags)

    def is_waiting(self, asset_id: str) -> bool:
        """Whether an asset is not placed yet."""
        return asset_id in self._waiting

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
            StoppedError: The service refused an earlier request in the same way as every further one.
            LedgerError: The ledger cannot be used.
        """
        async with self._turn:  # one group at a time: a refused group is compared with the collection
            while len(self._waiting) >= at_least and not self._has_failed:
                group = list(self._waiting)[:COLLECTION_GROUP_LIMIT]
                try:
                    await self._place(group, await self._ledger.known_places(group))
                except ScenarioError:
                    self._has_failed = True
                    raise
                for asset_id in group:
                    self._waiting.pop(asset_id, None)

    async def _place(self, group: Sequence[str], known: dict[str, set[str]]) -> None:
        collection_id = self._collection_id
        if collection_id and (missing := [one for one in group if collection_id not in known.get(one, ())]):
            await self._add(collection_id, missing)
            await self._ledger.record_places(collection_id, self._existing(missing))
        if self._tags:
            missing = [one for one in group if self._tags_place not in known.get(one, ())]
            for asset_id in missing:
                if asset_id not in self.gone:
                    await self._tag(asset_id, missing)
            await self._ledger.record_places(self._tags_place, self._existing(missing))

    def _existing(self, asset_ids: Sequence[str]) -> list[str]:
        return [one for one in asset_ids if one not in self.gone]

    async def _tag(self, asset_id: str, group: Sequence[str]) -> None:
        try:
            await self._sender.send(AssetUpdateTagsParams(asset_id, add=self._tags, strict=False))
        except NotFoundError as error:
            # The whole group is looked up, since each search takes seconds.
            await self._look_up(group, error)
            if asset_id not in self.gone:
                raise

    async def _add(self, collection_id: str, asset_ids: Sequence[str]) -> None:
        """Add assets to a collection; list its assets only if the service refuses or does not respond."""
        missing = asset_ids
        for _ in range(3):
            try:
                await self._sender.send(CollectionAssetAddParams(collection_id, asset_ids=list(missing)))
            except APIError as error:
                # The service refuses the whole group if one asset is in the collection already, or deleted.
                if not (error.in_doubt or isinstance(error, BadRequestError | NotFoundError)):
                    raise
                assets = await self._look_up(missing, error)
                inside = {asset.id for asset in assets if collection_id in (asset.collection_ids or ())}
                left = [one for one in self._existing(missing) if one not in inside]
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

    async def _look_up(self, asset_ids: Sequence[str], error: APIError) -> Sequence[Asset]:
        """Look up assets after an error. If it was a refusal, those that do not exist are `gone`."""
        assets: Sequence[Asset] = ()
        absent: set[str] = set()
        for pause in LATE_LOOKS:
            await asyncio.sleep(pause)
            response: Any = await self._sender.send(AssetGetBulkParams(asset_ids=list(asset_ids)))
            assets = documented_list(response.assets, Asset)
            found = {id_of(asset) for asset in assets}
            # An asset that cannot be read may be any of them.
            is_readable = is_sequence(response.assets) and len(found - {None}) == len(response.assets)
            absent = set(asset_ids) - found
            if error.in_doubt or not is_readable or not absent:
                return assets
        self.gone |= dict.fromkeys(absent, error)
        return assets


async def collection_named(sender: Sender, name: str, *, create: bool) -> str | None:
    """Return the id of the collection with a name; create the collection if there is none.

    Raises:
        InvalidArgumentError: Several collections have the name.
        IncompleteResponseError: A response has no collections.
    """
    found = await _collections_named(sender, name)
    if len(found) > 1:  # two workers may be creating it now, and one of them will delete its own
        await asyncio.sleep(_CREATING_SECONDS)
        found = await _collections_named(sender, name)
    if len(found) > 1:
        expected = f"the name of one collection is needed, and {len(found)} have this one: give an id"
        raise InvalidArgumentError("collection", name, expected)
    if found or not create:
        return found[0].id if found else None
    response: Any = await sender.send(CollectionCreateParams(name=name))
    made: Any = as_documented(response.collection, Collection)
    # The list may be late, and have the new one not yet.
    known = {} if id_of(made) is None else {made.id: made}
    known |= {one.id: one for one in await _collections_named(sender, name)}
    if not known:
        raise IncompleteResponseError(
            "POST /collections: the response has no collection", path="/collections"
        )
    # Another worker may have created it meanwhile; all workers keep the oldest.
    oldest = min(known.values(), key=lambda one: (one.created_at or "", one.id))
    if id_of(made) not in {None, oldest.id}:
        await sender.send(CollectionDeleteParams(made.id))
    return str(oldest.id)


async def _collections_named(sender: Sender, name: str) -> list[Any]:
    found: dict[str, Any] = {}
    token: str | None = None
    seen: set[str | None] = {None, ""}
    while True:
        page: Any = await sender.send(CollectionListParams(page_size=100, pagination_token=token))
        if not is_sequence(page.collections):  # one of this name may exist, so none may be created
            raise IncompleteResponseError(
                "/collections: the response has no collections", path="/collections"
            )
        listed = documented_list(page.collections, Collection)
        found |= {one.id: one for one in listed if id_of(one) is not None and name in {one.name, one.id}}
        token = as_documented(page.next_pagination_token, str)
        if token in seen:  # a repeated token would be requested for ever
            return list(found.values())
        seen.add(token)
