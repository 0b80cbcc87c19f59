"""Faults of the connection: it breaks, it hangs, or it ends in the middle of a response."""

from __future__ import annotations

from aiohttp import web
from attrs import field, frozen, validators

from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.faults.fault import Fault, When, WhenOrDuring, one_of


@frozen
class Drop(Fault):
    """The connection breaks, and there is no response.

    Attributes:
        when: ``"before"`` the request is processed, but after its body was read; ``"during"`` its body;
            or ``"after"`` it was processed.
        reset: Whether the connection is reset instead of closed. Clients report the two differently.
        after_bytes: The number of bytes of the body that are read first, if it breaks during the body.
    """

    when: WhenOrDuring = field(validator=one_of(WhenOrDuring))
    reset: bool = field(default=False, kw_only=True)
    after_bytes: int = field(default=1, kw_only=True, validator=validators.ge(0))

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Break the connection."""
        await _reach(arrival, self.when, self.after_bytes)
        arrival.drop(reset=self.reset)


@frozen
class Hang(Fault):
    """The sandbox sends nothing more, and the connection stays open.

    Attributes:
        when: ``"before"`` the request is processed, but after its body was read; ``"during"`` its body, so
            that the client cannot send the rest of a large one; or ``"after"`` it was processed.
        after_bytes: The number of bytes of the body that are read first, if it hangs during the body.
    """

    when: WhenOrDuring = field(validator=one_of(WhenOrDuring))
    after_bytes: int = field(default=1, kw_only=True, validator=validators.ge(0))

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Wait forever."""
        await _reach(arrival, self.when, self.after_bytes)
        await arrival.wait()
        return None


@frozen
class Delay(Fault):
    """The response is late. The request is processed even if the client does not wait for the response.

    Attributes:
        seconds: The delay.
        when: Whether the delay is ``"before"`` the request is processed or ``"after"``.
    """

    seconds: float = field(validator=validators.ge(0))
    when: When = field(validator=one_of(When))

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Wait, and return the normal response."""
        await (arrival.receive() if self.when == "before" else arrival.process())
        await arrival.wait(self.seconds)
        return await arrival.process()


@frozen
class Truncate(Fault):
    """The response is shorter than its ``Content-Length`` header. It happens after processing.

    Attributes:
        keep: The largest number of bytes that are sent; half of the body if not given.
    """

    keep: int | None = field(default=None, validator=validators.optional(validators.ge(0)))

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Send a part of the response and close the connection."""
        own = await arrival.process()
        body = own.body if isinstance(own, web.Response) and isinstance(own.body, bytes) else b""
        sent = body[: len(body) // 2 if self.keep is None else self.keep]
        answer = web.StreamResponse(status=own.status, headers={"Content-Type": own.content_type})
        answer.content_length = max(len(body), len(sent) + 1)
        await answer.prepare(arrival.request)
        await answer.write(sent)
        if arrival.request.transport is not None:
            arrival.request.transport.close()
        return answer


async def _reach(arrival: Arrival, when: WhenOrDuring, after_bytes: int) -> None:
    """Handle a request until the moment when the fault happens."""
    match when:
        case "before":
            await arrival.swallow()
        case "during":
            await arrival.nibble(after_bytes)
        case "after":
            await arrival.process()
