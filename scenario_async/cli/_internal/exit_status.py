"""The exit statuses of ``scenario-async``; documented in docs/command-line.md."""

from __future__ import annotations

from typing import Final

SUCCESS: Final = 0
"""Everything succeeded."""
FAILED: Final = 1
"""The command failed, completely or in part."""
MISUSE: Final = 2
"""The command is wrong, credentials are missing, or a payment was not confirmed. Nothing was paid."""
OVER_BUDGET: Final = 3
"""The price is higher than ``--max-cost``. Nothing was paid."""
IN_DOUBT: Final = 4
"""A paid request may have been carried out, but its job was not found. It was not sent again."""
INTERRUPTED: Final = 130
"""Ctrl-C; the status that shells use for it."""
TERMINATED: Final = 143
"""SIGTERM; the status that shells use for it."""
