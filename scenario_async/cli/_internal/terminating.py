"""Let SIGTERM, which `kill` and `timeout` send, end a command like Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from attrs import define

from scenario_async.cli._internal.exit_status import INTERRUPTED, TERMINATED


@define
class Ending:
    """How a command is ended from outside.

    Attributes:
        status: The exit status after `KeyboardInterrupt`.
    """

    status: int = INTERRUPTED


@contextmanager
def terminated_like_ctrl_c() -> Generator[Ending]:
    """Raise `KeyboardInterrupt` after SIGTERM too, while the block runs.

    Otherwise the terminal would stay without a cursor, partial files would stay in the folder, and no message
    would say how to continue. If the caller of the command has set SIGTERM to be ignored, it stays ignored.
    """
    ending = Ending()
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield ending
        return

    def terminate(number: int, frame: FrameType | None) -> None:
        ending.status = TERMINATED
        # The event loop's handler cancels its task. There is none if SIGINT is ignored, as in a script's `&`.
        handler: Any = signal.getsignal(signal.SIGINT)
        (handler if callable(handler) else signal.default_int_handler)(number, frame)

    signal.signal(signal.SIGTERM, terminate)
    try:
        yield ending
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
