"""How a folder becomes a data set: captions, triggers, repeats and pairs, for each convention."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from scenario_async import Dataset, InvalidArgumentError

Folder = Callable[[int], Path]


def draw(path: Path, shade: int = 0, *, size: tuple[int, int] = (8, 8)) -> Path:
    """Save a small picture and create its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size, shade).save(path)
    return path


def captions(dataset: Dataset) -> dict[str, str | None]:
    """The captions by file name."""
    return {item.path.name: item.caption for item in dataset.items}


def codes(dataset: Dataset, type: str | None = None) -> set[str]:
    """The codes of the errors that a check finds."""
    return {problem.code for problem in dataset.check(type).errors}


def warnings(dataset: Dataset) -> set[str]:
    """The codes of the warnings that a check finds."""
    return {problem.code for problem in dataset.check().warnings}


def test_text_files_beside_the_pictures(folder_of: Folder) -> None:
    """All three extensions are read, in UTF-8 with or without BOM, and their lines are joined."""
    folder = folder_of(4)
    (folder / "00.txt").write_text("a grey\nsquare\n", encoding="utf-8")
    (folder / "01.caption").write_bytes("\ufeffwhité".encode())
    (folder / "02.png.TXT").write_text("a third one")
    dataset = Dataset.read(folder)
    assert captions(dataset) == {
        "00.png": "a grey square",
        "01.png": "whité",
        "02.png": "a third one",
        "03.png": None,
    }
    assert [item.caption_source for item in dataset.items] == ["00.txt", "01.caption", "02.png.TXT", None]
    assert dict(dataset.captions_found) == {"*.txt": 1, "*.caption": 1, "*.TXT": 1}
    assert "3 captions (1 from *.txt, 1 from *.caption, 1 from *.TXT)" in dataset.check().summary()


@pytest.mark.parametrize("file_column", ["file_name", "image_path"])
@pytest.mark.parametrize("text_column", ["text", "caption", "prompt"])
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_captions_are_read_from_metadata_files(
    folder_of: Folder, file_column: str, text_column: str, kind: str
) -> None:
    folder = folder_of(2)
    rows = [{file_column: f"0{number}.png", text_column: f"number {number}, grey"} for number in range(2)]
    if kind == "jsonl":
        content = "\n".join(json.dumps(row) for row in rows)
    else:
        lines = (f'{row[file_column]},"{row[text_column]}"' for row in rows)
        content = "\n".join([f"{file_column},{text_column}", *lines])
    (folder / f"metadata.{kind}").write_text(f"\ufeff{content}", encoding="utf-8")
    dataset = Dataset.read(folder)
    assert captions(dataset) == {"00.png": "number 0, grey", "01.png": "number 1, grey"}
    assert {item.caption_source for item in dataset.items} == {f"metadata.{kind}"}


def test_a_mapping_takes_precedence_over_files(folder_of: Folder) -> None:
    folder = folder_of(3)
    (folder / "00.txt").write_text("from a file")
    (folder / "02.txt").write_text("from a file")
    dataset = Dataset.read(folder, captions={"00.png": "given", "01": "given by its stem"})
    assert captions(dataset) == {"00.png": "given", "01.png": "given by its stem", "02.png": "from a file"}
    assert captions(Dataset.read(folder, captions="none")) == dict.fromkeys(["00.png", "01.png", "02.png"])
    with pytest.raises(InvalidArgumentError, match=r"captions: .*no picture.*'99\.png'"):
        Dataset.read(folder, captions={"99.png": "of nothing"})


def test_captions_that_differ_are_an_error(folder_of: Folder) -> None:
    """Two equal captions are not an error."""
    folder = folder_of(1)
    (folder / "metadata.jsonl").write_text('{"file_name": "00.png", "text": "one"}')
    (folder / "00.txt").write_text("one")
    assert "captions-differ" not in codes(Dataset.read(folder))
    (folder / "00.txt").write_text("another")
    assert "captions-differ" in codes(Dataset.read(folder))


def test_unusable_captions_are_named(folder_of: Folder) -> None:
    """They are empty, in another encoding, or without a picture; the service would ignore them silently."""
    folder = folder_of(2)
    (folder / "00.txt").write_text("  \n")
    (folder / "01.txt").write_bytes("grün".encode("latin-1"))
    (folder / "02.txt").write_text("of no picture")
    (folder / "metadata.jsonl").write_text('{"file_name": "03.png", "text": "of none"}\nno JSON\n{"text": 1}')
    dataset = Dataset.read(folder)
    assert captions(dataset) == {"00.png": None, "01.png": None}
    assert {"caption-unreadable", "metadata-unreadable"} <= codes(dataset)
    assert {"caption-empty", "caption-without-picture"} <= warnings(dataset)
    found = [problem for problem in dataset.problems if problem.code == "caption-without-picture"]
    assert sorted(problem.path.name for problem in found if problem.path) == ["02.txt", "metadata.jsonl"]


def test_the_trigger_is_added_to_every_caption(folder_of: Folder) -> None:
    """It replaces the placeholder, is put before other captions, and is the caption if there is none."""
    folder = folder_of(4)
    (folder / "00.txt").write_text("a house in [trigger] style")
    (folder / "01.txt").write_text("a tree")
    (folder / "02.txt").write_text("a ppr bird")
    dataset = Dataset.read(folder, trigger="ppr")
    assert [item.caption for item in dataset.items] == [
        "a house in ppr style",
        "ppr, a tree",
        "a ppr bird",
        "ppr",
    ]
    assert not codes(dataset)
    assert "trigger-missing" in codes(Dataset.read(folder))


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("a pink flower", "ink, a pink flower"),
        ("a drinking cup", "ink, a drinking cup"),
        ("a drawing in ink", "a drawing in ink"),
        ("ink: a fox", "ink: a fox"),
    ],
)
def test_a_longer_word_that_contains_the_trigger_is_not_the_trigger(
    folder_of: Folder, caption: str, expected: str
) -> None:
    folder = folder_of(1)
    (folder / "00.txt").write_text(caption)
    assert [item.caption for item in Dataset.read(folder, trigger="ink").items] == [expected]


def test_a_trigger_in_some_captions_or_in_another_case_is_reported(folder_of: Folder) -> None:
    from attrs import evolve

    folder = folder_of(2)
    (folder / "00.txt").write_text("ppr, a PPR house")
    (folder / "01.txt").write_text("a tree")
    dataset = Dataset.read(folder, trigger="ppr")
    assert "trigger-spelling" in warnings(dataset)
    first, second = dataset.items
    changed = evolve(dataset, items=(first, evolve(second, caption="a tree")))
    assert "trigger-in-some" in codes(changed)


def test_a_folder_names_repeats_and_the_trigger(tmp_path: Path) -> None:
    draw(tmp_path / "10_knight armour" / "a.png")
    (tmp_path / "10_knight armour" / "a.txt").write_text("at dusk")
    for source in (tmp_path, tmp_path / "10_knight armour"):
        dataset = Dataset.read(source)
        assert (dataset.repeats, dataset.trigger) == (10, "knight armour")
        assert captions(dataset) == {"a.png": "knight armour, at dusk"}
    assert Dataset.read(tmp_path, trigger="").trigger is None
    assert Dataset.read(tmp_path, trigger="ppr").trigger == "ppr"


def test_folders_that_name_different_repeats_are_an_error(tmp_path: Path) -> None:
    draw(tmp_path / "10_knight" / "a.png")
    draw(tmp_path / "5_knight" / "b.png", 1)
    dataset = Dataset.read(tmp_path)
    assert dataset.repeats is None
    assert len(dataset.items) == 2
    assert "repeats-differ" in codes(dataset)


@pytest.mark.parametrize("source", ["source", "control", "before", "Input"])
@pytest.mark.parametrize("target", ["target", "after", "output"])
def test_pairs_of_two_folders(tmp_path: Path, source: str, target: str) -> None:
    """Pairs have equal stems and any suffix; the instruction is the caption of the target."""
    for number in range(2):
        draw(tmp_path / source / f"{number}.png", number)
        draw(tmp_path / target / f"{number}.jpg", number + 50)
        (tmp_path / target / f"{number}.txt").write_text(f"make it lighter {number}")
    dataset = Dataset.read(tmp_path)
    assert dataset.is_paired
    assert len(dataset.items) == 4
    assert [(pair.source.name, pair.target.name, pair.instruction) for pair in dataset.pairs] == [
        ("0.png", "0.jpg", "make it lighter 0"),
        ("1.png", "1.jpg", "make it lighter 1"),
    ]
    assert not codes(dataset, "flux.1-kontext-lora")
    assert codes(dataset, "flux.1-lora") == {"pairs-not-taken"}


def test_pairs_are_read_from_a_list(tmp_path: Path) -> None:
    for number in range(4):
        draw(tmp_path / f"{number}.png", number)
    rows = [
        {"source": "0.png", "target": "1.png", "instruction": "lighter"},
        {"source": "2.png", "target": "3.png"},
    ]
    (tmp_path / "pairs.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    (tmp_path / "3.txt").write_text("darker")
    dataset = Dataset.read(tmp_path)
    assert [pair.instruction for pair in dataset.pairs] == ["lighter", "darker"]
    assert not codes(dataset, "qwen-image-edit-lora")
    (tmp_path / "pairs.jsonl").write_text('{"source": "9.png", "target": "1.png"}\n[]')
    assert {"pairs-unreadable", "unpaired", "pairs-few"} <= codes(Dataset.read(tmp_path))


def test_incomplete_pairs_are_errors(tmp_path: Path) -> None:
    """These are a pair without a partner, one without an instruction, and fewer than two pairs."""
    draw(tmp_path / "before" / "a.png")
    draw(tmp_path / "after" / "a.png", 9)
    draw(tmp_path / "after" / "b.png", 20)
    dataset = Dataset.read(tmp_path)
    assert codes(dataset, "flux.2-dev-edit-lora") == {"unpaired", "pairs-few", "instruction-missing"}
    alone = Dataset.read(tmp_path / "before")
    assert codes(alone, "flux.2-dev-edit-lora") == {"pairs-missing"}


def test_which_files_are_pictures(tmp_path: Path) -> None:
    """A suffix or the content makes a file a picture.

    Hidden files, AppleDouble files and texts are not pictures.
    """
    draw(tmp_path / "a.png")
    (tmp_path / "b").write_bytes((tmp_path / "a.png").read_bytes())
    draw(tmp_path / "below" / "c.png", 3)
    (tmp_path / "._a.png").write_bytes(b"\x00\x05\x16\x07" + bytes(40))
    (tmp_path / ".hidden.png").write_bytes(b"")
    (tmp_path / "notes.md").write_text("about them")

    def names(**options: object) -> list[str]:
        return [item.path.name for item in Dataset.read(tmp_path, **options).items]  # type: ignore[arg-type]

    assert names() == ["a.png", "b"]
    assert names(recursive=True) == ["a.png", "b", "c.png"]
    assert names(recursive=True, include="*.png") == ["a.png", "c.png"]
    assert names(recursive=True, include=["a*", "below/*"], exclude="*.jpg") == ["a.png", "c.png"]
    assert names(recursive=True, exclude=("c.png",)) == ["a.png", "b"]
    listed = Dataset.read([tmp_path / "a.png", tmp_path / "._a.png"])
    assert [item.path.name for item in listed.items] == ["a.png"]


def test_pictures_that_cannot_be_sent_are_reported_under_any_name(tmp_path: Path) -> None:
    draw(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text("BMW in the snow")
    (tmp_path / "notes").write_text("about them")
    (tmp_path / "cut").write_bytes((tmp_path / "a.png").read_bytes()[:-9])
    Image.new("L", (8, 8)).save(tmp_path / "scan", "BMP")
    (tmp_path / "raw.erf").write_bytes(b"\x8f\x01")
    dataset = Dataset.read(tmp_path)
    found = {problem.path.name: problem.code for problem in dataset.check().errors if problem.path}
    assert found == {"cut": "damaged", "scan": "not-a-picture", "raw.erf": "not-a-picture"}


@pytest.mark.parametrize("several", [True, False])
def test_a_named_file_that_is_no_picture_is_reported(tmp_path: Path, several: bool) -> None:
    """An AppleDouble file is not, and a picture with such a name is a picture."""
    path = tmp_path / "notes.txt"
    path.write_text("about the pictures")
    assert codes(Dataset.read([path] if several else path)) == {"not-a-picture"}
    double = tmp_path / "._a.png"
    double.write_bytes(b"\x00\x05\x16\x07" + bytes(40))
    assert not Dataset.read([double] if several else double).items
    draw(double)
    assert len(Dataset.read([double] if several else double).items) == 1


@pytest.mark.parametrize(
    ("source", "options", "argument"),
    [
        ("", {}, "source"),
        ("missing", {}, "source"),
        (b"bytes", {}, "source"),
        (7, {}, "source"),
        (".", {"captions": "txt"}, "captions"),
        (".", {"captions": {"a.png": 5}}, r"captions\['a.png'\]"),
        (".", {"include": 5}, "include"),
        (".", {"include": ""}, "include"),
        (".", {"include": ["*.png", " "]}, "include"),
        (".", {"include": []}, "include"),
        (".", {"trigger": 5}, "trigger"),
    ],
)
def test_invalid_arguments_are_refused(source: object, options: dict[str, object], argument: str) -> None:
    with pytest.raises(InvalidArgumentError, match=f"^{argument}: "):
        Dataset.read(source, **options)  # type: ignore[arg-type]
