"""Render report pages and notebook tables as HTML, with Jinja2 templates that escape all values."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scenario_async._internal.display.content import Page, Table
from scenario_async._internal.display.thumbnails import PAGE_SIDE, TABLE_SIDE, thumbnail
from scenario_async._internal.paths import read_path
from scenario_async._internal.version import installed_version
from scenario_async._internal.whole_file import write_whole
from scenario_async.errors import DisplayError

if TYPE_CHECKING:
    from jinja2 import Environment

_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
"""Characters that a page cannot show, or that change the direction of the text around them."""


def render_page(page: Page) -> str:
    """Render a page as one self-contained HTML document.

    Raises:
        DisplayError: Jinja2 is not installed.
    """
    return (
        templates()
        .get_template("page.html.jinja")
        .render(
            page=page,
            side=PAGE_SIDE,
            thumbnail=thumbnail,
            duration=duration,
            version=installed_version() or "",
        )
    )


def write_page(page: Page, path: str | os.PathLike[str]) -> Path:
    """Write a page to a file; an existing file is replaced only when the new one is complete.

    Args:
        page: The page.
        path: The file to write, e.g. ``"report.html"``.

    Returns:
        The path of the file.

    Raises:
        InvalidArgumentError: It is not a path.
        DisplayError: Jinja2 is not installed.
        OSError: The file cannot be written.
    """
    target = read_path("path", path, "the path of the file to write is needed, e.g. 'report.html'")
    write_whole(target, render_page(page).encode())
    return target


def render_table(table: Table) -> str | None:
    """Render a table for a notebook; None if Jinja2 is not installed, so that the repr is shown."""
    try:
        template = templates().get_template("table.html.jinja")
    except DisplayError:
        return None
    return template.render(table=table, side=TABLE_SIDE, thumbnail=thumbnail)


@cache
def templates() -> Environment:
    """Load the templates; they escape every value.

    Raises:
        DisplayError: Jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError:
        raise DisplayError(
            "a report page needs Jinja2 and Pillow: python -m pip install 'scenario-async[report]'"
        ) from None
    environment = Environment(
        loader=PackageLoader("scenario_async._internal.display"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["shown"] = shown
    return environment


def shown(text: str) -> str:
    """Replace invisible characters, and characters that change the direction of text, by visible marks."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def duration(seconds: float) -> str:
    """Write a number of seconds as a person would: ``0.4 s``, ``12 s``, ``3 min 20 s``, ``2 h 5 min``."""
    if seconds < 10:  # noqa: PLR2004 - only then tenths matter
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - seconds of a minute
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def size_text(size: int) -> str:
    """Write a number of bytes as a person would: ``512 bytes``, ``4.2 MB``."""
    if size < 1000:  # noqa: PLR2004 - decimal units, like file managers
        return f"{size} bytes"
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 1000 or unit == "TB":  # noqa: PLR2004 - decimal units
            return f"{amount:.1f} {unit}"
    raise AssertionError(size)
