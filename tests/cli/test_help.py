"""Help and version of the command line."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version

import pytest

from .running import PROGRAM, run, start_program


async def imported_by(*arguments: str) -> set[str]:
    """The modules that a command imports, as Python reports them."""
    ended = await (await start_program(sys.executable, "-X", "importtime", PROGRAM, *arguments)).ended()
    assert ended.status == 0
    return set(re.findall(r"\| +([\w.]+)$", ended.errors, re.MULTILINE))


@pytest.mark.parametrize("arguments", [["--help"], ["upload", "--help"], ["sandbox", "-h"], ["--version"]])
async def test_help_imports_no_slow_modules(arguments: list[str]) -> None:
    modules = await imported_by(*arguments)
    assert "scenario_async.cli._internal.commands" in modules
    heavy = {"aiohttp", "anyio", "attrs", "cattrs", "rich", "PIL", "sqlite3", "scenario_async.client"}
    assert not modules & heavy


async def test_help_names_the_commands_and_the_sources_of_credentials() -> None:
    ended = await run("--help")
    assert (ended.status, ended.errors) == (0, "")
    for word in ("upload", "sandbox", "SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET", "SCENARIO_SDK_JWT"):
        assert word in ended.output


async def test_the_help_of_upload_lists_its_options_and_exit_statuses() -> None:
    ended = await run("upload", "--help")
    assert (ended.status, ended.errors) == (0, "")
    for option in ("--model", "--sandbox", "--dry-run", "--deadline", "--ledger", "--json", "--concurrency"):
        assert option in ended.output
    assert "exit status is 0 if every picture" in " ".join(ended.output.split())


async def test_the_version_is_that_of_the_package() -> None:
    ended = await run("--version")
    assert (ended.status, ended.errors) == (0, "")
    assert version("scenario-async") in ended.output


async def test_without_a_command_the_help_is_shown() -> None:
    ended = await run()
    assert ended.status == 2
    assert "Usage: scenario-async" in ended.output + ended.errors


async def test_without_its_dependencies_it_says_what_to_install() -> None:
    """This is the case after an installation without the extra."""
    program = "import sys; sys.modules['click'] = None; from scenario_async.cli.main import main; main()"
    ended = await (await start_program(sys.executable, "-c", program)).ended()
    assert ended.status == 1
    assert "pip install 'scenario-async[cli]'" in ended.errors
