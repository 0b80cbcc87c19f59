"""The client and the sandbox, which share no code for routes, have the same route for each operation."""

from __future__ import annotations

import pytest

from scenario_async.sandbox._internal.routes import API_ROUTES

from .declared import declared, route_of


@pytest.mark.parametrize("name", sorted(declared()))
def test_the_sandbox_has_a_route_for_each_operation(name: str) -> None:
    """This includes operations that the official package lacks."""
    assert route_of(declared()[name]) in API_ROUTES
