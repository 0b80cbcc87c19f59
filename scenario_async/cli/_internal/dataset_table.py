"""The report of a checked data set, as a table with a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from scenario_async.cli._internal.display import Column, FittingTable, cell

if TYPE_CHECKING:
    from scenario_async.work._internal.dataset_check import DatasetReport


def dataset_table(report: DatasetReport) -> RenderableType:
    """Return the report of a checked data set: a table of its problems, and the totals."""
    styles = {"error": "red", "warning": "yellow"}
    problems = report.problems
    columns = [
        Column(title="", cells=[cell(one.severity, styles[one.severity]) for one in problems]),
        Column(title="file", cells=[cell(one.path.name if one.path else "") for one in problems]),
        Column(title="problem", cells=[cell(one.message) for one in problems]),
    ]
    lines: list[RenderableType] = [FittingTable(columns), ""] if problems else []
    lines.append(cell(report.summary().partition("; ")[0]))
    if not report.decoded:
        lines.append(
            Text("the pictures were not decoded; to decode them: pip install 'scenario-async[images]'")
        )
    if not report.compared:
        lines.append(
            Text(
                "near-duplicates were not searched for; to find them: pip install 'scenario-async[datasets]'"
            )
        )
    return Group(*lines)
