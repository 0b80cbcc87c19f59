"""The example of every operation in docs/reference is valid Python, has valid arguments, and can be sent."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario, NotFoundError, ScenarioError
from scenario_async._internal.declare.catalogue import CataloguedOperation, catalogue
from scenario_async.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "reference").glob("*.md"))
SECTION = re.compile(r"^## ([\w.]+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def operations() -> dict[str, CataloguedOperation]:
    """All operations with a section in the reference."""
    client = AsyncScenario(api_key="key", api_secret="secret")
    return {one.name: one for one in catalogue(client) if "." in one.name}


def examples() -> Iterator[tuple[str, str]]:
    """The sections of the pages that have a block of Python, with that block."""
    for page in PAGES:
        for name, text in SECTION.findall(page.read_text(encoding="utf-8")):
            for source in FENCE.findall(text):
                yield name, source


EXAMPLES = list(examples())


def compiled(source: str) -> Any:
    """The code of an example, which uses `await` outside a function."""
    return compile(source, "example", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_every_operation_has_one_example() -> None:
    assert sorted(name for name, _ in EXAMPLES) == sorted(operations())


@pytest.mark.parametrize(("name", "source"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_the_arguments_bind_to_the_signature(name: str, source: str) -> None:
    """The example calls the operation of its section once, with valid arguments."""
    compiled(source)
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    (call,) = (node for node in calls if ast.unparse(node.func).startswith("client."))
    assert ast.unparse(call.func) == f"client.{name}"
    positional = [ast.literal_eval(one) for one in call.args]
    keywords = {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}
    operations()[name].operation.__signature__.bind(*positional, **keywords)


async def failure(source: str, client: AsyncScenario) -> ScenarioError | None:
    """Run an example and return its error, except the error that an invented id does not exist."""
    try:
        running = eval(compiled(source), {"client": client})  # noqa: S307 - code of the documentation
        if inspect.iscoroutine(running):
            await running
    except NotFoundError:
        return None
    except ScenarioError as error:
        return None if "there is no such asset" in str(error) else error
    return None


@pytest.mark.timeout(240)
async def test_every_example_works_with_the_sandbox(
    scenario_sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most an id does not exist there.

    All examples run concurrently, because waiting for a job takes long.
    """
    dataset = ROOT / "docs" / "examples" / "dataset"
    shutil.copytree(dataset, tmp_path / "pictures", ignore=shutil.ignore_patterns("0*"))
    for target in ("fox.png", "logo.png"):
        shutil.copy(dataset / "11-fox-in-the-birches.png", tmp_path / target)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with AsyncScenario(
        base_url=scenario_sandbox.base_url,
        api_key=scenario_sandbox.api_key,
        api_secret=scenario_sandbox.api_secret,
    ) as client:
        failures = await asyncio.gather(*(failure(source, client) for _, source in EXAMPLES))
    assert {name: error for (name, _), error in zip(EXAMPLES, failures, strict=True) if error} == {}
