"""The watermarks of teams and projects."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.accounts import Account
from scenario_async.sandbox._internal.drawing import draw
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.parameters import Fields, fields_of, required
from scenario_async.sandbox._internal.routes.accounts import (
    PROJECT,
    TEAM,
    account_of,
    deleting,
    document_of,
    owner_and_author,
    store_document,
)
from scenario_async.sandbox._internal.routes.answers import json_answer
from scenario_async.sandbox._internal.routes.request_pictures import picture_named
from scenario_async.sandbox._internal.state import new_id

_PLACEMENTS: Final = ("bottom-left", "bottom-right", "center", "tiled", "top-left", "top-right")
_NUMBERS: Final = ("opacity", "rotation", "scale", "spacing")
_FAINTEST: Final = 0.05
_DEFAULTS: Final[Mapping[str, Any]] = {
    "enabled": False,
    "opacity": 0.5,
    "placement": "bottom-right",
    "rotation": 0,
    "scale": 0.2,
    "spacing": 0,
    "version": 0,
}
"""The default settings of a watermark; the service's defaults are not documented."""

_PREVIEW_SIDE: Final = 64


async def retrieve(request: web.Request) -> web.Response:
    """Return a watermark."""
    return json_answer({"watermark": document_of(account_of(request), "watermark")})


async def update(request: web.Request) -> web.Response:
    """Set the appearance of a watermark, and whether it is used."""
    fields = fields_of(request)
    required(fields.flag("enabled"), "enabled")
    return _change(request, account_of(request), {**_appearance(fields), **fields.given("enabled")})


async def update_logo(request: web.Request) -> web.Response:
    """Set the logo of a watermark: a data URL, or the id of an asset."""
    logo = required(fields_of(request).text("logo"), "logo")
    await picture_named(request, logo, "logo")
    return _change(request, account_of(request), {"logoKey": new_id("logo"), "logoIsOpaque": True})


async def delete_logo(request: web.Request) -> web.Response:
    """Remove the logo of a watermark."""
    account = account_of(request)
    watermark = document_of(account, "watermark")
    for name in ("logoKey", "logoIsOpaque"):
        watermark.pop(name, None)
    return _change(request, account, {})


async def preview(request: web.Request) -> web.Response:
    """Preview a watermark: a picture that depends on the settings."""
    account, appearance = account_of(request), _appearance(fields_of(request))
    picture = draw(f"{account.id}{appearance}", width=_PREVIEW_SIDE, height=_PREVIEW_SIDE, keep=True)
    content = base64.b64encode(picture.stored.content or b"").decode()
    return json_answer({"image": f"data:image/png;base64,{content}"})


def _appearance(fields: Fields) -> dict[str, Any]:
    fields.choice("placement", _PLACEMENTS)
    fields.text("text")
    for name in _NUMBERS:
        fields.number(name)
    opacity = fields.number("opacity")
    if opacity is not None and not _FAINTEST <= opacity <= 1:
        # [documented] official package, watermark_update_params: from 0.05 to 1
        raise bad_request(f"opacity must be from {_FAINTEST} to 1", field="opacity")
    return fields.given("placement", "text", *_NUMBERS)


def _change(request: web.Request, account: Account, fields: dict[str, Any]) -> web.Response:
    old: dict[str, Any] = {**_DEFAULTS, **owner_and_author(account), **account.documents.get("watermark", {})}
    changed = {**old, **fields, "version": old["version"] + 1}
    return json_answer({"watermark": store_document(request, account, "watermark", changed)})


ROUTES: Final = tuple(
    route
    for prefix in (PROJECT, TEAM)
    for route in (
        web.get(f"{prefix}/watermark", retrieve),
        web.put(f"{prefix}/watermark", update),
        web.delete(f"{prefix}/watermark", deleting("watermark")),
        web.put(f"{prefix}/watermark/logo", update_logo),
        web.delete(f"{prefix}/watermark/logo", delete_logo),
        web.post(f"{prefix}/watermark/preview", preview),
    )
)
