"""The sandbox: a server that starts and stops on the running event loop."""

from __future__ import annotations

import atexit
from collections.abc import Collection
from contextlib import ExitStack
from typing import Final, Generic, Self, TypeVar, overload

from aiohttp import web
from anyio.from_thread import start_blocking_portal

from scenario_async.sandbox._internal.addresses import API
from scenario_async.sandbox._internal.clock import Clock
from scenario_async.sandbox._internal.context import CONTEXT, Context
from scenario_async.sandbox._internal.faults.rules import Faults
from scenario_async.sandbox._internal.hosts import Hosts, is_loopback, origin
from scenario_async.sandbox._internal.injection import Injector
from scenario_async.sandbox._internal.jobs import Job
from scenario_async.sandbox._internal.middleware import middleware_stack
from scenario_async.sandbox._internal.pictures import PictureReader
from scenario_async.sandbox._internal.request_log import RequestLog
from scenario_async.sandbox._internal.routes import add_routes
from scenario_async.sandbox._internal.settings import GroupAnswer, ImportDelay, Settings
from scenario_async.sandbox._internal.signed_urls import SignedURLs
from scenario_async.sandbox._internal.state import State

T = TypeVar("T")

_PATIENCE: Final = 0.1
"""Seconds for running requests to end when the sandbox closes; aiohttp waits this long twice."""


class _Setting(Generic[T]):
    """A setting of a sandbox that can be read and changed while it runs, from any thread."""

    def __set_name__(self, owner: type[Sandbox], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, sandbox: None, owner: type[Sandbox]) -> Self: ...
    @overload
    def __get__(self, sandbox: Sandbox, owner: type[Sandbox]) -> T: ...
    def __get__(self, sandbox: Sandbox | None, owner: type[Sandbox]) -> T | Self:
        return self if sandbox is None else getattr(sandbox.settings, self._name)

    def __set__(self, sandbox: Sandbox, value: T) -> None:
        setattr(sandbox.settings, self._name, value)


class Sandbox:
    """A local Scenario API with state.

    Use ``async with``, or `start` and `close`, to run it on the current event loop. Use a plain ``with`` to
    run it on its own event loop and thread, for code that blocks. In both cases you can read and set its
    attributes from any thread. Read `state` only while no request is being processed.

    You can run several sandboxes at the same time, each with its own port and state. When a sandbox is
    closed, its state and counts are kept, and you can start it again. If Pillow is not installed, only the
    signature of a picture is read. Then a truncated picture is accepted, and assets have no width and height.

    You can also read and set these arguments later as attributes: `training_image_limit`, `group_answer`,
    `import_delay`, the durations, limits and lifetimes, and `keep_alive`. A change applies to everything that
    starts afterwards.

    Args:
        host: The address to listen on. Anything but a loopback address needs `allow_remote`.
        port: The port to listen on; 0 takes a free one.
        api_key: The key that requests must carry (HTTP Basic, user).
        api_secret: The secret that requests must carry (HTTP Basic, password).
        jwt: A token that is accepted too, as ``Authorization: Bearer``; None accepts no token.
        project_id: The project of the key. A request with another project gets a 403. None accepts any
            project.
        training_image_limit: How many training images the plan allows for each model.
        group_answer: The images in the response when a request adds or replaces by `assetIds`, because the
            service's response is unknown: the ``"first"`` image as `trainingImage`, ``"all"`` as
            `trainingImages`, or ``"none"``.
        part_url_lifetime: The seconds until the presigned URLs of an upload's parts expire.
        download_url_lifetime: The seconds until the URL of a picture expires.
        import_delay: The seconds that a completed upload stays in ``validating``, for all uploads or as a
            function of the `Upload`. After that, each request for its status returns the next status:
            ``validated``, ``imported``.
        job_duration: The seconds that a job takes, from ``queued`` to ``success``.
        training_duration: The seconds that the training of a model takes.
        training_cooldown: The seconds after the start of a training during which the model cannot be trained
            again.
        parallel_trainings: The number of trainings that the plan allows at the same time; None sets no limit.
        parallel_generations: The same for generations.
        speed: The speed of the sandbox's clock relative to the machine's clock. With 60, an hour of training
            takes a minute. URLs expire sooner by the same factor.
        rate_limit: The number of requests per second that the account allows. Further requests get a 429.
            None sets no limit.
        keep_alive: Whether a connection stays open after a response.
        keep_bytes: Whether to keep the bytes of pictures, so that they can be downloaded. With False, for
            long runs, only their size and SHA-256 are kept (and the parts of an upload until it is
            completed).
        decode_pictures: Whether to decode pictures completely if Pillow is installed. With False, for
            benchmarks, only their signature is read.
        allow_remote: Whether to listen on an address that other machines can reach.
        allowed_hosts: Names other than loopback and `host` that requests may have in their ``Host`` header,
            such as ``"sandbox"`` in a network of containers. Requests with other names get a 421.
        faults: The faults; none if not given.

    Raises:
        ValueError: The host is not loopback and `allow_remote` is not set, or another argument is out of
            range.
    """

    training_image_limit: _Setting[int] = _Setting()
    group_answer: _Setting[GroupAnswer] = _Setting()
    import_delay: _Setting[ImportDelay] = _Setting()
    job_duration: _Setting[float] = _Setting()
    training_duration: _Setting[float] = _Setting()
    training_cooldown: _Setting[float] = _Setting()
    parallel_trainings: _Setting[int | None] = _Setting()
    parallel_generations: _Setting[int | None] = _Setting()
    part_url_lifetime: _Setting[float] = _Setting()
    download_url_lifetime: _Setting[float] = _Setting()
    rate_limit: _Setting[float | None] = _Setting()
    keep_alive: _Setting[bool] = _Setting()

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str = "sandbox-key",
        api_secret: str = "sandbox-secret",  # noqa: S107 - it only protects a sandbox
        jwt: str | None = None,
        project_id: str | None = None,
        training_image_limit: int = 50,
        group_answer: GroupAnswer = "first",
        part_url_lifetime: float = 3600,
        download_url_lifetime: float = 86_400,
        import_delay: ImportDelay = 0.0,
        job_duration: float = 2.0,
        training_duration: float = 10.0,
        training_cooldown: float = 0.0,
        parallel_trainings: int | None = None,
        parallel_generations: int | None = None,
        speed: float = 1.0,
        rate_limit: float | None = None,
        keep_alive: bool = True,
        keep_bytes: bool = True,
        decode_pictures: bool = True,
        allow_remote: bool = False,
        allowed_hosts: Collection[str] = (),
        faults: Faults | None = None,
    ) -> None:
        if not allow_remote and not is_loopback(host):
            raise ValueError(
                f"{host} is not a loopback address; to listen on it nevertheless, pass allow_remote=True"
            )
        self._host = host
        self._port = port
        clock = Clock(speed)
        self._context = Context(
            Settings(
                api_key=api_key,
                api_secret=api_secret,
                jwt=jwt,
                project_id=project_id,
                training_image_limit=training_image_limit,
                group_answer=group_answer,
                part_url_lifetime=part_url_lifetime,
                download_url_lifetime=download_url_lifetime,
                import_delay=import_delay,
                job_duration=job_duration,
                training_duration=training_duration,
                training_cooldown=training_cooldown,
                parallel_trainings=parallel_trainings,
                parallel_generations=parallel_generations,
                rate_limit=rate_limit,
                keep_alive=keep_alive,
                keep_bytes=keep_bytes,
                decode_pictures=decode_pictures,
            ),
            Hosts(host, allowed_hosts),
            State(clock),
            PictureReader(keep_bytes, decode_pictures),
            SignedURLs(clock),
            clock,
        )
        self._requests = RequestLog()
        self._injector = Injector(Faults() if faults is None else faults)
        self._runner: web.AppRunner | None = None
        self._own_thread = ExitStack()

    async def start(self) -> None:
        """Start to listen on the running event loop.

        Raises:
            RuntimeError: The sandbox is running already.
            OSError: The port is in use.
        """
        if self._runner is not None:
            raise RuntimeError("the sandbox is running already")
        app = web.Application(middlewares=middleware_stack(self._requests, self._injector))
        app[CONTEXT] = self._context
        add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_PATIENCE)
        try:
            self._context.pictures.open()
            self._injector.open()
            await self._runner.setup()
            await web.TCPSite(self._runner, self._host, self._port).start()
        except BaseException:
            await self.close()
            raise
        host, port, *_ = self._runner.addresses[0]
        self._context.urls.origin = origin(host, port)

    async def close(self) -> None:
        """Stop listening, drop every connection and end running requests. A second call does nothing."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await self._injector.close(patience=_PATIENCE)
            await runner.cleanup()
            self._context.pictures.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            portal = stack.enter_context(start_blocking_portal("asyncio", name="scenario-sandbox-loop"))
            portal.call(self.start)
            stack.callback(portal.call, self.close)
            self._own_thread = stack.pop_all()
        # A sandbox that is not closed, for example in a notebook, would keep the interpreter from ending.
        atexit.register(self._own_thread.close)
        return self

    def __exit__(self, *_: object) -> None:
        atexit.unregister(self._own_thread.close)
        self._own_thread.close()

    @property
    def base_url(self) -> str:
        """The base URL for clients on this machine, such as ``http://127.0.0.1:54321/v1``.

        Raises:
            RuntimeError: The sandbox is not running.
        """
        if self._runner is None:
            raise RuntimeError(
                "the sandbox is not running and has no address: enter it with `async with` or await start()"
            )
        return self._context.urls.origin + API

    @property
    def api_key(self) -> str:
        """The key that requests must carry."""
        return self._context.settings.api_key

    @property
    def api_secret(self) -> str:
        """The secret that requests must carry."""
        return self._context.settings.api_secret

    @property
    def jwt(self) -> str | None:
        """The token that is accepted instead of key and secret."""
        return self._context.settings.jwt

    @property
    def faults(self) -> Faults:
        """The faults, which can be set and changed while the sandbox runs, from any thread."""
        return self._injector.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._injector.faults = faults

    def advance_clock(self, seconds: float) -> None:
        """Move the sandbox's clock forward, so that URLs expire and imports and jobs end without a wait.

        Raises:
            ValueError: `seconds` is negative.
        """
        self._context.clock.advance(seconds)

    @property
    def settings(self) -> Settings:
        """The settings of the sandbox."""
        return self._context.settings

    @property
    def paid(self) -> tuple[Job, ...]:
        """The jobs that cost something, each charged once, in the order in which they were started."""
        return tuple(job for job in self.state.jobs.values() if job.cost)

    @property
    def spent(self) -> float:
        """The creative units that were charged and not refunded."""
        now = self._context.clock.now()
        return sum(job.charge(now) for job in self.paid)

    @property
    def state(self) -> State:
        """The objects of the sandbox: models, assets with their bytes, uploads."""
        return self._context.state

    @property
    def requests(self) -> RequestLog:
        """The log of all requests."""
        return self._requests

    def __repr__(self) -> str:
        return f"<Sandbox {'(not running)' if self._runner is None else self.base_url}>"
