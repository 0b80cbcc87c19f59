"""The reports of trainings, generations, downloads, captions and syncs."""

from __future__ import annotations

from scenario_async.work._internal.captions import CaptionReport, CaptionResult, CaptionStatus
from scenario_async.work._internal.library.report import SyncReport, SyncResult, SyncStatus
from scenario_async.work._internal.library.sync import OnSyncProgress, SyncProgress
from scenario_async.work._internal.reports import GenerationReport, TrainingReport
from scenario_async.work._internal.saving import DownloadReport, SavedAsset, SavedStatus

__all__ = [
    "CaptionReport",
    "CaptionResult",
    "CaptionStatus",
    "DownloadReport",
    "GenerationReport",
    "OnSyncProgress",
    "SavedAsset",
    "SavedStatus",
    "SyncProgress",
    "SyncReport",
    "SyncResult",
    "SyncStatus",
    "TrainingReport",
]
