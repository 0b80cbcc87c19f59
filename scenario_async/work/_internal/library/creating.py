"""Create an asset from a content that this worker has claimed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.http.pace import Pace, StoppedError
from scenario_async.errors import APIError, LedgerError
from scenario_async.upload._internal.adoption import LATE_LOOKS, find_made_asset
from scenario_async.upload._internal.sending import send
from scenario_async.work._internal.library.claims import Claimed
from scenario_async.work._internal.library.examining import Examined
from scenario_async.work._internal.library.shared_ledger import SharedLedger

logger: Final = logging.getLogger("scenario_async.sync")

_PAGES_LOOKED_THROUGH: Final = 10_000
"""Pages of a hundred assets to search: others may have been uploaded since the lost request."""


async def create_asset(
    sender: Sender, pace: Pace, ledger: SharedLedger, examined: Examined, claim: Claimed
) -> str:
    """Create an asset from a claimed content, and return its id; give up the claim if that fails.

    An asset that an earlier request created is searched for first, and again after each request whose
    response is lost.

    Args:
        sender: Sends the requests, limited by `pace`.
        pace: Limits the retries.
        ledger: Has the claim.
        examined: The picture and its digest.
        claim: The claim of its content.

    Raises:
        ScenarioError: A request failed, or the run has stopped.
    """
    first = claim.first_claimed_at
    since = None if first is None else datetime.fromtimestamp(first, UTC)
    began, attempts, sent = datetime.now(UTC), 0, False
    try:
        while True:
            if since is not None and (made := await _look(sender, examined, since, again=sent)):
                return made
            attempts, sent = attempts + 1, True
            try:
                return await send(sender, examined.picture)
            except StoppedError as stopped:
                sent = stopped.in_doubt or since is not None
                raise
            except APIError as error:
                sent = error.in_doubt or since is not None
                wait = pace.wait_before_retry(error, attempts, sender.retries, repeatable=True)
                if not error.in_doubt or wait is None:
                    raise
                logger.info("%s; in %.1f s it is searched for, and else sent again", error, wait)
                since = since or began
            await asyncio.sleep(wait)
    except BaseException:
        with suppress(LedgerError):
            is_sent = sent or since is not None
            await asyncio.shield(ledger.give_up(examined.digest, anything_sent=is_sent))
        raise


async def _look(sender: Sender, examined: Examined, since: datetime, *, again: bool) -> str | None:
    """Search for the asset of an earlier request; several times if the request was recent."""
    picture = examined.picture
    for pause in LATE_LOOKS if again else LATE_LOOKS[:1]:
        await asyncio.sleep(pause)
        made = await find_made_asset(
            sender,
            name=picture.name or "picture",
            size=picture.size,
            sha256=bytes.fromhex(examined.digest),
            since=since,
            pages=_PAGES_LOOKED_THROUGH,
        )
        if made is not None:
            return made
    return None
