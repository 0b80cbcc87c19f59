"""How requests are written and responses are read, without a socket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
import pytest
from attrs import field
from hypothesis import given
from hypothesis import strategies as st

from scenario_async._internal.declare.operation import Body, Query, Request
from scenario_async._internal.declare.wire import Prepared, layout_of, parse, prepare, prepare_undeclared
from scenario_async._internal.pictures.picture import Picture
from scenario_async.errors import APIResponseValidationError, InvalidArgumentError, NotFoundError, Response
from scenario_async.values.asset import AssetUploadParams
from scenario_async.values.model import ModelCreateParams, ModelListParams, ModelResponse, ModelRetrieveParams
from scenario_async.values.training_image import (
    TrainingImageAddParams,
    TrainingImageDeleteParams,
    TrainingImageReplaceParams,
)

from .samples import png_like


class LookupParams(Request[object], endpoint="PUT /a/{first_id}/b/{second_id}"):
    """An operation with arguments in every place that is possible."""

    first_id: str = field(kw_only=False)
    second_id: str = field(kw_only=False)
    flag: Query[bool | None] = None
    how_many: Query[int | None] = None
    some_names: Query[Sequence[str] | None] = None
    project_id: Query[str | None] = None
    in_body: str | None = None
    more_in_body: Sequence[str] | None = None


class UnboundParams(Request[object], endpoint="POST /things"):
    """An operation without a project whose argument is the whole body."""

    body: Body[Any]


def test_places_of_arguments() -> None:
    """Names of the template go into the path, marked arguments into the query, others into the body."""
    request = LookupParams("x", "y", flag=True, how_many=3, in_body="z", more_in_body=["p", "q"])
    prepared = prepare(request, project_id="proj")
    assert (prepared.method, prepared.path) == ("PUT", "/a/x/b/y")
    assert prepared.query == "flag=true&howMany=3&projectId=proj"
    assert orjson.loads(prepared.body or b"") == {"inBody": "z", "moreInBody": ["p", "q"]}  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - it is bytes


def test_none_is_never_sent() -> None:
    """None is omitted everywhere; false, zero, and empty values are sent."""
    assert (prepare(LookupParams("x", "y")).query, prepare(LookupParams("x", "y")).body) == ("", b"{}")
    shown = prepare(LookupParams("x", "y", flag=False, how_many=0, in_body="", more_in_body=[]))
    assert shown.query == "flag=false&howMany=0"
    assert shown.body == b'{"inBody":"","moreInBody":[]}'


def test_operation_without_a_body() -> None:
    """An operation whose documentation has no body sends none, not even an empty object."""
    assert prepare(ModelRetrieveParams("m")).body is None
    assert prepare(TrainingImageDeleteParams("i", model_id="m")).body is None


def test_lists_in_a_query_are_joined_by_commas() -> None:
    query = prepare(LookupParams("x", "y", some_names=["a b", "c&d"])).query
    assert query == "someNames=a%20b%2Cc%26d"
    assert dict(parse_qsl(query)) == {"someNames": "a b,c&d"}
    types = prepare(ModelListParams(types=("flux.1-lora", "custom"), page_size=5)).query
    assert dict(parse_qsl(types)) == {"types": "flux.1-lora,custom", "pageSize": "5"}


def test_project() -> None:
    """An operation that supports projects sends the call's project, or else the client's, only once."""
    assert prepare(LookupParams("x", "y"), project_id="client's").query == "projectId=client%27s"
    assert prepare(LookupParams("x", "y", project_id="own"), project_id="other").query == "projectId=own"
    assert prepare(LookupParams("x", "y")).query == ""
    assert prepare(UnboundParams(body=[]), project_id="client's").query == ""


def test_extra_query() -> None:
    """Extra parameters come after those of the operation."""
    assert prepare(LookupParams("x", "y", how_many=1), extra_query={"a": "b"}).query == "howMany=1&a=b"
    assert prepare(LookupParams("x", "y"), extra_query={"a": "b"}).query == "a=b"


def test_whole_body() -> None:
    """If an argument is the whole body, it is sent without an object around it."""
    assert prepare(UnboundParams(body=[{"a": 1}, "b"])).body == b'[{"a":1},"b"]'


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_ids_are_quoted(given_id: str) -> None:
    """An id cannot change the path: it stays one segment, and decoding it gives the same id."""
    if not given_id.strip() or given_id in {".", ".."}:
        with pytest.raises(InvalidArgumentError):
            prepare(LookupParams(given_id, "y"))
        return
    path = prepare(LookupParams(given_id, "{first_id}")).path
    assert path.isascii()
    assert not set(path) & set("?#\\ %") - {"%"}
    _, a, first, b, second = path.split("/")
    assert (a, unquote(first), b, unquote(second)) == ("a", given_id, "b", "{first_id}")


@pytest.mark.parametrize("wrong", ["", " ", "\t\n", ".", "..", None, 5, b"x", ["x"]])
@pytest.mark.parametrize("name", ["model_id", "training_image_id"])
def test_invalid_ids(name: str, wrong: Any) -> None:
    """An id that would change the path, or is not a string, is refused with the argument's name."""
    ids: dict[str, Any] = {"model_id": "m", "training_image_id": "i", name: wrong}
    for request_type in (TrainingImageReplaceParams, TrainingImageDeleteParams):
        with pytest.raises(InvalidArgumentError, match="an id is needed") as caught:
            prepare(request_type(**ids))
        assert caught.value.argument == name
        assert caught.value.value == wrong


def test_invalid_values_in_a_query() -> None:
    """A dict or another object is refused instead of being converted to text."""
    wrong_ones: list[Any] = [{"a": 1}, [object()], b"x"]
    for wrong in wrong_ones:
        with pytest.raises(InvalidArgumentError, match="a string, a number, a boolean or a list") as caught:
            prepare(ModelListParams(tags=wrong))
        assert caught.value.argument == "tags"


def test_values_that_json_cannot_represent_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="only values that JSON can represent"):
        prepare(ModelCreateParams(collection_ids={"a"}))  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - the point
    with pytest.raises(InvalidArgumentError, match="only values that JSON can represent") as caught:
        prepare(UnboundParams(body=[object()]))
    assert caught.value.argument == "body"


def test_picture_in_a_body() -> None:
    """A picture is sent in the documented form, after the other members."""
    content = png_like(100)
    picture = Picture(content, len(content), "image/png", "fox.png")
    with_name = prepare(TrainingImageAddParams("m", data=picture, name='a "{quoted}" {')).body
    assert isinstance(with_name, tuple)
    assert with_name[0] == b'{"name":"a \\"{quoted}\\" {","data":"data:image/png;base64,'
    assert with_name[2] == b'"}'
    without = prepare(TrainingImageAddParams("m", data=picture)).body
    assert isinstance(without, tuple)
    assert without[0] == b'{"data":"data:image/png;base64,'
    two = prepare(AssetUploadParams(image=picture, thumbnail=picture)).body
    assert isinstance(two, tuple)
    assert [piece for piece in two if isinstance(piece, bytes)] == [b'{"image":"', b'","thumbnail":"', b'"}']


@pytest.mark.parametrize(("size", "fits"), [(4_499_973, True), (4_499_974, False)])
def test_picture_that_is_too_large_for_a_request(size: int, fits: bool) -> None:
    """A body above 6 MB, the service's limit, is refused; all members count."""
    picture = Picture(b"", size, "image/png", "huge.png")
    if fits:
        assert prepare(TrainingImageAddParams("m", data=picture)).body
        return
    with pytest.raises(InvalidArgumentError, match="at most 6,000,000 bytes") as caught:
        prepare(TrainingImageAddParams("m", data=picture))
    assert caught.value.argument == "data"


def test_which_requests_are_safe_to_repeat() -> None:
    """A second attachment by id is refused; a picture would be added twice."""
    assert prepare(TrainingImageAddParams("m", asset_id="a")).repeatable
    assert prepare(TrainingImageAddParams("m", asset_ids=["a"])).repeatable
    assert not prepare(TrainingImageAddParams("m", data="data:,x")).repeatable
    assert not prepare(ModelCreateParams(name="n")).repeatable
    assert prepare(ModelRetrieveParams("m")).repeatable


# --- operations that are not declared ---------------------------------------------------------


def test_undeclared() -> None:
    """Method, path, query and body are sent as given; None is omitted from the query."""
    query = {"pageSize": 5, "flag": True, "gone": None, "types": ["a", "b"]}
    prepared = prepare_undeclared("GET", "/models/a b%2Fc", query, None, {"own": "1"})
    assert (prepared.method, prepared.path, prepared.body) == ("GET", "/models/a%20b%2Fc", None)
    assert prepared.query == "pageSize=5&flag=true&types=a%2Cb&own=1"
    assert prepare_undeclared("POST", "/x", None, {"a": None}, {}).body == b'{"a":null}'


def test_undeclared_requests_that_are_safe_to_repeat() -> None:
    """For POST and PATCH the effect of a repetition is unknown."""
    repeatable = {
        method: prepare_undeclared(method, "/x", None, None, {}).repeatable
        for method in ("GET", "PUT", "DELETE", "POST", "PATCH")
    }
    assert repeatable == {"GET": True, "PUT": True, "DELETE": True, "POST": False, "PATCH": False}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "models",
        "//other.example/x",
        "/../x",
        "/a/./b",
        "/a/..",
        "/%2e%2E/x",
        "/a/%2e",
        "/a?b=c",
        "/a#b",
        "http://x",
    ],
)
def test_undeclared_path_outside_of_the_base_url(path: str) -> None:
    """A path cannot leave the base URL with any spelling of its dots."""
    with pytest.raises(InvalidArgumentError, match="a path below the base URL is needed") as caught:
        prepare_undeclared("GET", path, None, None, {})
    assert caught.value.argument == "path"


# --- responses ---------------------------------------------------------------------------------

PREPARED = prepare(ModelRetrieveParams("m"))
DELETING = prepare(TrainingImageDeleteParams("i", model_id="m"))


def response(content: bytes, status: int = 200) -> Response:
    """A response."""
    return Response(status, {}, content)


def test_every_2xx_is_a_success() -> None:
    """The status of a dry run is 269."""
    for status in (200, 201, 204, 269, 299):
        assert parse(response(b'{"a":1}', status), PREPARED) == {"a": 1}
    with pytest.raises(NotFoundError):
        parse(response(b"{}", 404), PREPARED)


def test_an_empty_response_is_an_empty_object_if_nothing_is_documented() -> None:
    assert parse(response(b"", 204), DELETING) == {}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not JSON: empty body"),
        (b"<html>\n  <h1>Sorry</h1></html>", "is not JSON: <html> <h1>Sorry</h1></html>"),
        (b'{"model": {"id": "mod', 'is not JSON: {"model": {"id": "mod'),
        (b"\xff\xfe", "is not JSON: \ufffd\ufffd"),
        (b"null", "is not a JSON object: null"),
        (b"[]", "is not a JSON object: []"),
        (b"5", "is not a JSON object: 5"),
    ],
)
def test_success_that_cannot_be_read(content: bytes, why: str) -> None:
    """The error shows the beginning of the body and has the whole response."""
    with pytest.raises(APIResponseValidationError) as caught:
        parse(response(content), PREPARED)
    assert str(caught.value) == f"GET /models/m returned 200, but the response {why}"
    assert (caught.value.status_code, caught.value.body) == (200, content)
    assert (caught.value.method, caught.value.path) == ("GET", "/models/m")
    assert caught.value.in_doubt


def test_the_plan_of_a_class_is_made_once() -> None:
    """The places of the fields are computed only for the first request."""
    assert layout_of(ModelRetrieveParams) is layout_of(ModelRetrieveParams)
    assert layout_of(ModelRetrieveParams).answer_type is ModelResponse
    assert isinstance(PREPARED, Prepared)
