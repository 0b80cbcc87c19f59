"""The names of the official package exist, and each means the type that the operation uses."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
from typing import Any, Final

import pytest
import scenario_sdk
import scenario_sdk.pagination
import scenario_sdk.types

import scenario_async
from scenario_async import InvalidArgumentError
from scenario_async._internal.declare.operation import answer_type_of
from scenario_async.pagination import Page
from tests.contract.declared import declared
from tests.contract.official import Operation, operations

MODULES: Final = [
    "types",
    *(
        f"types.{one.name}"
        for one in pkgutil.walk_packages(scenario_sdk.types.__path__, "")
        if one.ispkg and "." not in one.name
    ),
    "types.projects.webhook_endpoints",
    "types.teams.webhook_endpoints",
]
LEFT_OUT: Final = {
    *("AsyncStream", "Stream", "RequestOptions", "Transport", "ProxiesTypes", "file_from_path"),
    *("DEFAULT_CONNECTION_LIMITS", "DEFAULT_MAX_RETRIES", "DEFAULT_TIMEOUT"),
}
"""Names of the official root that only mean something to httpx; docs/differences.md lists them."""


@pytest.mark.parametrize("module", MODULES)
def test_every_type_exists(module: str) -> None:
    """Every name of a public module of types can be imported from the module of the same name."""
    official = importlib.import_module(f"scenario_sdk.{module}")
    ours = importlib.import_module(f"scenario_async.{module}")
    names = {name for name in vars(official) if name.endswith(("Response", "Params"))}
    assert names
    assert {name for name in names if not hasattr(ours, name)} == set()


@pytest.mark.parametrize("operation", operations().values(), ids=lambda operation: operation.name)
def test_a_response_name_is_the_class_of_the_response(operation: Operation) -> None:
    """The official name of a response means the class that the operation returns."""
    official: Any = operation.answer
    ours: Any = answer_type_of(declared()[operation.name])
    if not isinstance(ours, type) or official is object:
        assert ours is object or ours is Any
        return
    if issubclass(ours, Page):
        # For a page, the name belongs to the class of its items.
        official = official.__pydantic_generic_metadata__["args"][0]
    module = official.__module__.replace("scenario_sdk", "scenario_async").rpartition(".")[0]
    named = getattr(importlib.import_module(module), official.__name__)
    if issubclass(ours, Page):
        assert named.__name__ in str(ours.__annotations__[ours.items_field])
    else:
        assert named is ours


def test_every_name_of_the_root_exists() -> None:
    """Each export of the official package can be imported from this package, except names of httpx."""
    names = set(scenario_sdk.__all__)
    assert {name for name in names if not hasattr(scenario_async, name)} == LEFT_OUT


def test_every_page_exists() -> None:
    """Annotations with the official package's pages work: `SyncAssetsCursor[Asset]`."""
    threads = {"SyncThreadsCursor", "AsyncThreadsCursor"}  # no operation of the official package returns them
    for name in set(scenario_sdk.pagination.__all__) - threads:
        assert getattr(scenario_async.pagination, name)[str]


def test_parameters_are_dicts() -> None:
    """A parameter name creates a dict that the operation accepts."""
    parameters = scenario_async.types.ModelListParams(page_size=5)
    assert parameters == {"page_size": 5}


@pytest.mark.parametrize("name", ["DefaultHttpxClient", "DefaultAsyncHttpxClient", "Timeout"])
def test_names_of_httpx_name_their_replacement(name: str) -> None:
    """A name that only httpx uses raises an error with the replacement."""
    with pytest.raises(InvalidArgumentError, match="aiohttp"):
        getattr(scenario_async, name)(10.0)
    with pytest.raises(InvalidArgumentError, match="session="):
        scenario_async.DefaultAioHttpClient(proxy="http://127.0.0.1:1")


def test_the_version() -> None:
    """`__version__` is the version of the installed distribution."""
    assert scenario_async.__version__ == importlib.metadata.version("scenario-async")


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelled name of the root is refused as for any module."""
    with pytest.raises(AttributeError, match="Scenaro"):
        getattr(scenario_async, "Scenaro")  # noqa: B009 - checkers refuse the attribute
