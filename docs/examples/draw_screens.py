"""Draw the report page of the example's data set for the documentation: light, dark, and on a phone.

Run ``python docs/examples/draw_screens.py``; the pictures are written to ``docs/images``. It needs the
packages ``playwright`` and ``pillow``, and Chromium (Debian: ``apt-get install chromium``).
The first paint of each page is printed in milliseconds.
"""

from __future__ import annotations

import io
import shutil
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


SCREENS: Final = (
    Screen("report-light", "light", 1280, 900),
    Screen("report-dark", "dark", 1280, 900),
    Screen("report-phone", "light", 360, 780),
)


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


def main() -> None:
    """Check the example's data set, write its report page, and draw each screen."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        sys.exit("There is no Chromium on this machine. On Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        report = Dataset.read(DOCS / "examples" / "dataset").check("flux.1-lora")
        page = report.to_html(Path(folder) / "check.html")
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        for screen in SCREENS:
            draw(browser, page.as_uri(), screen)
        browser.close()


if __name__ == "__main__":
    main()
