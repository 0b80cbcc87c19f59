"""Sync a folder with Prefect: `python with_prefect.py FOLDER LEDGER`."""

import sys

from prefect import flow, task
from shards import shards

from scenario_async.work.sync import sync_shard

upload = task(sync_shard, retries=3, retry_delay_seconds=1)


@flow
def sync_folder(folder: str, ledger: str) -> None:
    """Upload the shards side by side."""
    for report in upload.map(list(shards(folder, ledger))).result():
        print(dict(report.counts))


if __name__ == "__main__":
    sync_folder(*sys.argv[1:])
