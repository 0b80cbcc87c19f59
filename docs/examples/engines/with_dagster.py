"""Sync a folder with Dagster: `python with_dagster.py FOLDER LEDGER`."""

import sys
from collections.abc import Iterator

from dagster import DynamicOut, DynamicOutput, RetryPolicy, job, op
from shards import shards

from scenario_async.work.sync import ShardSpec, sync_shard


@op(out=DynamicOut())
def divide() -> Iterator[DynamicOutput[ShardSpec]]:
    """Divide the folder into shards."""
    for number, spec in enumerate(shards(*sys.argv[1:])):
        yield DynamicOutput(spec, mapping_key=str(number))


@op(retry_policy=RetryPolicy(max_retries=3))
def upload(spec: ShardSpec) -> None:
    """Upload one shard."""
    print(dict(sync_shard(spec).counts))


@job
def sync_folder() -> None:
    """Upload all shards."""
    divide().map(upload)


if __name__ == "__main__":
    sync_folder.execute_in_process()
