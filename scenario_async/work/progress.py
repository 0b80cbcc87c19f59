"""The progress of a job, a training or a download: the argument of ``on_progress``."""

from __future__ import annotations

from scenario_async.work._internal.progress import OnWork, Stage, WorkProgress

__all__ = ["OnWork", "Stage", "WorkProgress"]
