"""Responses as dicts, as JSON, in other processes and in web frameworks."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from typing import Any, Final

import attrs
import pytest
from pydantic import TypeAdapter, ValidationError

from scenario_async import InvalidArgumentError, Scenario
from scenario_async._internal.declare.operation import answer_type_of
from scenario_async._internal.declare.reading import structure
from scenario_async.sandbox import Sandbox
from scenario_async.values.model import Model, ModelResponse
from tests.contract.answers import Answers
from tests.contract.declared import declared
from tests.contract.official import Operation
from tests.contract.pair import each_operation

JSON: Final[dict[str, Any]] = {
    "model": {
        "id": "model_1",
        "name": "knights",
        "createdAt": "2025-01-01",
        "complianceMetadata": {"pegi": 3},
    },
    "requestedBy": "somebody",
}


@pytest.fixture
def response() -> ModelResponse:
    """A response with undeclared members."""
    return structure(JSON, ModelResponse)


def test_to_dict_returns_the_original_json(response: ModelResponse) -> None:
    """`to_dict` returns the API's own JSON, undeclared members included, and `from_dict` reads it again."""
    assert response.to_dict() == JSON
    assert json.loads(response.to_json()) == JSON
    assert ModelResponse.from_dict(response.to_dict()) == response


def test_model_dump_has_python_names(response: ModelResponse) -> None:
    """`model_dump` has Python names, and also the fields that are None."""
    dumped = response.model_dump()["model"]
    assert dumped["created_at"] == "2025-01-01"
    assert dumped["thumbnail"] is None
    assert "thumbnail" not in response.model_dump(exclude_none=True)["model"]


def test_undeclared_members_are_kept(response: ModelResponse) -> None:
    """A member that the class does not declare is in `model_extra`, and is an attribute."""
    assert response.model_extra == {"requestedBy": "somebody"}
    assert response.model.model_extra == {"complianceMetadata": {"pegi": 3}}
    assert getattr(response.model, "complianceMetadata") == {"pegi": 3}  # noqa: B009 - checkers know no such field
    with pytest.raises(AttributeError, match="complianceMetdata"):
        getattr(response.model, "complianceMetdata")  # noqa: B009 - the same


def test_nothing_undeclared_takes_no_memory() -> None:
    """A value without undeclared members has no dict for them."""
    assert not hasattr(structure({"id": "model_1"}, Model), "_extra")
    assert structure({"id": "model_1"}, Model).model_extra == {}


def test_pickle_and_copy_keep_all(response: ModelResponse) -> None:
    """A value is the same in another process (Celery, multiprocessing), and as a copy."""
    for other in (unpickled(response), copy.copy(response), copy.deepcopy(response)):
        assert other == response
        assert other.to_dict() == JSON


@each_operation
def test_every_response_round_trips(operation: Operation) -> None:
    """Every documented response becomes the same JSON again, with an undeclared member in each object."""
    answer = Answers(unknown=True).of(operation)
    read: Any = structure(answer, answer_type_of(declared()[operation.name]))
    assert as_json(read) == answer
    assert as_json(unpickled(read)) == answer


def unpickled(value: Any) -> Any:
    """A value as another process receives it."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - the bytes come from this test


def as_json(value: Any) -> Any:
    """The JSON of a response, which is a value or plain JSON already."""
    return value.to_dict() if hasattr(value, "to_dict") else value


async def test_a_page_is_pickled_without_its_client() -> None:
    """A pickled page keeps its items. A request for more raises an error instead of ending silently."""
    async with Sandbox() as sandbox:

        def program() -> Any:
            with Scenario(
                api_key=sandbox.api_key, api_secret=sandbox.api_secret, base_url=sandbox.base_url
            ) as c:
                for number in range(3):
                    c.models.create(name=f"{number}", type="flux.1-lora")
                page = c.models.list(page_size=2)
                assert [len(one.items) for one in page.iter_pages()] == [2, 1]
                assert list(attrs.asdict(page)) == ["models", "next_pagination_token"]
                assert attrs.asdict(page)["models"] == [attrs.asdict(model) for model in page.items]
                return unpickled(page), list(page)

        page, everything = await asyncio.to_thread(program)
    assert len(everything) == 3
    assert page.items == everything[:2]
    assert len({page, *everything}) == 4
    assert page.has_next_page()
    for fetch in (page.get_next_page, page.iter_pages):
        with pytest.raises(RuntimeError, match="unpickled"):
            fetch()
    with pytest.raises(RuntimeError, match="unpickled"):
        list(page)


def test_pydantic_reads_and_writes_values(response: ModelResponse) -> None:
    """A class of this package can annotate a field of Pydantic, is read from JSON and written unchanged."""
    adapter = TypeAdapter(ModelResponse)
    assert adapter.validate_python(JSON) == response
    assert adapter.validate_python(response) is response
    assert json.loads(adapter.dump_json(response)) == JSON
    assert adapter.json_schema(mode="serialization")["type"] == "object"


@pytest.mark.parametrize("wrong", [None, [1], [("model", "x")], "x", 5, b""])
def test_from_dict_of_no_mapping_is_refused(wrong: Any) -> None:
    """Pydantic reports it as an error of its own."""
    with pytest.raises(InvalidArgumentError, match="value: a mapping of fields is needed"):
        ModelResponse.from_dict(wrong)
    with pytest.raises(ValidationError, match="a mapping of fields is needed"):
        TypeAdapter(ModelResponse).validate_python(wrong)


def test_vars_is_to_dict(response: ModelResponse) -> None:
    """`vars`, which FastAPI uses to convert a result to JSON, equals `to_dict`."""
    assert vars(response) == JSON
