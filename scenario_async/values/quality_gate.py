"""Checks of quality."""

from __future__ import annotations

from typing import Literal

from scenario_async._internal.declare.value import frozen
from scenario_async.values.enumerations import OwnerType, Sensitivity, Verdict


@frozen(kw_only=True)
class QualityGate:
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


@frozen(kw_only=True)
class QualityGateCheck:
    """One check of quality, with its reasons."""

    reasons: list[str]
    score: float
    suggestions: list[str]


@frozen(kw_only=True)
class QualityGateDetails:
    """The single checks of quality."""

    ai_quality: QualityGateCheck
    brief_compliance: QualityGateCheck | None = None


@frozen(kw_only=True)
class AppliedBrief:
    """A brief that was checked against, and whose it is."""

    id: str
    level: OwnerType | str
