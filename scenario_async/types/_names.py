"""Names at the root of the official package that have another name or another use in this package."""

from __future__ import annotations

from types import NoneType
from typing import Any, Final

from scenario_async._internal.declare.raw_responses import APIResponse, AsyncAPIResponse
from scenario_async._internal.declare.value import Value as BaseModel
from scenario_async._internal.http.official_options import DefaultAioHttpClient
from scenario_async._internal.version import installed_version
from scenario_async.client import AsyncScenario as AsyncClient
from scenario_async.client import Scenario as Client
from scenario_async.errors import InvalidArgumentError

__all__ = [
    "APIResponse",
    "AsyncAPIResponse",
    "AsyncClient",
    "BaseModel",
    "Client",
    "DefaultAioHttpClient",
    "DefaultAsyncHttpxClient",
    "DefaultHttpxClient",
    "NoneType",
    "Timeout",
    "__title__",
    "__version__",
]

__title__: Final = "scenario_async"
__version__: Final = installed_version() or "0+unknown"
"""The version; ``0+unknown`` in a zipped or frozen application without the package's metadata."""


class _OfHttpx:
    """A class of httpx, which is not supported; its constructor raises an error with the replacement."""

    replacement: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        del args, kwargs
        raise InvalidArgumentError(type(self).__name__, "a class of httpx", self.replacement)


class DefaultHttpxClient(_OfHttpx):
    """Not available, because this package does not use httpx."""

    replacement = (
        "httpx is not used here: proxies and certificates come from the environment, and AsyncScenario takes "
        "session=aiohttp.ClientSession(…) for anything else"
    )


class DefaultAsyncHttpxClient(DefaultHttpxClient):
    """Not available, because this package does not use httpx."""


class Timeout(_OfHttpx):
    """Not available, because this package does not use httpx."""

    replacement = "use aiohttp.ClientTimeout(total=…, sock_connect=…, sock_read=…), or httpx.Timeout(…)"
