"""The report pages of data sets, trainings, generations and syncs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scenario_async._internal.display.content import (
    Card,
    Facts,
    Matrix,
    Note,
    Notes,
    Page,
    Row,
    Rows,
    Section,
    Sheet,
    Step,
    Timeline,
    Tone,
)
from scenario_async._internal.display.page import duration, size_text
from scenario_async._internal.display.words import counted
from scenario_async.upload._internal.report_page import upload_cards

if TYPE_CHECKING:
    from scenario_async.work._internal.dataset import DatasetItem, DatasetProblem
    from scenario_async.work._internal.dataset_check import DatasetReport
    from scenario_async.work._internal.library.report import SyncReport
    from scenario_async.work._internal.money import Price
    from scenario_async.work._internal.reports import GenerationReport, TrainingReport

_NAMES_AND_NUMBERS: Final = re.compile(r"'[^']*'|\"[^\"]*\"|\b[\w-]*\d[\w.,-]*")
"""The parts that differ between messages about the same kind of failure: quoted names, numbers and ids."""

_DUPLICATES = frozenset({"duplicate", "near-duplicate"})


def dataset_page(report: DatasetReport) -> Page:
    """Describe the page of a checked data set: problems, pictures, pairs, near-duplicates."""
    dataset = report.dataset
    by_path: dict[Path, list[DatasetProblem]] = {}
    for problem in report.problems:
        if problem.path is not None:
            by_path.setdefault(problem.path, []).append(problem)
    cards = {item.path: _item_card(item, by_path.get(item.path, [])) for item in dataset.items}
    whole = [_problem_note(problem) for problem in report.problems if problem.path not in cards]
    paired = {path for pair in dataset.pairs for path in (pair.source, pair.target)}
    pairs = [
        Row(
            title=pair.source.stem,
            text=pair.instruction or "no instruction",
            cards=[cards[path] for path in (pair.source, pair.target) if path in cards],
        )
        for pair in dataset.pairs
    ]
    singles = [card for path, card in cards.items() if path not in paired]
    alike = _alike(report.problems, cards)
    sections: list[Section] = []
    if whole:
        sections.append(Notes(title="About the whole set", notes=whole))
    if alike:
        intro = "Pictures that look the same teach the model one thing twice."
        sections.append(Rows(title="Duplicates and near-duplicates", rows=alike, intro=intro))
    if singles:
        sections.append(Sheet(title="Pictures", cards=_worst_first(singles)))
    if pairs:
        sections.append(Rows(title="Pairs", rows=pairs))
    errors, warnings = len(report.errors), len(report.warnings)
    found = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
    return Page(
        title=f"Check of {_name(dataset.source)}",
        verdict=found if report.problems else "No problem was found",
        tone="bad" if errors else "warning" if warnings else "good",
        figures=_shown(
            pictures=len(dataset.items),
            captions=sum(item.caption is not None for item in dataset.items),
            pairs=len(dataset.pairs) if dataset.is_paired else None,
            trigger=dataset.trigger,
            type=report.type,
        ),
        sections=sections,
    )


def _shown(**values: object) -> list[tuple[str, str]]:
    """Return values with their names as text, without those that are None or empty."""
    return [(name, str(value)) for name, value in values.items() if value is not None and value != ""]


def _name(source: Path | tuple[Path, ...]) -> str:
    """Return the source of the pictures for a title; the folder ``.`` is shown by its name."""
    if not isinstance(source, Path):
        return counted(len(source), "file")
    return f"the pictures in {source.resolve().name or source}"


def _problem_note(problem: DatasetProblem) -> Note:
    where = "" if problem.path is None else f"{problem.path.name}: "
    return Note(text=where + problem.message, tone=_tone_of([problem]))


def _tone_of(problems: Sequence[DatasetProblem]) -> Tone:
    if not problems:
        return "good"
    return "bad" if any(one.severity == "error" for one in problems) else "warning"


def _item_card(item: DatasetItem, problems: Sequence[DatasetProblem]) -> Card:
    tone = _tone_of(problems)
    facts: list[str] = []
    if item.facts is not None and item.facts.width and item.facts.height:
        facts.append(f"{item.facts.width} × {item.facts.height}")
    if item.caption_source is not None:
        facts.append(f"caption from {item.caption_source}")
    return Card(
        title=item.path.name,
        picture=item.path,
        status={"good": "", "warning": "check"}.get(tone, "error"),
        tone=tone,
        facts=facts,
        caption=item.caption,
        notes=[Note(text=one.message, tone=_tone_of([one])) for one in problems],
    )


def _alike(problems: Iterable[DatasetProblem], cards: dict[Path, Card]) -> list[Row]:
    """Make a row of each duplicate and the pictures that it looks like."""
    rows: list[Row] = []
    for problem in problems:
        if problem.code not in _DUPLICATES or problem.path not in cards:
            continue
        others = [cards[path] for path in problem.others if path in cards]
        if others:
            rows.append(
                Row(title=problem.path.name, text=problem.message, cards=[cards[problem.path], *others])
            )
    return rows


def _worst_first(cards: Iterable[Card]) -> list[Card]:
    order = {"bad": 0, "warning": 1}
    return sorted(cards, key=lambda card: order.get(card.tone, 2))


def training_page(report: TrainingReport) -> Page:
    """Describe the page of a training: price, time line, epochs with their samples, and the pictures."""
    model: Any = report.model
    sections: list[Section] = []
    if report.warnings:
        sections.append(Notes(title="Warnings", notes=[Note(text=one) for one in report.warnings]))
    sections += _price_section(report.price)
    stats = model.training_stats
    queued, trained_for = getattr(stats, "queue_duration", None), getattr(stats, "train_duration", None)
    steps = [] if queued is None else [Step(name="queued", seconds=float(queued))]
    if trained_for is not None:
        steps.append(Step(name="training", seconds=float(trained_for), tone="good"))
    if steps:
        sections.append(Timeline(title="Time line", steps=steps))
    sections += _epochs_section(model.epochs or [], report.sample_pictures)
    if report.upload is not None:
        sections.append(Sheet(title="Training images", cards=upload_cards(report.upload.results)))
    trained = model.status == "trained"
    return Page(
        title=f"Training of {model.name or model.id}",
        verdict=f"The model {model.id} is {model.status}",
        tone="good" if trained else "bad",
        figures=_shown(
            model=model.id, type=str(model.type), price=report.price, time=duration(report.seconds)
        ),
        sections=sections,
    )


def _price_section(price: Price | None) -> list[Section]:
    if price is None or not price.details:
        return []
    rows = [(name.replace("-", " "), f"{units} creative units") for name, units in price.details.items()]
    return [Facts(title="Price", rows=[*rows, ("total", str(price))])]


def _epochs_section(epochs: Sequence[Any], pictures: Mapping[str, bytes]) -> list[Section]:
    """Make a table of epochs by sample prompt; epochs without a downloaded picture are left out."""
    rows: list[tuple[str, list[Card | None]]] = []
    for epoch in epochs:
        cards = [
            Card(title=f"epoch {epoch.epoch}, sample {place}", picture=pictures[asset.asset_id])
            if asset.asset_id in pictures
            else None
            for place, asset in enumerate(epoch.assets or (), 1)
        ]
        while cards and cards[-1] is None:
            cards.pop()
        if cards:
            rows.append((str(epoch.epoch), cards))
    width = max((len(cards) for _, cards in rows), default=0)
    if not width:
        return []
    filled = [(name, [*cards, *[None] * (width - len(cards))]) for name, cards in rows]
    columns = [f"sample {place}" for place in range(1, width + 1)]
    return [Matrix(title="Epochs", corner="epoch", columns=columns, rows=filled)]


def generation_page(report: GenerationReport) -> Page:
    """Describe the page of a generation: its pictures and the parameters that made them."""
    saved = {} if report.download is None else {one.asset_id: one for one in report.download.results}
    cards = [
        Card(
            title=asset_id if (one := saved.get(asset_id)) is None or one.path is None else one.path.name,
            picture=None if one is None else one.path,
            status="" if one is None else one.status,
            tone="bad" if one is not None and one.status == "failed" else "good",
            caption=report.prompt,
            notes=[] if one is None or one.error is None else [Note(text=str(one.error), tone="bad")],
        )
        for asset_id in report.asset_ids
    ]
    parameters = _shown(
        prompt=report.prompt,
        seed=report.seed,
        model=report.model_id,
        base=report.base_id,
        job=str(report.job.job_id),
    )
    return Page(
        title=report.prompt or f"Generation {report.job.job_id}",
        verdict=report.summary(),
        tone="good" if report.download is None or report.download.succeeded else "warning",
        figures=_shown(pictures=len(report.asset_ids), price=report.price, time=duration(report.seconds)),
        sections=[
            Sheet(title="Pictures", cards=cards),
            Facts(title="Parameters", rows=parameters),
            *_price_section(report.price),
        ],
    )


def _example(message: str, count: int) -> str:
    return message if count == 1 else f"such as: {message}"


def _interval(index: int, count: int, length: float, end: float) -> Step:
    """Return the bar of one interval of a sync; its length is the number of files per second."""
    begin = index * length
    seconds = min(length, end - begin) or length
    rate = count / seconds
    shown = f"{rate:.0f}/s" if rate >= 1 or not count else f"{rate:.1f}/s"
    return Step(name=f"from {duration(begin)}", seconds=rate, shown=shown)


def sync_page(report: SyncReport) -> Page:
    """Describe the page of a sync: the results, the speed over time, the failures by kind."""
    kinds, examples = Counter[str](), dict[str, str]()
    intervals = Counter[int]()
    length = max(report.seconds / 20, 1.0)
    for result in report.results():
        if result.error is not None and result.status != "skipped":
            kind = _NAMES_AND_NUMBERS.sub("…", result.error)
            kinds[kind] += 1
            examples.setdefault(kind, result.error)
        intervals[int(result.at / length)] += 1
    sections: list[Section] = []
    if kinds:
        rows = [
            (counted(count, "file"), _example(examples[kind], count)) for kind, count in kinds.most_common(20)
        ]
        sections.append(Facts(title="Failures by kind", rows=rows))
    bars = [  # one for every interval, even if it has no files
        _interval(index, intervals[index], length, report.seconds)
        for index in range(max(intervals, default=-1) + 1)
    ]
    sections.append(Timeline(title="Files a second over time", steps=bars))
    if report.failures:
        cards = [
            Card(
                title=one.source,
                status=one.status,
                tone="bad",
                notes=[Note(text=one.error or "", tone="bad")],
            )
            for one in report.failures
        ]
        sections.append(Sheet(title="The first files that are not in the library", cards=cards))
    return Page(
        title="Sync into the library",
        verdict=report.summary(),
        tone="good" if report.succeeded else "bad",
        figures=[
            *((status, f"{count:,}") for status, count in report.counts.items()),
            ("sent", size_text(report.bytes_sent)),
            ("time", duration(report.seconds)),
        ],
        sections=sections,
    )
