"""Convert requests to HTTP, and responses to Python values: pure functions without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Final, cast, get_args, get_origin
from urllib.parse import quote, unquote, urlencode

import attrs
import orjson
from attrs import define, frozen

from scenario_async._internal.declare.call_options import CALL_OPTIONS
from scenario_async._internal.declare.converter import (
    fields_of,
    is_mapping,
    is_object,
    is_sequence,
    to_json,
    wire_name,
)
from scenario_async._internal.declare.omitted import is_omitted
from scenario_async._internal.declare.operation import (
    AS_BODY,
    IN_QUERY,
    AsBase64,
    AsDataUrl,
    Request,
    answer_type_of,
)
from scenario_async._internal.pictures.picture import BODY_LIMIT, BodyTooLargeError, Picture, Segment, whole
from scenario_async.errors import (
    APIResponseValidationError,
    InvalidArgumentError,
    Response,
    is_encodable,
    printable,
    status_error,
)

NO_SURROGATES: Final = "a string without lone surrogates is needed"

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_NOTHING: Final[Mapping[str, Any]] = {}
_PATH_NEEDED: Final = "a path below the base URL is needed: beginning with one slash, without dots, ? and #"
_ID_NEEDED: Final = "an id is needed: a string other than '', '.' and '..'"


@frozen
class Member:
    """A field of a request, and how it is sent."""

    name: str
    wire_name: str
    kind: Any
    picture: type[AsDataUrl | AsBase64] | None = None


@frozen
class RequestLayout:
    """Where each field of a request class is sent: path, query or body. Computed once for each class."""

    method: str
    template: str
    path: Sequence[str]
    query: Sequence[Member]
    members: Sequence[Member]
    whole_body: Member | None
    pictures: Sequence[Member]
    answer_type: Any
    returns_object: bool
    takes_project: bool
    """Whether the operation has the query parameter ``projectId``."""


_LAYOUTS: Final[dict[type[Request[Any]], RequestLayout]] = {}


@define
class Prepared:
    """A request ready to be sent.

    Attributes:
        method: The HTTP method.
        path: The path below the base URL, percent-encoded.
        query: The query string, percent-encoded, without its question mark.
        body: The JSON body: bytes, pieces of which some are read from pictures, or None.
        repeatable: Whether sending it twice has the effect of sending it once.
        returns_object: Whether the body of a successful response has to be a JSON object.
    """

    method: str
    path: str
    query: str
    body: bytes | tuple[bytes | Segment, ...] | None
    repeatable: bool
    returns_object: bool


def layout_of(request_type: type[Request[Any]]) -> RequestLayout:
    """Where the fields of a request class are sent; computed for the first request."""
    layout = _LAYOUTS.get(request_type)
    if layout is None:
        layout = _LAYOUTS[request_type] = _layout(request_type)
    return layout


def _layout(request_type: type[Request[Any]]) -> RequestLayout:
    method, template = request_type.endpoint.split(" ", 1)
    in_path = _PLACEHOLDER.findall(template)
    query: list[Member] = []
    members: list[Member] = []
    whole_body = None
    for one in fields_of(request_type):
        if one.name in in_path or one.name in CALL_OPTIONS:
            continue
        markers = get_args(one.type)[1:] if get_origin(one.type) is Annotated else ()
        picture = next((marker for marker in markers if marker in (AsDataUrl, AsBase64)), None)
        member = Member(one.name, wire_name(one), one.type, picture)
        if IN_QUERY in markers:
            query.append(member)
        elif AS_BODY in markers:
            whole_body = member
        else:
            members.append(member)
    answer_type = answer_type_of(request_type)
    return RequestLayout(
        method=method,
        template=template,
        path=in_path,
        query=query,
        members=members,
        whole_body=whole_body,
        pictures=[member for member in members if member.picture is not None],
        answer_type=answer_type,
        returns_object=attrs.has(answer_type),
        takes_project=any(member.wire_name == "projectId" for member in query),
    )


def prepare(
    request: Request[Any],
    replaced: Mapping[str, Any] = _NOTHING,
    *,
    project_id: str | None = None,
    extra_query: Mapping[str, str] | None = None,
    default_query: Mapping[str, str] | None = None,
) -> Prepared:
    """Make the method, path, query and body of a request.

    Args:
        request: The request.
        replaced: Values to send in place of those of the request, by field: opened pictures.
        project_id: The project to use if the operation takes one and the request names none.
        extra_query: More query parameters; they replace those of the same name.
        default_query: More query parameters; those of the same name replace them.

    Raises:
        InvalidArgumentError: An argument cannot be sent.
    """
    layout = layout_of(type(request))
    query: dict[str, str] = dict(default_query) if default_query else {}
    for member in layout.query:
        value = getattr(request, member.name)
        if value is not None:
            query[member.wire_name] = _query_value(value, member.name)
    if project_id is not None and layout.takes_project:
        query.setdefault("projectId", project_id)
    if extra_query:
        query.update(extra_query)
    return Prepared(
        layout.method,
        _path(layout, request),
        urlencode(query, quote_via=quote) if query else "",
        _body(layout, request, replaced),
        request.repeatable,
        layout.returns_object,
    )


def query_of(parameters: Mapping[str, Any], argument: str = "query") -> dict[str, str]:
    """Format query parameters as the API does: ``true``, lists with commas; None is left out.

    Raises:
        InvalidArgumentError: A value is neither a string, a number, a boolean nor a list of them; or a name
            or a value has a lone surrogate.
    """
    for name in parameters:
        if not is_encodable(str(name)):
            raise InvalidArgumentError(argument, name, NO_SURROGATES)
    return {
        name: _query_value(value, f"{argument}[{name!r}]")
        for name, value in parameters.items()
        if value is not None and not is_omitted(value)
    }


def prepare_undeclared(
    method: str, path: str, query: Mapping[str, Any] | None, body: Any, extra_query: Mapping[str, str]
) -> Prepared:
    """Make a request from a method and a path, for an operation that is not declared.

    Raises:
        InvalidArgumentError: The path is not a string that begins with a slash, or leads elsewhere.
    """
    if not isinstance(cast("object", path), str) or not is_encodable(path):
        raise InvalidArgumentError("path", path, _PATH_NEEDED)
    segments = {unquote(segment) for segment in path.split("/")}
    if not path.startswith("/") or path.startswith("//") or {".", ".."} & segments or {*"?#"} & set(path):
        raise InvalidArgumentError("path", path, _PATH_NEEDED)
    return Prepared(
        method=method,
        path=quote(path, safe="/%"),
        query=urlencode({**query_of(query or {}), **extra_query}, quote_via=quote),
        body=None if body is None else _dumps(to_json(body, Any, "body"), "body"),
        repeatable=method not in {"POST", "PATCH"},
        returns_object=False,
    )


def _path(layout: RequestLayout, request: Request[Any]) -> str:
    path = layout.template
    for name in layout.path:
        value = getattr(request, name)
        if not isinstance(value, str):
            raise InvalidArgumentError(name, value, _ID_NEEDED)
        path = _filled_in(path, name, value)
    return path


@lru_cache(maxsize=1024)
def _filled_in(template: str, name: str, identifier: str) -> str:
    """A path with an id filled in. It is cached, since most calls of a program use the same few ids."""
    # A dot segment would be resolved on the way, and the request would reach another operation.
    if not identifier.strip() or identifier in {".", ".."} or not is_encodable(identifier):
        raise InvalidArgumentError(name, identifier, _ID_NEEDED)
    return template.replace(f"{{{name}}}", quote(identifier, safe=""))


def _query_value(value: Any, argument: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_sequence(value):
        return ",".join(_query_value(item, argument) for item in value)
    if not isinstance(value, str | int | float):
        expected = "a string, a number, a boolean or a list of them is needed"
        raise InvalidArgumentError(argument, value, expected)
    if isinstance(value, str) and not is_encodable(value):
        raise InvalidArgumentError(argument, value, NO_SURROGATES)
    return str(value)


def _body(
    layout: RequestLayout, request: Request[Any], replaced: Mapping[str, Any]
) -> bytes | tuple[bytes | Segment, ...] | None:
    # As in the official package, a GET has no body; some gateways refuse one.
    extra = None if layout.method == "GET" or request.extra_body is None else _extra_members(request)
    if layout.whole_body is not None:
        name, kind = layout.whole_body.name, layout.whole_body.kind
        value = getattr(request, name)
        if extra:
            value = _with_members(value, extra, name)
        return None if value is None else _dumps(to_json(value, kind, name), name)
    if not layout.members and not extra:
        return None
    sent: dict[str, Any] = {}
    streamed: list[tuple[Member, Picture]] = []
    for member in layout.members:
        value = getattr(request, member.name)
        if replaced and member.name in replaced:
            value = replaced[member.name]
        if value is None:
            continue
        if isinstance(value, Picture):
            streamed.append((member, value))
        else:
            sent[member.wire_name] = (
                value if isinstance(value, str) else to_json(value, member.kind, member.name)
            )
    if extra:
        sent.update(extra)
    encoded = _encoded(sent, layout)
    body = _with_pictures(encoded, streamed) if streamed else encoded
    size = len(body) if isinstance(body, bytes) else sum(map(_size_of, body))
    if size > BODY_LIMIT:
        raise _too_large(layout, request, replaced, size)
    return body


def _encoded(sent: Mapping[str, Any], layout: RequestLayout) -> bytes:
    try:
        return orjson.dumps(sent)
    except TypeError:
        for member in layout.members:
            _dumps(sent.get(member.wire_name), member.name)
        return _dumps(sent, "extra_body")


def _extra_members(request: Request[Any]) -> Mapping[str, Any]:
    extra = request.extra_body
    if not is_mapping(extra):
        raise InvalidArgumentError("extra_body", extra, "a mapping is needed: members of the JSON body")
    members: Mapping[str, Any] = to_json(extra, Any, "extra_body")
    return members


def _with_members(body: Any, extra: Mapping[str, Any], argument: str) -> Any:
    if is_mapping(body):
        return {**body, **extra}
    raise InvalidArgumentError("extra_body", extra, f"`{argument}` is not a JSON object")


def _with_pictures(encoded: bytes, streamed: Iterable[tuple[Member, Picture]]) -> tuple[bytes | Segment, ...]:
    """Put pictures after the other fields of a JSON object, so that they are read when they are sent."""
    pieces: list[bytes | Segment] = []
    text = encoded[:-1]
    for member, picture in streamed:
        comma = b"" if text.endswith(b"{") else b","
        prefix = f"data:{picture.mime_type};base64," if member.picture is AsDataUrl else ""
        start = text + comma + f'"{member.wire_name}":"{prefix}'.encode()
        pieces += [start, whole(picture, base64=True)]
        text = b'"'
    return (*pieces, text + b"}")


def _size_of(piece: bytes | Segment) -> int:
    return len(piece) if isinstance(piece, bytes) else piece.size


def _too_large(
    layout: RequestLayout, request: Request[Any], replaced: Mapping[str, Any], size: int
) -> InvalidArgumentError:
    """The error for a body that is too large for the service; it names the largest argument."""
    values = {member.name: getattr(request, member.name) for member in layout.members} | dict(replaced)
    lengths = {
        name: value.size if isinstance(value, Picture) else len(value)
        for name, value in values.items()
        if isinstance(value, Picture | str)
    }
    name = max(lengths, key=lengths.__getitem__, default=type(request).__name__)
    value = values.get(name)
    shown = (isinstance(value, Picture) and value.name) or f"{lengths.get(name, size):,} bytes"
    return BodyTooLargeError(
        name,
        shown,
        f"a request holds at most {BODY_LIMIT:,} bytes, and with this it would have {size:,}; "
        "models.training_images.upload and client.uploads send larger pictures in parts",
        value if isinstance(value, Picture) else None,
    )


def _dumps(value: Any, argument: str) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise InvalidArgumentError(
            argument, value, f"only values that JSON can represent can be sent ({error})"
        ) from error


def parse(response: Response, prepared: Prepared) -> Any:
    """Read the JSON of a successful response; every 2xx counts as success (a dry run returns 269).

    Raises:
        APIStatusError: The status is not 2xx.
        APIResponseValidationError: The body is not JSON, or is not an object although it has to be one.
    """
    method, path = prepared.method, prepared.path
    if not response.is_success:
        raise status_error(response, method=method, path=path)
    if not response.content and not prepared.returns_object:
        return {}
    try:
        value = response.json()
    except ValueError:
        raise unreadable("is not JSON", response, prepared) from None
    if not is_object(value) and prepared.returns_object:
        raise unreadable("is not a JSON object", response, prepared)
    return value


def unreadable(why: str, response: Response, prepared: Prepared) -> APIResponseValidationError:
    """The error for a successful response that cannot be read."""
    method, path = prepared.method, prepared.path
    glimpse = (
        printable(" ".join(response.content[:400].decode("utf-8", "replace").split()), 80) or "empty body"
    )
    message = f"{method} {path} returned {response.status_code}, but the response {why}: {glimpse}"
    return APIResponseValidationError(message, response=response, method=method, path=path)
