"""The report page of an upload: every picture with its status, size, caption and warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from scenario_async._internal.display.content import Card, Note, Notes, Page, Sheet, Tone
from scenario_async._internal.display.page import duration, size_text

if TYPE_CHECKING:
    from scenario_async.upload._internal.report import FileResult, FileStatus, UploadReport

_TONES: Final[Mapping[FileStatus, Tone]] = {
    "attached": "good",
    "already attached": "good",
    "duplicate": "neutral",
    "skipped": "neutral",
    "failed": "bad",
    "in doubt": "warning",
    "not tried": "warning",
    "to send": "neutral",
}


def upload_page(report: UploadReport) -> Page:
    """Describe the page of an upload."""
    counts = Counter(result.status for result in report.results)
    tone: Tone = "good" if report.succeeded else "bad" if counts["failed"] else "warning"
    done = sum(counts[status] for status in ("attached", "already attached", "duplicate", "to send"))
    verdict = f"{done} of {len(report.results)} pictures are " + (
        "ready to be sent" if report.dry_run else "training images of the model"
    )
    stopped = [] if report.stopped_by is None else [Note(text=str(report.stopped_by), tone="bad")]
    return Page(
        title=f"{'Dry run of an upload' if report.dry_run else 'Upload'} to {report.model_id}",
        verdict=verdict,
        tone=tone,
        figures=[
            *((status, str(count)) for status, count in counts.items()),
            ("size", size_text(sum(result.size for result in report.results))),
            ("time", duration(report.seconds)),
        ],
        sections=[
            *([Notes(title="Stopped early", notes=stopped)] if stopped else []),
            Sheet(title="Pictures", cards=upload_cards(report.results)),
        ],
    )


def upload_cards(results: Sequence[FileResult]) -> list[Card]:
    """Describe each file of an upload; those that failed come first."""
    worst_first = sorted(results, key=lambda result: _TONES[result.status] not in {"bad", "warning"})
    return [_card(result) for result in worst_first]


def _card(result: FileResult) -> Card:
    tone = _TONES[result.status]
    is_picture = result.mime_type is not None
    facts = [size_text(result.size)] if result.size else []
    if result.width and result.height:
        facts.insert(0, f"{result.width} × {result.height}")
    notes = [] if result.reason is None else [Note(text=result.reason, tone=tone)]
    notes += [Note(text=warning) for warning in result.warnings]
    return Card(
        title=result.path.name,
        picture=result.path if is_picture else None,
        status=result.status,
        tone=tone,
        facts=facts,
        caption=result.caption,
        notes=notes,
    )
