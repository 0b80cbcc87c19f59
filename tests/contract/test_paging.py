"""Lists are paged in the same way in both packages."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any, Final

import pytest
from attrs import evolve, frozen

from .answers import Answers
from .arguments import required_arguments
from .declared import covered
from .official import Operation
from .pair import Pair
from .server import Recorded

TOKENS: Final = ("nextPaginationToken", "nextToken")
"""The fields with the token of the next page."""

TOTAL: Final = "estimatedTotalHits"
"""The field with the total number of items, in lists that use offsets."""


@frozen
class Listing:
    """An operation that returns a list, and the names of its fields for paging."""

    operation: Operation
    items: str
    token: str | None

    @classmethod
    def of(cls, operation: Operation) -> Listing | None:
        """None for an operation that returns no page."""
        # Only pages have this method; the module of their base class is not public.
        if not hasattr(operation.answer, "get_next_page"):
            return None
        fields = operation.answer.model_fields
        names = [one.alias or name for name, one in fields.items()]
        (items,) = (name for name in names if name not in {*TOKENS, TOTAL, "offset"})
        return cls(operation, items, next((name for name in TOKENS if name in names), None))

    def pages(self) -> list[dict[str, Any]]:
        """A few pages of one item each; the last page has no next one."""
        page: dict[str, Any] = Answers(optional=False).of(self.operation)
        if self.token is None:
            return [{**page, "offset": offset, TOTAL: 2} for offset in (0, 1)]
        return [{**page, self.token: "second"}, {**page, self.token: "third"}, page]


LISTINGS: Final = [listing for operation in covered() if (listing := Listing.of(operation)) is not None]
BY_TOKEN: Final = [listing for listing in LISTINGS if listing.token is not None]


def each(listings: Sequence[Listing]) -> pytest.MarkDecorator:
    """Run a test for each of these operations."""
    return pytest.mark.parametrize("listing", listings, ids=lambda listing: listing.operation.name)


def gone_through(pair: Pair, client: Any, listing: Listing, pages: Iterable[Any]) -> list[Recorded]:
    """The requests of a client that iterates these pages; it has to find an item on each."""
    pages = list(pages)
    pair.server.answer(*pages)
    pair.server.taken()
    args, kwargs = required_arguments(listing.operation)
    assert len(list(listing.operation.on(client)(*args, **kwargs))) == len(pages)
    return pair.server.taken()


@each(LISTINGS)
def test_all_pages(pair: Pair, listing: Listing) -> None:
    """Iterating a list requests each page once, with the same requests in both packages."""
    pages = listing.pages()
    official = gone_through(pair, pair.official, listing, pages)
    ours = gone_through(pair, pair.ours, listing, pages)
    assert len(ours) == len(pages)
    if listing.token is None:
        # The official package sends the offset in the query, which the operation does not read.
        assert dict(official[1].query)["offset"] == "1"
        assert ours == [official[0], evolve(official[0], body='{"offset": 1}')]
    else:
        assert ours == official


@each(LISTINGS)
def test_page_by_page(pair: Pair, listing: Listing) -> None:
    """A page has the information for the next page and fetches it; the last page has none."""
    args, kwargs = required_arguments(listing.operation)
    for client in (pair.official, pair.ours):
        pair.server.answer(*listing.pages())
        pages = [listing.operation.on(client)(*args, **kwargs)]
        while pages[-1].has_next_page():
            assert pages[-1].next_page_info() is not None
            pages.append(pages[-1].get_next_page())
        assert len(pages) == len(listing.pages())
        assert pages[-1].next_page_info() is None
        with pytest.raises(RuntimeError):
            pages[-1].get_next_page()


@each(BY_TOKEN)
def test_an_empty_page_between(pair: Pair, listing: Listing) -> None:
    """An empty page with a token is not the end of the list; for the official package it is."""
    first, second, last = listing.pages()
    args, kwargs = required_arguments(listing.operation)
    for client, items in ((pair.ours, 2), (pair.official, 1)):
        pair.server.answer(first, {**second, listing.items: []}, last)
        assert len(list(listing.operation.on(client)(*args, **kwargs))) == items


@each(LISTINGS)
def test_a_list_that_never_ends(pair: Pair, listing: Listing) -> None:
    """Our client stops if the service repeats the first page for ever; the official package does not."""
    first = listing.pages()[0]
    many = 20
    args, kwargs = required_arguments(listing.operation)
    for client, fewest in ((pair.official, many), (pair.ours, 1)):
        pair.server.answer(first)
        items = itertools.islice(listing.operation.on(client)(*args, **kwargs), many)
        found = len(list(items))
        assert found >= fewest
        assert client is pair.official or found < many
