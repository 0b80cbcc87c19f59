"""A real kernel runs the notebook of the documentation against a sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.mark.timeout(300)
def test_every_cell_of_the_notebook_runs_and_its_results_are_shown_as_html() -> None:
    """The data set, both reports with their bars, the pictures and a page of assets are shown as HTML."""
    nbformat: Any = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbclient: Any = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    notebook = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    resources = {"metadata": {"path": str(EXAMPLES)}}
    # A cell that raises ends the run with its traceback.
    nbclient.NotebookClient(notebook, timeout=200, kernel_name="python3", resources=resources).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells[1:-1]:
        (result,) = (one for one in cell.outputs if one.output_type == "execute_result")
        assert "text/html" in result.data, cell.source
    for cell in cells:
        bars = [one for one in cell.outputs if one.output_type == "display_data"]
        assert len(bars) == cell.source.count("progress=True"), cell.source
