"""The log of a sandbox's requests: their results and their responses."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from threading import Lock
from typing import Final

from attrs import define, field

from scenario_async.sandbox._internal.faults.arrival import SUCCESS
from scenario_async.sandbox._internal.faults.fault import Fault
from scenario_async.sandbox._internal.faults.rules import MOST_KEPT
from scenario_async.sandbox._internal.request_keys import RequestKey


@define
class LoggedRequest:
    """One request.

    Attributes:
        method: Its method.
        route: The template of its route, without the leading ``/v1``.
        path: Its path, without the query.
        status: The status of the response to the client; None if there is no response (yet).
        outcome: The status without the effect of a fault; None if the request was not processed (yet).
        changed: Whether it changed anything. This is true for every request other than a GET that was carried
            out, except those that certainly change nothing, such as a dry run.
        fault: The fault that happened to it, if any.
    """

    method: str
    route: str
    path: str
    status: int | None = None
    outcome: int | None = None
    changed: bool = False
    fault: Fault | None = None

    @property
    def key(self) -> str:
        """The method and the route's template, as `RequestLog` counts them."""
        return f"{self.method} {self.route}"


@define(repr=False)
class RequestLog:
    """Counts requests by method and route template, and keeps the latest of them in order of arrival.

    ``requests["POST /models/{modelId}/training-images"]`` is the number of requests to this route, and
    ``requests.changes["POST /models/{modelId}/training-images"]`` is the number of those that changed
    something. An iteration yields the latest 10,000 requests, and `len` returns the number of all
    requests. Templates have no leading ``/v1``. If no route matches a path, the path is used as the template.
    """

    _arrived: Counter[str] = field(factory=Counter[str], init=False)
    _changed: Counter[str] = field(factory=Counter[str], init=False)
    _answered: Counter[tuple[str, int]] = field(factory=Counter[tuple[str, int]], init=False)
    _latest: deque[LoggedRequest] = field(factory=lambda: deque(maxlen=MOST_KEPT), init=False)
    # Tests read it on their threads, while a sandbox works on its own thread.
    _lock: Lock = field(factory=Lock, init=False)

    def arrived(self, method: str, route: str, path: str) -> LoggedRequest:
        """Record a request before it is processed."""
        logged = LoggedRequest(method, route, path)
        with self._lock:
            self._arrived[logged.key] += 1
            self._latest.append(logged)
        return logged

    def processed(self, logged: LoggedRequest, status: int, *, changeable: bool) -> None:
        """Record the result of a request; `changeable` is False if it certainly changed nothing."""
        logged.outcome = status
        if changeable and logged.method != "GET" and status in SUCCESS:
            logged.changed = True
            with self._lock:
                self._changed[logged.key] += 1

    def answered(self, logged: LoggedRequest, status: int) -> None:
        """Record the response to a request."""
        logged.status = status
        with self._lock:
            self._answered[logged.key, status] += 1

    def count(self, key: str, status: int | None = None) -> int:
        """Count the requests of a kind, or those that got a certain status."""
        return self._arrived[key] if status is None else self._answered[key, status]

    def counts(self) -> Counter[str]:
        """The number of requests of each kind."""
        with self._lock:
            return self._arrived.copy()

    @property
    def changes(self) -> Counter[str]:
        """The number of requests of each kind that changed something, whatever response their clients got."""
        with self._lock:
            return self._changed.copy()

    def clear(self) -> None:
        """Remove all entries."""
        with self._lock:
            self._arrived.clear()
            self._changed.clear()
            self._answered.clear()
            self._latest.clear()

    def __getitem__(self, key: str) -> int:
        return self._arrived[key]

    def __iter__(self) -> Iterator[LoggedRequest]:
        with self._lock:
            return iter(tuple(self._latest))

    def __len__(self) -> int:
        return self.counts().total()

    def __repr__(self) -> str:
        return f"RequestLog({dict(self.counts())!r})"


LOGGED: Final = RequestKey("LOGGED", LoggedRequest)
"""The log's entry for a request."""
