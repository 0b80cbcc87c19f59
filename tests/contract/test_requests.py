"""The same arguments give the same request in both packages."""

from __future__ import annotations

from typing import Any

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .arguments import all_arguments, drawn_arguments, required_arguments
from .official import Operation
from .pair import Pair, each_operation
from .server import Recorded


def requests(pair: Pair, operation: Operation, *args: Any, **kwargs: Any) -> tuple[Recorded, Recorded]:
    """The requests of the official client and of ours."""
    pair.server.answer({})
    pair.server.taken()
    pair.call(operation, *args, **kwargs)
    official, ours = pair.server.taken()
    return without_empty(official), without_empty(ours)


def without_empty(recorded: Recorded) -> Recorded:
    """A request without empty query parameters: for ``""`` the official package omits ``name=``."""
    return evolve(recorded, query=tuple((name, value) for name, value in recorded.query if value))


@each_operation
def test_all_arguments(pair: Pair, operation: Operation) -> None:
    """Every argument, by its documented name, is sent in the same place and form."""
    official, ours = requests(pair, operation, **all_arguments(operation))
    assert ours == official


@each_operation
def test_required_arguments(pair: Pair, operation: Operation) -> None:
    """Omitted optional arguments are not sent, and positional arguments are accepted by position."""
    args, kwargs = required_arguments(operation)
    official, ours = requests(pair, operation, *args, **kwargs)
    assert ours == official


@each_operation
@given(data=st.data())
@settings(
    derandomize=True,
    max_examples=15,
    deadline=None,
    database=None,
    # The clients keep no state between examples.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_drawn_arguments(pair: Pair, operation: Operation, data: st.DataObject) -> None:
    """Random arguments are sent in the same place and form."""
    official, ours = requests(pair, operation, **data.draw(drawn_arguments(operation)))
    assert ours == official
