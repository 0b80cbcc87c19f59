"""The base class of all errors, and the errors about arguments and clients."""

from __future__ import annotations

from typing import Any, Final

LONGEST_VALUE: Final = 120
"""The most characters of a wrong argument that its error shows."""

LONGEST_REASON: Final = 1000
"""The most characters of the service's message that an error shows; `reason` has the whole message."""

_LARGEST_WHOLE_NUMBER: Final = 2**63 - 1
"""The largest integer of 64 bits. Much larger ones cannot be converted to a float or to JSON."""

LONGEST_MESSAGE: Final = 1999
"""The most characters of an error about a request, without the ellipsis."""


class ScenarioError(Exception):
    """The base class of all errors of this package."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Created again from its message and its attributes. By default pickle would call `__init__` with only
        # the message, which has other arguments.
        return _unpickled, (type(self), self.args), self.__dict__


def _unpickled(cls: type[ScenarioError], args: tuple[Any, ...]) -> ScenarioError:
    return cls.__new__(cls, *args)


class InvalidArgumentError(ScenarioError, ValueError):
    """An argument is wrong, or a file or ledger that it names cannot be used.

    An operation of one request has sent nothing. An operation of several requests, such as `generate.run`,
    may have sent others before, for example if a ledger cannot be written any more.

    Attributes:
        argument: The argument's name; for a nested one, the path to it (``body[0].source_id``).
        value: The value that was given.
        expected: A sentence that says which value is needed.
    """

    def __init__(self, argument: str, value: object, expected: str) -> None:
        self.argument = argument
        self.value = value
        self.expected = expected
        super().__init__(f"{argument}: {printable(expected, LONGEST_REASON)}; got {_shortened(value)}")

    def __reduce__(self) -> tuple[Any, ...]:
        # An open file or another value may not be picklable.
        plain = (str, bytes, int, float, type(None))
        value = self.value if isinstance(self.value, plain) else _shortened(self.value)
        return _unpickled, (type(self), self.args), self.__dict__ | {"value": value}


def _shortened(value: object) -> str:
    """Return the repr of a value, shortened for an error message."""
    if isinstance(value, str | bytes | bytearray) and len(value) > LONGEST_VALUE:
        unit = "characters" if isinstance(value, str) else "bytes"
        return f"{value[:LONGEST_VALUE]!r}… ({len(value):,} {unit})"
    try:
        shown = repr(value)
    except Exception:  # noqa: BLE001 - the repr of a caller's object may raise any error
        shown = f"<{type(value).__name__}>"
    if len(shown) > LONGEST_VALUE:
        return f"{shown[:LONGEST_VALUE]}… ({len(shown):,} characters)"
    return shown


def printable(text: str, longest: int) -> str:
    """Return a text from outside in a form that is safe to show: shortened, with escapes."""
    shown = cut(text, longest)
    if shown.isprintable():
        return shown
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in shown)


def cut(text: str, longest: int) -> str:
    """Return a text; the beginning and an ellipsis if it is longer."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def is_encodable(text: str) -> bool:
    """Whether a string can be sent; one with a lone surrogate cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_boolean(argument: str, value: object) -> None:
    """Check that a value is True or False.

    Raises:
        InvalidArgumentError: It is not.
    """
    if not isinstance(value, bool):
        raise InvalidArgumentError(argument, value, "True or False is needed")


def check_whole_number(
    argument: str, value: object, *, at_least: int, at_most: int = _LARGEST_WHOLE_NUMBER
) -> None:
    """Check that a value is an integer, and neither too small nor too large.

    Raises:
        InvalidArgumentError: It is not.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < at_least:
        raise InvalidArgumentError(argument, value, f"a whole number is needed, {at_least} or more")
    if value > at_most:
        raise InvalidArgumentError(argument, value, f"a whole number is needed, at most {at_most:,}")


class MissingCredentialsError(ScenarioError):
    """No credentials were passed, and none are in the environment."""


class DisplayError(ScenarioError):
    """A report cannot be written as a page, because the package Jinja2 is not installed."""


class ClientClosedError(ScenarioError):
    """The client was closed, or belongs to another event loop than the running one."""
