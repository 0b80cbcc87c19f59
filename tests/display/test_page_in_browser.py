"""The report page in a real browser: its requests, its messages and its layout."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Literal

import pytest

from scenario_async._internal.display.page import write_page
from tests.display.pages import full_page


def _keep(kept: list[str], attribute: str, event: Any) -> None:
    kept.append(getattr(event, attribute))


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of fifty pictures, with hostile texts among them."""
    return write_page(full_page(50), tmp_path_factory.mktemp("page") / "report.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_sends_no_requests_logs_nothing_and_fits(
    browser: Any, page_file: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    """It loads only its own file and shows all pictures.

    It has no console message, script or sideways scrolling.
    """
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    view = context.new_page()
    requested: list[str] = []
    messages: list[str] = []
    view.on("request", partial(_keep, requested, "url"))
    view.on("console", partial(_keep, messages, "text"))
    view.on("pageerror", partial(_keep, messages, "message"))
    view.goto(page_file.as_uri())
    assert [url for url in requested if not url.startswith("data:")] == [page_file.as_uri()]
    assert messages == []
    assert "taken" not in view.title().split('"')[0]
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    pictures = "[...document.images]"
    assert view.evaluate(f"{pictures}.length") > 50
    assert view.evaluate(f"{pictures}.every(one => one.naturalWidth > 0)")
    assert view.evaluate(f"{pictures}.every(one => one.alt.trim() !== '')")
    background = view.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in background[4:-1].split(","))
    assert (brightness < 200) == (scheme == "dark")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_accessibility_violation(
    browser: Any, page_file: Path, scheme: Literal["light", "dark"]
) -> None:
    """axe-core finds no problem in contrast, headings, landmarks, names or tables."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    # The page's content security policy forbids all scripts, including axe.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    view = context.new_page()
    view.goto(page_file.as_uri())
    result = axe.Axe().run(view)
    assert result.violations_count == 0, result.generate_report()
    context.close()


@pytest.mark.parametrize(("width", "is_one_column"), [(360, True), (1280, False)])
def test_a_phone_shows_the_pictures_in_one_column(
    browser: Any, page_file: Path, width: int, is_one_column: bool
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    view = context.new_page()
    view.goto(page_file.as_uri())
    cards = "[...document.querySelectorAll('.grid .card')]"
    left = view.evaluate(f"{cards}.map(one => Math.round(one.getBoundingClientRect().left))")
    assert len(left) > 10
    assert (len(set(left)) == 1) == is_one_column
    context.close()
