"""What the official package reads in an answer, ours reads too."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_async._internal.declare.converter import structure
from scenario_async._internal.declare.operation import answer_type_of

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
    """Every field that the official package gives is in our value, and equal."""
    pair.server.answer(answer)
    args, kwargs = required_arguments(operation)
    official, ours = pair.call(operation, *args, **kwargs)
    assert list(differences(official, ours)) == []


@each_form
@each_operation
def test_same_reading(pair: Pair, operation: Operation, answers: Answers) -> None:
    """An answer as documented, and one as the service may come to give it, reads the same in both."""
    assert_same_reading(pair, operation, answers.of(operation))


@each_operation
def test_an_empty_answer(pair: Pair, operation: Operation) -> None:
    """An answer without the fields that are documented as always there is read all the same, as in both."""
    assert_same_reading(pair, operation, {})


@each_operation
def test_as_documented(operation: Operation) -> None:
    """A strict client refuses nothing that the official package documents, no value of an enumeration."""
    answer_type: Any = answer_type_of(declared()[operation.name])
    for choice in range(longest_enumeration(operation)):
        structure(Answers(choice=choice).of(operation), answer_type, strict=True)
    structure(Answers(optional=False).of(operation), answer_type, strict=True)
