"""Pages of docs/reference beside those of the operations: types, errors, faults, commands.

`make_reference.py` writes them. They are made from the code, so that they cannot be out of date.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

import scenario_async
from scenario_async import errors
from scenario_async.cli._internal import exit_status
from scenario_async.cli._internal.commands import group
from scenario_async.cli._internal.sync import CommandWithStatus
from scenario_async.sandbox import faults

PACKAGE = Path(scenario_async.__file__).parent

BUILT_IN = frozenset({"Annotated", "Any", "Literal", "None", "True", "False"})
"""Names in types that Python itself explains."""

STANDARD = frozenset(
    {
        "AsyncIterator",
        "BinaryIO",
        "Callable",
        "Collection",
        "Decimal",
        "Iterable",
        "Iterator",
        "Mapping",
        "Path",
        "PathLike",
        "Sequence",
    }
)
"""Names in types that Python's standard library explains."""

TYPES_IN_PAGE = re.compile(r"^\| `\w+` \| `([^`]*)`|→ \[?`([^`]*)`|^`(?:= |\w+\()(.*)`$", re.MULTILINE)
"""Types in a table of arguments or fields, after the arrow of a result, in a definition or a signature."""

FOREIGN = {"ClientTimeout": "`aiohttp.ClientTimeout`: the time limits of a request, in seconds."}
"""Types of other packages that users pass."""


class Definition(NamedTuple):
    """A named type, as its module defines it.

    Attributes:
        source: The right-hand side of the assignment; empty for a class.
        description: The docstring of the class, or the string below the assignment.
    """

    source: str
    description: str

    def lines(self, name: str) -> list[str]:
        """Its part of the page of types."""
        lines = plain(self.description) if self.description else [f"`{name}`"]
        return [*lines, "", f"`= {self.source}`"] if self.source else lines


def used_types(text: str) -> set[str]:
    """The names of types in the tables, signatures and results of a page."""
    found: set[str] = set()
    for table, result, signature_ in TYPES_IN_PAGE.findall(text):
        plain_text = re.sub(r"'[^']*'|\"[^\"]*\"", "", table or result or signature_)
        found |= set(re.findall(r"\b[A-Z]\w*[a-z]\w*\b", plain_text))
    return found - BUILT_IN - STANDARD


def types(pages: Mapping[str, str]) -> str:
    """The page of the named types that the other pages, or this one, use and no other page describes."""
    whole = "\n".join(pages.values())
    described = set(re.findall(r"^## (\w+)$", whole, re.MULTILINE))
    known = definitions()
    sections: dict[str, list[str]] = {}
    missing = used_types(whole) - described
    while missing:
        for name in missing:
            sections[name] = [f"## {name}", "", *known[name].lines(name), ""]
        used = {one for name in missing for one in used_types("\n".join(sections[name]))}
        missing = used - described - set(sections)
    lines = ["# Types", "", "This page describes the named types in the signatures of the reference.", ""]
    return "\n".join([*lines, *(line for name in sorted(sections) for line in sections[name])])


@cache
def definitions() -> dict[str, Definition]:
    """Every type alias and class of the package, by name."""
    found = {name: Definition("", description) for name, description in FOREIGN.items()}
    for path in sorted(PACKAGE.rglob("*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for one in body:
            if isinstance(one, ast.ClassDef):
                found.setdefault(one.name, Definition("", ast.get_docstring(one) or ""))
        found |= aliases(body)
    return found


def aliases(body: list[ast.stmt]) -> dict[str, Definition]:
    """The names that the statements of a module assign, with the strings below the assignments."""
    return {
        name: Definition(re.sub(r"\s+", " ", ast.unparse(value)), string(following))
        for one, following in zip(body, [*body[1:], ast.Pass()], strict=True)
        for name, value in assigned(one)
    }


def assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """The name and the value of an assignment to one plain name."""
    if isinstance(statement, ast.Assign) and isinstance(target := statement.targets[0], ast.Name):
        yield target.id, statement.value
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        yield statement.target.id, statement.value


def string(statement: ast.stmt) -> str:
    """The text of a statement that is only a string; empty for any other."""
    if isinstance(statement, ast.Expr) and isinstance(value := statement.value, ast.Constant):
        return inspect.cleandoc(value.value) if isinstance(value.value, str) else ""
    return ""


_ABOUT_ERRORS: Final = """\
Errors about requests, responses, arguments and paid work are subclasses of `scenario_async.ScenarioError`.
Mistakes in the program raise Python's own errors: `TypeError` for a missing or unknown argument,
`RuntimeError` for `get_next_page()` after the last page. `report.to_html()` raises `OSError` if the file
cannot be written."""


def error_page() -> str:
    """The page of errors, each below its base class."""
    lines = ["# Errors", "", _ABOUT_ERRORS, ""]
    for cls in subclasses(errors.ScenarioError):
        bases = ", ".join(f"`{base.__name__}`" for base in cls.__bases__)
        lines += [f"## {cls.__name__}", "", f"A subclass of {bases}.", "", *plain(cls.__doc__), ""]
    return "\n".join(lines)


def subclasses(cls: type[Any]) -> Iterator[type[Any]]:
    """Yield a class and its subclasses in the module of errors, general ones first."""
    yield cls
    for below in sorted(cls.__subclasses__(), key=lambda one: one.__name__):
        if below.__module__ == errors.__name__:
            yield from subclasses(below)


def fault_page() -> str:
    """The page of the faults that the sandbox can produce."""
    lines = [
        "# Faults of the sandbox",
        "",
        "The sandbox can inject these faults for tests of your own code. If a fault happens *before",
        "processing*, the request changes nothing. If it happens *after processing*, the request is carried",
        "out, but its response is wrong or lost.",
        "",
    ]
    for name in faults.__all__:
        member = getattr(faults, name)
        if isinstance(member, type) and issubclass(member, faults.Fault) and not inspect.isabstract(member):
            lines += [f"## {name}", "", f"`{name}{signature(member)}`", "", *plain(member.__doc__), ""]
    return "\n".join(lines)


def signature(cls: Callable[..., Any]) -> str:
    """The arguments of a class or function, without quotes around types."""
    return re.sub(r": '([^']*)'", r": \1", str(inspect.signature(cls))).replace(" -> None", "")


def plain(docstring: str | None) -> list[str]:
    """A docstring as Markdown: its sections as bold lines and lists."""
    text = inspect.cleandoc(docstring or "")
    text = re.sub(r"^(Args|Attributes|Raises):$", r"**\1**\n", text, flags=re.MULTILINE)
    text = re.sub(r"^    (\w+): ", r"- `\1`: ", text, flags=re.MULTILINE)
    return text.replace("``", "`").splitlines()


def command_page() -> str:
    """The help texts of all commands, and the exit statuses."""
    lines = [
        "# Commands",
        "",
        "This page has the help text of every command of `scenario-async`, as `--help` prints it.",
        "",
    ]
    for path, command in commands([], group):
        context = click.Context(command, info_name=" ".join(["scenario-async", *path]))
        context.max_content_width = context.terminal_width = 100
        texts = [f"    {line}".rstrip() for line in command.get_help(context).splitlines()]
        lines += [f"## {context.info_name}", "", *texts, ""]
    lines += ["## Exit statuses", "", "| status | meaning |", "|---|---|"]
    body = ast.parse(inspect.getsource(exit_status)).body
    for one, following in zip(body, [*body[1:], ast.Pass()], strict=True):
        lines += [
            f"| {ast.unparse(value)} | {string(following)} |".replace("``", "`") for _, value in assigned(one)
        ]
    return "\n".join([*lines, ""])


def commands(path: list[str], command: click.Command) -> Iterator[tuple[list[str], click.Command]]:
    """Yield a command and all its subcommands, with their full names."""
    yield path, command
    if isinstance(command, click.Group | CommandWithStatus):
        context = click.Context(command)
        for name in command.list_commands(context):
            if below := command.get_command(context, name):
                yield from commands([*path, name], below)
