"""The Hypothesis strategies for faults."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from scenario_async.sandbox import Faults, Rule
from scenario_async.sandbox.faults import (
    INCONSISTENT,
    TRANSIENT,
    Accepted,
    AssetRefused,
    Drop,
    EmptyBody,
    FailedImport,
    Fault,
    Hang,
    Lag,
    ModelInTraining,
    PictureModerated,
    PlanLimit,
    Unauthorized,
)

LATE: Final = 0.03
"""The delay in seconds of outdated lists and late attachments; the pauses between batches are longer."""

_PASSING: Final[tuple[Fault, ...]] = (
    *TRANSIENT,
    Lag(LATE),
    Accepted(LATE),
    *(fault for fault in INCONSISTENT if not isinstance(fault, Lag | Accepted)),
)
_LASTING: Final[tuple[Fault, ...]] = (
    PlanLimit(2),
    Unauthorized(),
    FailedImport(),
    Hang("before"),
    Hang("during"),
    Hang("after"),
    EmptyBody("before"),
    AssetRefused("not found"),
    ModelInTraining(),
    PictureModerated(),
    Drop("during", after_bytes=100_000),
)
_PLACES: Final = (
    "*",
    "GET /models/*",
    "GET *",
    "POST *",
    "POST /assets",
    "POST /models/*",
    "* /uploads*",
    "* /storage/*",
)


def _rule(fault: Fault, place: str, times: int, skip: int) -> Rule | None:
    try:
        return Rule(fault, on=place, times=times, skip=skip)
    except ValueError:  # the fault is not possible on this route
        return None


def _random(seed: int, rate: float) -> Faults:
    return Faults(Rule(_PASSING, probability=rate), seed=seed)


def _of_rules(rules: list[Rule | None]) -> Faults:
    return Faults(*filter(None, rules))


_rules = st.builds(
    _rule,
    st.sampled_from([*_PASSING, *_LASTING]),
    st.sampled_from(_PLACES),
    times=st.integers(1, 3),
    skip=st.integers(0, 4),
)

no_faults = st.builds(Faults)
"""No faults."""

random_faults = st.builds(_random, st.integers(0, 10_000), st.sampled_from([0.1, 0.2, 0.4]))
"""Random transient faults."""

any_faults = no_faults | random_faults | st.lists(_rules, min_size=1, max_size=3).map(_of_rules)
"""Any of these, or a few kinds, also permanent ones, each on one route for a number of times."""
