"""Lists that the service returns one page at a time.

``await client.models.list()`` returns the first page, and ``async for model in client.models.list()`` yields
the models of all pages. On the blocking client, ``client.models.list()`` returns the first page, and ``for``
goes through all pages.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, ClassVar, Final, Generic, ParamSpec, Self, TypeAlias, TypeVar, cast, overload

import attrs
from attrs import frozen

from scenario_async._internal.declare.conversions import Conversions
from scenario_async._internal.declare.converter import is_sequence
from scenario_async._internal.declare.operation import (
    Async,
    Blocking,
    Mode,
    Operation,
    Request,
    Resource,
    Runner,
    Sender,
)
from scenario_async._internal.declare.value import Value
from scenario_async._internal.response import number
from scenario_async.errors import ScenarioError

_P = ParamSpec("_P")
_Item = TypeVar("_Item")
_T = TypeVar("_T")
_AwaitedPage = TypeVar("_AwaitedPage", bound="Page[Any, Async]")
_BlockingPage = TypeVar("_BlockingPage", bound="Page[Any, Blocking]")
_AnyPage_co = TypeVar("_AnyPage_co", covariant=True)

_THUMBNAILS_AT_MOST: Final = 50
_THUMBNAIL_SECONDS: Final = 5.0

_NO_CLIENT: Final = (
    "the next page cannot be fetched: this page has no client, because it was unpickled or made from a dict; "
    "its `items` are there, list again for the rest"
)


@frozen
class _Origin:
    """The source of a page, from which the next page is fetched."""

    sender: Sender
    runner: Runner | None
    request: Request[Any]


class _Fetched(Conversions):
    """The slot for the source of a page.

    It is not a field, because `attrs.asdict` would return it, with the client's connections.
    """

    __slots__ = ("_source",)

    @property
    def _origin(self) -> _Origin | None:
        """The source of the page; None if it was unpickled, copied or made from a dict."""
        return getattr(self, "_source", None)


class Page(Value, _Fetched, Generic[_Item, Mode]):
    """A page of a list. A loop over it continues with all further pages."""

    items_field: ClassVar[str]
    """The name of the field that has the items."""

    @property
    def items(self) -> list[_Item]:
        """The items of this page, whatever the name of their field; none if that is not a list."""
        items = getattr(self, self.items_field)
        return list(items) if is_sequence(items) else []

    def _repr_html_(self) -> str | None:
        """Show the items as a table in a notebook, with thumbnails on a blocking client."""
        from scenario_async._internal.display.values import html_of_list

        return html_of_list(
            self.items, type(self).__qualname__, self._thumbnails(), more=self.has_next_page()
        )

    def _thumbnails(self) -> dict[str, bytes]:
        """The thumbnails of the items by their ids; empty for an asynchronous or a closed client."""
        origin = self._origin
        if origin is not None and origin.runner is not None:
            with suppress(ScenarioError):
                return origin.runner.run(_fetch_thumbnails(origin.sender, self.items))
        return {}

    def next_page_info(self) -> Mapping[str, Any] | None:
        """Return the arguments that request the next page, such as its token; None after the last one."""
        raise NotImplementedError

    def has_next_page(self) -> bool:
        """Whether there is a next page."""
        return self.next_page_info() is not None

    @overload
    def get_next_page(self: _AwaitedPage) -> Coroutine[Any, Any, _AwaitedPage]: ...
    @overload
    def get_next_page(self: _BlockingPage) -> _BlockingPage: ...
    def get_next_page(self) -> Any:
        """Fetch the next page.

        Raises:
            RuntimeError: There is none; check `has_next_page` first. Or this page has no client.
        """
        origin = self._client()
        return self._next() if origin.runner is None else origin.runner.run(self._next())

    def _client(self) -> _Origin:
        """The source of the page; a page without one cannot tell whether its caller awaits.

        Raises:
            RuntimeError: The page has none.
        """
        if self._origin is None:
            raise RuntimeError(_NO_CLIENT)
        return self._origin

    async def _next(self) -> Self:
        info, origin = self.next_page_info(), self._client()
        if info is None:
            raise RuntimeError("this is the last page; call has_next_page() first")
        request: Request[Self] = attrs.evolve(cast("Any", origin.request), **info)
        return await fetch_page(origin.sender, origin.runner, request)

    async def _pages(self) -> AsyncIterator[Self]:
        page, seen = self, list[Mapping[str, Any]]()
        while True:
            yield page
            info = page.next_page_info()
            # Otherwise a service that repeats a token would be requested for ever.
            if info is None or info in seen:
                return
            seen.append(info)
            page = await page._next()

    async def _all(self) -> AsyncIterator[_Item]:
        async for page in self._pages():
            for item in page.items:
                yield item

    @overload
    def iter_pages(self: _AwaitedPage) -> AsyncIterator[_AwaitedPage]: ...
    @overload
    def iter_pages(self: _BlockingPage) -> Iterator[_BlockingPage]: ...
    def iter_pages(self) -> Any:
        """Iterate over this page and all further pages: `async for` on an asynchronous client.

        Raises:
            RuntimeError: This page has no client.
        """
        runner = self._client().runner
        return self._pages() if runner is None else _blocking(self._pages(), runner)

    def __aiter__(self: Page[_Item, Async]) -> AsyncIterator[_Item]:
        if self._origin is not None and self._origin.runner is not None:
            raise TypeError("this page is of a blocking client: use `for` for it")
        return self._all()

    def __iter__(self: Page[_Item, Blocking]) -> Iterator[_Item]:
        if self._origin is None:
            return self._iter_without_client()
        if self._origin.runner is None:
            raise TypeError("this page is of an asynchronous client: use `async for` for it")
        return _blocking(self._all(), self._origin.runner)

    def _iter_without_client(self) -> Iterator[_Item]:
        yield from self.items
        if self.has_next_page():  # ending silently would look like the end of the list
            raise RuntimeError(_NO_CLIENT)


class CursorPage(Page[_Item, Mode]):
    """A page that has a token for the next page."""

    token_field: ClassVar[str] = "next_pagination_token"  # noqa: S105 - a field name
    """The name of the field that has the token."""
    token_argument: ClassVar[str] = "pagination_token"  # noqa: S105 - a field name
    """The argument for the token."""

    def next_page_info(self) -> Mapping[str, Any] | None:
        """The token as an argument; None after the last page, or if the token did not change."""
        found: str | int | None = getattr(self, self.token_field)
        token = str(found) if found else None
        used = None if self._origin is None else getattr(self._origin.request, self.token_argument)
        return {self.token_argument: token} if token and token != used else None


class OffsetPage(Page[_Item, Mode]):
    """A page that has its offset and the approximate total number of items."""

    estimated_total_hits: int | None = None
    offset: int | None = None

    def next_page_info(self) -> Mapping[str, Any] | None:
        """The offset of the next page as an argument; None after the last page."""
        offset, total = number(self.offset), number(self.estimated_total_hits)
        request = None if self._origin is None else self._origin.request
        page: float | None = getattr(request, "page", None)
        if page is not None:  # requested by its number; the total is then unknown
            return {"page": page + 1} if self.items else None
        used = number(getattr(request, "offset", None))
        behind = int(offset if offset is not None else used or 0) + len(self.items)
        return {"offset": behind} if self.items and (total is None or behind < total) else None


class Paging(Generic[_AnyPage_co]):
    """A list on an asynchronous client: ``await`` returns the first page, ``async for`` yields all items."""

    def __init__(self, fetch: Callable[[], Coroutine[Any, Any, _AnyPage_co]]) -> None:
        self._fetch = fetch

    def __repr__(self) -> str:
        # Consoles and errors show it if the `await` was forgotten.
        return f"<{type(self).__name__}: await it for the first page, or use `async for` for all items>"

    def __await__(self) -> Generator[Any, Any, _AnyPage_co]:
        return self._fetch().__await__()

    async def __aiter__(self: Paging[Page[_Item, Async]]) -> AsyncIterator[_Item]:
        async for item in await self:
            yield item


class lists(Operation[_P], Generic[_P, _AwaitedPage, _BlockingPage]):  # noqa: N801 - used like `sends`
    """Declare an operation that sends a `request_type` and returns a page.

    Args:
        request_type: The request class, whose response is a `Page`.
        awaited_page: The page's type on the asynchronous client, ``ThingListResponse[Async]``.
        blocking_page: The page's type on the blocking client. Type checkers cannot derive one type from the
            other.
    """

    def __init__(
        self,
        request_type: Callable[_P, Request[Any]],
        awaited_page: type[_AwaitedPage],
        blocking_page: type[_BlockingPage],
    ) -> None:
        del awaited_page, blocking_page
        self._make = request_type
        super().__init__(cast("Any", request_type), cast("type[Request[Any]]", request_type))

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(
        self, instance: Resource[Async], owner: type[object]
    ) -> Callable[_P, Paging[_AwaitedPage]]: ...
    @overload
    def __get__(self, instance: Resource[Blocking], owner: type[object]) -> Callable[_P, _BlockingPage]: ...
    def __get__(self, instance: Resource[Any] | None, owner: type[object]) -> Any:
        if instance is None:
            return self
        make, sender, runner = self._make, instance.sender, instance.runner

        def call(*args: _P.args, **kwargs: _P.kwargs) -> Any:
            request = self.request(make, args, kwargs)
            kwargs.clear()  # a display of this frame's locals would show extra_headers
            if runner is not None:
                return runner.run(fetch_page(sender, runner, request))
            return Paging(lambda: fetch_page(sender, None, request))

        return self.bound(instance, call)


async def _fetch_thumbnails(sender: Sender, items: Iterable[Any]) -> dict[str, bytes]:
    """Download thumbnails of the first items; those that take too long are left out."""
    fetched: dict[str, bytes] = {}

    async def fetch(item: Any) -> None:
        url = getattr(getattr(item, "thumbnail", None), "url", None)
        if isinstance(url, str):
            with suppress(ScenarioError):
                fetched[str(item.id)] = await sender.download(url)

    with suppress(TimeoutError):
        async with asyncio.timeout(_THUMBNAIL_SECONDS):
            await asyncio.gather(*map(fetch, islice(items, _THUMBNAILS_AT_MOST)))
    return fetched


async def fetch_page(sender: Sender, runner: Runner | None, request: Request[_AnyPage_co]) -> _AnyPage_co:
    """Fetch a page, and store its source in it."""
    page = await sender.send(request)
    # The value is immutable for its users; this is the last step of its creation.
    object.__setattr__(page, "_source", _Origin(sender, runner, request))
    return page


def _blocking(items: AsyncIterator[_T], runner: Runner) -> Iterator[_T]:
    """Iterate in another thread than the event loop's."""
    end = object()
    while (item := runner.run(_next_or(items, end))) is not end:
        yield item


async def _next_or(items: AsyncIterator[Any], end: object) -> Any:
    return await anext(items, end)


# The names of the official package, for annotations: `SyncAssetsCursor[Asset]`. One class serves all lists.
SyncAssetsCursor: TypeAlias = CursorPage[_Item, Blocking]
AsyncAssetsCursor: TypeAlias = CursorPage[_Item, Async]
SyncSnapshotsCursor: TypeAlias = CursorPage[_Item, Blocking]
AsyncSnapshotsCursor: TypeAlias = CursorPage[_Item, Async]
SyncCollectionsCursor: TypeAlias = CursorPage[_Item, Blocking]
AsyncCollectionsCursor: TypeAlias = CursorPage[_Item, Async]
SyncJobsCursor: TypeAlias = CursorPage[_Item, Blocking]
AsyncJobsCursor: TypeAlias = CursorPage[_Item, Async]
SyncModelsCursor: TypeAlias = CursorPage[_Item, Blocking]
AsyncModelsCursor: TypeAlias = CursorPage[_Item, Async]
SyncTagsCursor: TypeAlias = CursorPage[_Item, Blocking]
AsyncTagsCursor: TypeAlias = CursorPage[_Item, Async]
SyncWorkflowsCursor: TypeAlias = CursorPage[_Item, Blocking]
AsyncWorkflowsCursor: TypeAlias = CursorPage[_Item, Async]
SyncProjectsCursor: TypeAlias = CursorPage[_Item, Blocking]
AsyncProjectsCursor: TypeAlias = CursorPage[_Item, Async]
SyncRecommendationsCursor: TypeAlias = CursorPage[_Item, Blocking]
AsyncRecommendationsCursor: TypeAlias = CursorPage[_Item, Async]
SyncSearchHitsOffset: TypeAlias = OffsetPage[_Item, Blocking]
AsyncSearchHitsOffset: TypeAlias = OffsetPage[_Item, Async]
