"""Write docs/reference: a page for each noun, made from the declarations, so that it cannot be out of date.

python docs/make_reference.py [FOLDER]
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import attrs
import reference_classes
import reference_environment
import reference_examples
import reference_pages

import scenario_async.values
from scenario_async import AsyncScenario
from scenario_async._internal.declare.catalogue import CataloguedOperation, catalogue
from scenario_async._internal.declare.documentation import plain_type, split_docstring
from scenario_async._internal.declare.operation import answer_type_of

FOLDER = Path(__file__).parent / "reference"


def pages() -> Iterator[tuple[str, str]]:
    """The pages: their file names and their texts."""
    client = AsyncScenario(api_key="key", api_secret="secret")  # noqa: S106 - nothing is sent
    operations = [one for one in catalogue(client) if "." in one.name]
    nouns = {noun: list(of) for noun, of in groupby(operations, key=lambda one: one.name.split(".")[0])}
    made = {"values.md": values()}
    for noun, of in nouns.items():
        about = f"The operations of `client.{noun}`, with their arguments."
        lines = (line for one in of for line in described(one))
        made[f"{noun}.md"] = "\n".join([f"# client.{noun}", "", about, "", *lines])
    yield "README.md", contents(nouns)
    made["errors.md"] = reference_pages.error_page()
    made["faults.md"] = reference_pages.fault_page()
    made["reports.md"] = reference_classes.report_page()
    made["sandbox.md"] = reference_classes.sandbox_page()
    yield from made.items()
    yield "types.md", reference_pages.types(made)
    yield "commands.md", reference_pages.command_page()
    yield "environment.md", reference_environment.environment_page()


def contents(nouns: Mapping[str, list[CataloguedOperation]]) -> str:
    """The list of all operations."""
    lines = [
        "# Reference",
        "",
        "Every operation is a coroutine function on `AsyncScenario` and a plain function on `Scenario`.",
        "Arguments before the `*` can be given by position. In the examples, `client` is an `AsyncScenario`.",
        "For a `Scenario`, leave out `await` and `async`.",
        "",
        "There are further pages about the [values](values.md) that operations return, the",
        "[types](types.md) of arguments, the [errors](errors.md) that operations raise, the",
        "[reports](reports.md) of uploads and paid work, the [commands](commands.md) of the command line,",
        "[environment variables](environment.md), and the [sandbox](sandbox.md) with its",
        "[faults](faults.md).",
        "",
        "Every operation that sends one request also takes `timeout`, `extra_headers`, `extra_query` and",
        "`extra_body`; see the [guide](../guide.md).",
        "",
        "| operation | what it does |",
        "|---|---|",
    ]
    for noun, of in nouns.items():
        lines += [f"| [`{one.name}`]({noun}.md#{anchor(one.name)}) | {summary(one)} |" for one in of]
    return "\n".join([*lines, ""])


def described(one: CataloguedOperation) -> Iterator[str]:
    """One operation: its description, its arguments, its result."""
    parameters = one.operation.__signature__.parameters.values()
    positional = [parameter.name for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY]
    shown = ", ".join([*positional, "*, …"] if len(positional) < len(list(parameters)) else positional)
    yield f"## {one.name}"
    yield ""
    yield f"`client.{one.name}({shown})` → {result_of(one)}"
    yield ""
    text, explained, _ = split_docstring(one.operation.documentation)
    yield from (text, "", "```python", *reference_examples.example(one).splitlines(), "```", "")
    if one.request_type is not None:
        yield from (f"`{one.request_type.endpoint}`", "")
    if explained:
        yield from ("| argument | type | |", "|---|---|---|")
        for parameter in parameters:
            kind = parameter.annotation.replace("|", r"\|")
            required = "" if parameter.default is not parameter.empty else " **required**"
            yield f"| `{parameter.name}` | `{kind}`{required} | {explained.get(parameter.name, '')} |"
        yield ""


def summary(one: CataloguedOperation) -> str:
    """The first sentence of an operation's docstring."""
    return split_docstring(one.operation.documentation)[0].split("\n")[0]


def result_of(one: CataloguedOperation) -> str:
    """The result of an operation, with a link where it is a class."""
    if one.request_type is not None:
        answer: Any = answer_type_of(one.request_type)
        return (
            f"[`{answer.__name__}`](values.md#{anchor(answer.__name__)})" if attrs.has(answer) else "`object`"
        )
    shown = plain_type(inspect.signature(one.operation.function).return_annotation)
    shown = shown.replace("builtins.", "")
    page = "reports" if shown in reference_classes.reported() else "types"
    page = "values" if shown in {cls.__name__ for cls in value_classes()} else page
    return f"[`{shown}`]({page}.md#{anchor(shown)})" if shown.isidentifier() else f"`{shown}`"


def values() -> str:
    """All classes that answers are made of, and their fields."""
    lines = [
        "# Values",
        "",
        "These are frozen `attrs` classes. A field that the service leaves out is `None`, whatever its",
        "type is.",
    ]
    for cls in sorted(value_classes(), key=lambda cls: cls.__name__):
        lines += ["", f"## {cls.__name__}", "", inspect.cleandoc(cls.__doc__ or ""), ""]
        lines += ["| field | type |", "|---|---|"]
        lines += [f"| `{one.name}` | `{kind_of(one)}` |" for one in attrs.fields(cls) if one.init]
    return "\n".join([*lines, ""])


def kind_of(one: attrs.Attribute[Any]) -> str:
    """A field's type as it is declared, without modules."""
    return plain_type(one.type).replace("|", r"\|")


def value_classes() -> set[type[Any]]:
    """The classes of `scenario_async.values`, and the answers that are declared beside their requests."""
    found = {
        answer
        for one in catalogue(AsyncScenario(api_key="key", api_secret="secret"))  # noqa: S106 - nothing is sent
        if one.request_type is not None and attrs.has(answer := answer_type_of(one.request_type))
    }
    for module in pkgutil.iter_modules(scenario_async.values.__path__, "scenario_async.values."):
        members = vars(importlib.import_module(module.name)).values()
        found |= {
            member for member in members if isinstance(member, type) and member.__module__ == module.name
        }
    return {cls for cls in found if attrs.has(cls)}


def anchor(heading: str) -> str:
    """The fragment by which Markdown renderers name a heading."""
    return re.sub(r"[^\w-]", "", heading.lower())


def main(folder: Path) -> None:
    """Write the pages, and remove pages that are no longer generated."""
    folder.mkdir(parents=True, exist_ok=True)
    written = dict(pages())
    for page in folder.glob("*.md"):
        if page.name not in written:
            page.unlink()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
