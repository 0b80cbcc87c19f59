"""Checks of quality."""

from __future__ import annotations

from typing import Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import OwnerType, Sensitivity, Verdict


class QualityGate(Value):
    """How an asset fared in the checks of quality."""

    computed_at: str
    status: Literal["error", "scored"] | str
    version: str
    ai_quality_score: float | None = None
    applied_brief_ids: list[str] | None = None
    brief_compliance_score: float | None = None
    details: QualityGateDetails | None = None
    error: str | None = None
    overall_score: float | None = None
    sensitivity: Sensitivity | str | None = None
    verdict: Verdict | str | None = None


class QualityGateCheck(Value):
    """One check of quality, with its reasons."""

    reasons: list[str]
    score: float
    suggestions: list[str]


class QualityGateDetails(Value):
    """The single checks of quality."""

    ai_quality: QualityGateCheck
    brief_compliance: QualityGateCheck | None = None


class AppliedBrief(Value):
    """A brief that was checked against, and whose it is."""

    id: str
    level: OwnerType | str
