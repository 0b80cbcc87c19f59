"""Files that are written whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = """
import resource, signal, sys
from pathlib import Path
from scenario_async._internal.whole_file import write_whole

# No file may grow over this, as if the disk were full.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4, resource.RLIM_INFINITY))
try:
    write_whole(Path(sys.argv[1]), b"x" * int(sys.argv[2]))
except OSError:
    sys.exit(3)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of this kind")
@pytest.mark.parametrize("size", [16, 1_000_000])
def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path, size: int) -> None:
    """A few bytes stay in the buffer of the file, and closing it writes them again."""
    path = tmp_path / "fox.txt"
    path.write_text("old")
    command = [sys.executable, "-c", _SCRIPT, str(path), str(size)]
    assert subprocess.run(command, check=False).returncode == 3  # noqa: S603 - ours
    assert [entry.name for entry in tmp_path.iterdir()] == ["fox.txt"]
    assert path.read_text() == "old"
