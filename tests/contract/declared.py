"""The operations that our clients have: found by walking the tree of resources."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from scenario_async import AsyncScenario
from scenario_async._internal.declare.catalogue import catalogue
from scenario_async._internal.declare.operation import Request

from . import official


@cache
def declared() -> Mapping[str, type[Request[Any]]]:
    """The request class of each operation that is one request, by its Python name below the client."""
    client = AsyncScenario(api_key="key", api_secret="secret", base_url="http://localhost")
    return {one.name: one.request_type for one in catalogue(client) if one.request_type is not None}


def covered() -> list[official.Operation]:
    """The official package's operations that ours has too."""
    return [one for name, one in official.operations().items() if name in declared()]
