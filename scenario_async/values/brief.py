"""Briefs: what assets are checked against."""

from __future__ import annotations

from scenario_async._internal.declare.value import frozen
from scenario_async.values.enumerations import OwnerType, Sensitivity


@frozen(kw_only=True)
class Brief:
    """What assets are checked against. Dates are ISO strings."""

    body: str
    created_at: str
    created_by: str
    enabled: bool
    id: str
    level: OwnerType | str
    reference_asset_ids: list[str]
    scope_id: str
    updated_at: str
    sensitivity: Sensitivity | str | None = None


@frozen(kw_only=True)
class BriefResponse:
    """One brief."""

    brief: Brief
