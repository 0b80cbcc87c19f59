"""The content of a report page, as plain values without layout.

Each report converts itself to these values, and `page.py` renders them. So a new report needs no HTML, and a
new layout needs no change in any report.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from attrs import frozen

Tone = Literal["good", "neutral", "warning", "bad"]
"""The colour of a status. The status is also shown as text, so its meaning does not depend on the colour."""

ROWS_AT_MOST: Final = 100
"""Rows of a table in a notebook."""


@frozen(kw_only=True)
class Note:
    """A warning or an error about one picture or about the whole data set."""

    text: str
    tone: Tone = "warning"


@frozen(kw_only=True)
class Card:
    """One picture with everything that is known about it.

    Attributes:
        title: The file name, or an asset id.
        picture: A local file or its bytes; None if there is no picture to show.
        status: The status in words; empty for none.
        tone: The colour of the status.
        facts: Short facts for one line, e.g. ``"1024 × 768"``.
        caption: The caption or prompt; None if there is none.
        notes: Warnings and errors.
    """

    title: str
    picture: Path | bytes | None = None
    status: str = ""
    tone: Tone = "neutral"
    facts: Sequence[str] = ()
    caption: str | None = None
    notes: Sequence[Note] = ()


@frozen(kw_only=True)
class Sheet:
    """A contact sheet: any number of cards in a grid that adapts to the width of the page."""

    title: str
    cards: Sequence[Card]
    intro: str = ""


@frozen(kw_only=True)
class Row:
    """Cards that belong together, such as a pair or near-duplicates.

    Attributes:
        title: What the cards have in common.
        cards: The cards, in the order in which they are shown.
        text: The instruction of a pair, or how much two pictures differ.
    """

    title: str
    cards: Sequence[Card]
    text: str = ""


@frozen(kw_only=True)
class Rows:
    """Groups of cards, one row for each group."""

    title: str
    rows: Sequence[Row]
    intro: str = ""


@frozen(kw_only=True)
class Matrix:
    """A table of pictures, such as epochs by sample prompts.

    Attributes:
        corner: The kind of the rows, e.g. ``"epoch"``.
        columns: The heading of each column.
        rows: The heading of each row with its cards; a card is None if there is no picture.
    """

    title: str
    corner: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Card | None]]]
    intro: str = ""


@frozen(kw_only=True)
class Step:
    """A step of a time line.

    Attributes:
        name: The stage, e.g. ``"queued"``.
        seconds: The duration, which is the length of the bar.
        shown: The text after the bar; the duration if it is empty.
    """

    name: str
    seconds: float
    shown: str = ""
    tone: Tone = "neutral"


@frozen(kw_only=True)
class Timeline:
    """A time line: the steps in order, and the duration of each."""

    title: str
    steps: Sequence[Step]
    intro: str = ""


@frozen(kw_only=True)
class Facts:
    """Names and values, such as the parts of a price or the parameters of a training."""

    title: str
    rows: Sequence[tuple[str, str]]
    intro: str = ""


@frozen(kw_only=True)
class Notes:
    """General warnings and errors, the most important ones first."""

    title: str
    notes: Sequence[Note]
    intro: str = ""


Section = Sheet | Rows | Matrix | Timeline | Facts | Notes


@frozen(kw_only=True)
class Page:
    """A whole report page.

    Attributes:
        title: The subject of the page, e.g. ``"Upload to model_8f2"``.
        verdict: One sentence about the result.
        tone: The colour of the verdict.
        figures: The most important numbers, each with its label.
        sections: The sections, in the order in which they are shown; empty ones are left out.
    """

    title: str
    verdict: str
    tone: Tone = "neutral"
    figures: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()


@frozen(kw_only=True)
class TableRow:
    """A row of a notebook table: a picture, if there is one, and a text for each column."""

    cells: Sequence[str]
    picture: Path | bytes | None = None
    tone: Tone = "neutral"


@frozen(kw_only=True)
class Table:
    """A table for a notebook.

    Attributes:
        title: The kind of objects in the rows.
        columns: The heading of each column except the picture's.
        rows: The rows; a picture column is shown if any row has a picture.
        footer: A line below the table; empty for none.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[TableRow]
    footer: str = ""
