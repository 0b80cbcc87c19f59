"""Prices in creative units, and the budget of a call."""

from __future__ import annotations

from scenario_async.work._internal.money import MaxCost, Price

__all__ = ["MaxCost", "Price"]
