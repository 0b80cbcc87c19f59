"""Names of files as they are sent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_async._internal.pictures.names import sendable_name
from scenario_async._internal.pictures.picture import Picture


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("fox.png", "fox.png"),
        ("füchsin 狐 \U0001f98a.png", "füchsin 狐 \U0001f98a.png"),
        ("family \U0001f469\u200d\U0001f467.png", "family \U0001f469\u200d\U0001f467.png"),
        (os.fsdecode(b"\xff.png"), "_.png"),
        ("\x1b[31mred\n.png", "_[31mred_.png"),
        ("gnp.\u202eexe.png", "gnp._exe.png"),
        ("x" * 300 + ".png", "x" * 251 + ".png"),
    ],
)
def test_names(name: str, sent: str) -> None:
    """What a terminal obeys, what is no text and what turns the direction is replaced; nothing else."""
    assert sendable_name(name) == sent
    assert Picture(Path(name), 1, "image/png", name).name == sent


@given(st.text(st.characters(), max_size=300))
def test_any_name_can_be_sent(name: str) -> None:
    """It is UTF-8, on one line, not longer than a file system takes, and the same when cleaned again."""
    sent = sendable_name(name)
    sent.encode()
    assert len(sent) <= 255
    assert len(sent.splitlines()) <= 1
    assert sendable_name(sent) == sent
