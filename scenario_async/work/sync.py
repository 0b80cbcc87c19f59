"""The shards of a library sync, for engines such as Prefect, Dagster, Ray or Airflow."""

from __future__ import annotations

from collections.abc import Iterator

from scenario_async.work._internal.library.shards import ShardReport, ShardSpec, sync_shard
from scenario_async.work._internal.library.sources import Found, Selection, Source, listing

__all__ = ["ShardReport", "ShardSpec", "list_files", "sync_shard"]


def list_files(source: Source) -> Iterator[Found]:
    """List the files of a folder or of cloud storage as a stream, for `ShardSpec.files`.

    Args:
        source: A folder, a file, an fsspec URL such as ``s3://bucket/folder``, or several of these.

    Raises:
        InvalidArgumentError: The folder, the file or the file system does not exist.
    """
    return listing(source, Selection())
