"""Checks of quality."""

from __future__ import annotations

from typing import Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import OwnerType, Sensitivity, Verdict


class QualityGate(Value):
    """The result of the quality checks of an asset."""

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
    """The result of one quality check, with reasons and suggestions."""

    reasons: list[str]
    score: float
    suggestions: list[str]


class QualityGateDetails(Value):
    """The results of the single quality checks."""

    ai_quality: QualityGateCheck
    brief_compliance: QualityGateCheck | None = None


class AppliedBrief(Value):
    """A brief that was used in a check, and its owner: a team or a project."""

    id: str
    level: OwnerType | str
