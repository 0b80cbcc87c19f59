"""Typed keys for values that are stored in a request, for each supported version of aiohttp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.web import RequestKey
else:
    # aiohttp before 3.14 has no RequestKey; there a request is a plain dictionary, which accepts any key.
    RequestKey = getattr(web, "RequestKey", web.AppKey)

__all__ = ["RequestKey"]
