"""Options of a single call: the keyword arguments that every operation takes in addition to its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from attrs import field, fields

from scenario_async._internal.declare.omitted import NOT_GIVEN
from scenario_async._internal.declare.value import Value


class CallOptions(Value):
    """Options of one call: ``client.models.list(timeout=5)``.

    They are fields of every request class, so that type checkers know them. Signatures and the reference do
    not show them.

    Args:
        extra_headers: Headers to send in addition to the client's.
        extra_query: Query parameters with the API's names. They replace parameters of the same name.
        extra_body: Fields to add to the JSON body, with the API's names.
        timeout: As for the client; None for no limit.
    """

    extra_headers: Mapping[str, str] | None = field(default=None, repr=False, kw_only=True)
    extra_query: Mapping[str, Any] | None = field(default=None, repr=False, kw_only=True)
    extra_body: Any = field(default=None, repr=False, kw_only=True)
    timeout: float | aiohttp.ClientTimeout | None = field(default=NOT_GIVEN, repr=False, kw_only=True)

    @property
    def changes_transport(self) -> bool:
        """Whether headers, query or timeout differ from the client's."""
        return self.timeout is not NOT_GIVEN or bool(self.extra_headers or self.extra_query)


CALL_OPTIONS: Final = frozenset(one.name for one in fields(CallOptions))
"""The names of the fields of `CallOptions`."""


def taken(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of the keyword arguments of a call, and empty the original.

    A display of the caller's locals then shows no `extra_headers`, which may have secrets.
    """
    copy = dict(arguments)
    arguments.clear()
    return copy
