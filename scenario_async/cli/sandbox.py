"""``scenario-async sandbox``: the local imitation of the service, until it is interrupted."""

from __future__ import annotations

import asyncio

from rich.console import Console

from scenario_async._internal.http.credentials import is_loopback
from scenario_async.cli.display import print_error
from scenario_async.cli.main import MISUSE
from scenario_async.sandbox import Sandbox


def run_sandbox(*, host: str, port: int, allow_remote: bool, training_image_limit: int) -> int:
    """Serve until Ctrl-C; gives the exit status."""
    errors = Console(stderr=True)
    if not allow_remote and not is_loopback(host):
        print_error(errors, f"{host} is not a loopback address; --allow-remote lets other machines in")
        return MISUSE
    try:
        sandbox = Sandbox(
            host=host, port=port, allow_remote=allow_remote, training_image_limit=training_image_limit
        )
        asyncio.run(_serve(sandbox))
    except KeyboardInterrupt:
        return 0
    except (ValueError, OSError) as error:
        print_error(errors, error)
        return MISUSE
    return 0


async def _serve(sandbox: Sandbox) -> None:
    async with sandbox:
        lines = (
            f"export SCENARIO_BASE_URL={sandbox.base_url}",
            f"export SCENARIO_SDK_API_KEY={sandbox.api_key}",
            f"export SCENARIO_SDK_API_SECRET={sandbox.api_secret}",
        )
        console = Console(highlight=False, soft_wrap=True)
        console.print("# the sandbox is running; Ctrl-C ends it. To use it from another shell:")
        console.print("\n".join(lines), markup=False)
        await asyncio.Event().wait()
