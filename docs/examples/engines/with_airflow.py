"""Sync a folder with Airflow: `airflow dags test sync_folder --conf '{"folder": "…", "ledger": "…"}'`."""

from airflow.sdk import dag, get_current_context, task
from shards import shards

from scenario_async.work.sync import ShardSpec, sync_shard


def specs() -> list[ShardSpec]:
    """Make the descriptions of the shards that a run is about."""
    params = get_current_context()["params"]
    return list(shards(params["folder"], params["ledger"]))


@dag(schedule=None, params={"folder": "pictures", "ledger": "ledger.sqlite3"})
def sync_folder() -> None:
    """Upload the shards side by side, one mapped task for each."""

    @task
    def numbers() -> list[int]:
        return list(range(len(specs())))

    @task(retries=3)
    def upload(number: int) -> dict[str, int]:
        return dict(sync_shard(specs()[number]).counts)

    upload.expand(number=numbers())


sync_folder()
