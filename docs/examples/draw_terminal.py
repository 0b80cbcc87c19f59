"""Draw what commands print in a terminal: ``docs/images/upload.svg``, ``check.svg`` and ``train.svg``.

``nox -s pictures`` runs it. Each command is run, in the sandbox where it sends something.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT: Final = Path(__file__).parents[2]
DATASET: Final = ROOT / "docs" / "examples" / "dataset"
WIDTH: Final = 100
COMMANDS: Final = {
    "upload": "upload docs/examples/dataset --sandbox",
    "check": "check pictures --type flux.1-lora",
    "train": "train docs/examples/dataset --name paper --type flux.1-lora --sandbox --to results",
}


def spoil(source: Path, target: Path) -> None:
    """Make a data set in which a check finds something: a copy, a caption that is missing, a broken file."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("0[6-9]*", "1*"))
    shutil.copy(target / "02-pines-in-mist.jpg", target / "copy-of-pines.jpg")
    (target / "04-snow-village.txt").unlink()
    (target / "05-balloons-over-hills.png").write_bytes(b"not a picture")


def output_of(command: str) -> str:
    """Run a command in a folder that is removed at the end, and return what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "docs").symlink_to(ROOT / "docs")
        spoil(DATASET, Path(folder) / "pictures")
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "scenario_async", *command.split()],
            cwd=folder,
            env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "XDG_STATE_HOME": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the progress
            text=True,
            check=False,
        )
    return done.stdout


def main() -> None:
    """Draw each command with its output."""
    for name, command in COMMANDS.items():
        console = Console(
            record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor"
        )
        console.print(f"[bold]$[/] scenario-async {command}\n", highlight=False)
        console.print(Text.from_ansi(output_of(command)))
        path = ROOT / "docs" / "images" / f"{name}.svg"
        console.save_svg(str(path), title="scenario-async", theme=MONOKAI)


if __name__ == "__main__":
    main()
