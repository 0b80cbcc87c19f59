"""Turn on logging by an environment variable: ``SCENARIO_LOG=debug`` or ``SCENARIO_LOG=info``."""

from __future__ import annotations

import logging
import os
from typing import Final

_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO}
_FORMAT: Final = "%(asctime)s %(name)s %(levelname)s: %(message)s"


def set_up_logging() -> None:
    """Log to standard error if ``SCENARIO_LOG`` is set, or to the handlers of the application if it has some.

    Without this variable, the logging of the application is not changed.
    """
    level = _LEVELS.get(os.environ.get("SCENARIO_LOG", "").lower())
    logger = logging.getLogger("scenario_async")
    if level is None or logger.handlers:
        return
    logger.setLevel(level)
    if logger.hasHandlers():  # a handler of our own would print each line a second time
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger.addHandler(handler)
