"""Both clients have the same operations, with the same signatures and documentation."""

from __future__ import annotations

import inspect
import pydoc
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, get_args
from unittest.mock import create_autospec

import pytest

from scenario_async import AsyncScenario, Scenario
from scenario_async._internal.declare.operation import Operation, Resource
from scenario_async._internal.http.destinations import DEFAULT_BASE_URL
from scenario_async.resources.models import Models
from scenario_async.values import model
from scenario_async.values.training_image import TrainingImagePreset

BLOCKING = Scenario(api_key="the-key", api_secret="the-secret", base_url=DEFAULT_BASE_URL)
AWAITED = AsyncScenario(api_key="the-key", api_secret="the-secret", base_url=DEFAULT_BASE_URL)


def operations(resource: Resource[Any], path: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """All operations of a resource and of its subresources, by their dotted names."""
    for name, member in inspect.getmembers_static(type(resource)):
        if isinstance(member, Operation):
            yield path + name, getattr(resource, name)
        elif isinstance(member, cached_property) and name != "awaited":
            yield from operations(getattr(resource, name), f"{path}{name}.")


BLOCKING_OPERATIONS = dict(operations(BLOCKING))
AWAITED_OPERATIONS = dict(operations(AWAITED))


def is_coroutine_function(function: Any) -> bool:
    """Check like frameworks do: with `inspect`, or before Python 3.12 with `asyncio`'s marker."""
    return inspect.iscoroutinefunction(function) or hasattr(function, "_is_coroutine")


def test_both_clients_have_the_same_operations() -> None:
    assert list(BLOCKING_OPERATIONS) == list(AWAITED_OPERATIONS)
    assert {
        "assets.upload",
        "models.create",
        "models.training_images.add",
        "models.training_images.delete",
        "models.training_images.replace",
        "models.training_images.replace_pairs",
        "models.training_images.upload",
        "uploads.trigger_action",
    } <= BLOCKING_OPERATIONS.keys()


@pytest.mark.parametrize("name", BLOCKING_OPERATIONS)
def test_an_operation_has_the_same_documentation_on_both_clients(name: str) -> None:
    blocking, awaited = BLOCKING_OPERATIONS[name], AWAITED_OPERATIONS[name]
    assert callable(blocking)
    assert callable(awaited)
    assert inspect.signature(blocking) == inspect.signature(awaited)
    assert blocking.__doc__ == awaited.__doc__
    assert blocking.__name__ == name.rpartition(".")[-1]


@pytest.mark.parametrize("name", [name for name in BLOCKING_OPERATIONS if "." in name])
def test_the_documentation_has_every_argument(name: str) -> None:
    operation = BLOCKING_OPERATIONS[name]
    shown = pydoc.plain(pydoc.render_doc(operation))
    assert operation.__doc__
    for argument in inspect.signature(operation).parameters:
        assert f" {argument}: " in operation.__doc__, f"{argument} is not explained"
        assert argument in shown.split("\n\n")[1], f"{argument} is not among those that help() shows"


def test_an_unknown_argument_is_a_type_error_before_anything_is_sent() -> None:
    with pytest.raises(TypeError, match="no_such_argument"):
        BLOCKING_OPERATIONS["models.retrieve"]("model_1", no_such_argument=1)


def test_wrong_arguments_fail_at_the_call_under_the_name_of_the_operation() -> None:
    """Nothing is awaited: a missing argument raises at the call that lacks it."""
    with pytest.raises(TypeError, match=r"^Models\.retrieve\(\) missing a required argument: 'model_id'$"):
        AWAITED_OPERATIONS["models.retrieve"]()
    with pytest.raises(
        TypeError, match=r"^Models\.retrieve\(\) got an unexpected keyword argument 'no_such'$"
    ):
        AWAITED_OPERATIONS["models.retrieve"]("model_1", no_such=1)
    with pytest.raises(TypeError, match=r"^Models\.list\(\) got an unexpected keyword argument 'no_such'$"):
        AWAITED_OPERATIONS["models.list"](no_such=1)
    with pytest.raises(TypeError, match=r"TrainingImages\.upload\(\) got an unexpected keyword argument"):
        AWAITED_OPERATIONS["models.training_images.upload"]("model_1", "folder", no_such=1)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("client", [BLOCKING, AWAITED])
def test_reading_all_attributes_gives_no_warning(client: Scenario | AsyncScenario) -> None:
    """Mocks and debuggers read them; a deprecated operation gives its warning when it is called."""
    for one in (client, client.workflows, client.oscu):
        assert create_autospec(one)
    with pytest.raises(DeprecationWarning, match=r"use pricing\.oscu\.retrieve_prices"):
        client.oscu.retrieve_prices()


async def test_a_mock_of_a_client_has_the_operations_with_their_arguments() -> None:
    mock: Any = create_autospec(AWAITED)
    mock.models.retrieve.return_value = "a model"
    assert await mock.models.retrieve("model_1") == "a model"
    mock.models.training_images.upload.return_value = "a report"
    assert await mock.models.training_images.upload("model_1", "folder") == "a report"
    with pytest.raises(TypeError, match="no_such"):
        mock.models.retrieve("model_1", no_such=1)
    with pytest.raises(AttributeError):
        mock.models.no_such_operation  # noqa: B018 - only read


def test_help_of_a_resource_shows_its_operations_with_their_docs_and_plain_types() -> None:
    shown = pydoc.plain(pydoc.render_doc(AWAITED.models))
    # Python 3.13 writes each argument on another line, after a margin.
    assert re.search(r"retrieve\([\s|]*model_id: 'str',[\s|]+\*,", shown)
    for one in ("ModelRetrieveParams", "ModelListParams"):
        summary = (getattr(model, one).__doc__ or "").splitlines()[0]
        assert summary in shown
    assert not {"Query[", "OrDict[", "Body["} & set(re.findall(r"\w+\[", shown))


@pytest.mark.parametrize("name", ["models.create", "assets.upload", "models.training_images.upload"])
def test_a_coroutine_has_the_name_of_its_operation(name: str) -> None:
    """Python shows it in the warning about a forgotten `await`, and asyncio in the repr of a task."""
    arguments = {
        "models.create": (),
        "assets.upload": (),
        "models.training_images.upload": ("model_1", "folder"),
    }[name]
    coroutine = AWAITED_OPERATIONS[name](*arguments)
    coroutine.close()
    assert coroutine.__qualname__ == AWAITED_OPERATIONS[name].__qualname__


def test_the_repr_of_a_list_that_was_not_awaited_says_what_to_do() -> None:
    assert "await it" in repr(AWAITED.models.list())


def test_an_operation_can_be_called_as_a_function_of_its_class() -> None:
    with pytest.raises(TypeError, match=r"^Models\.retrieve\(\) missing"):
        Models.retrieve(BLOCKING.models)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]


def test_the_arguments_of_replace_are_the_documented_ones() -> None:
    parameters = inspect.signature(BLOCKING.models.training_images.replace).parameters
    assert next(iter(parameters)) == "training_image_id"
    assert parameters.keys() == {
        *("training_image_id", "model_id", "original_assets", "asset_id", "asset_ids", "data", "name"),
        *("preset", "project_id"),
    }
    assert parameters["training_image_id"].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert parameters["model_id"].kind is inspect.Parameter.KEYWORD_ONLY
    optional = [name for name, parameter in parameters.items() if parameter.default is None]
    assert set(parameters) - set(optional) == {"training_image_id", "model_id"}
    assert get_args(TrainingImagePreset) == ("default", "style", "subject")


@pytest.mark.parametrize("client", [BLOCKING, AWAITED])
def test_the_repr_of_a_client_shows_its_address_and_no_secret(
    client: Scenario | AsyncScenario,
) -> None:
    mode = "blocking" if client is BLOCKING else "awaited"
    shown = [
        repr(client),
        repr(client.with_options(project_id="project_1", extra_headers={"X-Own": "the-header"})),
        repr(client.models),
        repr(client.models.training_images),
    ]
    assert shown == [
        f"<{type(client).__name__} at {DEFAULT_BASE_URL}>",
        f"<{type(client).__name__} at {DEFAULT_BASE_URL} project 'project_1'>",
        f"<Models of <Transport to {DEFAULT_BASE_URL}>, {mode}>",
        f"<TrainingImages of <Transport to {DEFAULT_BASE_URL}>, {mode}>",
    ]


def test_a_resource_and_an_operation_are_created_once() -> None:
    assert BLOCKING.models.training_images is BLOCKING.models.training_images
    assert BLOCKING.models.training_images.add is BLOCKING.models.training_images.add


@pytest.mark.parametrize("name", AWAITED_OPERATIONS)
async def test_an_operation_of_the_asynchronous_client_returns_an_awaitable(name: str) -> None:
    operation = AWAITED_OPERATIONS[name]
    parameters = inspect.signature(operation).parameters.values()
    required: dict[str, Any] = {one.name: [] for one in parameters if one.default is inspect.Parameter.empty}
    outcome = operation(**required)
    assert inspect.isawaitable(outcome)
    assert is_coroutine_function(operation) is inspect.iscoroutine(outcome)  # False for a list
    if inspect.iscoroutine(outcome):
        outcome.close()


def test_frameworks_recognise_coroutine_functions() -> None:
    """Retry decorators, mocks and frameworks depend on this."""
    assert is_coroutine_function(AWAITED.models.retrieve)
    assert is_coroutine_function(AWAITED.models.training_images.upload)
    assert not any(is_coroutine_function(operation) for operation in BLOCKING_OPERATIONS.values())
