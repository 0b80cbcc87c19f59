"""Names of files as they are sent to the service."""

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
def test_unsafe_characters_in_names_are_replaced(name: str, sent: str) -> None:
    """Control characters, invalid text and changes of the direction are replaced, and nothing else."""
    assert sendable_name(name) == sent
    assert Picture(Path(name), 1, "image/png", name).name == sent


@given(st.text(st.characters(), max_size=300))
def test_any_name_can_be_sent(name: str) -> None:
    """The name is UTF-8, on one line, within a file system's limit, and unchanged if it is cleaned again."""
    sent = sendable_name(name)
    sent.encode()
    assert len(sent) <= 255
    assert len(sent.splitlines()) <= 1
    assert sendable_name(sent) == sent
