"""Sync a folder with Ray: `python with_ray.py FOLDER LEDGER`."""

import sys

import ray
from shards import shards

from scenario_async.work.sync import sync_shard

ray.init(num_cpus=2, include_dashboard=False)
upload = ray.remote(max_retries=3)(sync_shard)
for report in ray.get([upload.remote(spec) for spec in shards(*sys.argv[1:])]):
    print(dict(report.counts))
