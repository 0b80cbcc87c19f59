"""Requests by method and path whose response is converted to a class, on both clients."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_async import APIResponseValidationError
from scenario_async.values.model import ModelListResponse, ModelResponse

from .conftest import Call
from .mocked import Service


@pytest.mark.parametrize("client", [{}, {"strict": True}])
@pytest.mark.parametrize("body", [None, [1], [], "x", 5, True])
async def test_a_body_that_is_no_object(
    service: Service, call: Call, body: Any, client: dict[str, Any]
) -> None:
    """The error is that of the declared operation."""
    service.answers(body)
    with pytest.raises(APIResponseValidationError, match="is not a JSON object") as declared:
        await call("models.list", client=client)
    with pytest.raises(APIResponseValidationError) as raw:
        await call("get", "/models", cast_to=ModelListResponse, client=client)
    assert str(raw.value) == str(declared.value)
    assert raw.value.response == declared.value.response


async def test_a_strict_client_checks_the_class(service: Service, call: Call) -> None:
    """A client that is not strict keeps the undocumented field."""
    service.answers({"model": {"id": "m", "unknown": 1}})
    lenient = await call("get", "/models/m", cast_to=ModelResponse)
    assert lenient.model.model_extra == {"unknown": 1}
    with pytest.raises(APIResponseValidationError, match="is not as documented") as declared:
        await call("models.retrieve", "m", client={"strict": True})
    with pytest.raises(APIResponseValidationError) as raw:
        await call("get", "/models/m", cast_to=ModelResponse, client={"strict": True})
    assert str(raw.value) == str(declared.value)


async def test_a_list_without_a_list(service: Service, call: Call) -> None:
    service.answers({"models": "abc"})
    with pytest.raises(APIResponseValidationError, match="no list in 'models'"):
        await call("get", "/models", cast_to=ModelListResponse)


@pytest.mark.parametrize("body", [None, [1], "x", 5])
async def test_any_json_is_returned_without_a_class(service: Service, call: Call, body: Any) -> None:
    service.answers(body)
    assert await call("get", "/models", client={"strict": True}) == body
