"""The exit statuses of ``scenario-async``; documented in docs/command-line.md."""

from __future__ import annotations

from typing import Final

SUCCESS: Final = 0
"""All was done."""
FAILED: Final = 1
"""The work failed, or a part of it: a picture is not in the training set, the service refused."""
MISUSE: Final = 2
"""The command itself is wrong, credentials are missing, or a payment was not confirmed. Nothing was paid."""
OVER_BUDGET: Final = 3
"""The price is higher than ``--max-cost``. Nothing was paid."""
IN_DOUBT: Final = 4
"""A paid request may have been carried out, and it could not be found out; it was not sent again."""
INTERRUPTED: Final = 130
"""Ctrl-C; the status that shells use for it."""
