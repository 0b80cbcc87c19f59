"""``scenario-async sandbox`` runs the sandbox until it is interrupted."""

from __future__ import annotations

import shlex
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from scenario_async import AsyncScenario, PlanLimitError

from .running import Running, run, start


@asynccontextmanager
async def serving(*options: str) -> AsyncGenerator[tuple[Running, dict[str, str]]]:
    """A sandbox in another process, and the variables that it prints."""
    program = await start("sandbox", "--port", "0", *options)
    try:
        assert (await program.line()).startswith("# ")
        exported = dict[str, str]()
        for _ in range(3):
            command, setting = shlex.split(await program.line())
            assert command == "export"
            name, _, exported[name] = setting.partition("=")
            exported[name] = setting.partition("=")[2]
        yield program, exported
    finally:
        await program.kill()


async def test_it_prints_the_variables_responds_and_ends_with_ctrl_c(
    folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving() as (program, exported):
        assert set(exported) == {
            "SCENARIO_BASE_URL",
            "SCENARIO_SDK_API_KEY",
            "SCENARIO_SDK_API_SECRET",
        }
        for name, value in exported.items():
            monkeypatch.setenv(name, value)
        async with AsyncScenario() as client:
            model_id = (await client.models.create(name="paper")).model.id
            uploaded = await run("upload", folder_of(2), "--model", model_id)
            assert uploaded.status == 0
            assert len((await client.models.retrieve(model_id)).model.training_images or ()) == 2
        program.interrupt()
        ended = await program.ended(shows_secret=True)
        assert (ended.status, ended.output, ended.errors) == (0, "", "")


async def test_the_limit_of_the_plan_can_be_set(
    folder_of: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving("--training-image-limit", "1") as (_, exported):
        for name, value in exported.items():
            monkeypatch.setenv(name, value)
        async with AsyncScenario() as client:
            model_id = (await client.models.create(name="paper")).model.id
            images = sorted(folder_of(2).iterdir())
            upload = client.models.training_images.upload
            report = await upload(model_id, images, raise_on_failure=False)
            assert isinstance(report.stopped_by, PlanLimitError)


async def test_a_port_in_use_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = await run("sandbox", "--port", str(taken.getsockname()[1]))
    assert (ended.status, ended.output) == (2, "")
    assert "in use; pass another, or 0 for any free port" in ended.errors


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "sandbox.example", "a.localhost"])  # noqa: S104 - refused
async def test_an_address_that_others_can_reach_has_to_be_allowed(host: str) -> None:
    ended = await run("sandbox", "--port", "0", "--host", host)
    assert (ended.status, ended.output) == (2, "")
    assert "is not a loopback address" in ended.errors
    assert "--allow-remote" in ended.errors


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b"])
async def test_an_unknown_host_is_refused(host: str) -> None:
    ended = await run("sandbox", "--port", "0", "--host", host, "--allow-remote")
    assert (ended.status, ended.output) == (2, "")
    assert ended.errors.startswith(f"error: --host {host}: ")


async def test_a_host_name_with_a_port_is_refused() -> None:
    ended = await run("sandbox", "--port", "0", "--allow-host", "sandbox:8787")
    assert (ended.status, ended.output) == (2, "")
    assert ended.errors.startswith("error: --allow-host takes names without a port")


@pytest.mark.parametrize("options", [["--port", "65536"], ["--port", "any"], ["--training-image-limit", "0"]])
async def test_an_invalid_number_is_refused(options: list[str]) -> None:
    ended = await run("sandbox", *options)
    assert (ended.status, ended.output) == (2, "")
    assert options[0] in ended.errors
