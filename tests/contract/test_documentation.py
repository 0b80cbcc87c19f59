"""Our package has exactly the operations in the official package's documentation."""

from __future__ import annotations

import re

from scenario_async._internal.declare.converter import fields_of, wire_name

from .declared import covered, declared
from .official import Operation, documented, operations
from .pair import each_operation


def test_documented_operations() -> None:
    """The list has 143 operations, and the installed package has each under its name."""
    assert len(documented()) == len(operations()) == 143


def test_every_operation_exists() -> None:
    """Our client has every documented operation under its documented name."""
    assert documented().keys() - declared().keys() == set()
    assert len(covered()) == 143


def test_no_other_operation_exists() -> None:
    """Our client sends no undocumented requests."""
    assert declared().keys() - documented().keys() == set()


@each_operation
def test_endpoint(operation: Operation) -> None:
    """An operation is declared with its documented method and path."""
    request = declared()[operation.name]
    in_path = {one.name: wire_name(one) for one in fields_of(request)}
    template = re.sub(r"\{(\w+)\}", lambda found: f"{{{in_path[found[1]]}}}", request.endpoint)
    assert template == f"{operation.method} {operation.path}"
