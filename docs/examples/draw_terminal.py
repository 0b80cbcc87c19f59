"""Draw what `scenario-async upload docs/examples/dataset --sandbox` ends with: docs/images/upload.svg."""

from __future__ import annotations

import asyncio
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from scenario_async import AsyncScenario, UploadReport
from scenario_async.cli._internal.upload_table import upload_table
from scenario_async.sandbox import Sandbox

DOCS = Path(__file__).parents[1]
COMMAND = "scenario-async upload docs/examples/dataset --sandbox"


async def upload() -> UploadReport:
    """Run it for real."""
    async with (
        Sandbox() as sandbox,
        AsyncScenario(
            base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret
        ) as client,
    ):
        model = (await client.models.create(name="paper")).model
        pictures = DOCS / "examples" / "dataset"
        return await client.models.training_images.upload(model.id, pictures, ledger=False)


def main() -> None:
    """Draw it."""
    console = Console(record=True, width=112, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(f"[bold]$[/] {COMMAND}\n", highlight=False)
    console.print(upload_table(asyncio.run(upload()), in_sandbox=True))
    console.save_svg(str(DOCS / "images" / "upload.svg"), title="scenario-async", theme=MONOKAI)


if __name__ == "__main__":
    main()
