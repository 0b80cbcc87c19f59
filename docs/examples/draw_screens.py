"""Draw pages for the documentation: a report, the notebook, and the start page of the documentation itself.

``nox -s pictures`` runs it, after ``nox -s site``, which builds that start page; the pictures are written to
``docs/images``. It needs the packages ``playwright``, ``pillow``, ``nbconvert`` and
``ipykernel``, and Chromium (Debian: ``apt-get install chromium``). The first paint of each page is printed in
milliseconds.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from scenario_async import Dataset

DOCS: Final = Path(__file__).parents[1]
IMAGES: Final = DOCS / "images"
FIRST_PAINT: Final = "performance.getEntriesByType('paint').map(entry => entry.startTime)[0]"


class Screen(NamedTuple):
    """A picture to draw: its name, the colours, and the size of the window in pixels."""

    name: str
    scheme: Literal["light", "dark"]
    width: int
    height: int


REPORT: Final = (
    Screen("report-light", "light", 1280, 900),
    Screen("report-dark", "dark", 1280, 900),
    Screen("report-phone", "light", 360, 780),
)
NOTEBOOK: Final = (Screen("notebook-light", "light", 1100, 1000), Screen("notebook-dark", "dark", 1100, 1000))
SITE: Final = (Screen("site-light", "light", 1280, 800), Screen("site-dark", "dark", 1280, 800))


def draw(browser: Browser, address: str, screen: Screen) -> None:
    """Open a page in a window of the screen's size, and save what it shows as a WebP file."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": screen.height}, color_scheme=screen.scheme
    )
    view = context.new_page()
    view.goto(address)
    shown = view.screenshot()
    print(f"{screen.name}: first paint after {view.evaluate(FIRST_PAINT):.0f} ms")
    with Image.open(io.BytesIO(shown)) as drawn:
        drawn.convert("RGB").save(IMAGES / f"{screen.name}.webp", quality=80, method=6)
    context.close()


def write_notebook(page: Path, scheme: str) -> None:
    """Run the notebook of the documentation with a real kernel, and write it as HTML, light or dark."""
    command = [
        sys.executable,
        "-m",
        "nbconvert",
        "--to",
        "html",
        "--execute",
        f"--HTMLExporter.theme={scheme}",
    ]
    output = ["--output-dir", str(page.parent), "--output", page.name]
    subprocess.run(  # noqa: S603 - our own command
        [*command, *output, str(DOCS / "examples" / "notebook.ipynb")], check=True
    )


def main() -> None:
    """Make the pages, and draw each screen."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        sys.exit("There is no Chromium on this machine. On Debian: apt-get install chromium")
    start = DOCS.parent / "build" / "site" / "index.html"
    if not start.exists():
        sys.exit("The documentation site is not built: nox -s site")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        report = Dataset.read(DOCS / "examples" / "dataset").check("flux.1-lora")
        page = report.to_html(Path(folder) / "check.html")
        for screen in REPORT:
            draw(browser, page.as_uri(), screen)
        for screen in SITE:
            draw(browser, start.as_uri(), screen)
        for screen in NOTEBOOK:
            written = Path(folder) / f"{screen.name}.html"
            write_notebook(written, screen.scheme)
            draw(browser, written.as_uri(), screen)
        browser.close()


if __name__ == "__main__":
    main()
