"""The documentation site: `nox -s site` builds it with Sphinx, MyST and Furo."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "scenario_async"
author = "The scenario_async developers"
copyright = author  # noqa: A001 - the name that Sphinx reads
release = version = PROJECT["version"]
extensions = ["myst_parser", "sphinx_copybutton", "sphinxcontrib.mermaid"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["examples/**", "_build"]
templates_path: list[str] = []

# Headings get the anchors that GitHub gives them: links work in both places, and a dead one is a warning.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
myst_fence_as_directive = ["mermaid"]

html_theme = "furo"
html_title = "scenario_async"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_baseurl = PROJECT["urls"]["Documentation"]
html_theme_options = {
    "source_repository": PROJECT["urls"]["Source"],
    "source_branch": "main",
    "source_directory": "docs/",
}
pygments_style = "friendly"
pygments_dark_style = "monokai"
copybutton_exclude = ".linenos, .gp, .go"


def describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give a page its first paragraph as the description that search engines show; each has to have one."""
    del app, template
    if doctree is None:
        return
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None)
    if paragraph is None:
        raise SphinxError(f"{page} has no paragraph that describes it")
    text = " ".join(paragraph.astext().split()).replace('"', "&quot;").replace("<", "&lt;")
    context["metatags"] += f'<meta name="description" content="{text}">'


def setup(app: Sphinx) -> None:
    """Connect to the build."""
    app.connect("html-page-context", describe)
