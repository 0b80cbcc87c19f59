"""Declare operations: each once, as a request class and as one line in its resource.

The line defines a coroutine function on `AsyncScenario` and a plain function on `Scenario`::

    class ModelRetrieveParams(Request[ModelResponse], endpoint="GET /models/{model_id}"):
        model_id: str = field(kw_only=False)


    class Models(Resource[Mode]):
        retrieve: Final = sends(ModelRetrieveParams)
"""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from functools import cached_property
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Concatenate,
    Final,
    Generic,
    ParamSpec,
    Protocol,
    Self,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    overload,
)

from scenario_async._internal.declare.call_options import CALL_OPTIONS, CallOptions, taken
from scenario_async._internal.declare.copying import NotCopied
from scenario_async._internal.declare.documentation import documentation, plain_type
from scenario_async._internal.declare.omitted import drop_omitted
from scenario_async._internal.declare.raw_responses import RawResponses
from scenario_async._internal.declare.value import Value
from scenario_async._internal.pictures.picture import BodyTooLargeError, PictureSource, Segment

if TYPE_CHECKING:  # a higher layer: `Sender` has these types in its signatures, and no code here uses them
    from scenario_async._internal.http.pace import Pace
    from scenario_async._internal.http.retries import RetryPolicy

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
T = TypeVar("T")


class Async:
    """The mode of a client whose operations are awaited."""


class Blocking:
    """The mode of a client whose operations block."""


Mode = TypeVar("Mode", Async, Blocking)

IN_QUERY: Final = object()
Query = Annotated[T, IN_QUERY]
"""A field that is sent in the query string."""

AS_BODY: Final = object()
Body = Annotated[T, AS_BODY]
"""A field that is the whole JSON body."""


class AsDataUrl:
    """Marks a field whose picture is sent as ``data:image/png;base64,…``."""


class AsBase64:
    """Marks a field whose picture is sent as base64 without a prefix."""


DataUrl = Annotated[PictureSource | None, AsDataUrl]
Base64 = Annotated[PictureSource | None, AsBase64]

OrDict = Union[T, Mapping[str, Any]]  # noqa: UP007 - a generic alias needs `Union`
"""A nested parameter: a value of its type, or a plain dict with the same names."""


class Request(CallOptions, Generic[R_co]):
    """The request of one operation; `R_co` is the type of its response.

    Fields that the path template names are sent in the path, and fields marked `Query` in the query string. A
    field marked `Body` is the whole JSON body. All other fields of the class become fields of the JSON body.
    None is never sent.
    """

    endpoint: ClassVar[str]
    """The HTTP method and the path's template, e.g. ``"GET /models/{model_id}"``."""

    def __init_subclass__(cls, *, endpoint: str | None = None) -> None:
        super().__init_subclass__()
        if endpoint is not None:
            cls.endpoint = endpoint

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice has the effect of sending it once."""
        return not self.endpoint.startswith(("POST ", "PATCH "))

    def check(self) -> None:
        """Check the arguments together before anything is sent.

        Raises:
            InvalidArgumentError: An argument is wrong; the error says what would be right.
        """

    def settled_by(self, status_code: int, reason: str | None) -> Mapping[str, Any] | None:
        """Return a response if this error shows that an earlier attempt in doubt was carried out.

        The transport calls this only after an attempt whose outcome is not known.

        Args:
            status_code: The HTTP status of the error.
            reason: The service's message.

        Returns:
            The JSON of the response as far as it is known; None if the error does not show this.
        """
        del status_code, reason
        return None


def answer_type_of(request_type: type[Request[R]]) -> type[R]:
    """The type of a request's response, from the parameter of its `Request` base."""
    for cls in request_type.__mro__:
        for base in getattr(cls, "__orig_bases__", ()):
            origin = get_origin(base)
            if isinstance(origin, type) and issubclass(origin, Request):
                answer = get_args(base)[0]
                # A base class of several operations leaves the type open; the requested class has it.
                if not isinstance(answer, TypeVar):
                    return cast("type[R]", get_origin(answer) or answer)
    raise TypeError(f"{request_type.__name__} does not name the type of its response: Request[…]")


class Sender(Protocol):
    """The methods of a client that a resource needs."""

    async def send(self, request: Request[R]) -> R:
        """Send a request and return its response."""
        ...

    async def call(
        self, method: str, path: str, query: Mapping[str, Any] | None, body: Any, answer: type[Value] | None
    ) -> Any:
        """Send a request by method and path, and return its parsed JSON, or an object of it."""
        ...

    async def store(self, url: str, segment: Segment, content_type: str) -> None:
        """Upload a segment of a picture to a presigned URL."""
        ...

    async def download(self, url: str) -> bytes:
        """Download a file from a presigned URL."""
        ...

    async def download_to(self, url: str, write: Callable[[AsyncIterator[bytes]], Awaitable[None]]) -> None:
        """Download a file from a presigned URL, one chunk at a time."""
        ...

    def retrying(self, max_retries: int) -> Sender:
        """Return the same sender with another number of retries."""
        ...

    def paced(self, pace: Pace) -> Sender:
        """Return the same sender with the rate control of a batch."""
        ...

    @property
    def retries(self) -> RetryPolicy:
        """How many retries there are, and how long the waits are."""
        ...

    @property
    def target(self) -> tuple[str, str]:
        """The base URL and the project of the requests; the project is empty if none was given."""
        ...


class Runner(Protocol):
    """Runs the coroutines of a blocking client."""

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine to its end, from another thread than its event loop's."""
        ...


class Resource(NotCopied, Generic[Mode]):
    """A group of operations on one client."""

    def __init__(self, sender: Sender, runner: Runner | None = None) -> None:
        self.sender = sender
        self.runner = runner

    @cached_property
    def awaited(self) -> Resource[Async]:
        """The same operations as coroutine functions.

        A blocking client runs them on its own event loop. They cannot be awaited on another one.
        """
        # At run time both modes share one object; only type checkers know the mode.
        awaited: Any = self if self.runner is None else type(self)(self.sender)
        return cast("Resource[Async]", awaited)

    @property
    def with_raw_response(self) -> RawResponses:
        """The same operations, each of which returns its HTTP response, with `parse()` for the value."""
        return RawResponses(self, awaited=self.runner is None)

    @property
    def with_streaming_response(self) -> RawResponses:
        """The same operations, each of which returns a context manager for its HTTP response."""
        return RawResponses(self, awaited=self.runner is None, streaming=True)

    def __repr__(self) -> str:
        mode = "awaited" if self.runner is None else "blocking"
        return f"<{type(self).__name__} of {self.sender!r}, {mode}>"


class Operation(Generic[P]):
    """A descriptor: a function on an instance of its resource, and its description on the class."""

    def __init__(
        self,
        function: Callable[Concatenate[Any, P], Any],
        request_type: type[Request[Any]] | None = None,
    ) -> None:
        self.function = function
        self.request_type = request_type
        self.__name__: str = function.__name__
        self.__qualname__: str = function.__qualname__
        self.__doc__ = function.__doc__ if request_type is None else request_type.__doc__

    def __set_name__(self, owner: type[object], name: str) -> None:
        self.__name__, self.__qualname__ = name, f"{owner.__name__}.{name}"
        self.__module__ = owner.__module__

    @cached_property
    def __signature__(self) -> inspect.Signature:
        """The request's arguments with plain types, for `help` and interactive shells."""
        whole = inspect.signature(self.request_type or self.function)
        parameters = [
            one.replace(annotation=plain_type(one.annotation))
            for one in whole.parameters.values()
            if one.name not in CALL_OPTIONS
        ]
        if self.request_type is None:
            return whole.replace(parameters=parameters[1:])  # without `self`
        return whole.replace(parameters=parameters, return_annotation=answer_type_of(self.request_type))

    @cached_property
    def documentation(self) -> str:
        """The docstring, with each argument explained."""
        if self.request_type is None:
            return inspect.cleandoc(self.function.__doc__ or "")
        return documentation(self.request_type, list(self.__signature__.parameters))

    def __call__(self, instance: Resource[Any], /, *args: P.args, **kwargs: P.kwargs) -> Any:
        """Call it as a function of its class: ``Models.retrieve(client.models, "model_1")``."""
        return getattr(instance, self.__name__)(*args, **kwargs)

    def request(
        self, make: Callable[..., Request[R]], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Request[R]:
        """Make the request of a call with these arguments.

        Raises:
            TypeError: An argument is missing or unknown; the message names the operation.
        """
        drop_omitted(kwargs)
        try:
            return make(*args, **kwargs)
        except TypeError:
            own = {name: value for name, value in kwargs.items() if name not in CALL_OPTIONS}
            try:
                self.__signature__.bind(*args, **own)
            except TypeError as error:
                raise TypeError(f"{self.__qualname__}() {error}") from None
            raise

    def bound(self, instance: Resource[Any], call: Callable[P, Any]) -> Callable[P, Any]:
        """Give a function the name, docstring and arguments of this operation."""
        call.__name__, call.__qualname__ = self.__name__, self.__qualname__
        call.__doc__ = self.documentation
        call.__signature__ = self.__signature__  # type: ignore[attr-defined]
        # This descriptor has no __set__, so the entry in the instance's dict is found first from now on.
        vars(instance)[self.__name__] = call
        return call


class operation(Operation[P], Generic[P, R]):  # noqa: N801 - used like a function
    """An asynchronous operation that a blocking client calls as a plain function."""

    def __init__(
        self,
        function: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]],
        request_type: type[Request[R]] | None = None,
    ) -> None:
        super().__init__(function, request_type)

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(
        self, instance: Resource[Async], owner: type[object]
    ) -> Callable[P, Coroutine[Any, Any, R]]: ...
    @overload
    def __get__(self, instance: Resource[Blocking], owner: type[object]) -> Callable[P, R]: ...
    def __get__(self, instance: Resource[Any] | None, owner: type[object]) -> Any:
        if instance is None:
            return self
        function, resource, runner = self.function, instance.awaited, instance.runner
        if runner is None:

            def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                coroutine: Any = function(resource, *args, **kwargs)
                # Python shows it in the warning about a forgotten `await`, and asyncio in the repr of a task.
                coroutine.__qualname__ = self.__qualname__
                return coroutine

            return self.bound(instance, _marked_as_coroutine_function(awaited))

        def blocking(*args: P.args, **kwargs: P.kwargs) -> Any:
            return runner.run(function(resource, *args, **taken(kwargs)))

        return self.bound(instance, blocking)


def _marked_as_coroutine_function(function: Callable[P, Any]) -> Callable[P, Any]:
    """Mark a function that returns a coroutine, so that frameworks await what it returns.

    It is not an ``async def``, so that wrong arguments raise at the call and not at the ``await``.
    """
    if sys.version_info >= (3, 12):
        return inspect.markcoroutinefunction(function)
    function._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined] # noqa: SLF001 - like unittest.mock
    return function


def sends(
    request_type: Callable[P, Request[R]],
    *,
    if_too_large: Callable[[Sender, Any, BodyTooLargeError], Coroutine[Any, Any, R]] | None = None,
) -> operation[P, R]:
    """Declare an operation that sends a `request_type` and takes the arguments of its ``__init__``.

    Args:
        request_type: The request's class.
        if_too_large: A function that does the same with several requests, for a request that is too large for
            the service.
    """

    def send(resource: Resource[Async], /, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, R]:
        request = made.request(request_type, args, kwargs)
        if if_too_large is None:
            return resource.sender.send(request)
        return sent_or(if_too_large, resource.sender, request)

    async def sent_or(
        otherwise: Callable[[Sender, Any, BodyTooLargeError], Coroutine[Any, Any, R]],
        sender: Sender,
        request: Request[R],
    ) -> R:
        try:
            return await sender.send(request)
        except BodyTooLargeError as error:
            return await otherwise(sender, request, error)

    made = operation(send, cast("type[Request[R]]", request_type))
    return made
