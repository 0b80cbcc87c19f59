"""The same arguments make the same request in the official package and in ours."""

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
    """What the official client sends, and what ours does."""
    pair.server.answer({})
    pair.server.taken()
    pair.call(operation, *args, **kwargs)
    official, ours = pair.server.taken()
    return without_empty(official), without_empty(ours)


def without_empty(recorded: Recorded) -> Recorded:
    """Without the query parameters that are empty: the official package leaves out ``name=`` for ``""``."""
    return evolve(recorded, query=tuple((name, value) for name, value in recorded.query if value))


@each_operation
def test_all_arguments(pair: Pair, operation: Operation) -> None:
    """Every argument, by its documented name, travels in the same place and form."""
    official, ours = requests(pair, operation, **all_arguments(operation))
    assert ours == official


@each_operation
def test_required_arguments(pair: Pair, operation: Operation) -> None:
    """What need not be given leaves no trace, and what may be given by position is taken so."""
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
    # The clients keep no state from one example to the next.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_drawn_arguments(pair: Pair, operation: Operation, data: st.DataObject) -> None:
    """Whatever is given, it arrives in the same place and form."""
    official, ours = requests(pair, operation, **data.draw(drawn_arguments(operation)))
    assert ours == official
