"""The example pictures: their captions, and the pairs."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_every_picture_has_a_different_caption() -> None:
    """Each of the fourteen pictures has a caption, none names the style, and no two are equal."""
    files = list((EXAMPLES / "dataset").iterdir())
    captions = {
        file.stem: file.read_text(encoding="utf-8").strip() for file in files if file.suffix == ".txt"
    }
    assert captions.keys() == {file.stem for file in files if file.suffix != ".txt"}
    assert len(set(captions.values())) == 14
    for caption in captions.values():
        assert caption
        assert "paper" not in caption


def test_the_pairs_match() -> None:
    """Each source has a different target of the same name and size, and an instruction."""
    before, after = (
        {file.name: file for file in (EXAMPLES / "pairs" / side).glob("*.webp")}
        for side in ("before", "after")
    )
    assert len(before) == 4
    assert before.keys() == after.keys()
    for name, source in before.items():
        assert after[name].with_suffix(".txt").read_text(encoding="utf-8").strip()
        with Image.open(source) as one, Image.open(after[name]) as other:
            assert one.size == other.size == (1024, 1024)
            assert one.convert("RGB").tobytes() != other.convert("RGB").tobytes()
