"""Pagination: a page and a token for the next page."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final, Protocol, TypeVar

from aiohttp import web

from scenario_async.sandbox._internal.errors import bad_request, not_imitated

# [documented] official package, asset_list_params and job_list_params; for other lists it is a guess
DEFAULT_PAGE_SIZE: Final = 50
LARGEST_PAGE_SIZE: Final = 100
"""The page size of all lists except those of models, which have larger pages."""

_KNOWN: Final = frozenset(
    {"originalAssets", "pageSize", "paginationToken", "projectId", "sortBy", "sortDirection"}
)
_TOKEN: Final = re.compile(rb"(asc|desc):([0-9]+)")


class Sequenced(Protocol):
    """An object that has its position in the order of creation."""

    @property
    def sequence(self) -> int:
        """A number that grows with each creation."""
        ...


S = TypeVar("S", bound=Sequenced)


def page(
    request: web.Request,
    stored: Iterable[S],
    *,
    filters: Collection[str] = (),
    default_size: int = DEFAULT_PAGE_SIZE,
    largest_size: int = LARGEST_PAGE_SIZE,
) -> tuple[list[S], dict[str, str]]:
    """Return the page that a request asks for, newest first by default, and the token of the next page.

    A token is a position in the order of creation. So if items are added or deleted meanwhile, no other item
    is repeated or left out. A token is valid only for the sort direction that it was made for.

    Args:
        request: A request to list something.
        stored: All items, oldest first.
        filters: The query parameters that the route has already used to filter the items.
        default_size: The number of items on a page if the request does not set it.
        largest_size: The largest number of items that the request may ask for.

    Returns:
        The page, and ``{"nextPaginationToken": …}``; an empty dict on the last page.

    Raises:
        Refusal: 400 for an invalid page size or token; 501 for a filter or an order that the sandbox does not
            support, since the result would be wrong without it.
    """
    direction = _direction(request, filters)
    size = _page_size(request, default_size, largest_size)
    last = _place(request, direction)
    ordered = list(stored)
    if direction == "desc":
        ordered.reverse()
    if last is not None:
        ordered = [
            one for one in ordered if (one.sequence > last if direction == "asc" else one.sequence < last)
        ]
    found = ordered[:size]
    if len(ordered) <= size:
        return found, {}
    token = base64.urlsafe_b64encode(f"{direction}:{found[-1].sequence}".encode()).decode()
    return found, {"nextPaginationToken": token}


def _direction(request: web.Request, filters: Collection[str]) -> str:
    """Return the sort direction of a request, and refuse parameters that the sandbox does not support."""
    for name in request.query:
        if name not in _KNOWN and name not in filters:
            # [sandbox] the filter is documented; the sandbox does not imitate it
            raise not_imitated(f"the query parameter {name} in lists")
    if request.query.get("sortBy", "createdAt") != "createdAt":
        # [sandbox] other orders are documented; the sandbox does not imitate them
        raise not_imitated("lists in another order than that of creation")
    direction = request.query.get("sortDirection", "desc")
    if direction not in {"asc", "desc"}:
        # [guess] others are refused; two are documented (official package, workflow_list_params)
        raise bad_request("sortDirection must be asc or desc", field="sortDirection")
    return direction


def moment(request: web.Request, name: str) -> float | None:
    """Return a date of the query string in seconds since the epoch, or None if it is missing.

    A date without a time zone is in UTC.

    Raises:
        Refusal: 400, if it is not an ISO date.
    """
    text = request.query.get(name)
    if text is None:
        return None
    try:
        date = datetime.fromisoformat(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        # [guess] text that is not a date is refused
        raise bad_request(f"{name} must be an ISO date", field=name) from None


def is_between(date: str, since: float | None, until: float | None) -> bool:
    """Whether an ISO date is between two times (seconds since the epoch); None sets no limit."""
    seconds = datetime.fromisoformat(date).timestamp()
    return (since is None or seconds > since) and (until is None or seconds < until)


def _page_size(request: web.Request, default: int, largest: int) -> int:
    text = request.query.get("pageSize", str(default))
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= largest:
        # [documented] official package, the parameters of lists: at least 1; the maximum depends on the list
        raise bad_request(f"pageSize must be from 1 to {largest}", field="pageSize")
    return int(text)


def _place(request: web.Request, direction: str) -> int | None:
    token = request.query.get("paginationToken")
    if token is None:
        return None
    try:
        match = _TOKEN.fullmatch(base64.urlsafe_b64decode(token))
    except ValueError:
        match = None
    if match is None or match[1].decode() != direction:
        # [guess] a wrong token is refused
        raise bad_request("paginationToken is not a token of this list", field="paginationToken")
    return int(match[2])
