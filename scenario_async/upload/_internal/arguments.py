"""Check arguments that an upload and other work have."""

from __future__ import annotations

from math import inf

from scenario_async._internal.declare.converter import is_number
from scenario_async._internal.http.options import LONGEST_TIME
from scenario_async.errors import InvalidArgumentError


def check_seconds(argument: str, given: object) -> None:
    """Check that an argument is None, or a number of seconds above 0; infinite seconds are no limit.

    Raises:
        InvalidArgumentError: It is not, or it is too large for a time.
    """
    if given is None:
        return
    if not is_number(given) or not given > 0:
        raise InvalidArgumentError(argument, given, "seconds are needed, more than 0")
    if LONGEST_TIME < given < inf:
        raise InvalidArgumentError(argument, given, "this number of seconds is too large; None is no limit")
