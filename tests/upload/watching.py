"""Observe requests while the sandbox handles them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped] # psutil has no types
from aiohttp import web
from attrs import Factory, define, field

from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Arrival, Fault
from scenario_async.upload.progress import UploadProgress

ATTACH = "POST /models/{modelId}/training-images"
LOOK_UP = "GET /models/{modelId}"
ASSETS = "POST /assets"
OPEN_UPLOAD = "POST /uploads"
COMPLETE_UPLOAD = "POST /uploads/{uploadId}/action"
PUT_PART = "PUT /storage/parts/{uploadId}/{number}"
DOWNLOAD = "GET /storage/assets/{assetId}"


@define(eq=False)
class Watch(Fault):
    """Forwards requests and records their content.

    Attributes:
        seconds: The delay of each request.
        bodies: The fields of each body.
        content_types: The ``Content-Type`` of each.
        times: The time of each arrival, by the monotonic clock.
        at_once: The number of concurrent requests when each arrived, including itself.
    """

    seconds: float = 0.0
    bodies: list[Mapping[str, Any]] = field(default=Factory(list[Mapping[str, Any]]), init=False)
    content_types: list[str] = field(default=Factory(list[str]), init=False)
    times: list[float] = field(default=Factory(list[float]), init=False)
    at_once: list[int] = field(default=Factory(list[int]), init=False)
    _now: int = field(default=0, init=False)

    async def spoil(self, arrival: Arrival) -> web.StreamResponse:
        """Record the request, delay it, and send the normal response."""
        self.times.append(time.monotonic())
        self.bodies.append(await arrival.fields())
        self.content_types.append(arrival.request.content_type)
        self._now += 1
        self.at_once.append(self._now)
        try:
            await arrival.wait(self.seconds)
            return await arrival.process()
        finally:
            self._now -= 1


@define(eq=False)
class Refused(Fault):
    """Respond with 400 and a message that the client does not know."""

    words: Iterator[str]

    async def spoil(self, arrival: Arrival) -> web.StreamResponse:
        """Refuse the request."""
        await arrival.swallow()
        return web.json_response({"reason": next(self.words)}, status=400)


def watch(sandbox: Sandbox, *routes: str, seconds: float = 0.0) -> Watch:
    """Record all requests to these routes from now on."""
    watching = Watch(seconds)
    sandbox.faults.add(Rule(watching, on=routes))
    return watching


def spoil(sandbox: Sandbox, *rules: Rule) -> None:
    """Use these fault rules and no others."""
    sandbox.faults = Faults(*rules)


def changing(sandbox: Sandbox) -> int:
    """The number of requests that changed anything."""
    return sandbox.requests.changes.total()


def when(name: str, stage: str, act: Callable[[], object]) -> Callable[[UploadProgress], None]:
    """Call a function once, when a file reaches a stage."""
    left = [act]

    def on_progress(progress: UploadProgress) -> None:
        if progress.path.name == name and progress.stage == stage and left:
            left.pop()()

    return on_progress


async def until(reached: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    while not reached():  # noqa: ASYNC110 - the sandbox has only numbers, no event to wait for
        await asyncio.sleep(0.01)


def open_files() -> set[str]:
    """The files that this process has open."""
    return {file.path for file in psutil.Process().open_files()}


async def numbers_printed_by(program: str, *arguments: str | Path) -> list[int]:
    """Run a Python program in a process of its own, and return the numbers that it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, *arguments),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    return [int(number) for number in output.split()]
