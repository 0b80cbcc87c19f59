"""What came to a sandbox, and how it was answered."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from typing import Final

from attrs import define, field

MOST_KEPT: Final = 10_000
"""How many of the latest requests are kept one by one. The counts go on without limit."""


@define
class LoggedRequest:
    """One request; its status is None while it is unanswered, for ever if its connection broke."""

    method: str
    route: str
    path: str
    status: int | None = None

    @property
    def key(self) -> str:
        """The method and the route's template, as `RequestLog` counts them."""
        return f"{self.method} {self.route}"


@define(repr=False)
class RequestLog:
    """Counts requests by method and route template, and keeps the latest of them in order of arrival.

    ``requests["POST /models/{modelId}/training-images"]`` is how many of that kind arrived, whatever became
    of them. Iterating gives the latest `MOST_KEPT` requests, and `len` the number of all.
    Templates are told without the leading ``/v1``; a path that no route knows stands for itself.
    """

    _arrived: Counter[str] = field(factory=Counter[str], init=False)
    _answered: Counter[tuple[str, int]] = field(factory=Counter[tuple[str, int]], init=False)
    _latest: deque[LoggedRequest] = field(factory=lambda: deque(maxlen=MOST_KEPT), init=False)

    def arrived(self, method: str, route: str, path: str) -> LoggedRequest:
        """Note a request before anything is done about it."""
        logged = LoggedRequest(method, route, path)
        self._arrived[logged.key] += 1
        self._latest.append(logged)
        return logged

    def answered(self, logged: LoggedRequest, status: int) -> None:
        """Note how a request was answered."""
        logged.status = status
        self._answered[logged.key, status] += 1

    def count(self, key: str, status: int | None = None) -> int:
        """How many requests of a kind arrived, or how many of them were answered with one status."""
        return self._arrived[key] if status is None else self._answered[key, status]

    def counts(self) -> dict[str, int]:
        """How many requests of each kind arrived."""
        return dict(self._arrived)

    def clear(self) -> None:
        """Forget all."""
        self._arrived.clear()
        self._answered.clear()
        self._latest.clear()

    def __getitem__(self, key: str) -> int:
        return self._arrived[key]

    def __iter__(self) -> Iterator[LoggedRequest]:
        return iter(tuple(self._latest))

    def __len__(self) -> int:
        return self._arrived.total()

    def __repr__(self) -> str:
        return f"RequestLog({self.counts()!r})"
