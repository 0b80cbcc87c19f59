"""The states of a content in a ledger, for the worker that claims it."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from scenario_async._internal.ledgers import usable_time
from scenario_async.upload._internal.response_fields import is_id

LONGEST_LEASE: Final = 2e9
"""Seconds; a lease that ends later is damaged, since no worker may have one of more than half of this."""


@frozen
class Known:
    """A content that is in the library."""

    asset_id: str


@frozen
class Claimed:
    """A content that only this worker may send.

    Attributes:
        first_claimed_at: When it was claimed first, in seconds since 1970 by the ledger's clock; None if
            this is the first claim. Somebody else's request may have been carried out since then.
    """

    first_claimed_at: float | None


@frozen
class Held:
    """A content that another worker is sending.

    Attributes:
        seconds: Seconds until its lease expires.
        has_wrong_time: Whether it was claimed in the future, so that the clock was wrong, and the end of its
            lease may be wrong too.
    """

    seconds: float
    has_wrong_time: bool = False


Claim = Known | Claimed | Held


def claim_of(asset_id: object, lease_until: object, claimed_at: object, now: float) -> Claim:
    """Return the claim in a row of the ledger; a `Claimed` if its lease has expired."""
    if is_id(asset_id):
        return Known(asset_id)
    ends = lease_until if isinstance(lease_until, int | float) else 0.0
    if now < ends <= now + LONGEST_LEASE:
        return Held(ends - now, usable_time(claimed_at, now) == 0)
    return Claimed(usable_time(claimed_at, now))


def with_earlier_time(claim: Claim, other: Claim | None) -> Claim:
    """Return a claim with the time of another one, if that was earlier."""
    if not isinstance(claim, Claimed) or not isinstance(other, Claimed):
        return claim
    times = [one.first_claimed_at for one in (claim, other) if one.first_claimed_at is not None]
    return Claimed(min(times, default=None))
