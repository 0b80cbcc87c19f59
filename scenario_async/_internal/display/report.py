"""The base class of reports, which are shown as an HTML page and as a table in a notebook."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the modules of pages are a sixth of the first use of `client.models`
    from scenario_async._internal.display.content import Page


class HtmlReport(ABC):
    """A report that describes its page."""

    __slots__ = ()

    @abstractmethod
    def _page(self) -> Page:
        """Describe the page of this report."""

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write the report as one HTML file with its pictures inside; it loads nothing and runs no script.

        Args:
            path: The file to write, e.g. ``"report.html"``. An existing file is replaced.

        Returns:
            The path of the file.

        Raises:
            InvalidArgumentError: It is not a path.
            DisplayError: Jinja2 is not installed (``scenario-async[report]``).
            OSError: The file cannot be written.
        """
        from scenario_async._internal.display.page import write_page

        return write_page(self._page(), path)

    def _repr_html_(self) -> str | None:
        """Show the pictures of the report as a table in a notebook."""
        from scenario_async._internal.display.content import ROWS_AT_MOST, Sheet, Table, TableRow
        from scenario_async._internal.display.page import render_table

        page = self._page()
        cards = [card for section in page.sections if isinstance(section, Sheet) for card in section.cards]
        rows = [
            TableRow(
                cells=(
                    card.title,
                    card.status,
                    ", ".join(card.facts),
                    card.caption or "",
                    "; ".join(note.text for note in card.notes),
                ),
                picture=card.picture,
                tone=card.tone if card.tone in {"bad", "warning"} else "neutral",
            )
            for card in cards[:ROWS_AT_MOST]
        ]
        left = len(cards) - len(rows)
        footer = page.verdict + (f"; {left} more pictures" if left else "")
        columns = ("name", "status", "size", "caption", "notes")
        return render_table(Table(title=page.title, columns=columns, rows=rows, footer=footer))
