"""Show a data set as a table in a notebook: each picture with its size and its caption."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenario_async._internal.display.content import Table, TableRow
from scenario_async._internal.display.page import render_table
from scenario_async._internal.display.words import counted

if TYPE_CHECKING:
    from scenario_async.work._internal.dataset import Dataset, DatasetItem

_ROWS_AT_MOST: Final = 50


def dataset_table(dataset: Dataset) -> str | None:
    """Render the first 50 pictures of a data set as HTML; None if Jinja2 is not installed."""
    rows = [_row(item) for item in dataset.items[:_ROWS_AT_MOST]]
    left = len(dataset.items) - len(rows)
    footer = f"{counted(len(dataset.items), 'picture')}, {counted(len(dataset.pairs), 'pair')}"
    footer += f"; {left} more pictures are not shown" if left else ""
    return render_table(Table(title="Dataset", columns=("name", "size", "caption"), rows=rows, footer=footer))


def _row(item: DatasetItem) -> TableRow:
    size = f"{item.facts.width} × {item.facts.height}" if item.facts else "not readable"
    return TableRow(
        cells=(item.path.name, size, item.caption or ""),
        picture=item.path,
        tone="neutral" if item.facts else "bad",
    )
