"""The client and the sandbox, which know nothing of each other, agree on where each operation goes."""

from __future__ import annotations

import pytest

from scenario_async.sandbox._internal.routes import API_ROUTES

from .declared import declared, route_of


@pytest.mark.parametrize("name", sorted(declared()))
def test_the_sandbox_has_a_route_for_each_operation(name: str) -> None:
    """Also for operations that the official package does not have."""
    assert route_of(declared()[name]) in API_ROUTES
