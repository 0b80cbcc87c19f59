"""Pages of docs/reference about the classes of reports, data sets and the sandbox.

`make_reference.py` writes them. They are made from the code, so that they cannot be out of date.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from reference_pages import Definition, aliases, plain, signature

from scenario_async import sandbox
from scenario_async.upload import progress as upload_progress
from scenario_async.upload import report as upload_report
from scenario_async.work import dataset, money, progress, reports, sync

REPORTS = (upload_report, upload_progress, reports, progress, money, dataset, sync)
"""The modules whose classes and functions the page of reports describes."""

SANDBOX = ("Sandbox", "Faults", "Rule", "RequestLog", "LoggedRequest", "State", "Model", "Asset", "Upload")
"""The classes that the page of the sandbox describes; faults have their own page."""


def reported() -> set[str]:
    """The names that the page of reports describes."""
    return {name for module in REPORTS for name in module.__all__}


def report_page() -> str:
    """The page of the classes that uploads, trainings, generations and syncs take and return."""
    lines = [
        "# Reports and data sets",
        "",
        "These are the classes of reports, their results, progress and data sets. Below each heading is",
        "the module from which the name is imported.",
        "",
    ]
    for module in REPORTS:
        lines += (line for name in module.__all__ for line in section(module, name))
    return "\n".join(lines)


def sandbox_page() -> str:
    """The page of the sandbox: its arguments, and what a test can read and change."""
    lines = ["# Sandbox", "", *plain(sandbox.__doc__), "", "The [faults](faults.md) have their own page.", ""]
    return "\n".join([*lines, *(line for name in SANDBOX for line in section(sandbox, name))])


def section(module: ModuleType, name: str) -> Iterator[str]:
    """One class, function, type or constant; for a class, with a table of its members."""
    member = getattr(module, name)
    yield from (f"## {name}", "", f"`{module.__name__}`", "")
    if not inspect.isclass(member) and not inspect.isfunction(member):
        yield from (*definition(module, name).lines(name), "")
        return
    if inspect.isfunction(member) or "Args:" in (inspect.getdoc(member) or ""):
        yield from (f"`{name}{signature(member)}`", "")
    yield from (*plain(inspect.getdoc(member)), "")
    rows = [f"| `{shown}` | {text} |" for shown, text in members(member)] if inspect.isclass(member) else []
    if rows:
        yield from ("| member | what it is or does |", "|---|---|", *rows, "")


def definition(module: ModuleType, name: str) -> Definition:
    """The definition of a type or constant in the module from which a public module imports it."""
    [origin] = (
        one.module
        for one in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(one, ast.ImportFrom) and one.module and name in {alias.name for alias in one.names}
    )
    return aliases(ast.parse(inspect.getsource(importlib.import_module(origin))).body)[name]


def members(cls: type[Any]) -> Iterable[tuple[str, str]]:
    """The public properties and methods of a class, in the order of their definition."""
    seen = set[str]()
    for one in cls.__mro__:
        if not one.__module__.startswith("scenario_async"):
            continue
        for name, member in vars(one).items():
            function = getattr(member, "fget", None) or getattr(member, "__func__", member)
            if name.startswith("_") or name in seen or not inspect.isfunction(function):
                continue
            seen.add(name)
            text = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split()).replace("``", "`")
            yield name if isinstance(member, property) else f"{name}()", text.replace("|", r"\|")
