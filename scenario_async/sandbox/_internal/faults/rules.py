"""Rules for when and where faults happen."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from threading import Lock
from typing import Final, Self

from attrs import Factory, define, field, frozen, validators

from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.faults.fault import ALL_ROUTES, Fault
from scenario_async.sandbox._internal.faults.transient import TRANSIENT

MOST_KEPT: Final = 10_000
"""The number of latest injections, and of latest requests, that are kept. The counts have no limit."""


def _faults(given: Fault | Iterable[Fault]) -> tuple[Fault, ...]:
    return (given,) if isinstance(given, Fault) else tuple(given)


def _patterns(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _routes_of(rule: Rule) -> frozenset[str]:
    """The routes on which any of a rule's faults can happen."""
    for pattern in rule.on:
        if not any(fnmatchcase(route, pattern) for route in ALL_ROUTES):
            raise ValueError(f"no route of the sandbox is {pattern}: {', '.join(sorted(ALL_ROUTES))}")
    possible = {route for fault in rule.faults for route in fault.routes}
    routes = frozenset(route for route in possible if any(fnmatchcase(route, one) for one in rule.on))
    if not routes:
        raise ValueError(f"none of {rule.faults} can happen on {', '.join(rule.on)}")
    return routes


@frozen
class Rule:
    """When and where a fault happens. A rule does not change, so you can use it several times.

    Attributes:
        faults: The fault; or several faults, of which one is drawn each time: first a kind, then a fault of
            this kind.
        on: The routes to which it applies, in the form of the request log (``"POST
            /models/{modelId}/training-images"``). ``*`` matches anything: ``"* /storage/*"``.
        times: How often it happens at most; None sets no limit. ``Rule(fault, on="POST /assets", times=3)``
            affects the next three requests to ``POST /assets``.
        skip: The number of matching requests that succeed first.
        probability: The probability for each matching request, from 0 to 1.
        about: Limits the rule to requests about one thing: the id of a model, asset or upload in the path or
            body, or the name of an asset or of an upload's file. ``about="fox.png"`` affects all requests
            about this file.

    Raises:
        ValueError: None of the faults can happen on these routes, or a number is out of range.
    """

    faults: tuple[Fault, ...] = field(converter=_faults)
    on: tuple[str, ...] = field(default=("*",), converter=_patterns, kw_only=True)
    times: int | None = field(default=None, kw_only=True, validator=validators.optional(validators.ge(0)))
    skip: int = field(default=0, kw_only=True, validator=validators.ge(0))
    probability: float = field(default=1.0, kw_only=True, validator=[validators.ge(0), validators.le(1)])
    about: str | None = field(default=None, kw_only=True)
    routes: frozenset[str] = field(
        default=Factory(_routes_of, takes_self=True), init=False, repr=False, eq=False
    )

    async def candidates(self, arrival: Arrival) -> list[Fault]:
        """The faults that can happen to a request; none if the rule does not apply to it."""
        if arrival.key not in self.routes:
            return []
        if self.about is not None and self.about not in await arrival.subjects():
            return []
        return [
            fault for fault in self.faults if arrival.key in fault.routes and await fault.concerns(arrival)
        ]


@frozen
class Injection:
    """A fault that happened.

    Attributes:
        key: The method and route of the request that it happened to.
        number: The number of the request, counted from 1 on its route since the faults were set.
        fault: The fault.
    """

    key: str
    number: int
    fault: Fault


@define
class _Schedule:
    """A rule with its counts. Its ordinal never changes, but its position can."""

    rule: Rule
    ordinal: int
    seen: int = 0
    happened: int = 0


@frozen
class Taken:
    """A fault that will happen to a request now."""

    injection: Injection
    schedule: _Schedule


class Faults:
    """The rules for the faults of a sandbox. You can change them while it runs, from any thread.

    The first rule that applies decides. Random choices depend only on the seed, the rule, the request's route
    and the number of earlier requests on this route. So the same requests of a route fail, whatever the
    concurrency.

    Args:
        rules: The rules.
        seed: The seed for all random choices.
    """

    def __init__(self, *rules: Rule, seed: int = 0) -> None:
        self.seed = seed
        self._schedules: tuple[_Schedule, ...] = ()
        self._added = 0
        self._stopped = False
        # Tests change rules and read counts on their threads, while a sandbox works on its own thread.
        self._lock = Lock()
        self._arrived: Counter[str] = Counter()
        self._counts: Counter[tuple[str, Fault]] = Counter()
        self._latest: deque[Injection] = deque(maxlen=MOST_KEPT)
        for rule in rules:
            self.add(rule)

    @classmethod
    def random(cls, *, seed: int, rate: float = 0.2) -> Self:
        """Return faults of every temporary kind, which happen to each request with the probability `rate`.

        Permanent faults are not included: the plan's limit, a revoked key, a response that never comes, and
        an import that fails or never ends. `TRANSIENT` has the list. Delays are 0.05 seconds. To affect only
        some routes, use ``Faults(Rule(TRANSIENT, on="POST *", probability=0.2), seed=1)``.
        """
        return cls(Rule(TRANSIENT, probability=rate), seed=seed)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in the order in which they are checked."""
        return tuple(schedule.rule for schedule in self._schedules)

    def add(self, rule: Rule) -> None:
        """Add a rule, which is checked after the others."""
        with self._lock:
            self._schedules = (*self._schedules, _Schedule(rule, self._added))
            self._added += 1

    def remove(self, rule: Rule) -> None:
        """Remove a rule.

        Raises:
            ValueError: It is not one of the rules.
        """
        with self._lock:
            left = tuple(schedule for schedule in self._schedules if schedule.rule != rule)
            if len(left) == len(self._schedules):
                raise ValueError(f"{rule} is not one of these rules")
            self._schedules = left

    def stop(self) -> None:
        """Stop injecting faults and counting requests. Requests that hang continue to hang."""
        self._stopped = True

    def resume(self) -> None:
        """Continue after `stop`."""
        self._stopped = False

    def fresh(self) -> Faults:
        """Return the same rules and seed with all counts at zero."""
        return Faults(*self.rules, seed=self.seed)

    @property
    def injected(self) -> Sequence[Injection]:
        """The latest 10,000 injections, in order."""
        with self._lock:
            return tuple(self._latest)

    def count(self, what: type[Fault] | Fault | None = None, *, key: str | None = None) -> int:
        """Count the faults that happened.

        Args:
            what: Count only faults of this class, or only this fault.
            key: Count only faults on this route, such as ``"POST /assets"``.
        """
        with self._lock:
            counts = self._counts.copy()
        return sum(
            count
            for (injected_key, fault), count in counts.items()
            if (key is None or key == injected_key)
            and (what is None or what == fault or (isinstance(what, type) and isinstance(fault, what)))
        )

    async def take(self, arrival: Arrival) -> Taken | None:
        """Choose the fault for a request that arrives, and count it."""
        if self._stopped:
            return None
        self._arrived[arrival.key] += 1
        number = self._arrived[arrival.key]
        for schedule in self._schedules:
            fault = self._draw(schedule, arrival.key, number, await schedule.rule.candidates(arrival))
            if fault is not None:
                injection = Injection(arrival.key, number, fault)
                with self._lock:
                    schedule.happened += 1
                    self._counts[arrival.key, fault] += 1
                    self._latest.append(injection)
                return Taken(injection, schedule)
        return None

    def give_back(self, taken: Taken) -> None:
        """Remove a fault that did not happen from the counts."""
        with self._lock:
            taken.schedule.happened -= 1
            self._counts[taken.injection.key, taken.injection.fault] -= 1
            if taken.injection in self._latest:
                self._latest.remove(taken.injection)

    def _draw(self, schedule: _Schedule, key: str, number: int, candidates: Sequence[Fault]) -> Fault | None:
        if not candidates:
            return None
        rule = schedule.rule
        schedule.seen += 1
        if schedule.seen <= rule.skip or (rule.times is not None and schedule.happened >= rule.times):
            return None
        chance = random.Random(f"{self.seed} {schedule.ordinal} {key} {number}")  # noqa: S311 - no secret
        if chance.random() >= rule.probability:
            return None
        kind = chance.choice(list(_kinds(candidates)))
        return chance.choice([fault for fault in candidates if type(fault) is kind])

    def __repr__(self) -> str:
        state = " (stopped)" if self._stopped else ""
        return f"<Faults seed={self.seed} rules={len(self._schedules)} injected={self.count()}{state}>"


def _kinds(faults: Iterable[Fault]) -> Iterator[type[Fault]]:
    """Return the kinds of the faults, each once and in a fixed order."""
    yield from dict.fromkeys(type(fault) for fault in faults)
