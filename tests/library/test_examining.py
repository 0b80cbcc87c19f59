"""Files that change during a sync: the recorded content is the sent content."""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path

import pytest

from scenario_async.sandbox import Sandbox
from scenario_async.work._internal.library.examining import NotReadableError, examine
from scenario_async.work._internal.library.reading import Reader
from scenario_async.work._internal.library.shards import ShardSpec, sync_shard
from scenario_async.work._internal.library.sources import Found, Selection, listing
from tests.library.pictures import fill, small_png

SMALL, LARGE = 0, 1_500_000
"""Bytes of text in a picture that is kept in memory, and in one that is read again while it is sent."""


def picture(number: int, text_bytes: int) -> bytes:
    """A PNG with a text of the given length before its end."""
    content = small_png(number)
    text = b"tEXtnote\0" + b"x" * text_bytes
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return content[:-12] + chunk + content[-12:]


def listed(path: Path) -> Found:
    """The file as a listing returns it."""
    (found,) = listing(path, Selection())
    return found


@pytest.mark.parametrize("text_bytes", [SMALL, LARGE])
def test_the_digest_name_and_size_are_those_of_the_file(tmp_path: Path, text_bytes: int) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(picture(1, text_bytes))
    examined = examine(Reader(), listed(path))
    assert examined.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert examined.is_held == (text_bytes == SMALL)
    assert (examined.picture.name, examined.picture.size) == ("a.png", path.stat().st_size)


def test_a_small_picture_is_sent_with_the_content_of_its_digest(tmp_path: Path) -> None:
    """The file may change after it was read, because its bytes are kept in memory."""
    path = tmp_path / "a.png"
    path.write_bytes(picture(1, SMALL))
    examined = examine(Reader(), listed(path))
    path.write_bytes(picture(2, SMALL))
    with examined.picture.opened() as file:
        assert hashlib.sha256(file.read()).hexdigest() == examined.digest


@pytest.mark.parametrize("text_bytes", [SMALL, LARGE])
def test_a_file_that_changed_since_the_listing_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text_bytes: int
) -> None:
    """Its new content would be recorded under its old version; the next run lists it again."""
    folder = fill(tmp_path / "in", 3)
    path = folder / "picture-000001.png"
    path.write_bytes(picture(1, text_bytes))
    files = tuple(listing(folder, Selection()))
    path.write_bytes(picture(77, text_bytes) + b"longer")
    with pytest.raises(NotReadableError, match="changed since it was listed"):
        examine(Reader(), next(one for one in files if one.name == str(path)))
    with Sandbox() as sandbox:
        monkeypatch.setenv("SCENARIO_SDK_API_KEY", sandbox.api_key)
        monkeypatch.setenv("SCENARIO_SDK_API_SECRET", sandbox.api_secret)
        report = sync_shard(
            ShardSpec(
                files=files, base_url=sandbox.base_url, project_id=None, ledger=str(tmp_path / "ledger")
            )
        )
        assert report.counts == {"uploaded": 2, "failed": 1}
        assert len(sandbox.state.assets) == 2


def test_a_file_that_cannot_be_read_fails_and_is_not_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(picture(1, SMALL))
    found = listed(path)
    path.unlink()
    with pytest.raises(NotReadableError, match="cannot be read"):
        examine(Reader(), found)
