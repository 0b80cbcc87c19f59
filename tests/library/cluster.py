"""A Dask cluster on this machine."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


@contextmanager
def running_cluster(workers: int) -> Generator[Any]:
    """Start worker processes with one thread each, and yield the client of their cluster."""
    distributed: Any = import_module("distributed")
    with (
        distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as engine,
    ):
        yield engine
