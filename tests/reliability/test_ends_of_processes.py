"""Uploads at a process's exit, in forks, in process pools, and under gevent and trio."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from scenario_async.sandbox import Model, Sandbox

from .scene import digests_of, folder_of
from .truth import contents_of

_BEGINNING: Final = """
import atexit, multiprocessing, os, sys, threading, time, warnings
from scenario_async import Scenario

warnings.filterwarnings("ignore", ".*is multi-threaded", DeprecationWarning)
base_url, model_id, folder, ledger = sys.argv[1:]
access = {"api_key": "sandbox-key", "api_secret": "sandbox-secret", "base_url": base_url}

def upload(**options):
    with Scenario(**access) as client:
        report = client.models.training_images.upload(model_id, folder, ledger=ledger, **options)
    print("uploaded", report.succeeded, flush=True)

"""

_PATIENCE: Final = 30.0
"""Seconds after which a program counts as hanging; each needs about three."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def model(sandbox: Sandbox) -> Model:
    sandbox.training_image_limit = 1000
    return sandbox.state.add_model(name="set", type="any")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(tmp_path, 20)


@pytest.fixture
def run(sandbox: Sandbox, model: Model, folder: Path, tmp_path: Path) -> Run:
    """Run a program to its end, optionally with statements before its imports; fail if it hangs."""

    def run(source: str, *, first: str = "") -> subprocess.CompletedProcess[str]:
        program = tmp_path / "program.py"
        program.write_text(f"{first}\n{_BEGINNING}{source}")
        where = [sandbox.base_url, model.id, str(folder), str(tmp_path / "ledger.sqlite3")]
        return subprocess.run(  # noqa: S603 - a program of the tests
            [sys.executable, str(program), *where],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )

    return run


def assert_whole(sandbox: Sandbox, model: Model, folder: Path) -> None:
    """Check that every picture is in the set once, and that no asset was created twice."""
    assert contents_of(sandbox, model.id) == dict.fromkeys(digests_of(folder).values(), 1)
    assert sandbox.requests.changes["POST /assets"] == len(digests_of(folder))


@pytest.mark.skipif(
    (3, 12) <= sys.version_info < (3, 12, 3),
    reason="CPython 3.12.0 to 3.12.2 start no thread during the shutdown (python/cpython#113964)",
)
@pytest.mark.parametrize(
    "source",
    [
        "atexit.register(upload)",
        "threading.Thread(target=upload).start()",
        "client = Scenario(**access)\nclient.models.retrieve(model_id)\natexit.register(upload)",
    ],
    ids=["atexit", "thread that outlives the main one", "atexit, after a call"],
)
def test_an_upload_during_interpreter_shutdown_completes(
    run: Run, sandbox: Sandbox, model: Model, folder: Path, source: str
) -> None:
    """Executors accept no work during the shutdown, so a call that uses one would raise `RuntimeError`."""
    done = run(source)
    assert (done.stdout, done.stderr, done.returncode) == ("uploaded True\n", "", 0)
    assert_whole(sandbox, model, folder)


def test_sys_exit_in_on_progress_ends_the_program_with_its_status(
    run: Run, sandbox: Sandbox, model: Model, folder: Path
) -> None:
    done = run("upload(on_progress=lambda progress: progress.files_done > 2 and sys.exit(7))")
    assert done.returncode == 7, done.stderr
    assert run("upload()").stdout == "uploaded True\n"
    assert contents_of(sandbox, model.id) == dict.fromkeys(digests_of(folder).values(), 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_a_child_forked_during_an_upload_can_upload(
    run: Run, sandbox: Sandbox, model: Model, folder: Path
) -> None:
    """The child has none of the parent's threads and locks; eight forks happen at different moments."""
    done = run(
        """
with Scenario(**access) as client:
    client.models.training_images.upload(model_id, folder, ledger=False, dry_run=True)
    client.models.retrieve(model_id)
thread = threading.Thread(target=upload)
thread.start()
children = []
for _ in range(8):
    child = os.fork()
    if child == 0:
        upload()
        os._exit(0)
    children.append(child)
    time.sleep(0.02)
thread.join()
print([os.waitpid(child, 0)[1] for child in children], flush=True)
"""
    )
    # The batches take turns, and each that waits for more than a second logs it.
    assert [line for line in done.stderr.splitlines() if not line.startswith("waiting for the lock ")] == []
    lines = done.stdout.splitlines()
    assert sorted(lines) == sorted([*["uploaded True"] * 9, str([0] * 8)])
    assert_whole(sandbox, model, folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_a_fork_waits_for_a_thread_inside_sqlite(run: Run) -> None:
    """The child finds the file unlocked, and later parent and child write to it."""
    done = run(
        """
import sqlite3
from scenario_async._internal.database_file import DatabaseFile

def insert(name, pause=0.0):
    with file.used() as connection, connection:
        connection.execute("INSERT INTO names VALUES (?)", [name])
        inside.set()
        time.sleep(pause)
        left.append(name)

inside, left = threading.Event(), []
file = DatabaseFile(lambda: sqlite3.connect(ledger, timeout=5, check_same_thread=False))
with file.used() as connection:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE names (name TEXT)")
thread = threading.Thread(target=insert, args=("thread", 0.5))
thread.start()
inside.wait()
child = os.fork()
os.write(1, f"forked after {left}\\n".encode())  # one write, since both processes write to the same pipe
if child == 0:
    insert("child")
    os._exit(0)
thread.join()
insert("parent")
assert os.waitpid(child, 0)[1] == 0
with file.used() as connection:
    print(sorted(name for [name] in connection.execute("SELECT name FROM names")))
"""
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.splitlines() == ["forked after ['thread']"] * 2 + ["['child', 'parent', 'thread']"]


@pytest.mark.parametrize("start", ["Process", "Pool", "ProcessPoolExecutor"])
def test_two_spawned_processes_upload_one_folder_with_one_ledger(
    run: Run, sandbox: Sandbox, model: Model, folder: Path, start: str
) -> None:
    """They take turns and end: neither waits for ever, and no picture is sent twice."""
    ways = {
        "Process": """
    processes = [context.Process(target=upload) for _ in range(2)]
    [process.start() for process in processes]
    [process.join() for process in processes]
""",
        "Pool": """
    with context.Pool(2) as pool:
        [pool.apply_async(upload) for _ in range(2)]
        pool.close()
        pool.join()
""",
        "ProcessPoolExecutor": """
    from concurrent.futures import ProcessPoolExecutor
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        [one.result() for one in [pool.submit(upload) for _ in range(2)]]
""",
    }
    done = run(f'if __name__ == "__main__":\n    context = multiprocessing.get_context("spawn"){ways[start]}')
    assert (done.stdout, done.stderr, done.returncode) == ("uploaded True\n" * 2, "", 0)
    assert_whole(sandbox, model, folder)


def test_under_gevent_a_second_blocking_client_raises_with_advice(run: Run) -> None:
    pytest.importorskip("gevent", reason="gevent is not installed")
    done = run(
        """
with Scenario(**access) as first, Scenario(**access) as second:
    print(first.models.retrieve(model_id).model.name)
    print(first.with_options(timeout=9).models.retrieve(model_id).model.name)
    try:
        second.models.retrieve(model_id)
    except Exception as error:
        print(type(error).__name__, error)
""",
        first="from gevent import monkey; monkey.patch_all()",
    )
    assert (done.stderr, done.returncode) == ("", 0)
    *names, error = done.stdout.splitlines()
    assert names == ["set", "set"]
    assert error.startswith("ScenarioError gevent has replaced threads by greenlets")
    assert "monkey.patch_all(thread=False, queue=False)" in error


def test_uploads_work_under_gevent_without_patched_threads(
    run: Run, sandbox: Sandbox, model: Model, folder: Path
) -> None:
    pytest.importorskip("gevent", reason="gevent is not installed")
    done = run(
        "upload()\nupload()", first="from gevent import monkey; monkey.patch_all(thread=False, queue=False)"
    )
    assert (done.stdout, done.stderr, done.returncode) == ("uploaded True\n" * 2, "", 0)
    assert_whole(sandbox, model, folder)


@pytest.mark.parametrize(
    "call",
    [
        "client.models.retrieve(model_id)",
        "client.models.training_images.upload(model_id, folder, ledger=False)",
        "client.assets.save(['asset_1'], folder)",
        "client.jobs.wait_all(['job_1'])",
        "client.models.train.run(model_id, max_cost=1)",
        "client.models.train.from_folder(folder, name='set', type='flux.1-lora', max_cost=1)",
    ],
)
def test_under_trio_the_error_says_that_asyncio_is_needed(run: Run, sandbox: Sandbox, call: str) -> None:
    pytest.importorskip("trio", reason="trio is not installed")
    done = run(
        f"""
import trio
from scenario_async import AsyncScenario, ScenarioError

async def main():
    async with AsyncScenario(**access) as client:
        try:
            await {call}
        except ScenarioError as error:
            print(error)

trio.run(main)
"""
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert "needs a running asyncio event loop; under trio, call the blocking Scenario" in done.stdout
    assert not sandbox.requests.changes
