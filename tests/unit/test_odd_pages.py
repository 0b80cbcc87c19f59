"""Lists whose response has other types than the documented ones."""

from __future__ import annotations

from typing import Any, Final

import pytest

from scenario_async import APIResponseValidationError
from scenario_async._internal.declare.operation import Async, Blocking
from scenario_async.resources.models import Models
from scenario_async.resources.search import Search
from scenario_async.values.model import ModelListResponse
from scenario_async.values.search import SearchAssetSearchResponse

from .conftest import Call, Connector
from .mocked import Service
from .servers import answered, serving

MODELS: Final = ModelListResponse[Blocking]
ASSETS: Final = SearchAssetSearchResponse[Blocking]


@pytest.mark.parametrize("items", [7, "abc", {"a": 1}, True])
async def test_items_that_are_no_list(service: Service, call: Call, items: Any) -> None:
    """The error shows the response, since a loop over the page would yield letters or the names of fields."""
    service.answers({"models": items})
    with pytest.raises(APIResponseValidationError, match=r"GET /models returned 200, .* no list in 'models'"):
        await call("models.list")


@pytest.mark.parametrize("items", [None, [], {}, ""])
async def test_a_page_with_an_empty_value_has_no_items(service: Service, call: Call, items: Any) -> None:
    service.answers({"models": items})
    assert (await call("models.list")).items == []


@pytest.mark.parametrize("items", [7, "abc", {"a": 1}])
def test_a_page_made_from_a_dict_with_items_that_are_no_list(items: Any) -> None:
    """It has no response to show, and no items."""
    page = MODELS.from_dict({"models": items})
    assert page.items == list(page) == []


@pytest.mark.parametrize("offset", ["x", [], {}, True, None])
@pytest.mark.parametrize("total", ["many", [], {}, False, None])
async def test_an_offset_and_a_total_that_are_no_numbers(connect: Connector, offset: Any, total: Any) -> None:
    """They count as not given: the offsets are counted, and the list ends with a page without items."""
    odd = {"offset": offset, "estimatedTotalHits": total}
    page = ASSETS.from_dict({"hits": [{"id": "a"}, {"id": "b"}], **odd})
    assert page.next_page_info() == {"offset": 2}
    assert ASSETS.from_dict({"hits": [], **odd}).next_page_info() is None
    full, empty = answered(json={"hits": [{"id": "a"}], **odd}), answered(json={"hits": [], **odd})
    async with serving(full, full, empty) as server:
        search: Search[Async] = Search(connect.core(server.url))
        assert [hit.id async for hit in search.asset_search(query="q")] == ["a", "a"]
        assert [request.json.get("offset") for request in server.requests] == [None, 1, 2]


@pytest.mark.parametrize("token", [["a"], {"a": 1}, 0.5])
async def test_a_token_that_is_no_string(service: Service, call: Call, token: Any) -> None:
    """The error shows the response, instead of an error about an argument that nobody gave."""
    service.answers({"models": [], "nextPaginationToken": token})
    with pytest.raises(APIResponseValidationError, match="no string in 'next_pagination_token'"):
        await call("models.list")


async def test_a_token_that_is_a_number(connect: Connector) -> None:
    """It is sent back as a string."""
    first = answered(json={"models": [{"id": "a"}], "nextPaginationToken": 5})
    async with serving(first, answered(json={"models": [{"id": "b"}]})) as server:
        models: Models[Async] = Models(connect.core(server.url))
        assert [model.id async for model in models.list()] == ["a", "b"]
        assert server.requests[1].target.endswith("?paginationToken=5")


async def test_offsets_that_are_strings_of_digits(connect: Connector) -> None:
    """They are read as numbers."""
    first = answered(json={"hits": [{"id": "a"}], "offset": "0", "estimatedTotalHits": "2"})
    last = answered(json={"hits": [{"id": "b"}], "offset": "1", "estimatedTotalHits": "2"})
    async with serving(first, last) as server:
        search: Search[Async] = Search(connect.core(server.url))
        assert [hit.id async for hit in search.asset_search(query="q")] == ["a", "b"]
        assert len(server.requests) == 2
