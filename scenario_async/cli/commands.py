"""What the command line takes. What sends is imported only when it is needed, so `--help` answers at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from scenario_async.cli.main import INTERRUPTED, PROGRAM


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=PROGRAM, prog_name=PROGRAM)
def group() -> None:
    """Train models of the Scenario API on your own pictures.

    Credentials come from SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET, or from SCENARIO_SDK_JWT.
    """


@group.command(short_help="Make the pictures of a folder training images of a model.")
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--model", "model_id", metavar="ID", help="The model to add the pictures to.")
@click.option("--sandbox", is_flag=True, help="Try it: a local sandbox, a fresh model, no credentials.")
@click.option(
    "--concurrency",
    default=8,
    show_default=True,
    type=click.IntRange(1, 64),
    metavar="N",
    help="How many pictures are on their way at the same time.",
)
@click.option("--preset", type=click.Choice(["default", "style", "subject"]), help="What they are for.")
@click.option("--project", "project_id", metavar="ID", help="The project, if the key has none.")
@click.option("--base-url", metavar="URL", help="Another service than SCENARIO_BASE_URL or the default.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@click.option(
    "--deadline", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help="Stop after that long."
)
@click.option(
    "--ledger",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to keep what is known of each picture, instead of the user's folder for state.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def upload(**options: Any) -> None:
    """Upload the pictures of FOLDER and make them training images of a model.

    FOLDER may also be one picture, or several. The exit status is 0 only if every picture is in the
    training set; 1 if one is not; 2 if the command itself is wrong. The same command again sends only
    what is missing.
    """
    if bool(options["model_id"]) == options["sandbox"]:
        raise click.UsageError("say which model: --model ID; or try it with --sandbox, which makes one")
    try:
        from scenario_async.cli.upload import UploadOptions, run_upload
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)

    sys.exit(run_upload(UploadOptions(**options)))


@group.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8787,
    show_default=True,
    type=click.IntRange(0, 65535),
    metavar="N",
    help="The port to listen on; 0 for any that is free.",
)
@click.option("--allow-remote", is_flag=True, help="Listen on an address that others can reach.")
@click.option(
    "--training-image-limit",
    default=50,
    show_default=True,
    type=click.IntRange(1),
    metavar="N",
    help="How many training images the plan allows a model.",
)
def sandbox(**options: Any) -> None:
    """Run a local imitation of the service until it is interrupted."""
    from scenario_async.cli.sandbox import run_sandbox

    sys.exit(run_sandbox(**options))
