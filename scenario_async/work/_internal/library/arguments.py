"""Check arguments that a sync and a shard have."""

from __future__ import annotations

from typing import Final, TypeGuard

from scenario_async._internal.declare.converter import is_number
from scenario_async._internal.paths import read_path
from scenario_async.errors import InvalidArgumentError, check_whole_number
from scenario_async.work._internal.arguments import check_sendable, check_text, check_texts

EXPECTED_LEDGER: Final = "a path or a postgresql:// URL is needed"

_MOST_AT_ONCE: Final = 1000
"""The most pictures at the same time; each of them has its own task."""
_SHORTEST_LEASE: Final = 0.01
_LARGEST_NUMBER: Final = 1e9
"""The largest rate and lease; event loops and databases refuse much longer times."""


def check_limits(concurrency: object, rate: object, lease: object) -> None:
    """Check the limits of a worker.

    Raises:
        InvalidArgumentError: One is wrong.
    """
    check_whole_number("concurrency", concurrency, at_least=1, at_most=_MOST_AT_ONCE)
    if rate is not None:
        _check_number("rate", rate, above=0)
    _check_number("lease", lease, above=_SHORTEST_LEASE)


def _check_number(name: str, given: object, *, above: float) -> None:
    if not is_number(given) or not above < given <= _LARGEST_NUMBER:
        expected = f"a number over {above:g} is needed, at most {_LARGEST_NUMBER:g}"
        raise InvalidArgumentError(name, given, expected)


def check_tags(tags: object) -> None:
    """Check that tags are a list of texts that can be sent.

    Raises:
        InvalidArgumentError: They are not, or one is blank.
    """
    for tag in check_texts("tags", tags, "a list of tags is needed"):
        check_text("tags", tag, "a list of tags is needed, and none of them may be blank")
    check_sendable("tags", tags)


def check_ledger(ledger: object) -> None:
    """Check a ledger that is a path; a URL may contain a password, so it is checked where it is opened.

    Raises:
        InvalidArgumentError: It is not a path.
    """
    if not is_ledger_url(ledger):
        read_path("ledger", ledger, EXPECTED_LEDGER)


def is_ledger_url(ledger: object) -> TypeGuard[str]:
    """Whether a ledger is a URL."""
    return isinstance(ledger, str) and "://" in ledger
