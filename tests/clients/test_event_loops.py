"""The asynchronous client and event loops: one, several, closed ones and forked ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from scenario_async import AsyncScenario, ClientClosedError
from scenario_async.sandbox import Sandbox

from .programs import Program

pytestmark = pytest.mark.usefixtures("sandbox")


def test_one_client_works_on_one_loop_after_another(start: Callable[..., Program], model_id: str) -> None:
    program = start(
        """
import asyncio, gc, sys
from scenario_async import AsyncScenario

client = AsyncScenario()

async def main(close):
    print((await client.models.retrieve(sys.argv[1])).model.name)
    if close:
        await client.close()

asyncio.run(main(False))
asyncio.run(main(False))
gc.collect()
asyncio.run(main(True))
""",
        model_id,
    )
    assert program.output() == ["paper"] * 3


async def test_a_second_loop_beside_an_open_one_is_refused(model_id: str) -> None:
    async with AsyncScenario() as client:
        await client.models.retrieve(model_id)

        def elsewhere() -> None:
            asyncio.run(retrieve(client, model_id))

        with pytest.raises(ClientClosedError, match="another event loop, which is still open"):
            await asyncio.to_thread(elsewhere)
        assert (await client.models.retrieve(model_id)).model.id == model_id


async def test_each_loop_may_have_its_own_client(model_id: str, sandbox: Sandbox) -> None:
    async def once() -> None:
        async with AsyncScenario() as client:
            await retrieve(client, model_id)

    await asyncio.gather(once(), *(asyncio.to_thread(asyncio.run, once()) for _ in range(3)))
    assert sandbox.requests.count("GET /models/{modelId}", 200) == 4


@pytest.mark.parametrize(
    "in_child", ["pass", "del client; gc.collect()", "print(asyncio.run(name_and_close(client)))"]
)
def test_a_forked_child_does_not_use_the_connections_of_its_parent(
    start: Callable[..., Program], model_id: str, in_child: str
) -> None:
    """They share the sockets, and with some selectors even the events that the parent's loop waits for."""
    program = start(
        f"""
import asyncio, gc, os, sys
from scenario_async import AsyncScenario

async def name(client):
    return (await client.models.retrieve(sys.argv[1])).model.name

async def name_and_close(client):
    async with client:
        return await name(client)

runner = asyncio.Runner()
client = AsyncScenario()
runner.run(name(client))
child = os.fork()
if child == 0:
    {in_child}
    sys.exit(0)
print("child ended with", os.waitpid(child, 0)[1])
print("parent", runner.run(name(client)))
runner.run(client.close())
runner.close()
""",
        model_id,
    )
    *printed, ended, parent = program.output()
    assert (ended, parent) == ("child ended with 0", "parent paper")
    assert printed in ([], ["paper"])


async def retrieve(client: AsyncScenario, model_id: str) -> None:
    """One call."""
    await client.models.retrieve(model_id)
