"""The report of an upload of pictures: one result for each file."""

from __future__ import annotations

from scenario_async.upload._internal.report import DOCUMENTED_SET_LIMIT, FileResult, FileStatus, UploadReport

__all__ = ["DOCUMENTED_SET_LIMIT", "FileResult", "FileStatus", "UploadReport"]
