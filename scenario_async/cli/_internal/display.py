"""Show results in a terminal: tables that fit its width, with text from outside escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import frozen
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from scenario_async._internal.display.page import shown

_GAP: Final = 2
"""The number of spaces between two columns of a table."""


def one_line(text: str) -> str:
    """Escape control characters and line breaks, so that a file's name cannot forge a line of output."""
    return shown(text).replace("\n", "\\n").replace("\t", "\\t")


def lines_of(*texts: object) -> str:
    """Return several texts from outside as lines, each escaped."""
    return "\n".join(one_line(str(text)) for text in texts)


def cell(text: object, style: str = "") -> Text:
    """Escape text from outside for a table, so that it is not read as markup."""
    return Text(one_line(str(text)), style=style)


@frozen(kw_only=True)
class Column:
    """A column of a `FittingTable`.

    Attributes:
        title: The heading.
        cells: The text of each row.
        keep: The priority of the column. If the terminal is too narrow, columns with the lowest number are
            left out first. A column with None is never left out.
        shortest: The number of characters to which the column may be cut before it is left out; None if it is
            never cut.
        right: Whether the column is aligned to the right.
    """

    title: str
    cells: Sequence[Text]
    keep: int | None = None
    shortest: int | None = None
    right: bool = False

    @property
    def width(self) -> int:
        """The width that shows the whole column."""
        return max([cell_len(self.title), *(one.cell_len for one in self.cells)])

    @property
    def least(self) -> int:
        """The smallest width of the column."""
        return self.width if self.shortest is None else min(self.width, self.shortest)


@frozen
class FittingTable:
    """A table without borders. If it is too wide for the terminal, columns are cut, and then left out.

    Columns that are never left out keep their whole text. It is wrapped only if it is wider than the
    terminal.
    """

    columns: Sequence[Column]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the table for the available width."""
        columns = _fitting([one for one in self.columns if any(row.plain for row in one.cells)], options)
        free = options.max_width - _width(columns)
        table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, _GAP, 0, 0))
        for column in columns:
            cut = column.shortest is not None
            width = None
            if free >= 0:  # otherwise rich would also narrow the columns that must not be shortened
                width = min(column.width, column.least + free)
                free -= width - column.least
            table.add_column(
                column.title,
                justify="right" if column.right else "left",
                no_wrap=cut,
                overflow="ellipsis" if cut else "fold",
                width=width,
            )
        for row in zip(*(column.cells for column in columns), strict=True):
            table.add_row(*row)
        yield table


def _fitting(columns: Sequence[Column], options: ConsoleOptions) -> Sequence[Column]:
    """Leave columns out until the others fit."""
    kept = list(columns)
    while _width(kept) > options.max_width:
        leaving = [one for one in kept if one.keep is not None]
        if not leaving:
            break
        kept.remove(min(leaving, key=lambda one: one.keep or 0))
    return kept


def _width(columns: Sequence[Column]) -> int:
    """The smallest total width of these columns."""
    return sum(one.least + _GAP for one in columns)
