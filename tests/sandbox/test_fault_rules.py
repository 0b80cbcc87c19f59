"""When and where faults happen, and how they are counted."""

from __future__ import annotations

import io
from typing import Any

import pytest
from aiohttp import web
from attrs import frozen

from scenario_async.sandbox import Faults, Rule
from scenario_async.sandbox.faults import (
    Arrival,
    Drop,
    EmptyBody,
    Fault,
    Garbled,
    Injection,
    ServerError,
    URLExpired,
)

from .wire import Wire, encoded, eventually, picture, raw, running

DOWN = ServerError(503, "before")
ATTACH = "POST /models/{modelId}/training-images"


async def statuses(wire: Wire, count: int, method: str = "GET", path: str = "/models") -> list[int]:
    """The statuses of the given number of requests, sent one after the other."""
    body: Any = {} if method == "POST" else None
    return [(await wire.ask(method, path, body)).status for _ in range(count)]


async def test_nothing_by_default(wire: Wire) -> None:
    """A sandbox has no faults unless they are configured."""
    assert await statuses(wire, 20) == [200] * 20
    assert wire.sandbox.faults.rules == ()
    assert wire.sandbox.faults.count() == 0


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({}, [503, 503, 503, 503, 503]),
        ({"times": 3}, [503, 503, 503, 200, 200]),
        ({"times": 0}, [200, 200, 200, 200, 200]),
        ({"skip": 2}, [200, 200, 503, 503, 503]),
        ({"skip": 1, "times": 2}, [200, 503, 503, 200, 200]),
        ({"probability": 0.0}, [200, 200, 200, 200, 200]),
    ],
)
async def test_schedule(wire: Wire, schedule: dict[str, Any], expected: list[int]) -> None:
    """A rule skips some requests, affects some, and then ends."""
    wire.sandbox.faults = Faults(Rule(DOWN, **schedule))
    assert await statuses(wire, 5) == expected


async def test_routes(wire: Wire) -> None:
    """A rule affects the routes that it names, one, several or a pattern, and counts only those."""
    for on, expected in (
        ("GET /models", [503, 200, 200]),
        (("GET /models", "POST /models"), [503, 503, 200]),
        ("* /models", [503, 503, 200]),
        ("POST *", [200, 503, 200]),
        ("*", [503, 503, 503]),
    ):
        rule = Rule(DOWN, on=on)
        wire.sandbox.faults = Faults(rule)
        answers = [
            await statuses(wire, 1, method, path)
            for method, path in (("GET", "/models"), ("POST", "/models"), ("GET", "/assets"))
        ]
        assert [status for (status,) in answers] == expected


async def test_template_and_path(wire: Wire) -> None:
    """A rule names a route by its template; the paths below it are one route."""
    models = [await wire.model() for _ in range(3)]
    wire.sandbox.faults = Faults(Rule(DOWN, on="GET /models/{modelId}", times=2))
    assert [(await wire.ask("GET", f"/models/{one}")).status for one in models] == [503, 503, 200]
    assert wire.sandbox.faults.count(key="GET /models/{modelId}") == 2


@pytest.mark.parametrize(
    ("fault", "on"),
    [
        (DOWN, "POST /model"),
        (DOWN, "POST /v1/models"),
        (DOWN, ("POST /models", "POST /asset")),
        (DOWN, ()),
        ((), "*"),
        (URLExpired(), "POST /assets"),
        (Garbled("after"), "PUT /storage/*"),
    ],
)
def test_rule_that_could_never_apply(fault: Fault | tuple[Fault, ...], on: str | tuple[str, ...]) -> None:
    """A rule that could never apply raises where it is created."""
    with pytest.raises(ValueError, match=r"route|can happen"):
        Rule(fault, on=on)


@pytest.mark.parametrize(
    "schedule", [{"times": -1}, {"skip": -1}, {"probability": -0.1}, {"probability": 1.1}]
)
def test_invalid_schedule(schedule: dict[str, Any]) -> None:
    """An invalid schedule is refused."""
    with pytest.raises(ValueError, match=next(iter(schedule))):
        Rule(DOWN, **schedule)


async def test_a_path_that_the_sandbox_does_not_have(wire: Wire) -> None:
    """The response says so, with and without faults."""
    wire.sandbox.faults = Faults(Rule(DOWN))
    assert (await wire.ask("GET", "/unheard-of")).status == 501


async def test_first_rule_decides(wire: Wire) -> None:
    """Rules are checked in order, and the first that applies decides."""
    wire.sandbox.faults = Faults(
        Rule(ServerError(500, "before"), on="GET /models", times=1),
        Rule(ServerError(502, "before"), on="GET /models", times=1),
        Rule(ServerError(504, "before"), on="GET *", skip=1),
    )
    # The last rule gets only the requests that the other rules let pass.
    assert await statuses(wire, 5) == [500, 502, 200, 504, 504]


async def test_switching_while_it_runs(wire: Wire) -> None:
    """Rules can be added, removed, stopped and resumed while the sandbox runs."""
    faults = wire.sandbox.faults
    rule = Rule(DOWN, on="GET /models", times=3)
    faults.add(rule)
    assert await statuses(wire, 1) == [503]
    faults.stop()
    assert await statuses(wire, 2) == [200, 200]
    faults.resume()
    # Requests that passed in the meantime were not counted.
    assert await statuses(wire, 3) == [503, 503, 200]
    faults.add(Rule(ServerError(500, "before")))
    assert await statuses(wire, 1) == [500]
    faults.remove(Rule(ServerError(500, "before")))
    assert await statuses(wire, 1) == [200]
    with pytest.raises(ValueError, match="not one of these rules"):
        faults.remove(Rule(ServerError(500, "before")))
    assert faults.rules == (rule,)
    wire.sandbox.faults = Faults(Rule(ServerError(504, "before")))
    assert await statuses(wire, 1) == [504]
    assert faults.count() == 4


async def test_fresh(wire: Wire) -> None:
    """The same faults can start again with all counts at zero."""
    used = wire.sandbox.faults = Faults(Rule(DOWN, times=1), seed=3)
    assert await statuses(wire, 2) == [503, 200]
    fresh = wire.sandbox.faults = used.fresh()
    assert (fresh.count(), fresh.rules, fresh.seed) == (0, used.rules, 3)
    assert await statuses(wire, 2) == [503, 200]
    assert used.count() == fresh.count() == 1


async def test_faults_are_counted(wire: Wire) -> None:
    """Faults are counted by kind, by fault, by route and one by one, and every request is counted."""
    wire.sandbox.faults = Faults(
        Rule(DOWN, on="GET /models", times=2),
        Rule([EmptyBody("before"), Garbled("before")], on="POST /models", skip=1),
    )
    await statuses(wire, 3)
    await statuses(wire, 3, "POST")
    faults, requests = wire.sandbox.faults, wire.sandbox.requests
    assert (faults.count(), faults.count(ServerError), faults.count(DOWN)) == (4, 2, 2)
    assert faults.count(ServerError(500, "before")) == faults.count(Drop) == 0
    assert faults.count(EmptyBody) + faults.count(Garbled) == 2
    assert (faults.count(key="POST /models"), faults.count(DOWN, key="POST /models")) == (2, 0)
    assert faults.injected[:2] == (Injection("GET /models", 1, DOWN), Injection("GET /models", 2, DOWN))
    assert [(one.key, one.number) for one in faults.injected[2:]] == [
        ("POST /models", 2),
        ("POST /models", 3),
    ]
    assert requests.counts() == {"GET /models": 3, "POST /models": 3}
    assert [logged.fault for logged in requests][:3] == [DOWN, DOWN, None]
    assert [logged.fault for logged in requests][4:] == [one.fault for one in faults.injected[2:]]
    assert repr(faults) == "<Faults seed=0 rules=2 injected=4>"
    faults.stop()
    assert repr(faults) == "<Faults seed=0 rules=2 injected=4 (stopped)>"


async def test_about_a_file(wire: Wire) -> None:
    """A rule about a file follows it as a new asset, as an asset, and as an upload."""
    model_id = await wire.model()
    content = picture()
    upload = {"kind": "image", "contentType": "image/png", "fileSize": len(content), "parts": 1}

    async def go_its_way(name: str) -> list[int]:
        seen: list[int] = []

        async def twice(method: str, path: str, body: Any = None) -> Any:
            answers = [await wire.ask(method, path, body) for _ in range(2)]
            seen.extend(answer.status for answer in answers)
            return answers[-1].body

        asset = (await twice("POST", "/assets", {"image": encoded(content), "name": name}))["asset"]
        await twice("GET", f"/assets/{asset['id']}")
        await twice("POST", f"/models/{model_id}/training-images", {"assetIds": [asset["id"]]})
        began = (await twice("POST", "/uploads", {**upload, "fileName": name}))["upload"]
        puts = [await wire.fetch("PUT", began["parts"][0]["url"], data=io.BytesIO(content)) for _ in range(2)]
        return seen + [answer.status for answer in puts]

    routes = ("POST /assets", "GET /assets/{assetId}", ATTACH, "POST /uploads", "PUT /storage/*")
    wire.sandbox.faults = Faults(*(Rule(DOWN, on=route, about="fox.png", times=1) for route in routes))
    plain = await go_its_way("hen.png")
    assert plain == [200, 200, 200, 200, 200, 400, 200, 200, 200, 200]
    assert await go_its_way("fox.png") == [503, 200] * 5


async def test_about_an_id(wire: Wire) -> None:
    """A rule may be about an id in the path."""
    one, other = await wire.model(), await wire.model()
    wire.sandbox.faults = Faults(Rule(DOWN, about=one))
    for path, status in ((f"/models/{one}", 503), (f"/models/{other}", 200), ("/models", 200)):
        assert (await wire.ask("GET", path)).status == status


async def test_about_with_an_unreadable_body(wire: Wire) -> None:
    """A rule that reads bodies ignores an unreadable body, so that the service refuses it."""
    wire.sandbox.faults = Faults(Rule(DOWN, about="fox.png"))
    json = {"Content-Type": "application/json"}
    too_large = b" " * 6_000_001
    for body in (b"", b"{", b"[]", b'{"name": 1, "assetIds": [1], "fileName": {}}', b"\xff", too_large):
        for path, refusals in (("/models/x/training-images", {400, 404}), ("/assets", {400})):
            answer = await wire.ask("POST", path, headers=json, data=io.BytesIO(body))
            assert answer.status in refusals
    assert wire.sandbox.faults.count() == 0


async def test_about_with_an_incomplete_body(wire: Wire) -> None:
    """If a client disconnects during a body that a rule reads, the request is logged as arrived only."""
    wire.sandbox.faults = Faults(Rule(DOWN, about="fox.png"))
    async with raw(wire, "POST", "/v1/assets", length=100) as (_, writer):
        writer.write(b'{"name": "fox.png"')
        await eventually(lambda: wire.sandbox.requests["POST /assets"] == 1)
    # The connection's end arrives before the next request.
    assert await statuses(wire, 3) == [200, 200, 200]
    first = next(iter(wire.sandbox.requests))
    assert (first.status, first.fault) == (None, None)
    assert wire.sandbox.faults.count() == 0


@frozen
class Renamed(Fault):
    """A custom fault: the response has another model name."""

    name: str
    routes = frozenset({"POST /models", "PUT /models/{modelId}"})

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Process the request, and change the response."""
        own = await arrival.process_successfully()
        if self.name == "":
            raise web.HTTPConflict
        return None if own is None else web.json_response({"model": {"id": "model_x", "name": self.name}})


async def test_custom_fault() -> None:
    """A fault can be defined outside of the package."""
    async with running(faults=Faults(Rule(Renamed("hen")))) as wire:
        assert (await wire.ask("POST", "/models", {"name": "fox"})).body["model"]["name"] == "hen"
        assert [model.name for model in wire.sandbox.state.models.values()] == ["fox"]
        assert (await wire.ask("POST", "/models", {"name": 1})).status == 400
        assert wire.sandbox.faults.count(Renamed) == 1
        wire.sandbox.faults = Faults(Rule(Renamed("")))
        assert (await wire.ask("POST", "/models", {})).status == 409
        assert len(wire.sandbox.state.models) == 2
