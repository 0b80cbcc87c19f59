"""Three machines, each in another network namespace; one is disconnected for a while."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.library.pictures import fill
from tests.library.postgres import programs, running_server

_HUB: Final = "10.83.7.1"
_CUT_SECONDS: Final = 20

_SERVICE: Final = """
import json, sys
from scenario_async.sandbox import Sandbox

with Sandbox(host=sys.argv[1], allow_remote=True) as sandbox:
    print(json.dumps(sandbox.base_url), flush=True)
    for _ in sys.stdin:
        print(json.dumps([asset.name for asset in sandbox.state.assets.values()]), flush=True)
"""

_MACHINE: Final = """
import faulthandler, sys
faulthandler.dump_traceback_later(140)  # shows where a machine hangs, before the test ends it
from scenario_async import Scenario

source, ledger, report, base_url = sys.argv[1:]
with Scenario(api_key="sandbox-key", api_secret="sandbox-secret", base_url=base_url,
              allow_http=(base_url.split("/")[2],), max_retries=8) as client:
    done = client.assets.sync(source, ledger=ledger, report=report, rate=15, lease=60)
    print(done.summary())
sys.exit(0 if done.succeeded else 1)
"""


def _ip(*words: str) -> None:
    subprocess.run(("ip", *words), check=True, capture_output=True)  # noqa: S603, S607 - own command


@pytest.fixture
def network() -> Generator[list[str]]:
    """A hub and three machines, connected by a bridge in the hub; no link leaves these namespaces."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and iproute2 (Debian: apt-get install iproute2)")
    made: list[str] = []
    tag = f"sa{os.getpid() % 10_000}"
    try:
        for name in ("hub", "one", "two", "three"):
            try:
                _ip("netns", "add", f"{tag}{name}")
            except subprocess.CalledProcessError:
                pytest.skip("this machine does not allow network namespaces")
            made.append(f"{tag}{name}")
        hub, *machines = made
        _ip("-n", hub, "link", "add", "bridge0", "type", "bridge")
        _ip("-n", hub, "addr", "add", f"{_HUB}/24", "dev", "bridge0")
        for device in ("lo", "bridge0"):
            _ip("-n", hub, "link", "set", device, "up")
        for number, machine in enumerate(machines, 2):
            _ip(
                "-n",
                hub,
                "link",
                "add",
                f"port{number}",
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                machine,
            )
            _ip("-n", hub, "link", "set", f"port{number}", "master", "bridge0")
            _ip("-n", hub, "link", "set", f"port{number}", "up")
            _ip("-n", machine, "addr", "add", f"10.83.7.{number}/24", "dev", "eth0")
            _ip("-n", machine, "link", "set", "eth0", "up")
        yield made
    finally:
        for name in made:
            _ip("netns", "del", name)


def _wait_until_written(reports: Sequence[Path]) -> None:
    """Wait until each machine has a result, so that it has connected to the ledger and the service."""
    end = time.monotonic() + 60
    while not all(report.is_file() and report.stat().st_size for report in reports):
        assert time.monotonic() < end, "a machine has done nothing for a minute"
        time.sleep(0.1)


@pytest.mark.timeout(600)
def test_a_disconnected_machine_causes_no_loss_and_no_duplicates(network: list[str], tmp_path: Path) -> None:
    """Three machines sync overlapping folders with one PostgreSQL ledger.

    One is offline for twenty seconds.
    """
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if programs() is None:
        pytest.skip("there is no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    hub, *machines = network
    folder = fill(tmp_path / "in", 240)

    def inside(namespace: str, script: str, *arguments: object) -> subprocess.Popen[str]:
        command = ["ip", "netns", "exec", namespace, sys.executable, "-c", script, *map(str, arguments)]
        return subprocess.Popen(  # noqa: S603 - a script of the tests
            command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    with ExitStack() as stack:
        ledger = stack.enter_context(running_server(_HUB, ("ip", "netns", "exec", hub)))
        service = stack.enter_context(inside(hub, _SERVICE, _HUB))
        assert service.stdout is not None
        assert service.stdin is not None
        base_url = json.loads(service.stdout.readline())
        running = [
            stack.enter_context(inside(machine, _MACHINE, folder, ledger, tmp_path / machine, base_url))
            for machine in machines
        ]
        _wait_until_written([tmp_path / machine for machine in machines])
        _ip("-n", hub, "link", "set", "port2", "down")
        time.sleep(_CUT_SECONDS)
        _ip("-n", hub, "link", "set", "port2", "up")
        for one in running:
            out, _ = one.communicate(timeout=300)
            assert one.returncode == 0, out
        service.stdin.write("names\n")
        service.stdin.flush()
        names: Counter[str] = Counter(json.loads(service.stdout.readline()))
        service.stdin.close()
        service.wait(20)
    assert len(names) == 240
    assert set(names.values()) == {1}
