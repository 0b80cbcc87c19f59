"""Locks on assets, and the snapshots of their canvases."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from aiohttp import web

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.errors import bad_request, forbidden
from scenario_async.sandbox._internal.objects import Lock, Snapshot
from scenario_async.sandbox._internal.pagination import page
from scenario_async.sandbox._internal.parameters import Fields, fields_of, required
from scenario_async.sandbox._internal.routes.answers import AUTHOR_ID, asset_answer, json_answer
from scenario_async.sandbox._internal.routes.lookup import asset_of
from scenario_async.sandbox._internal.state import Asset, new_id


async def lock(request: web.Request) -> web.Response:
    """Lock an asset for some time. Only this response has the lock's id. A locked asset is refused."""
    asset = asset_of(request)
    expires = required(lock_expiry(request, fields_of(request)), "lockExpiresAt")
    if current_lock(request, asset) is not None:
        # [guess] a second lock is refused
        raise bad_request(f"{asset.id} is locked already")
    asset.lock = Lock(new_id("lock"), expires)
    answer = {"asset": asset_answer(context_of(request), asset), "lockId": asset.lock.id}
    return json_answer(answer)


async def unlock(request: web.Request) -> web.Response:
    """Unlock an asset, by its lock's id or by force. An unlocked asset is not changed."""
    asset, fields = asset_of(request), fields_of(request)
    if not fields.flag("forceUnlock"):
        check_lock(request, asset, fields.text("lockId"))
    asset.lock = None
    return json_answer({"asset": asset_answer(context_of(request), asset)})


async def list_snapshots(request: web.Request) -> web.Response:
    """List the canvases that an asset had, newest first."""
    snapshots, more = page(request, asset_of(request).snapshots)
    answers = [
        {
            "authorId": AUTHOR_ID,
            "hash": hashlib.sha256(snapshot.canvas.encode()).hexdigest(),
            "rawData": snapshot.canvas,
            "takenAt": round(snapshot.taken_at * 1000),
        }
        for snapshot in snapshots
    ]
    return json_answer({"snapshots": answers, **more})


def keep_snapshot(request: web.Request, asset: Asset, canvas: str) -> None:
    """Store the canvas of an asset as a snapshot."""
    context = context_of(request)
    asset.snapshots.append(Snapshot(canvas, context.clock.now(), context.state.next_sequence()))


def current_lock(request: web.Request, asset: Asset) -> Lock | None:
    """The lock on an asset, if it has one that has not expired."""
    if asset.lock is not None and asset.lock.expires <= context_of(request).clock.now():
        asset.lock = None
    return asset.lock


def check_lock(request: web.Request, asset: Asset, lock_id: str | None) -> Lock | None:
    """Return the lock of an asset if the request has the lock's id; None if the asset is not locked.

    Raises:
        Refusal: 403, if the asset is locked and the request has another id or none.
    """
    lock = current_lock(request, asset)
    if lock is not None and lock.id != lock_id:
        # [guess] another id is refused with 403; it is documented that the id is needed (official package)
        raise forbidden(f"{asset.id} is locked")
    return lock


def lock_expiry(request: web.Request, fields: Fields) -> float | None:
    """Return the time when a lock ends, in seconds since the epoch; None if it is not given.

    Raises:
        Refusal: 400, if it is not an ISO date with a time zone, or is in the past.
    """
    text = fields.text("lockExpiresAt")
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        # [guess] others are refused; an ISO date is documented (official package, asset_lock_params)
        raise bad_request("lockExpiresAt must be an ISO date with a time zone", field="lockExpiresAt")
    if moment.timestamp() <= context_of(request).clock.now():
        # [guess] a time in the past is refused
        raise bad_request("lockExpiresAt must be in the future", field="lockExpiresAt")
    return moment.timestamp()


ROUTES: Final = (
    web.put("/assets/{assetId}/lock", lock),
    web.put("/assets/{assetId}/unlock", unlock),
    web.get("/assets/{assetId}/snapshots", list_snapshots),
)
