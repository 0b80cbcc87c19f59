"""A server that responds to every documented operation with the documented example."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

from aiohttp import web
from anyio.from_thread import start_blocking_portal

from tests.contract.answers import Answers
from tests.contract.official import Operation, operations


@contextmanager
def mock_service() -> Generator[str]:
    """Serve the examples in another thread; yields the base URL."""
    application = web.Application()
    # The most specific path first: `…/training-images/pairs` also matches
    # `…/training-images/{trainingImageId}`.
    for one in sorted(operations().values(), key=lambda one: one.path.count("{")):
        application.router.add_route(one.method, f"/v1{one.path}", _answering(one))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    with start_blocking_portal() as portal:
        portal.call(runner.setup)
        portal.call(web.TCPSite(runner, "127.0.0.1", 0).start)
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        finally:
            portal.call(runner.cleanup)


def _answering(operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    example = json.dumps(Answers().of(operation)).encode()

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.Response(body=example, content_type="application/json")

    return answer
