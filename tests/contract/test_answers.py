"""Our package reads everything in a response that the official package reads."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_async._internal.declare.operation import answer_type_of
from scenario_async._internal.declare.reading import structure

from .answers import Answers, longest_enumeration
from .arguments import required_arguments
from .declared import declared
from .official import Operation
from .pair import Pair, each_operation
from .readings import differences

each_form = pytest.mark.parametrize(
    "answers",
    [
        pytest.param(Answers(), id="every field"),
        pytest.param(Answers(optional=False), id="required fields"),
        pytest.param(Answers(null=True), id="nulls"),
        pytest.param(Answers(unknown=True), id="unknown fields and values"),
    ],
)


def assert_same_reading(pair: Pair, operation: Operation, answer: Any) -> None:
    """Check that our value has every field of the official one, with an equal value."""
    pair.server.answer(answer)
    args, kwargs = required_arguments(operation)
    official, ours = pair.call(operation, *args, **kwargs)
    assert list(differences(official, ours)) == []


@each_form
@each_operation
def test_same_reading(pair: Pair, operation: Operation, answers: Answers) -> None:
    """A documented response, and one with possible later changes, gives the same values in both packages."""
    assert_same_reading(pair, operation, answers.of(operation))


@each_operation
def test_an_empty_response(pair: Pair, operation: Operation) -> None:
    """Both packages read a response without its required fields."""
    assert_same_reading(pair, operation, {})


@each_operation
def test_as_documented(operation: Operation) -> None:
    """A strict client accepts each documented response of the official package and each enumeration value."""
    answer_type: Any = answer_type_of(declared()[operation.name])
    for choice in range(longest_enumeration(operation)):
        structure(Answers(choice=choice).of(operation), answer_type, strict=True)
    structure(Answers(optional=False).of(operation), answer_type, strict=True)
