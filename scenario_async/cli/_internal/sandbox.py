"""``scenario-async sandbox``: a local imitation of the service, until it is interrupted."""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from scenario_async.cli._internal.exit_status import MISUSE, SUCCESS

if TYPE_CHECKING:
    from scenario_async.sandbox import Sandbox

_OPTIONS: Final = {"allow_remote=True": "--allow-remote", "allowed_hosts": "--allow-host"}
"""Arguments of `Sandbox` in its messages, and their names on the command line."""


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The address to listen on."
)
@click.option(
    "--port",
    default=8787,
    show_default=True,
    type=click.IntRange(0, 65535),
    metavar="N",
    help="The port to listen on; 0 for any that is free.",
)
@click.option("--allow-remote", is_flag=True, help="Listen on an address that other machines can reach.")
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="Also accept this host name, e.g. that of a container. May be given several times.",
)
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    metavar="X",
    help="Run the clock of trainings and generations this many times as fast.",
)
@click.option(
    "--training-image-limit",
    default=50,
    show_default=True,
    type=click.IntRange(1),
    metavar="N",
    help="How many training images the plan allows a model.",
)
def sandbox(*, host: str, allow_remote: bool, allow_host: tuple[str, ...], **settings: Any) -> None:
    """Run a local imitation of the service until it is interrupted."""
    import asyncio
    import socket

    from scenario_async.cli._internal.running import print_error
    from scenario_async.sandbox import Sandbox

    try:
        server = Sandbox(host=host, allow_remote=allow_remote, allowed_hosts=allow_host, **settings)
        asyncio.run(_serve(server))
    except KeyboardInterrupt:
        sys.exit(SUCCESS)
    except (ValueError, OSError) as error:
        message = str(error)
        for argument, option in _OPTIONS.items():
            message = message.replace(argument, option)
        if isinstance(error, socket.gaierror | UnicodeError):
            message = f"--host {host}: {message}"
        # asyncio words this error itself, and keeps only its number.
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            message = f"--port {settings['port']}: in use; pass another, or 0 for any free port"
        print_error(message)
        sys.exit(MISUSE)


async def _serve(server: Sandbox) -> None:
    import asyncio

    from scenario_async.cli._internal.running import print_text

    async with server:
        print_text("# the sandbox is running; Ctrl-C ends it. To use it from another shell:")
        print_text(f"export SCENARIO_BASE_URL={server.base_url}")
        print_text(f"export SCENARIO_SDK_API_KEY={server.api_key}")
        print_text(f"export SCENARIO_SDK_API_SECRET={server.api_secret}")
        await asyncio.Event().wait()
