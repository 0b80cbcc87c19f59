"""The temporary faults, from which `Faults.random` draws."""

from __future__ import annotations

from typing import Final

from scenario_async.sandbox._internal.faults.alterations import Altered
from scenario_async.sandbox._internal.faults.answers import EmptyBody, Garbled, HTMLPage, ServerError
from scenario_async.sandbox._internal.faults.connections import Delay, Drop, Truncate
from scenario_async.sandbox._internal.faults.consistency import Accepted, Lag, Short
from scenario_async.sandbox._internal.faults.fault import Fault, When, WhenOrDuring
from scenario_async.sandbox._internal.faults.imports import SlowImport
from scenario_async.sandbox._internal.faults.refusals import (
    AssetRefused,
    Conflict,
    Cooldown,
    StorageRefused,
    Throttled,
    URLExpired,
)

_BOTH: Final[tuple[When, When]] = ("before", "after")
_ALL_THREE: Final[tuple[WhenOrDuring, ...]] = ("before", "during", "after")

TRANSIENT: Final[tuple[Fault, ...]] = (
    *(Drop(when, reset=reset) for when in _ALL_THREE for reset in (False, True)),
    *(Delay(0.05, when) for when in _BOTH),
    Truncate(),
    *(Garbled(when) for when in _BOTH),
    # With an empty success before processing, a client could not detect that nothing was done.
    EmptyBody("after"),
    *(HTMLPage(status, when) for status in (200, 502) for when in _BOTH),
    *(ServerError(status, when) for status in (500, 502, 503, 504) for when in _BOTH),
    Cooldown(0.05, "top"),
    Cooldown(0.05, "details"),
    Throttled(),
    Throttled(0),
    Throttled(0, as_date=True),
    URLExpired(),
    SlowImport(2),
    AssetRefused("already attached", groups_only=True),
    AssetRefused("not found", groups_only=True),
    Altered("missing fields"),
    Altered("null fields"),
    Altered("unknown fields"),
    Altered("unknown values"),
    Altered("numbers as strings"),
)
"""Every kind of temporary fault, in each of its forms."""

INCONSISTENT: Final[tuple[Fault, ...]] = (
    Lag(0.3),
    Short(3),
    Accepted(0.2),
    Conflict(),
    StorageRefused("RequestTimeout"),
    StorageRefused("ExpiredToken"),
    StorageRefused("SlowDown"),
)
"""Temporary faults of consistency: use them together with `TRANSIENT`."""
