"""The pages of real reports: an upload, a checked data set, a sync, a training."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve
from PIL import Image

from scenario_async import AsyncScenario, InvalidArgumentError
from scenario_async._internal.display.content import Rows
from scenario_async.work._internal import timing
from scenario_async.work._internal.dataset import Dataset
from scenario_async.work._internal.report_pages import dataset_page
from scenario_async.work._internal.samples import sample_pictures
from scenario_async.work._internal.timing import Polling, Timing
from tests.display.pages import DATASET


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three example pictures, a copy of one of them, an incomplete one, and a caption with markup."""
    made = tmp_path / "in"
    made.mkdir()
    for name in ("02-pines-in-mist.jpg", "04-snow-village.jpg", "06-windmill-and-tulips.jpg"):
        (made / name).write_bytes((DATASET / name).read_bytes())
    (made / "copy.jpg").write_bytes((DATASET / "02-pines-in-mist.jpg").read_bytes())
    (made / "cut.jpg").write_bytes((DATASET / "06-windmill-and-tulips.jpg").read_bytes()[:20_000])
    (made / "02-pines-in-mist.txt").write_text("pines <b>in mist</b>")
    return made


async def test_the_page_of_an_upload_shows_every_file_with_its_status(
    client: AsyncScenario, folder: Path, tmp_path: Path
) -> None:
    """Failures with their reasons come first; the page has widths, heights and thumbnails."""
    model = (await client.models.create(name="paper", type="flux.1-lora")).model
    report = await client.models.training_images.upload(
        model.id, folder, ledger=False, raise_on_failure=False
    )
    assert report.to_html(tmp_path / "report.html") == tmp_path / "report.html"
    page = (tmp_path / "report.html").read_text()
    for name in ("02-pines-in-mist.jpg", "copy.jpg", "cut.jpg"):
        assert name in page
    assert page.index("cut.jpg") < page.index("02-pines-in-mist.jpg")
    assert page.count(" × ") >= 4
    assert page.count("data:image/webp;base64,") >= 3
    shown: Any = getattr(report, "_repr_html_")()  # noqa: B009 - notebooks call this method
    assert "duplicate" in shown
    assert "data:image/webp;base64," in shown


def test_a_page_that_cannot_be_written_is_an_error_with_the_path_of_the_caller(
    folder: Path, tmp_path: Path
) -> None:
    """The message does not name the temporary file, and a value that is not a path is refused."""
    report = Dataset.read(folder).check("flux.1-lora")
    wrong: list[Any] = [5, "", None, "https://example.com/report.html"]
    for path in wrong:
        with pytest.raises(InvalidArgumentError, match=r"^path: .*report\.html"):
            report.to_html(path)
    for path, kind in ((tmp_path, IsADirectoryError), (tmp_path / "no" / "a.html", FileNotFoundError)):
        with pytest.raises(kind) as caught:
            report.to_html(path)
        assert caught.value.filename == str(path)
        assert ".part" not in str(caught.value)


def test_the_page_of_a_data_set_shows_captions_problems_and_duplicates(folder: Path, tmp_path: Path) -> None:
    report = Dataset.read(folder).check("flux.1-lora")
    page = report.to_html(tmp_path / "check.html").read_text()
    assert f"<title>Check of the pictures in {folder.name}</title>" in page
    assert "pines &lt;b&gt;in mist&lt;/b&gt;" in page
    assert "Duplicates and near-duplicates" in page
    assert "copy.jpg" in page


def test_a_duplicate_is_shown_beside_the_picture_that_it_equals_and_no_other(tmp_path: Path) -> None:
    """Neither a part of its name (1.png in 11.png) nor an equal name in another folder makes a partner."""
    for number, name in enumerate(("1.png", "11.png", "a/1.png", "a/11.png")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.frombytes("RGB", (64, 64), Random(number).randbytes(64 * 64 * 3)).save(tmp_path / name)  # noqa: S311 - no secret
    (tmp_path / "12.png").write_bytes((tmp_path / "11.png").read_bytes())
    report = Dataset.read(tmp_path, recursive=True).check()
    (problem,) = [problem for problem in report.problems if problem.code == "duplicate"]
    assert (problem.path, problem.others) == (tmp_path / "12.png", (tmp_path / "11.png",))
    assert problem.to_dict().keys() == {"severity", "path", "code", "message"}
    (rows,) = [one for one in dataset_page(report).sections if isinstance(one, Rows)]
    shown = [[card.picture for card in row.cards] for row in rows.rows]
    assert shown == [[tmp_path / "12.png", tmp_path / "11.png"]]


async def test_the_page_of_a_sync_shows_failures_by_kind(
    client: AsyncScenario, folder: Path, tmp_path: Path
) -> None:
    report = await client.assets.sync(folder, ledger=tmp_path / "l", report=tmp_path / "r")
    page = report.to_html(tmp_path / "sync.html").read_text()
    assert "Failures by kind" in page
    assert "Files a second over time" in page


async def test_the_page_of_a_training_shows_samples_of_its_epochs(
    client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page has small copies; it does not have the signed URLs of the originals."""
    quick = Polling(first=0.02, factor=1.2, most=0.1)
    monkeypatch.setattr(timing, "TIMING", Timing(jobs=quick, training=quick))
    report = await client.models.train.from_folder(
        DATASET,
        name="Paper",
        type="flux.1-lora",
        parameters={"sample_prompts": ["a boat", "a fox"]},
        max_cost=None,
        checks="warn",
        ledger=False,
    )
    epochs: Any = report.model.epochs
    with_samples = next(epoch for epoch in epochs if epoch.assets)
    lost = with_samples.assets[0] = evolve(with_samples.assets[0], url="http://127.0.0.1:9/gone")
    without = await sample_pictures(client.models.sender, report.model)
    assert 0 < len(report.sample_pictures) <= 20
    assert all(len(picture) < 40_000 for picture in report.sample_pictures.values())
    assert lost.asset_id in report.sample_pictures
    assert set(without) == set(report.sample_pictures) - {lost.asset_id}
    page = report.to_html(tmp_path / "training.html").read_text()
    assert page.count('alt="epoch ') == len(report.sample_pictures)
    assert "http://" not in page
