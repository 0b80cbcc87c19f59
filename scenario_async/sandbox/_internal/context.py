"""The context that all routes of a sandbox use."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from attrs import evolve, frozen

from scenario_async.sandbox._internal.clock import Clock
from scenario_async.sandbox._internal.hosts import Hosts
from scenario_async.sandbox._internal.pictures import PictureReader
from scenario_async.sandbox._internal.request_keys import RequestKey
from scenario_async.sandbox._internal.settings import Settings
from scenario_async.sandbox._internal.signed_urls import SignedURLs
from scenario_async.sandbox._internal.state import State


@frozen
class Context:
    """The components of a running sandbox, which its routes get through the application."""

    settings: Settings
    hosts: Hosts
    state: State
    pictures: PictureReader
    urls: SignedURLs
    clock: Clock


CONTEXT: Final = web.AppKey("CONTEXT", Context)

NO_CHANGE: Final = RequestKey("NO_CHANGE", bool)
"""Set by a route that changed nothing although its method is not GET, such as a dry run."""


def context_of(request: web.Request) -> Context:
    """Return the context of the sandbox that received a request.

    The URLs that the context makes begin with the host name of the request. A client in another container or
    on another machine may not be able to reach the address at which the sandbox listens.
    """
    context, host = request.app[CONTEXT], request.headers.get("Host")
    return context if not host else evolve(context, urls=context.urls.at(f"http://{host}"))
