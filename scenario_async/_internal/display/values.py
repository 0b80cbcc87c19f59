"""Show responses in a notebook: a table of facts for one value, a table of rows for a page of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import urlsplit, urlunsplit

import attrs

from scenario_async._internal.display.content import ROWS_AT_MOST, Table, TableRow
from scenario_async._internal.display.page import render_table

_COLUMNS: Final = (
    "name",
    "id",
    "type",
    "kind",
    "job_type",
    "status",
    "progress",
    "mime_type",
    "privacy",
    "description",
    "created_at",
    "updated_at",
)
"""The possible columns of a list, in this order; columns that are empty in all rows are left out."""

_LONGEST_TEXT: Final = 200
_ITEMS_AT_MOST: Final = 5


def html_of_value(value: Any) -> str | None:
    """Render the fields of a value that are not None; None if Jinja2 is not installed."""
    fields: Sequence[Any] = attrs.fields(cast("Any", type(value)))
    rows = [
        TableRow(cells=(one.name, _text(given)))
        for one in fields
        if one.repr and (given := getattr(value, one.name)) is not None
    ]
    return render_table(Table(title=type(value).__qualname__, columns=("field", "value"), rows=rows))


def html_of_list(
    items: Sequence[Any], title: str, pictures: Mapping[str, bytes], *, more: bool
) -> str | None:
    """Render the items of a page; None if Jinja2 is not installed.

    Args:
        items: The items.
        title: The kind of the items.
        pictures: Thumbnails by the ids of their items; some items have none.
        more: Whether there is a next page.
    """
    shown = items[:ROWS_AT_MOST]
    columns = [one for one in _COLUMNS if any(getattr(item, one, None) is not None for item in shown)]
    rows = [
        TableRow(
            cells=[_text(getattr(item, column, None)) for column in columns] or [_text(item)],
            picture=pictures.get(str(getattr(item, "id", ""))),
        )
        for item in shown
    ]
    left = len(items) - len(shown)
    footer = f"{len(items)} on this page" + (f", {left} not shown" if left else "")
    footer += "; there are more pages" if more else ""
    return render_table(Table(title=title, columns=columns or [title], rows=rows, footer=footer))


def _text(value: object) -> str:
    """A value as short text, without the signatures of URLs, since other people may read a saved notebook."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = without_signature(value)
    elif isinstance(value, bool | int | float):
        text = str(value)
    elif isinstance(value, list | tuple):
        items = cast("Sequence[object]", value)
        text = ", ".join(map(_text, items[:_ITEMS_AT_MOST]))
        text += f", … ({len(items)})" if len(items) > _ITEMS_AT_MOST else ""
    else:
        text = type(value).__name__
        identifier = getattr(value, "id", None)
        text += f" {identifier}" if isinstance(identifier, str) else ""
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def without_signature(text: str) -> str:
    """Remove the query and the fragment of a URL; other text is not changed."""
    if not text.startswith(("https://", "http://")):
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return text.partition("?")[0]
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
