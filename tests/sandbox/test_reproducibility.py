"""Random faults that are the same in each run, and the preset that uses them."""

from __future__ import annotations

import asyncio
import inspect
from collections import Counter
from typing import Any

import aiohttp
import pytest

from scenario_async.sandbox import Faults, Rule, faults
from scenario_async.sandbox.faults import (
    INCONSISTENT,
    TRANSIENT,
    Delay,
    Fault,
    Injection,
    ServerError,
    SlowImport,
)

from .wire import Wire, running

PERMANENT = {
    faults.PlanLimit,
    faults.Unauthorized,
    faults.Hang,
    faults.FailedImport,
    faults.JobFails,
    faults.ModelInTraining,
    faults.PictureModerated,
}
REQUESTS: list[tuple[str, str, Any]] = [
    ("POST", "/models", {}),
    ("GET", "/models", None),
    ("GET", "/assets", None),
]
KINDS: set[type[Fault]] = {
    kind
    for kind in vars(faults).values()
    if inspect.isclass(kind) and issubclass(kind, Fault) and not inspect.isabstract(kind)
}


class BrokenError(Exception):
    """A connection broke."""


async def once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Prevent aiohttp from repeating requests by itself when a connection breaks."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectionError as error:
        raise BrokenError(type(error).__name__) from error


async def attempt(wire: Wire, method: str, path: str, body: Any = None) -> int | str:
    """Send a request once; return the status of the response, or the error of the connection."""
    try:
        answer = await wire.ask(method, path, body, middlewares=(once,))
    except BrokenError as error:
        return str(error)
    except aiohttp.ClientPayloadError as error:
        return type(error).__name__
    return answer.status


async def one_by_one(seed: int) -> tuple[list[int | str], tuple[Injection, ...]]:
    """Send sixty requests of three kinds one after the other.

    Return their results and the injected faults.
    """
    async with running(faults=Faults.random(seed=seed, rate=0.3)) as wire:
        seen = [await attempt(wire, *request) for _ in range(20) for request in REQUESTS]
        return seen, tuple(wire.sandbox.faults.injected)


async def test_same_seed_same_faults() -> None:
    """The same requests in the same order get the same faults; another seed gives other faults."""
    first, again, other = [await one_by_one(seed) for seed in (7, 7, 8)]
    assert first == again
    assert len(first[1]) > 5
    assert other[1] != first[1]


async def test_concurrency() -> None:
    """Concurrent requests get the same faults as consecutive ones, route by route."""
    _, expected = await one_by_one(7)
    async with running(faults=Faults.random(seed=7, rate=0.3)) as wire:
        await asyncio.gather(*(attempt(wire, *request) for request in REQUESTS for _ in range(20)))
        injected = wire.sandbox.faults.injected
    assert set(injected) == set(expected)
    assert len(injected) == len(expected)


async def test_other_rules_do_not_change_the_faults_of_a_rule(wire: Wire) -> None:
    """Adding and removing other rules does not change the faults of a rule."""
    chance = Rule(ServerError(503, "before"), probability=0.5)
    wire.sandbox.faults = Faults(chance, seed=1)
    alone = [await attempt(wire, "GET", "/models") for _ in range(20)]
    other = Rule(ServerError(500, "before"), on="POST *")
    wire.sandbox.faults = Faults(chance, other, seed=1)
    beside = [await attempt(wire, "GET", "/models") for _ in range(10)]
    wire.sandbox.faults.remove(other)
    beside += [await attempt(wire, "GET", "/models") for _ in range(10)]
    assert beside == alone
    assert set(alone) == {200, 503}


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 1.0])
async def test_rate(rate: float) -> None:
    """The preset affects about as many requests as its rate."""
    async with running(faults=Faults.random(seed=3, rate=rate)) as wire:
        slots = asyncio.Semaphore(20)

        async def one() -> None:
            async with slots:
                await attempt(wire, "GET", "/models")

        await asyncio.gather(*(one() for _ in range(400)))
        assert wire.sandbox.requests["GET /models"] == 400
        # Four standard deviations of a fair draw; the seed makes the draw the same in each run.
        allowance = 4 * (rate * (1 - rate) / 400) ** 0.5
        assert abs(wire.sandbox.faults.count() / 400 - rate) <= allowance


async def test_every_transient_kind_occurs() -> None:
    """Each kind that is possible on a route occurs, and none prevents the others."""
    async with running(faults=Faults(Rule(TRANSIENT), seed=5)) as wire:
        await asyncio.gather(*(attempt(wire, "GET", "/models") for _ in range(300)))
        kinds = Counter(type(injection.fault) for injection in wire.sandbox.faults.injected)
        expected = {type(fault) for fault in TRANSIENT if "GET /models" in fault.routes}
        assert kinds.keys() == expected
        assert max(kinds.values()) < 3 * min(kinds.values())


def test_preset_is_complete() -> None:
    """The presets have every kind that is transient, and none of their delays is long."""
    assert KINDS > PERMANENT
    assert {type(fault) for fault in (*TRANSIENT, *INCONSISTENT)} == KINDS - PERMANENT
    assert all(fault.seconds <= 0.05 for fault in TRANSIENT if isinstance(fault, Delay))
    assert SlowImport() not in TRANSIENT
    assert len(set(TRANSIENT)) == len(TRANSIENT)
    assert Faults.random(seed=1).rules == (Rule(TRANSIENT, probability=0.2),)


@pytest.mark.parametrize("kind", sorted(KINDS, key=str))
def test_every_kind_documents_its_moment(kind: type[Fault]) -> None:
    """Each kind has a field or a description of whether it happens before or after processing."""
    field = "when" in inspect.signature(kind).parameters
    described = [
        moment
        for moment in ("before processing.", "after processing.")
        if moment in (inspect.getdoc(kind) or "")
    ]
    assert field + len(described) == 1
