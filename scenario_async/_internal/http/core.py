"""Send a request object and return the response object; both clients use this module."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import NoneType
from typing import Any, Final, TypeVar, cast

from attrs import evolve

from scenario_async._internal.declare.converter import is_object
from scenario_async._internal.declare.operation import AsBase64, Request
from scenario_async._internal.declare.reading import structure
from scenario_async._internal.declare.value import Value
from scenario_async._internal.declare.wire import (
    Prepared,
    RequestLayout,
    layout_of,
    parse,
    prepare,
    prepare_undeclared,
    unreadable,
)
from scenario_async._internal.http.exchange import WriteChunks
from scenario_async._internal.http.options import TransportOptions, check_mapping
from scenario_async._internal.http.pace import Pace
from scenario_async._internal.http.retries import RetryPolicy
from scenario_async._internal.http.transport import Transport
from scenario_async._internal.pictures.encoded import is_data_url
from scenario_async._internal.pictures.picture import Picture, Segment
from scenario_async._internal.threads import in_thread
from scenario_async.errors import APIStatusError, Response

R = TypeVar("R")

_AT_HAND: Final = (NoneType, Picture, bytes)
"""The types of pictures that are in memory."""

_TOKENS: Final = (str, int)
"""The types that the token of a page may have; a number is sent back as a string."""

_NAMING: Final = frozenset({"data", "image"})
"""The picture arguments whose file name is used if a request has no name; a thumbnail is not one of them."""


class Core:
    """Sends requests for one client."""

    def __init__(self, transport: Transport, *, project_id: str | None = None, strict: bool = False) -> None:
        self.transport = transport
        self.project_id = project_id
        self.strict = strict
        if strict:  # with the client, and not on the event loop when the first response arrives
            import_module("scenario_async._internal.declare.strict")

    def __repr__(self) -> str:
        return repr(self.transport)

    async def send(self, request: Request[R]) -> R:
        """Send a request and return the value of its response.

        Args:
            request: The request of any operation.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APIError: The request failed.
        """
        layout = layout_of(type(request))
        opened: dict[str, Any] = {}
        for member in layout.pictures:
            if getattr(request, member.name) is not None:
                opened = await _open_pictures_of(request, layout)
                if "name" in opened:
                    request = evolve(cast("Any", request), name=opened.pop("name"))
                break
        request.check()
        transport = self.transport
        if request.changes_transport:
            transport = transport.with_options(
                transport.options.changed(
                    timeout=request.timeout, headers=request.extra_headers, query=request.extra_query
                )
            )
        options = transport.options
        prepared = prepare(
            request,
            opened,
            project_id=self.project_id,
            extra_query=options.query,
            default_query=options.default_query,
        )

        def read(response: Response) -> R:
            made: R = self._made(parse(response, prepared), layout.answer_type, response, prepared)
            return made

        def settle(failure: APIStatusError) -> R | None:
            value = request.settled_by(failure.status_code, failure.reason)
            if value is None:
                return None
            # This response has only the known fields, so strict validation does not apply.
            return cast("R", structure(value, layout.answer_type))

        return await transport.send(transport.to_service(prepared, read, settle))

    async def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        body: Any,
        answer: type[Value] | None = None,
    ) -> Any:
        """Send a request by method and path, and return the parsed JSON of its response.

        Args:
            method: The HTTP method.
            path: The path below the base URL, beginning with a slash.
            query: Parameters of the query string.
            body: What to send as JSON; None for nothing.
            answer: A class to which the JSON is converted; None for the JSON itself.

        Raises:
            InvalidArgumentError: The path leads out of the API, or an argument has the wrong type.
            APIError: The request failed.
        """
        options = self.transport.options
        if query:
            check_mapping("query", query)
        query = {**options.default_query, **(query or {})}
        prepared = prepare_undeclared(method, path, query, body, options.query)

        def read(response: Response) -> Any:
            value = parse(response, prepared)
            if answer is None:
                return value
            if not is_object(value):
                raise unreadable("is not a JSON object", response, prepared)
            return self._made(value, answer, response, prepared)

        return await self.transport.send(self.transport.to_service(prepared, read))

    def _made(self, value: Any, answer_type: Any, response: Response, prepared: Prepared) -> Any:
        """Convert the parsed JSON of a response.

        Raises:
            APIResponseValidationError: It is not as documented and the client is strict, or the items of a
                page are not a list, or its token cannot be sent back.
        """
        try:
            made = structure(value, answer_type, strict=self.strict)
        except ValueError as error:
            raise unreadable(f"is not as documented ({error})", response, prepared) from error
        items_field = getattr(answer_type, "items_field", None)  # only pages have one
        if items_field is not None:
            items = getattr(made, items_field)
            if items and type(items) is not list:
                raise unreadable(f"has no list in {items_field!r}", response, prepared)
            token_field = getattr(answer_type, "token_field", None)  # only pages with a token have one
            token = None if token_field is None else getattr(made, token_field)
            if token and not isinstance(token, _TOKENS):
                raise unreadable(f"has no string in {token_field!r}", response, prepared)
        return made

    async def store(self, url: str, segment: Segment, content_type: str) -> None:
        """Upload a segment of a picture to a presigned URL; see `Transport.store`."""
        await self.transport.store(url, segment, content_type)

    async def download(self, url: str) -> bytes:
        """Download a file from a presigned URL; see `Transport.download`."""
        return await self.transport.download(url)

    async def download_to(self, url: str, write: WriteChunks) -> None:
        """Download a file from a presigned URL, one chunk at a time; see `Transport.download_to`."""
        await self.transport.download_to(url, write)

    @property
    def retries(self) -> RetryPolicy:
        """How many retries there are, and how long the waits are."""
        return self.transport.options.retries

    @property
    def target(self) -> tuple[str, str]:
        """The base URL and the project of the requests."""
        return self.transport.base_url, self.project_id or ""

    def retrying(self, max_retries: int) -> Core:
        """Return the same sender with another number of retries."""
        options = self.transport.options
        options = evolve(options, retries=evolve(options.retries, max_retries=max_retries))
        return self.with_options(options)

    def paced(self, pace: Pace) -> Core:
        """Return the same sender with the rate control and the retry budget of a batch."""
        options = self.transport.options
        options = evolve(options, retries=pace.policy(options.retries))
        transport = self.transport.with_options(options, pace=pace)
        return Core(transport, project_id=self.project_id, strict=self.strict)

    def with_options(
        self, options: TransportOptions, *, project_id: str | None = None, strict: bool | None = None
    ) -> Core:
        """Return a core with the same connections and other options; None does not change an option."""
        return Core(
            self.transport.with_options(options),
            project_id=self.project_id if project_id is None else project_id,
            strict=self.strict if strict is None else strict,
        )


async def _open_pictures_of(request: Request[Any], layout: RequestLayout) -> dict[str, Any]:
    """Use a thread if a file has to be read, which may take long; other sources are in memory."""
    for member in layout.pictures:
        source = getattr(request, member.name)
        if not isinstance(source, _AT_HAND) and not is_data_url(source):
            return await in_thread(_open_pictures, request, layout)
    return _open_pictures(request, layout)


def _open_pictures(request: Request[Any], layout: RequestLayout) -> dict[str, Any]:
    """Open the pictures of a request.

    Returns:
        The values to send in place of those of the request, by field: pictures, and the name of a picture if
        the request has no name.

    Raises:
        InvalidArgumentError: A picture is not valid; see `picture_argument`.
    """
    # The readers of the formats are a fifth of this package's import, and most requests have no picture.
    from scenario_async._internal.pictures.opening import picture_argument

    changes: dict[str, Any] = {}
    for member in layout.pictures:
        source = getattr(request, member.name)
        if source is None:
            continue
        opened = picture_argument(source, member.name, base64=member.picture is AsBase64)
        if opened is not source:  # a data URL in the documented form is sent unchanged
            changes[member.name] = opened
        named = member.name in _NAMING and getattr(request, "name", "") is None
        if named and isinstance(opened, Picture) and opened.name is not None:
            changes["name"] = opened.name
    return changes
