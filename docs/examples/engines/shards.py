"""Divide a folder into shards, for any engine: `shards(FOLDER, LEDGER)`."""

import os
from collections.abc import Iterator
from itertools import islice

from scenario_async.work.sync import ShardSpec, list_files

FILES_PER_SHARD = 250


def shards(folder: str, ledger: str) -> Iterator[ShardSpec]:
    """Make a description of each shard; credentials are not in it, workers have their own."""
    files = list_files(folder)
    base_url = os.environ.get("SCENARIO_BASE_URL", "https://api.cloud.scenario.com/v1")
    while group := tuple(islice(files, FILES_PER_SHARD)):
        yield ShardSpec(files=group, base_url=base_url, project_id=None, ledger=ledger)
