"""The progress of an upload: the argument of ``on_progress``."""

from __future__ import annotations

from scenario_async.upload._internal.progress import OnProgress, Stage, UploadProgress

__all__ = ["OnProgress", "Stage", "UploadProgress"]
