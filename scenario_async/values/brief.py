"""Briefs: what assets are checked against."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import OwnerType, Sensitivity


class Brief(Value):
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


class BriefResponse(Value):
    """One brief."""

    brief: Brief
