"""``scenario-async models create`` and ``models list``."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

from aiohttp import web
from attrs import frozen

from scenario_async._internal.declare.converter import members_of
from scenario_async.cli._internal.models import list_
from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Arrival, Fault
from scenario_async.values.model import ModelListParams

from .running import run


async def test_a_model_is_created_and_listed(sandbox: Sandbox, model: Model) -> None:
    created = await run("models", "create", "knights", "--type", "flux.2-dev-lora")
    assert (created.status, created.errors) == (0, "")
    made = sandbox.state.models[created.output.strip()]
    assert (made.name, made.type) == ("knights", "flux.2-dev-lora")
    listed = await run("models", "list")
    rows = [line.split() for line in listed.output.splitlines()]
    assert rows[0] == ["model", "status", "name", "type", "created"]
    assert [row[0] for row in rows[1:]] == [made.id, model.id]
    limited = await run("models", "list", "--json", "--limit", "1")
    assert [one["id"] for one in limited.json] == [made.id]


@frozen
class HostileId(Fault):
    """Answers with a model whose id has an escape sequence, a line break and an override of direction."""

    async def spoil(self, arrival: Arrival) -> web.StreamResponse:
        """Answer."""
        await arrival.swallow()
        return web.json_response({"model": {"id": "m\x1b]0;t\x07\n\u202eforged", "name": "x"}})


async def test_the_id_of_a_created_model_is_escaped(sandbox: Sandbox) -> None:
    sandbox.faults = Faults(Rule(HostileId(), on="POST /models"))
    ended = await run("models", "create", "x")
    assert (ended.status, ended.output) == (0, r"m\u001b]0;t\u0007\n\u202eforged" + "\n")


async def test_an_empty_list_is_reported(sandbox: Sandbox) -> None:
    ended = await run("models", "list")
    assert (ended.status, ended.output) == (0, "no models\n")
    assert sandbox.requests.changes.total() == 0


def test_the_statuses_of_the_option_are_those_of_the_operation() -> None:
    """They stand in the command too, so that its help imports no operation."""
    option: Any = next(one for one in list_.params if one.name == "status")
    kinds = members_of(get_type_hints(ModelListParams)["status"])
    assert tuple(option.type.choices) == tuple(name for kind in kinds for name in get_args(kind))
