"""Inject faults into requests."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from attrs import define, field

from scenario_async.sandbox._internal.faults.arrival import Arrival, Waiting
from scenario_async.sandbox._internal.faults.rules import Faults
from scenario_async.sandbox._internal.request_log import LOGGED


@define
class Injector:
    """Injects the faults of one sandbox, which can be replaced while it runs."""

    faults: Faults = field(factory=Faults)
    _waiting: Waiting = field(factory=Waiting, init=False)

    def open(self) -> None:
        """Start on the running event loop."""
        self._waiting = Waiting()

    async def close(self, *, patience: float) -> None:
        """Release the waiting requests, which have `patience` seconds to end."""
        await self._waiting.close(patience=patience)

    def middleware(self) -> Middleware:
        """The middleware in which faults happen."""

        @web.middleware
        async def inject(request: web.Request, handler: Handler) -> web.StreamResponse:
            faults = self.faults
            arrival = Arrival(request, handler, self._waiting)
            taken = await faults.take(arrival)
            if taken is None:
                return await handler(request)
            arrival.about = taken.schedule.rule.about
            logged = request[LOGGED]
            logged.fault = taken.injection.fault
            answer = await taken.injection.fault.spoil(arrival)
            if answer is None:
                logged.fault = None
                faults.give_back(taken)
                return await arrival.process()
            return answer

        return inject
