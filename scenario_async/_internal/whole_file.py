"""Write a file so that it has either its old content or all of the new one."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


NEW_FILE_MODE: Final = 0o666 & ~_umask()
"""The usual permissions of a new file; a temporary file is readable only by its owner.

The process's umask is read once, since another thread may be creating files.
"""


def write_whole(path: Path, content: bytes, *, prefix: str = ".") -> None:
    """Write or replace a small file. It is renamed when it is complete.

    If the path is a link, the file that it leads to is replaced. A device or a pipe, such as ``/dev/null``,
    is written to: a renamed file would take its place, for all programs.

    Args:
        path: The file.
        content: All of its content.
        prefix: The beginning of the temporary name.

    Raises:
        OSError: The file cannot be written.
    """
    if _is_device(path):
        with path.open("wb") as file:
            file.write(content)
        return
    target = Path(os.path.realpath(path))  # `Path.resolve` raises an error of its own for a link to itself
    try:
        with written_beside(target, content, prefix=prefix) as written:
            written.replace(target)
    except OSError as error:
        # The error itself names the temporary file.
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextmanager
def written_beside(path: Path, content: bytes, *, prefix: str = ".") -> Generator[Path]:
    """Write a file under a temporary name in the folder of `path`; it is removed unless it was renamed.

    Raises:
        OSError: The file cannot be written.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=prefix, suffix=".part", delete=False) as file:
        written = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            written.chmod(NEW_FILE_MODE)
            yield written
        finally:
            with suppress(OSError):  # on a full disk, closing tries to write the rest again
                file.close()
            written.unlink(missing_ok=True)


def _is_device(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
