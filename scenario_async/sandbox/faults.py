"""Faults that the sandbox can inject, and rules for when and where they happen.

::

    async with Sandbox(faults=Faults(Rule(Drop("after"), on="POST /assets", times=3))) as sandbox:
        ...
        sandbox.faults.add(Rule(Throttled(retry_after=1), on="* /models/*", probability=0.1))
        ...
        assert sandbox.faults.count(Drop) == 3
        sandbox.faults = Faults.random(seed=7, rate=0.2)

A fault happens before the request is processed, so that nothing changes, or afterwards. A client cannot see
the difference and has to handle both.
"""

from __future__ import annotations

from scenario_async.sandbox._internal.faults.alterations import Alteration, Altered
from scenario_async.sandbox._internal.faults.answers import EmptyBody, Garbled, HTMLPage, ServerError
from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.faults.connections import Delay, Drop, Hang, Truncate
from scenario_async.sandbox._internal.faults.consistency import Accepted, Lag, Short
from scenario_async.sandbox._internal.faults.fault import Fault, When, WhenOrDuring
from scenario_async.sandbox._internal.faults.imports import FailedImport, SlowImport
from scenario_async.sandbox._internal.faults.jobs import JobFails
from scenario_async.sandbox._internal.faults.refusals import (
    AssetRefused,
    Conflict,
    Cooldown,
    ModelInTraining,
    PictureModerated,
    PlanLimit,
    StorageRefused,
    Throttled,
    Unauthorized,
    URLExpired,
)
from scenario_async.sandbox._internal.faults.rules import Faults, Injection, Rule
from scenario_async.sandbox._internal.faults.transient import INCONSISTENT, TRANSIENT

__all__ = [
    "INCONSISTENT",
    "TRANSIENT",
    "Accepted",
    "Alteration",
    "Altered",
    "Arrival",
    "AssetRefused",
    "Conflict",
    "Cooldown",
    "Delay",
    "Drop",
    "EmptyBody",
    "FailedImport",
    "Fault",
    "Faults",
    "Garbled",
    "HTMLPage",
    "Hang",
    "Injection",
    "JobFails",
    "Lag",
    "ModelInTraining",
    "PictureModerated",
    "PlanLimit",
    "Rule",
    "ServerError",
    "Short",
    "SlowImport",
    "StorageRefused",
    "Throttled",
    "Truncate",
    "URLExpired",
    "Unauthorized",
    "When",
    "WhenOrDuring",
]
