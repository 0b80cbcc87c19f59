"""Records the requests and responses of a client in order, on the client's side of the connection."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Literal
from unittest.mock import patch

from attrs import field, frozen

from scenario_async._internal.http import transport
from scenario_async._internal.http.exchange import Outgoing, exchange
from scenario_async.errors import Response


@frozen
class Event:
    """A request before it is sent, or a received response."""

    kind: Literal["request", "answer"]
    method: str
    path: str
    status: int | None = None
    moment: float = field(factory=time.monotonic)


@frozen
class Traffic:
    """All events in order."""

    events: list[Event] = field(factory=list[Event])

    def requests_after(self, is_it: Callable[[Event], bool]) -> list[Event]:
        """The requests that began after the first response for which a condition holds."""
        for place, event in enumerate(self.events):
            if event.kind == "answer" and is_it(event):
                return [later for later in self.events[place:] if later.kind == "request"]
        raise AssertionError("no such answer came")


@contextmanager
def watching() -> Generator[Traffic]:
    """Record the requests of all clients of this process."""
    traffic = Traffic()

    async def watched(outgoing: Outgoing[Any], *others: Any) -> Response:
        traffic.events.append(Event("request", outgoing.method, outgoing.url.path))
        response = await exchange(outgoing, *others)
        traffic.events.append(Event("answer", outgoing.method, outgoing.url.path, response.status_code))
        return response

    # Every attempt uses this method.
    with patch.object(transport, "exchange", watched):
        yield traffic
