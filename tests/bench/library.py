"""Sync a large library: lost and doubled pictures, memory, requests, and the speed of a cluster.

Run by ``nox -s library``; ``-- --pictures 100000`` for the full size, ``--only cluster`` for one part,
``--write FILE`` for the table.
PostgreSQL and Dask are real; the sandbox runs in this process, the clients in processes of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import frozen
from PIL import Image

from scenario_async import Scenario
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Delay
from tests.library.cluster import running_cluster
from tests.library.pictures import fill
from tests.library.postgres import running_server

_CLIENT = """
import json, sys
from scenario_async import Scenario
from tests.bench.probes import resident

source, ledger, report, concurrency = sys.argv[1:5]
memory = []

def note(now):
    if now.files_done % 50 == 0:
        memory.append(resident() / 1e6)

with Scenario() as client:
    done = client.assets.sync(
        source, ledger=ledger, report=report, concurrency=int(concurrency), collection="all", on_progress=note
    )
print(json.dumps({"counts": dict(done.counts), "seconds": done.seconds, "growth": max(memory) - memory[0]}))
"""


@frozen
class Row:
    """A line of the table."""

    measure: str
    bar: str
    shown: str

    def line(self) -> str:
        """The row in Markdown."""
        return f"| {self.measure} | {self.bar} | {self.shown} |"


def environment_of(sandbox: Sandbox) -> dict[str, str]:
    """The environment of a process whose clients use a sandbox."""
    return {
        **os.environ,
        "SCENARIO_SDK_API_KEY": sandbox.api_key,
        "SCENARIO_SDK_API_SECRET": sandbox.api_secret,
        "SCENARIO_BASE_URL": sandbox.base_url,
    }


def _client(sandbox: Sandbox, *arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-c", _CLIENT, *map(str, arguments)]
    ran = subprocess.run(command, env=environment_of(sandbox), stdout=subprocess.PIPE, check=True)  # noqa: S603
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def _lost_and_doubled(sandbox: Sandbox, count: int) -> str:
    assets = list(sandbox.state.assets.values())
    contents = {asset.picture.stored.sha256 for asset in assets}
    return f"{count - len(contents)}, {len(assets) - len(contents)}"


def one_process(count: int, folder: Path, work: Path) -> Iterable[Row]:
    """All pictures by one process, and again."""
    with Sandbox(keep_bytes=False, decode_pictures=False) as sandbox:
        first = _client(sandbox, folder, work / "one.sqlite3", work / "one.jsonl", 8)
        shown = _lost_and_doubled(sandbox, count)
        yield Row(f"{count:,} pictures, one process: lost, doubled", "0, 0", shown)
        yield Row("the same: time", "", f"{first['seconds']:.0f} s ({count / first['seconds']:.0f}/s)")
        yield Row("memory growth from the first 200 to all", "≤ 24 MB", f"{first['growth']:.1f} MB")
        before, changes = len(sandbox.requests), sandbox.requests.changes.total()
        again = _client(sandbox, folder, work / "one.sqlite3", work / "two.jsonl", 8)
        changing = sandbox.requests.changes.total() - changes
        yield Row("second run: requests that change something", "0", str(changing))
        requests = len(sandbox.requests) - before
        yield Row("second run: time, requests", "≤ 60 s, ≤ 5", f"{again['seconds']:.1f} s, {requests}")


def large(work: Path) -> Iterable[Row]:
    """A thousand pictures of 1 MB by one process."""
    count, side, folder = 1000, 577, work / "large"
    folder.mkdir()
    for number in range(count):
        noise = Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))
        noise.save(folder / f"{number:04}.png", compress_level=0)
    with Sandbox(keep_bytes=False, decode_pictures=False) as sandbox:
        done = _client(sandbox, folder, work / "large.sqlite3", work / "large.jsonl", 8)
        lost = _lost_and_doubled(sandbox, count)
    yield Row(f"{count:,} pictures of 1 MB, one process: lost, doubled", "0, 0", lost)
    shown = f"{done['seconds']:.1f} s; {done['growth']:.1f} MB"
    yield Row("the same: time; memory growth from the first 200 to all", "; ≤ 24 MB", shown)


def cluster(count: int, folder: Path, work: Path, postgres: str) -> Iterable[Row]:
    """All pictures by four worker processes, two of which are killed at random moments."""
    with Sandbox(keep_bytes=True, decode_pictures=False) as sandbox:
        os.environ.update(environment_of(sandbox))
        with running_cluster(4) as engine, Scenario() as client:
            pids = list(engine.run(os.getpid).values())
            chosen = random.Random(7)  # noqa: S311 - no secret
            moments = sorted(chosen.uniform(0.1, 0.8) for _ in range(2))

            def kill() -> None:
                for pid, moment in zip(pids, moments, strict=False):
                    while len(sandbox.state.assets) < moment * count:
                        time.sleep(0.02)
                    os.kill(pid, signal.SIGKILL)

            threading.Thread(target=kill, daemon=True).start()
            done = client.assets.sync(
                folder, ledger=postgres, report=work / "c.jsonl", engine=engine, lease=10, concurrency=8
            )
        yield Row(
            f"{count:,} pictures, Dask cluster of four, two killed, PostgreSQL ledger: lost, doubled",
            "0, 0",
            f"{_lost_and_doubled(sandbox, count)} ({done.seconds:.0f} s; {done.summary()[:60]})",
        )


def scaling(work: Path, postgres: str) -> Iterable[Row]:
    """Four workers against one process, where the service responds after half a second."""
    seconds: list[float] = []
    for number in (1, 4):
        folder = fill(work / f"scaling-{number}", 4000, start=10_000_000 + number * 10_000)
        with Sandbox(keep_bytes=False, decode_pictures=False) as sandbox:
            sandbox.faults = Faults(Rule(Delay(0.5, "before"), on="POST /assets"))
            os.environ.update(environment_of(sandbox))
            with Scenario() as client:
                if number == 1:
                    done = client.assets.sync(
                        folder, ledger=work / "s.sqlite3", report=work / "s", concurrency=8
                    )
                else:
                    with running_cluster(4) as engine:
                        done = client.assets.sync(
                            folder, ledger=postgres, report=work / "s", engine=engine, concurrency=8
                        )
        assert done.succeeded, done.summary()
        seconds.append(done.seconds)
    yield Row(
        "four workers against one process, responses after 0.5 s, eight pictures at a time each",
        "≥ 3.5 ×",
        f"{seconds[0] / seconds[1]:.2f} × ({seconds[0]:.0f} s, {seconds[1]:.0f} s)",
    )


def limited(work: Path, postgres: str) -> Iterable[Row]:
    """An account's rate limit that four workers share."""
    folder = fill(work / "limited", 1200, start=20_000_000)
    with Sandbox(keep_bytes=False, decode_pictures=False, rate_limit=100) as sandbox:
        os.environ.update(environment_of(sandbox))
        with running_cluster(4) as engine, Scenario() as client:
            done = client.assets.sync(folder, ledger=postgres, report=work / "l", engine=engine, rate=90)
        refused = sum(one.status == 429 for one in sandbox.requests)
        share = refused / len(sandbox.requests)
    yield Row(
        "rate limit of 100 a second, four workers with rate=90: requests that see a 429",
        "≤ 5 %",
        f"{share:.1%} of {len(sandbox.requests):,} ({done.summary()[:40]})",
    )


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=10_000)
    parser.add_argument("--only", choices=("one", "large", "cluster", "scaling", "limited"), action="append")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    lines = ["| measure | target | shown |", "|---|---|---|"]
    with tempfile.TemporaryDirectory() as name, running_server() as postgres:
        work = Path(name)
        parts = {
            "one": lambda: one_process(given.pictures, fill(work / "pictures", given.pictures), work),
            "large": lambda: large(work),
            "cluster": lambda: cluster(
                given.pictures, fill(work / "pictures", given.pictures), work, postgres
            ),
            "scaling": lambda: scaling(work, postgres),
            "limited": lambda: limited(work, postgres),
        }
        for part in given.only or parts:
            for row in parts[part]():
                lines.append(row.line())
                sys.stdout.write(row.line() + "\n")
                sys.stdout.flush()
    if given.write is not None:
        given.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
