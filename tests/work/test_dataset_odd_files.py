"""Folders, captions and metadata as people have them: each is read, or its problem is named once."""

from __future__ import annotations

import errno
import json
import os
import tempfile
import unicodedata
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from scenario_async import Dataset, InvalidArgumentError
from tests.work.test_dataset import captions, codes, draw, warnings

_NOBODY = 65534


def metadata(folder: Path, text: str, name: str = "metadata.csv") -> Dataset:
    """A data set of one picture with a metadata file."""
    draw(folder / "fox.png")
    (folder / name).write_text(text, encoding="utf-8", newline="")
    return Dataset.read(folder)


def messages(dataset: Dataset) -> str:
    """All problems of a data set, one on each line."""
    return "\n".join(map(str, dataset.problems))


@pytest.mark.parametrize(("picture", "text"), [("FOX.png", "fox.txt"), ("fox.PNG", "fox.png.txt")])
def test_a_caption_in_another_case_is_not_reported_as_unused(tmp_path: Path, picture: str, text: str) -> None:
    """It was used as the caption, and reported as not used."""
    draw(tmp_path / picture)
    (tmp_path / text).write_text("a fox")
    dataset = Dataset.read(tmp_path)
    assert captions(dataset) == {picture: "a fox"}
    assert "caption-without-picture" not in warnings(dataset)


@pytest.mark.parametrize("way", ["text", "metadata", "argument"])
def test_names_with_accents_are_equal_in_both_forms(tmp_path: Path, way: str) -> None:
    """A Mac stores "é" in a file name as two characters, and a metadata file has one."""
    composed, split = (unicodedata.normalize(form, "renardé") for form in ("NFC", "NFD"))
    draw(tmp_path / f"{split}.png")
    if way == "text":
        (tmp_path / f"{composed}.txt").write_text("a fox")
    elif way == "metadata":
        (tmp_path / "metadata.csv").write_text(f"file_name,text\n{composed}.png,a fox\n", encoding="utf-8")
    given: Any = {f"{composed}.png": "a fox"} if way == "argument" else "auto"
    dataset = Dataset.read(tmp_path, captions=given)
    assert list(captions(dataset).values()) == ["a fox"]
    assert not dataset.problems


@pytest.mark.parametrize("form", ["{folder}/fox.png", "{link}/fox.png", "./fox.png", "sub/../fox.png"])
def test_a_list_may_name_a_picture_by_its_path(tmp_path: Path, form: str) -> None:
    """Tools that write captions also write absolute paths."""
    folder, link = tmp_path / "set", tmp_path / "link"
    folder.mkdir()
    link.symlink_to(folder)
    named = form.format(folder=folder, link=link)
    draw(folder / "day.png")
    dataset = metadata(folder, json.dumps({"image_path": named, "caption": "a fox"}), "metadata.jsonl")
    if "link" in form:
        dataset = Dataset.read(link)
    assert captions(dataset)["fox.png"] == "a fox"
    assert "caption-without-picture" not in warnings(dataset)
    pair = {"source": "day.png", "target": named, "instruction": "a fox"}
    (folder / "pairs.jsonl").write_text(json.dumps(pair))
    assert len(Dataset.read(link if "link" in form else folder).pairs) == 1


@pytest.mark.parametrize("name", ["{outside}/owl.png", "../owl.png", "/nowhere/fox.png"])
def test_a_caption_of_a_picture_outside_the_folder_is_reported(tmp_path: Path, name: str) -> None:
    """The picture exists, but is not in the data set."""
    draw(tmp_path / "owl.png")
    (tmp_path / "set").mkdir()
    row = {"file_name": name.format(outside=tmp_path), "text": "an owl"}
    dataset = metadata(tmp_path / "set", json.dumps(row), "metadata.jsonl")
    assert "caption-without-picture" in warnings(dataset)
    assert "no such picture in this folder" in messages(dataset)


@pytest.mark.parametrize("character", ["\u2028", "\x85", "\x0c", "\x1c"])
def test_only_line_breaks_end_a_row(tmp_path: Path, character: str) -> None:
    """`str.splitlines` also splits at these: the rest of the caption was lost, or the line was refused."""
    caption = f"a fox{character}in snow"
    row = json.dumps({"file_name": "fox.png", "text": caption}, ensure_ascii=False)
    if character in {"\u2028", "\x85"}:  # JSON allows them unescaped
        assert captions(metadata(tmp_path, row, "metadata.jsonl")) == {"fox.png": "a fox in snow"}
        (tmp_path / "metadata.jsonl").unlink()
    found = metadata(tmp_path, f"file_name,text\nfox.png,{caption}\n")
    assert captions(found) == {"fox.png": "a fox in snow"}
    draw(tmp_path / "day.png")
    pair = {"source": "day.png", "target": "fox.png", "instruction": caption.replace("\x0c", " ")}
    (tmp_path / "pairs.jsonl").write_text(json.dumps(pair, ensure_ascii=character == "\x1c"))
    assert [pair.instruction for pair in Dataset.read(tmp_path).pairs] == ["a fox in snow"]


def test_a_csv_of_another_form_is_named_once(tmp_path: Path) -> None:
    """There was a problem for each row, and none said what the first line was."""
    for text, what in (
        ("file_name;text\n" + "fox.png;a fox\n" * 500, "'file_name;text'"),
        ("file_name\ttext\nfox.png\ta fox\n", "'file_name\\ttext'"),
        ("fox.png,a fox\ncat.png,a cat\n", "'fox.png,a fox'"),
    ):
        dataset = metadata(tmp_path, text)
        assert [problem.code for problem in dataset.problems] == ["metadata-unreadable"]
        assert what in messages(dataset)
        assert "commas" in messages(dataset)


def test_a_csv_that_loses_captions_is_reported(tmp_path: Path) -> None:
    """An unquoted comma, an open quote or another column cut captions off, or dropped them, in silence."""
    unquoted = metadata(tmp_path, "file_name,text\nfox.png,a fox, red, in snow\n")
    assert codes(unquoted) == {"metadata-unreadable"}
    assert "line 2 has more columns" in messages(unquoted)
    assert codes(metadata(tmp_path, 'file_name,text\nfox.png,"a fox\ncat.png,a cat\n')) == {
        "metadata-unreadable"
    }
    other = metadata(tmp_path, "file_name,label\nfox.png,a fox\n")
    assert "no column text or caption or prompt" in messages(other)
    assert not codes(other)


def test_an_unquoted_line_break_in_a_csv_is_reported(tmp_path: Path) -> None:
    """It ends the row, and would cut the caption off. A row may name a picture that has no caption."""
    broken = metadata(tmp_path, "file_name,text\nfox.png,a fox\nin the snow\n")
    assert codes(broken) == {"metadata-unreadable"}
    assert "line 3 has fewer columns than the first line, and no picture has its name" in messages(broken)
    assert not codes(metadata(tmp_path, "file_name,text\nfox.png\n"))


@pytest.mark.parametrize("name", ["Metadata.csv", "metadata.json", "metadata.parquet", "metadata.tsv"])
def test_a_metadata_file_that_is_not_read_is_reported(tmp_path: Path, name: str) -> None:
    """Its captions would be missing, and only a picture without a caption would be reported."""
    dataset = metadata(tmp_path, "file_name,text\nfox.png,a fox\n", name)
    if name != name.lower() and (tmp_path / name.lower()).exists():
        pytest.skip("this file system ignores the case of a name")
    [problem] = dataset.problems
    found = problem.severity, problem.code, problem.path
    assert found == ("warning", "metadata-unreadable", tmp_path / name)
    assert "captions are read from metadata.jsonl and metadata.csv" in problem.message


@pytest.mark.parametrize("start", ["\n", "\r\n\r\n", "\ufeff\n"])
def test_empty_lines_before_the_first_line_of_a_csv_are_ignored(tmp_path: Path, start: str) -> None:
    found = metadata(tmp_path, f"{start}file_name,text\n\nfox.png,a fox\n")
    assert [item.caption for item in found.items] == ["a fox"]
    assert not codes(found)


def test_a_csv_of_empty_lines_has_no_captions(tmp_path: Path) -> None:
    assert [item.caption for item in metadata(tmp_path, "\n\n\n").items] == [None]


def test_spaces_and_empty_columns_in_a_csv_are_ignored(tmp_path: Path) -> None:
    assert captions(metadata(tmp_path, "file_name, text\nfox.png, a fox,\n")) == {"fox.png": "a fox"}


@pytest.mark.parametrize(
    ("row", "caption", "problem"),
    [
        ({"text": None, "caption": "a fox"}, "a fox", ""),
        ({"text": " ", "prompt": "a fox"}, "a fox", ""),
        ({"text": "a fox", "caption": "a cat"}, "a fox", ""),
        ({"text": None, "caption": ""}, None, "its caption in metadata.jsonl is empty"),
        ({"text": None}, None, ""),
        ({"text": 0, "caption": "a fox"}, None, "row 1 needs"),
    ],
)
def test_the_first_text_of_a_row_that_is_not_empty_is_the_caption(
    tmp_path: Path, row: dict[str, Any], caption: str | None, problem: str
) -> None:
    """A null or an empty text hid the caption in another column."""
    dataset = metadata(tmp_path, json.dumps({"file_name": "fox.png", **row}), "metadata.jsonl")
    assert captions(dataset) == {"fox.png": caption}
    assert problem in messages(dataset)
    assert bool(problem) == bool(dataset.problems)


def test_an_empty_column_of_a_csv_does_not_hide_the_caption_in_another(tmp_path: Path) -> None:
    draw(tmp_path / "cat.png")
    dataset = metadata(tmp_path, "file_name,text,caption\nfox.png,,a fox\ncat.png,a cat,\n")
    assert captions(dataset) == {"fox.png": "a fox", "cat.png": "a cat"}
    assert not dataset.problems


def test_many_bad_lines_are_one_problem(tmp_path: Path) -> None:
    pretty = json.dumps({"file_name": "fox.png", "text": "a fox"}, indent=1)
    dataset = metadata(tmp_path, pretty, "metadata.jsonl")
    assert "line 1 (and 3 more) is not a JSON object" in messages(dataset)
    assert len(dataset.problems) == 1
    dataset = metadata(tmp_path, '{"file_name": 1, "text": "a"}\n' * 900, "metadata.jsonl")
    assert "row 1 (and 899 more) needs" in messages(dataset)
    assert len(dataset.problems) == 1


def test_half_a_character_in_json_is_refused(tmp_path: Path) -> None:
    """It cannot be sent, and was a bare error of the upload."""
    dataset = metadata(tmp_path, '{"file_name": "fox.png", "text": "\\ud800 fox"}', "metadata.jsonl")
    assert codes(dataset) == {"metadata-unreadable"}


def test_a_caption_in_the_column_of_the_names_is_reported(tmp_path: Path) -> None:
    """A name of over 255 bytes was a bare OSError."""
    dataset = metadata(tmp_path, f"text,file_name\nfox.png,{'a red fox in snow ' * 40}\n")
    assert "caption-without-picture" in warnings(dataset)
    assert len(messages(dataset)) < 300


def test_a_list_of_pairs_with_odd_paths(tmp_path: Path) -> None:
    for name in ("a/0.png", "a/1.png", "2.png"):
        draw(tmp_path / name)
    rows = [("a\\0.png", "./a/1.png"), ("2.png", "2.png"), ("x" * 999, "2.png")]
    lines = [json.dumps({"source": one, "target": two, "instruction": "night"}) for one, two in rows]
    (tmp_path / "pairs.jsonl").write_text("\n".join(lines))
    dataset = Dataset.read(tmp_path, recursive=True)
    assert len(dataset.pairs) == 1
    assert "line 2: source and target are the same picture" in messages(dataset)
    assert "line 3: there is no picture 'xxx" in messages(dataset)
    assert "it is in a subfolder" in messages(Dataset.read(tmp_path))


def test_a_link_to_a_parent_folder_is_not_followed_again(tmp_path: Path) -> None:
    """Each picture was taken 41 times."""
    draw(tmp_path / "fox.png")
    draw(tmp_path / "more" / "cat.png")
    (tmp_path / "more" / "loop").symlink_to(tmp_path)
    assert list(captions(Dataset.read(tmp_path, recursive=True))) == ["fox.png", "cat.png"]


def test_paths_of_several_kinds_are_read_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(tmp_path / "fox.png")
    draw(tmp_path / "cat.png")
    monkeypatch.chdir(tmp_path)
    with os.scandir(os.fsencode(tmp_path)) as entries:
        names = [entry for entry in entries if entry.name == b"fox.png"]
    dataset = Dataset.read([*names, "cat.png"])  # type: ignore[list-item]
    assert sorted(captions(dataset)) == ["cat.png", "fox.png"]


@pytest.mark.parametrize("source", [[b"\x89PNG"], [None], 5])
def test_what_is_not_a_path_is_refused(source: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"source: a (path|folder)"):
        Dataset.read(source)


def test_captions_of_a_wrong_type_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match="captions: 'auto', 'none' or a mapping"):
        Dataset.read(tmp_path, captions=["a fox"])  # type: ignore[arg-type]


@pytest.fixture
def closed_folder(request: pytest.FixtureRequest) -> Generator[Path]:
    """A folder with a picture that this process may not list; the parameter is its mode."""
    with tempfile.TemporaryDirectory() as name:
        inner = Path(name) / "closed"
        draw(inner / "fox.png")
        Path(name).chmod(0o755)
        (inner / "metadata.jsonl").write_text('{"file_name": "fox.png", "text": "a fox"}')
        inner.chmod(getattr(request, "param", 0))
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(_NOBODY)
        yield inner
        if is_root:
            os.seteuid(0)
        inner.chmod(0o700)


@pytest.mark.parametrize("closed_folder", [0o711], indirect=True)
def test_a_folder_that_may_be_searched_but_not_listed_has_no_text_files(closed_folder: Path) -> None:
    """It was a bare PermissionError for a file in it; a metadata file can be read without a list."""
    dataset = Dataset.read([closed_folder / "fox.png"])
    assert captions(dataset) == {"fox.png": "a fox"}
    assert [(problem.severity, problem.path, problem.code) for problem in dataset.problems] == [
        ("warning", closed_folder, "caption-unreadable")
    ]
    assert "cannot be listed (Permission denied)" in messages(dataset)
    assert not Dataset.read([closed_folder / "fox.png"], captions="none").problems


def test_a_folder_that_can_no_longer_be_listed_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its texts were read, and whether one has no picture is not known."""
    draw(tmp_path / "fox.png")
    (tmp_path / "fox.txt").write_text("a fox")
    listed: list[Path] = []
    listing = Path.iterdir

    def once(folder: Path) -> Iterator[Path]:
        listed.append(folder)
        if len(listed) > 1:
            raise PermissionError(errno.EACCES, "Permission denied")
        return listing(folder)

    monkeypatch.setattr(Path, "iterdir", once)
    dataset = Dataset.read([tmp_path / "fox.png"])
    assert captions(dataset) == {"fox.png": "a fox"}
    assert [problem.code for problem in dataset.problems] == ["caption-unreadable"]


def test_a_folder_without_permission_is_named(closed_folder: Path) -> None:
    """It was a bare PermissionError."""
    with pytest.raises(
        InvalidArgumentError, match=r"source: the folder cannot be read \(Permission denied\)"
    ):
        Dataset.read(closed_folder)
    with pytest.raises(InvalidArgumentError, match=r"closed'$"):
        Dataset.read(closed_folder.parent, recursive=True)
