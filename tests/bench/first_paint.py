"""The first paint of a report page of fifty pictures: ``python -m tests.bench.first_paint [--runs 9]``.

Each run opens the page in a browser of its own. It needs Chromium, Playwright and Pillow.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Playwright, sync_playwright
from rich.console import Console

from scenario_async import Dataset

PICTURES: Final = 50
DATASET: Final = Path(__file__).parents[2] / "docs" / "examples" / "dataset"
PAINTS: Final = (
    "Object.fromEntries(performance.getEntriesByType('paint').map(one => [one.name, one.startTime]))"
)


def write_pictures(folder: Path) -> None:
    """Write fifty pictures whose thumbnails are large: parts of the example's with noise, and captions."""
    chance = random.Random(5)  # noqa: S311 - the same pictures each time
    sources = sorted(path for path in DATASET.iterdir() if path.suffix != ".txt")
    for number in range(PICTURES):
        with Image.open(sources[number % len(sources)]) as opened:
            left, top = chance.randrange(opened.width // 4), chance.randrange(opened.height // 4)
            part = opened.convert("RGB").crop((left, top, left + 768, top + 768))
        noise = Image.effect_noise(part.size, 128).convert("RGB")
        Image.blend(part, noise, 0.3).save(folder / f"{number:02}.jpg", quality=90)
        (folder / f"{number:02}.txt").write_text(f"part {number} of an example", encoding="utf-8")


def first_paint(playwright: Playwright, executable: str, address: str) -> dict[str, float]:
    """Open a page in a new browser: milliseconds until its first paint and its first paint with content."""
    browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
    try:
        view = browser.new_page(viewport={"width": 1280, "height": 900})
        view.goto(address)
        view.screenshot()  # two frames later, the first one is drawn
        paints: dict[str, float] = view.evaluate(PAINTS)
        return paints
    finally:
        browser.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.first_paint", description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs: int = parser.parse_args().runs
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        sys.exit("There is no Chromium on this machine. On Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_pictures(Path(folder))
        page = Dataset.read(folder).check("flux.1-lora").to_html(Path(folder) / "check.html")
        size = page.stat().st_size
        found = [first_paint(playwright, executable, page.as_uri()) for _ in range(runs)]
    output = Console(highlight=False)
    output.print(f"{PICTURES} pictures, {size / 1e6:.2f} MB, {runs} runs")
    for name in found[0]:
        times = [one[name] for one in found]
        output.print(
            f"{name}: {min(times):.0f} to {max(times):.0f} ms, median {statistics.median(times):.0f} ms"
        )


if __name__ == "__main__":
    main()
