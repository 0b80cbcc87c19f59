"""The operations of our clients, found in the tree of resources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from scenario_async import AsyncScenario
from scenario_async._internal.declare.catalogue import catalogue
from scenario_async._internal.declare.converter import fields_of, wire_name
from scenario_async._internal.declare.operation import Request
from scenario_async._internal.declare.wire import layout_of

from . import official


@cache
def declared() -> Mapping[str, type[Request[Any]]]:
    """The request class of each operation with a single request, by its Python name below the client."""
    client = AsyncScenario(api_key="key", api_secret="secret", base_url="http://localhost")
    return {one.name: one.request_type for one in catalogue(client) if one.request_type is not None}


def covered() -> list[official.Operation]:
    """The operations that both packages have."""
    return [one for name, one in official.operations().items() if name in declared()]


def route_of(request_type: type[Request[Any]]) -> str:
    """The method and the path's template, with the API's names."""
    layout = layout_of(request_type)
    path = layout.template
    for one in fields_of(request_type):
        path = path.replace(f"{{{one.name}}}", f"{{{wire_name(one)}}}")
    return f"{layout.method} {path}"


@cache
def beyond() -> frozenset[str]:
    """The operations that only our package has; a test in `beyond/` names each."""
    tests = sorted(Path(__file__).with_name("beyond").glob("test_*.py"))
    named = [
        re.findall(r'^OPERATION = "(.+)"$', test.read_text(encoding="utf-8"), re.MULTILINE) for test in tests
    ]
    return frozenset(name for names in named for name in names)
