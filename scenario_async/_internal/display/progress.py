"""Show progress where the code runs: bars in notebooks and terminals, a line every few seconds in logs.

A notebook bar is plain HTML that is replaced with each change. So it needs no widget extension, and works in
Jupyter, JupyterLab and VS Code. A saved notebook shows its last state. Rich draws the bar in a terminal if it
is installed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from html import escape
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Protocol, TextIO, cast

from attrs import frozen

from scenario_async._internal.display.page import shown

_REDRAW_SECONDS: Final = 0.1
"""A notebook redraws at most this often: each redraw is a message to the browser."""

_BAR_WIDTH: Final = 8
"""The least width of a terminal's bar in characters; the text after it is shortened instead."""

_LINE_SECONDS: Final = 5.0
"""Seconds between two lines of output if there is no terminal."""


@frozen(kw_only=True)
class Progress:
    """The progress of a task.

    Attributes:
        label: The task, e.g. ``"uploading"``.
        fraction: From 0 to 1; None if that is not known.
        text: More about it, e.g. ``"3/14 pictures, 2.1 MB/s"``.
    """

    label: str
    fraction: float | None
    text: str


class Show(Protocol):
    """Draws progress; called after each change."""

    def __call__(self, now: Progress, /) -> None:
        """Draw the current state."""
        ...


@contextmanager
def progress_display(stream: TextIO | None = None) -> Generator[Show]:
    """Choose the display for the place where the code runs; the last state is drawn when the block ends.

    If a display fails, it is not used any more, and the work continues.

    Args:
        stream: Where to draw outside of a notebook; standard error by default.
    """
    with _drawing(stream) as draw:
        yield _never_fails(draw)


def _drawing(stream: TextIO | None) -> AbstractContextManager[Show]:
    if _in_notebook():
        return _notebook()
    # A program without a console has no standard error, although its type says otherwise.
    target = cast("TextIO | None", sys.stderr) if stream is None else stream
    if target is None:
        return nullcontext(_draw_nothing)
    return _terminal(target) if _is_terminal(target) and find_spec("rich") else _lines(target)


def _draw_nothing(now: Progress, /) -> None:
    del now


def _never_fails(draw: Show) -> Show:
    broken = False

    def guarded(now: Progress, /) -> None:
        nonlocal broken
        if broken:
            return
        try:
            draw(now)
        except Exception:  # noqa: BLE001 - a closed stream or kernel must not stop the work
            broken = True

    return guarded


def _in_notebook() -> bool:
    """Whether IPython runs in a kernel, and not in a terminal."""
    ipython: Any = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # the stream is closed
        return False


@contextmanager
def _notebook() -> Generator[Show]:
    ipython: Any = import_module("IPython.display")
    handle = ipython.display(ipython.HTML(""), display_id=True)
    last: Progress | None = None
    drawn_at = 0.0

    def draw(now: Progress, /) -> None:
        nonlocal last, drawn_at
        last = now
        if time.monotonic() - drawn_at >= _REDRAW_SECONDS:
            drawn_at = time.monotonic()
            handle.update(ipython.HTML(_bar(now)))

    try:
        yield draw
    finally:
        if last is not None:
            with suppress(Exception):
                handle.update(ipython.HTML(_bar(last)))


def _bar(now: Progress) -> str:
    value = "" if now.fraction is None else f' value="{now.fraction:.4f}"'
    label, text = escape(shown(now.label)), escape(shown(now.text))
    return (
        f'<div style="display: flex; gap: 1em; align-items: center; font-variant-numeric: tabular-nums">'
        f"<b>{label}</b>"
        f'<progress max="1"{value} aria-label="{label}" style="width: 20em"></progress>'
        f"<span>{text}</span></div>"
    )


@contextmanager
def _terminal(stream: TextIO) -> Generator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    columns = (
        TextColumn("{task.description}", style="bold", markup=False),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[text]}", markup=False),
    )
    bars = Bars(*columns, console=Console(file=stream))
    task: TaskID | None = None

    def draw(now: Progress, /) -> None:
        nonlocal task
        if task is None:  # a call that fails immediately shows nothing
            bars.start()
            # Rich hides the cursor. It would stay hidden in the shell after Ctrl-Z or `kill -9`.
            bars.console.show_cursor()
            task = bars.add_task("", total=None, text="")
        total, completed = (None, 0.0) if now.fraction is None else (1.0, now.fraction)
        label, text = Text(shown(now.label)), Text(shown(now.text))
        text.truncate(max(bars.console.width - label.cell_len - _BAR_WIDTH - 2, 1), overflow="ellipsis")
        bars.update(task, description=label.plain, completed=completed, total=total, text=text.plain)

    try:
        yield draw
    finally:
        if task is not None:
            bars.stop()


@contextmanager
def _lines(stream: TextIO) -> Generator[Show]:
    last: Progress | None = None
    written_at = time.monotonic()

    def draw(now: Progress, /) -> None:
        nonlocal last, written_at
        if time.monotonic() - written_at >= _LINE_SECONDS:
            written_at, last = time.monotonic(), None
            _write(stream, now)
        else:
            last = now

    yield draw
    if last is not None:
        with suppress(OSError, ValueError):
            _write(stream, last)


def _write(stream: TextIO, now: Progress) -> None:
    percent = "" if now.fraction is None else f" {now.fraction:.0%}"
    print(f"{shown(now.label)}{percent}: {shown(now.text)}", file=stream, flush=True)
