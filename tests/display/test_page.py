"""The report page, read as text."""

from __future__ import annotations

import os
import sys
import tracemalloc
from pathlib import Path

import pytest

from scenario_async import DisplayError
from scenario_async._internal.display import page as page_module
from scenario_async._internal.display.content import Card, Page, Sheet, Table, TableRow
from scenario_async._internal.display.page import (
    duration,
    render_page,
    render_table,
    write_page,
)
from tests.display.pages import HOSTILE, cards, full_page


def test_fifty_pictures_fit_into_three_megabytes() -> None:
    assert len(render_page(full_page(50)).encode()) <= 3_000_000


def test_hostile_text_does_not_become_markup() -> None:
    """Titles, statuses, captions, instructions and headings stay text, also in a template engine."""
    rendered = render_page(full_page(2))
    assert "<script" not in rendered
    assert "onerror=alert(1)>" not in rendered
    assert "{{ 7 * 7 }}" in rendered
    assert "\u202e" not in rendered
    assert "\\u202e" in rendered


def test_no_attribute_loads_anything() -> None:
    """Every source of a picture is a data URL; no link, font or style sheet loads another file."""
    rendered = render_page(full_page(3))
    sources = [part.partition('"')[0] for part in rendered.split(' src="')[1:]]
    assert sources
    assert all(source.startswith("data:image/") for source in sources)
    assert "href=" not in rendered
    assert "url(" not in rendered


def test_thumbnails_have_no_metadata() -> None:
    """The page has no camera model, place or owner."""
    from io import BytesIO

    from PIL import Image

    from scenario_async._internal.display.thumbnails import thumbnail

    exif = Image.Exif()
    exif[0x8298] = "Copyright of a Person"
    buffer = BytesIO()
    Image.new("RGB", (900, 600), "teal").save(buffer, "JPEG", exif=exif, comment=b"Person")
    url = thumbnail(buffer.getvalue())
    assert url is not None
    from base64 import b64decode

    content = b64decode(url.partition(",")[2])
    assert b"Person" in buffer.getvalue()
    assert b"Person" not in content
    with Image.open(BytesIO(content)) as small:
        assert max(small.size) == 320


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n cut off", b"<svg" + b" " * 50_000]
)
def test_a_picture_that_cannot_be_decoded_has_a_placeholder(content: bytes) -> None:
    shown = render_page(
        Page(title="t", verdict="v", sections=[Sheet(title="s", cards=[Card(title="c", picture=content)])])
    )
    assert ("no preview" in shown) == bool(content)
    assert "<img" not in shown


def test_writing_replaces_a_file_only_if_the_page_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")
    bad = Page(title="t", verdict="v", sections=[Sheet(title="s", cards=[Card(title="c", facts=(None,))])])  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        write_page(bad, target)
    assert target.read_text() == "old"
    assert write_page(Page(title="new", verdict="v"), target) == target
    assert "<title>new</title>" in target.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_without_jinja2_a_page_names_the_package_to_install_and_a_table_is_omitted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    page_module.templates.cache_clear()
    try:
        with pytest.raises(DisplayError, match=r"pip install 'scenario-async\[report\]'"):
            render_page(Page(title="t", verdict="v"))
        assert render_table(Table(title="t", columns=(), rows=())) is None
    finally:
        page_module.templates.cache_clear()


def test_a_table_shows_thumbnails_as_data_urls_and_escapes_its_cells() -> None:
    picture = cards(1)[0].picture
    rendered = render_table(
        Table(
            title=HOSTILE,
            columns=["file", "caption"],
            rows=[TableRow(cells=["a.png", HOSTILE], picture=picture)],
        )
    )
    assert rendered is not None
    assert 'src="data:image/webp;base64,' in rendered
    assert "<script" not in rendered


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_duration_is_written_with_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
def test_a_pipe_and_a_huge_file_have_a_placeholder_and_are_not_read(tmp_path: Path) -> None:
    """A pipe never ends, and a page would keep the whole file in memory."""
    from scenario_async._internal.display.thumbnails import thumbnail

    os.mkfifo(tmp_path / "pipe.png")
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(3 * 1024**3)
    tracemalloc.start()
    try:
        assert thumbnail(tmp_path / "pipe.png") is None
        assert thumbnail(tmp_path / "huge.png") is None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1024**2
