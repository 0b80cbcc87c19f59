"""A report page with every possible content, including hostile texts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from scenario_async._internal.display.content import (
    Card,
    Facts,
    Matrix,
    Note,
    Notes,
    Page,
    Row,
    Rows,
    Sheet,
    Step,
    Timeline,
)

DATASET: Final = Path(__file__).parents[2] / "docs" / "examples" / "dataset"
HOSTILE: Final = '"><script>document.title = "taken"</script><img src=x onerror=alert(1)>\u202e{{ 7 * 7 }}'


def cards(number: int) -> list[Card]:
    """Cards for the given number of pictures; the fourteen example pictures are repeated."""
    pictures = sorted(path for path in DATASET.iterdir() if path.suffix in {".png", ".jpg", ".webp"})
    return [
        Card(
            title=f"{index:02} {pictures[index % len(pictures)].name}",
            picture=pictures[index % len(pictures)],
            status="attached",
            tone="good",
            facts=("1024 × 1024", "512 kB"),
            caption=f"Picture number {index}, cut from paper",
        )
        for index in range(number)
    ]


def full_page(number: int) -> Page:
    """A page with every kind of section and the given number of pictures."""
    shown = cards(number)
    hostile = Card(
        title=HOSTILE,
        picture=shown[0].picture,
        status=HOSTILE,
        tone="warning",
        facts=(HOSTILE,),
        caption=HOSTILE,
        notes=[Note(text=HOSTILE)],
    )
    broken = Card(
        title="broken.jpg",
        picture=b"\xff\xd8\xff cut off",
        status="failed",
        tone="bad",
        notes=[Note(text="the file is cut off", tone="bad")],
    )
    return Page(
        title=f"Upload {HOSTILE}",
        verdict="12 of 14 pictures are attached",
        tone="warning",
        figures=[("attached", "12"), ("time", "3.2 s")],
        sections=[
            Notes(title="Warnings", notes=[Note(text="3 pictures have no caption")]),
            Sheet(title="Pictures", cards=[*shown, hostile, broken]),
            Rows(title="Pairs", rows=[Row(title="boat", text=HOSTILE, cards=shown[:2])]),
            Facts(title="Price", rows=[("training", "1080 CU"), (HOSTILE, HOSTILE)]),
            Timeline(
                title="Training", steps=[Step(name="queued", seconds=30), Step(name=HOSTILE, seconds=400)]
            ),
            Matrix(
                title="Epochs",
                corner="epoch",
                columns=["a boat", HOSTILE],
                rows=[("1", [shown[0], None]), ("2", [shown[1], hostile])],
            ),
        ],
    )
