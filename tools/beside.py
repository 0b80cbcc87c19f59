"""Resolve scenario-async[cli] together with other packages, and write the table of docs/compatibility.md.

python tools/beside.py [PACKAGE…]

Each package is resolved by `uv pip compile`; nothing is installed. With names, the rows are only printed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "compatibility.md"
MARKS = ("<!-- table of neighbours: begin -->", "<!-- table of neighbours: end -->")
PYTHON = "3.12"
OTHER_PYTHONS = {"homeassistant": "3.14"}  # its newest releases allow no lower version
REASON_LENGTH = 300
PATIENCE = 600  # seconds; some packages have to be built to find their requirements

NEIGHBOURS = (
    "aiogram",
    "apache-airflow",
    "celery",
    "crewai",
    "dagster",
    "dask",
    "datasets",
    "diffusers",
    "discord.py",
    "dvc",
    "fal-client",
    "gradio",
    "homeassistant",
    "huggingface-hub",
    "instructor",
    "jupyterlab",
    "label-studio",
    "litellm[proxy]",
    "moviepy",
    "open-webui",
    "openai",
    "prefect",
    "ray",
    "replicate",
    "roboflow",
    "sagemaker",
    "streamlit",
    "transformers",
    "typer",
    "wandb",
)


class Resolution(NamedTuple):
    """The result of resolving one package together with this one.

    Attributes:
        version: The version that the resolver chose; empty if there was none.
        reason: Why there was none; empty if there was one.
    """

    version: str
    reason: str


def resolve(requirements: list[str], package: str, before: str = "") -> Resolution:
    """Resolve requirements as of a date, and return the version of a package in the result."""
    python = OTHER_PYTHONS.get(package, PYTHON)
    with tempfile.NamedTemporaryFile("w", suffix=".in", encoding="utf-8") as file:
        file.write("\n".join(requirements))
        file.flush()
        command = ["uv", "pip", "compile", "-q", "--no-header", "--no-annotate", "--python-version", python]
        dated = ["--exclude-newer", before] if before else []
        try:
            done = subprocess.run(  # noqa: S603 - uv with the names above
                [*command, *dated, file.name], capture_output=True, text=True, check=False, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            return Resolution("", f"the resolver found no answer in {PATIENCE} s")
    if done.returncode:
        return Resolution("", shortened(done.stderr))
    name = re.sub(r"[-_.]+", "[-_.]", package.split("[", maxsplit=1)[0])
    found = re.search(rf"(?im)^{name}(?:\[[^]]*])?==(\S+)", done.stdout)
    return Resolution(found[1] if found else "?", "")


def shortened(text: str) -> str:
    """The resolver's reason on one line of a table."""
    flat = re.sub(r"\s+", " ", re.sub(r"[×╰─▶│]", " ", text)).strip().replace("|", r"\|")
    return flat if len(flat) <= REASON_LENGTH else f"{flat[:REASON_LENGTH]}…"


def cell(package: str, before: str) -> str:
    """The newest release of a package up to a date, and whether it resolves together with this package."""
    alone = resolve([package], package, before)
    if not alone.version:
        return f"not by itself: {alone.reason}"
    together = resolve([f"{package}=={alone.version}", *bounds()], package)
    return f"{alone.version} ✓" if together.version else f"{alone.version} ✗ {together.reason}"


def bounds() -> list[str]:
    """The requirements of the package and of its command line, from pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    both: list[str] = [*project["dependencies"], *extras["cli"], *extras["images"]]
    return [one for one in both if not one.startswith("scenario-async")]


def row(package: str) -> str:
    """A package's line of the table: today, and a year ago."""
    year_ago = (datetime.now(tz=UTC) - timedelta(days=365)).strftime("%Y-%m-%d")
    made = f"| {package} | {cell(package, '')} | {cell(package, year_ago)} |"
    print(made, flush=True)
    return made


def main(packages: list[str]) -> None:
    """Print the rows of the packages; without names, write all rows into the page."""
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(row, packages or NEIGHBOURS))
    if packages:
        return
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    now = datetime.now(tz=UTC).strftime("%B %Y")
    table = "\n".join([f"| package | {now} | a year before |", "|---|---|---|", *rows])
    PAGE.write_text(f"{before}{MARKS[0]}\n\n{table}\n\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
