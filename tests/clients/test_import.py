"""Importing the package is fast, and all its names are available."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import scenario_async

from .programs import Program

HEAVY = """
import sys

def heavy():
    return sorted({"aiohttp", "anyio", "asyncio", "attr", "attrs", "cattrs", "orjson"} & sys.modules.keys())
"""


def test_the_import_loads_no_libraries(start: Callable[..., Program]) -> None:
    program = start(HEAVY + "import scenario_async\nprint(heavy())")
    assert program.output() == ["[]"]


def test_listing_and_reading_names_loads_no_libraries(start: Callable[..., Program]) -> None:
    program = start(
        HEAVY
        + """
import scenario_async
print("Scenario" in dir(scenario_async), hasattr(scenario_async, "Scenery"), heavy())
"""
    )
    assert program.output() == ["True False []"]


def test_only_a_strict_client_imports_cattrs_and_when_it_is_made(start: Callable[..., Program]) -> None:
    program = start(
        HEAVY
        + """
from scenario_async import AsyncScenario

for strict in (False, True):
    client = AsyncScenario(api_key="key", api_secret="secret", strict=strict)
    client.models
    print("cattrs" in heavy())
"""
    )
    assert program.output() == ["False", "True"]


def test_an_error_can_be_imported_without_the_client(start: Callable[..., Program]) -> None:
    program = start(HEAVY + "from scenario_async import ScenarioError\nprint('aiohttp' in heavy())")
    assert program.output() == ["False"]


def test_a_resource_is_loaded_when_it_is_first_used(start: Callable[..., Program]) -> None:
    program = start(
        """
import sys
from scenario_async import AsyncScenario

def loaded():
    nouns = "assets", "models", "uploads"
    return [noun for noun in nouns if f"scenario_async.resources.{noun}" in sys.modules]

client = AsyncScenario(api_key="key", api_secret="secret")
print(loaded())
client.assets
print(loaded())
"""
    )
    assert program.output() == ["[]", "['assets']"]


def test_anyio_and_the_readers_of_pictures_are_not_loaded_before_they_are_needed(
    start: Callable[..., Program],
) -> None:
    """Only the sandbox needs anyio, and only resources that send pictures need the readers of formats."""
    program = start(
        """
import sys
from scenario_async import AsyncScenario

def loaded():
    names = "anyio", "scenario_async._internal.pictures.structure"
    return [name for name in names if name in sys.modules]

client = AsyncScenario(api_key="key", api_secret="secret")
client.jobs, client.generate, client.models
print(loaded())
client.assets
print(loaded())
"""
    )
    assert program.output() == ["[]", "['scenario_async._internal.pictures.structure']"]


def test_all_names_exist_and_are_listed() -> None:
    for name in scenario_async.__all__:
        assert getattr(scenario_async, name) is not None
    assert set(scenario_async.__all__) <= set(dir(scenario_async))
    assert len(scenario_async.__all__) == len(set(scenario_async.__all__))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'scenario_async' has no attribute 'Scenery'"):
        getattr(scenario_async, "Scenery")  # noqa: B009 - checkers refuse the attribute
