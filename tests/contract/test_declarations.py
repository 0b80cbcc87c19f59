"""Every operation is declared as the API documents it: names, places, types and responses.

`operations.json` has the documentation, a line for each operation and for each shape. Types are those of
JSON Schema; ``[x]`` is an array of x, ``{x}`` an object with any names and values x, ``e7`` an enumeration of
that name in the table, ``any`` anything. ``!`` marks what is always there, or has to be given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

import attrs
import pytest

from scenario_async import AsyncScenario
from scenario_async._internal.declare.call_options import CALL_OPTIONS
from scenario_async._internal.declare.converter import fields_of, wire_name
from scenario_async._internal.declare.documentation import split_docstring
from scenario_async._internal.declare.operation import AsBase64, AsDataUrl, Request
from scenario_async._internal.declare.wire import RequestLayout, layout_of
from scenario_async.pagination import CursorPage, OffsetPage, Page

from .declared import beyond, declared, route_of
from .official import found

DOCUMENTED: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("operations.json").read_text("utf-8"))
OPERATIONS: Final[dict[str, dict[str, Any]]] = {one["operation"]: one for one in DOCUMENTED["operations"]}
SHAPES: Final[dict[str, dict[str, str]]] = DOCUMENTED["shapes"]
ENUMERATIONS: Final = {name: frozenset(values) for name, values in DOCUMENTED["enumerations"].items()}

OTHER_ARGUMENTS: Final = {
    # It may be omitted if the file of the picture has a name; `check` refuses an asset without any name.
    ("assets.upload", "name"): "body name string",
}
"""Arguments that are declared differently from the documentation, with their declaration."""

MORE_FIELDS: Final = {
    # The response to a group may have several images; the documentation has one, for groups too.
    "TrainingImageAddResponse": {"trainingImages": "[TrainingImage]"},
    # The response to a dry run is the price, which these shapes do not have.
    "DownloadJobResponse": {"creativeUnitsCost": "number"},
    "UploadResponse": {"creativeUnitsCost": "number"},
    "WorkflowRunResponse": {"creativeUnitsCost": "number"},
}
"""Fields that are read although they are undocumented."""

REPEATABLE_POSTS: Final = {
    "assets.download.request",
    "assets.get_bulk",
    "assets.restore_multiple",
    "jobs.trigger_action",
    "models.get_bulk",
    "models.train.action",
    "models.training_images.add",  # a repeated request with ids is refused
    "projects.watermark.preview",
    "search.asset_search",
    "search.model_search",
    "search.workflow_search",
    "teams.watermark.preview",
    "uploads.trigger_action",
}
"""POST operations that are safe to repeat."""

PAID_PUTS: Final = {"models.train.trigger", "workflows.run"}
"""PUT operations that would be paid twice."""

UNSETTLED_DELETIONS: Final = {
    # If there are several, some may have been missing before.
    "assets.delete_multiple",
    "models.delete_images",
    # The missing object may be the collection.
    "collections.assets.remove",
    "collections.models.remove",
    # The response, a watermark without its logo, cannot be reconstructed.
    "projects.watermark.delete_logo",
    "teams.watermark.delete_logo",
}
"""Deletions for which "not found" does not show that an attempt in doubt was processed."""

each_operation = pytest.mark.parametrize("name", sorted(OPERATIONS))


def requests() -> Mapping[str, type[Request[Any]]]:
    """The declared request classes of the documented operations, by operation."""
    return {name: one for name, one in declared().items() if name not in beyond()}


def described(kind: Any) -> str:
    """A declared type in the notation of the table; of an open enumeration, only the documented values."""
    if get_origin(kind) is Annotated:
        kind, *markers = get_args(kind)
        # A picture may be passed in several forms, and is sent as a string.
        return "string" if {AsDataUrl, AsBase64} & {*markers} else described(kind)
    if get_origin(kind) in {Union, UnionType}:
        kinds = [one for one in get_args(kind) if one is not type(None)]
        nested = [one for one in kinds if attrs.has(one) or get_origin(one) is Literal]
        return described(nested[0] if nested else kinds[0])
    if get_origin(kind) is Literal:
        values = frozenset(get_args(kind))
        return next((name for name, known in ENUMERATIONS.items() if known == values), repr(sorted(values)))
    if get_origin(kind) in {list, Sequence}:
        return f"[{described(get_args(kind)[0])}]"
    if get_origin(kind) in {dict, Mapping}:
        return f"{{{described(get_args(kind)[1])}}}"
    simple = {str: "string", float: "number", int: "integer", bool: "boolean", Any: "any", object: "any"}
    return simple.get(kind) or str(kind.__name__)


def shapes_in(kind: Any) -> set[type[Any]]:
    """The classes of a declared type, and those of their fields."""
    seen: set[type[Any]] = set()
    waiting = [kind]
    while waiting:
        one = waiting.pop()
        waiting += get_args(one)
        if attrs.has(one) and one not in seen:
            seen.add(one)
            waiting += [field.type for field in fields_of(one)]
    return seen


@cache
def shapes() -> Mapping[str, type[Any]]:
    """All shapes of arguments and responses, by name."""
    found_shapes: set[type[Any]] = set()
    for request_type in requests().values():
        layout = layout_of(request_type)
        nested = [member.kind for member in _members(layout) if member.picture is None]
        for kind in (layout.answer_type, *nested):
            found_shapes |= shapes_in(kind)
    return {cls.__name__: cls for cls in found_shapes}


def _members(layout: RequestLayout) -> list[Any]:
    return [*layout.query, *layout.members, *([layout.whole_body] if layout.whole_body else [])]


def arguments(request_type: type[Request[Any]]) -> dict[str, str]:
    """The arguments of a request class: place, name in the API, type, and whether required or positional."""
    layout = layout_of(request_type)
    places = {member.name: "query" for member in layout.query} | dict.fromkeys(layout.path, "path")
    whole = layout.whole_body.name if layout.whole_body else None
    taken: dict[str, str] = {}
    for one in fields_of(request_type):
        if one.name in CALL_OPTIONS:
            continue
        name = "-" if one.name == whole else wire_name(one)
        needed = "!" if one.default is attrs.NOTHING else ""
        words = [places.get(one.name, "body"), name, described(one.type) + needed]
        taken[one.name] = " ".join([*words, *(() if one.kw_only else ("positional",))])
    return taken


def made_of_required(request_type: type[Request[Any]]) -> Request[Any]:
    """A request with only its required arguments."""
    needed = [one.name for one in fields_of(request_type) if one.default is attrs.NOTHING]
    values: dict[str, Any] = dict.fromkeys(needed, "x")
    return request_type(**values)


def test_all_operations() -> None:
    """No operation is missing, and none is undocumented unless a test in `beyond/` names it."""
    assert requests().keys() == OPERATIONS.keys()
    assert not beyond() & OPERATIONS.keys()


@each_operation
def test_method_and_path(name: str) -> None:
    """Each operation has the documented method and path."""
    assert route_of(requests()[name]) == OPERATIONS[name]["request"]


@each_operation
def test_arguments(name: str) -> None:
    """Each operation has the documented arguments: names, places, types, required and positional ones."""
    expected = dict(OPERATIONS[name]["arguments"])
    for (operation, argument), otherwise in OTHER_ARGUMENTS.items():
        if operation == name:
            assert expected[argument] != otherwise, "this exception is not needed any more"
            expected[argument] = otherwise
    assert arguments(requests()[name]) == expected


@each_operation
def test_response(name: str) -> None:
    """Each operation has the documented response."""
    assert described(layout_of(requests()[name]).answer_type) == OPERATIONS[name]["answer"]


@each_operation
def test_pages(name: str) -> None:
    """Lists have the documented kind of pages, and no other operation returns pages."""
    answer = layout_of(requests()[name]).answer_type
    documented = OPERATIONS[name].get("pages")
    if documented is None:
        assert not (isinstance(answer, type) and issubclass(answer, Page))
        return
    style, items, *where = documented.split()
    assert wire_name(_field(answer, answer.items_field)) == items
    if style == "cursor":
        assert issubclass(answer, CursorPage)
        page = cast("type[CursorPage[Any, Any]]", answer)
        token = _field(page, page.token_field)
        argument = _field(requests()[name], page.token_argument)
        assert [wire_name(token), wire_name(argument)] == where
    else:
        assert issubclass(answer, OffsetPage)
        hits = cast("type[OffsetPage[Any, Any]]", answer)
        names = [_field(hits, name) for name in ("offset", "estimated_total_hits")]
        assert [wire_name(one) for one in names] == where


def _field(cls: type[Any], name: str) -> attrs.Attribute[Any]:
    return next(one for one in fields_of(cls) if one.name == name)


@each_operation
def test_documentation(name: str) -> None:
    """The docstring for `help` and editors has a summary of the operation, and describes each argument."""
    operation = found(AsyncScenario(api_key="key", api_secret="secret"), name)
    text, explained, _ = split_docstring(operation.__doc__)
    assert text.split("\n")[0].endswith((".", "?"))
    assert sorted(explained) == sorted(arguments(requests()[name]))


def test_all_shapes() -> None:
    """No shape is missing, and each shape is documented."""
    assert shapes().keys() == SHAPES.keys()


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_shape(name: str) -> None:
    """Each shape has the documented fields: names, types, and which are required."""
    declared_fields = {
        wire_name(one): described(one.type) + ("!" if one.default is attrs.NOTHING else "")
        for one in fields_of(shapes()[name])
    }
    more = MORE_FIELDS.get(name, {})
    assert not more.keys() & SHAPES[name].keys(), "this exception is not needed any more"
    assert declared_fields == SHAPES[name] | more


def test_which_requests_are_safe_to_repeat() -> None:
    """Requests that change or cost something each time they are sent are not repeated."""
    repeatable = {name for name, one in requests().items() if made_of_required(one).repeatable}
    method = {name: layout_of(one).method for name, one in requests().items()}
    assert {name for name in repeatable if method[name] == "POST"} == REPEATABLE_POSTS
    assert {name for name in method if method[name] != "POST"} - repeatable == PAID_PUTS


@pytest.mark.parametrize(
    "name", [name for name, one in sorted(OPERATIONS.items()) if "dry_run" in one["arguments"]]
)
def test_dry_runs(name: str) -> None:
    """A dry run is safe to repeat, except with `ip_detection`, which is charged."""
    request = made_of_required(requests()[name])
    assert attrs.evolve(cast("Any", request), dry_run="true").repeatable
    if name == "generate.run_model":
        assert not attrs.evolve(cast("Any", request), dry_run="true", ip_detection=True).repeatable


def test_deletions_in_doubt() -> None:
    """A missing object was deleted by the attempt in doubt, unless that is unclear."""
    deletions = {name: one for name, one in requests().items() if layout_of(one).method == "DELETE"}
    answers = {name: made_of_required(one).settled_by(404, None) for name, one in deletions.items()}
    assert {name for name, answer in answers.items() if answer is None} == UNSETTLED_DELETIONS
    reported = [name for name in answers if OPERATIONS[name]["answer"] == "DeletedResponse"]
    assert reported
    assert all(answers[name] == {"deleted": True} for name in reported)
    assert answers["projects.members.delete"] == {"project": {"id": "x"}}
    assert all(made_of_required(one).settled_by(400, None) is None for one in deletions.values())
