"""The group of all commands. Each command is a module of this folder, imported when it is used."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click

from scenario_async.cli._internal.exit_status import FAILED, INTERRUPTED

_AS_JSON: Final = "scenario_async.as_json"
"""The key under which a context has whether ``--json`` was given."""

_COMMANDS: Final[Mapping[str, str]] = {
    "check": "Check the pictures of a folder before anything is sent.",
    "captions": "Send captions of a folder to a model, or fetch them.",
    "upload": "Add the pictures of a folder to the training images of a model.",
    "sync": "Upload the pictures of a folder or of cloud storage to the library.",
    "train": "Train a model on the pictures of a folder.",
    "generate": "Generate pictures with a model, and save them.",
    "jobs": "Wait for jobs, list them, and search for jobs of requests in doubt.",
    "models": "Create a model, or list models.",
    "sandbox": "Run a local imitation of the service.",
}
"""The name of each command, which is also its module's name, and its line in the list of commands."""


class _Commands(click.Group):
    """Imports the module of a command when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order in which a user needs them."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with a name; None if there is none."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"scenario_async.cli._internal.{cmd_name}"), cmd_name)
        command.short_help = _COMMANDS[cmd_name]
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments. Without arguments, show the help with status 2, as click does since 8.2."""
        ctx.meta[_AS_JSON] = "--json" in args
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command. If Ctrl-C comes during its import, the program ends without a message.

        If the command is wrong and has ``--json``, the error is printed as a document, like all others.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        except click.UsageError as error:
            if ctx.meta[_AS_JSON]:
                from scenario_async.cli._internal.running import print_json

                print_json({"error": {"type": type(error).__name__, "message": error.format_message()}})
            raise

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line. If the help cannot be written, print a message and not a traceback."""
        try:
            return super().main(*args, **options)
        except OSError as error:
            from scenario_async.cli._internal.running import discard_output, print_error

            print_error(str(error))
            discard_output()
            sys.exit(FAILED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="scenario-async", prog_name="scenario-async")
def group() -> None:
    """Train models of the Scenario API on your own pictures, and generate pictures with them.

    Credentials are read from SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET, or from SCENARIO_SDK_JWT. With
    --sandbox, a command talks to a sandbox on this machine, which needs no credentials.
    """
