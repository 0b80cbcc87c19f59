"""Data sets (folders of pictures with captions and pairs), and the report of their check."""

from __future__ import annotations

from scenario_async.work._internal.dataset import (
    Captions,
    Dataset,
    DatasetItem,
    DatasetPair,
    DatasetProblem,
    ProblemCode,
)
from scenario_async.work._internal.dataset_check import DatasetReport

__all__ = [
    "Captions",
    "Dataset",
    "DatasetItem",
    "DatasetPair",
    "DatasetProblem",
    "DatasetReport",
    "ProblemCode",
]
