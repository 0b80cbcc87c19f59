"""Check that a ledger is about the account of the key, before its entries are trusted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

from scenario_async._internal.declare.converter import is_sequence
from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.display.words import counted
from scenario_async.errors import InvalidArgumentError, NotFoundError, PermissionDeniedError
from scenario_async.upload._internal.adoption import LATE_LOOKS
from scenario_async.values.asset import AssetGetBulkParams
from scenario_async.work._internal.library.shared_ledger import SharedLedger

logger: Final = logging.getLogger("scenario_async.sync")

_ASSETS_LOOKED_UP: Final = 100
"""Assets of the ledger that one request looks up: many, since some may have been deleted in the library."""


async def check_account(sender: Sender, ledger: SharedLedger) -> None:
    """Check with one request that assets of the ledger exist for the key; nothing is sent for a new ledger.

    Entries of another project or account that the ledger would use too are left out.

    Raises:
        InvalidArgumentError: None of the assets that it looked up exists.
        APIError: The assets cannot be looked up.
    """
    for scope, asset_ids in (await ledger.samples(_ASSETS_LOOKED_UP)).items():
        if await _any_exists(sender, asset_ids):
            continue
        if scope != ledger.scope:
            await ledger.leave_out(scope)
            continue
        looked_up = counted(len(asset_ids), "asset")
        expected = (
            f"the ledger of this account is needed: of {looked_up} in it, none exists for this API key. "
            "For another account, or if all of them were deleted, use a new ledger"
        )
        raise InvalidArgumentError("ledger", ledger.shown, expected)


async def _any_exists(sender: Sender, asset_ids: Sequence[str]) -> bool:
    for pause in LATE_LOOKS:
        await asyncio.sleep(pause)
        try:
            response: Any = await sender.send(AssetGetBulkParams(asset_ids=asset_ids))
        except (NotFoundError, PermissionDeniedError) as error:
            logger.info("it is not known whether the ledger is about this account: %s", error)
            return True
        # Only an empty list proves something.
        if not is_sequence(response.assets) or response.assets:
            return True
    return False
