"""A PostgreSQL server for the tests: installed programs, a temporary folder, a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None if it is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@contextmanager
def running_server(host: str = "127.0.0.1", prefix: tuple[str, ...] = ()) -> Generator[str]:
    """Run a server, yield its URL, and remove all its files afterwards.

    Args:
        host: The address to listen on, besides a socket in the temporary folder.
        prefix: Words before the command that starts it, for example to enter a network namespace.
    """
    where = programs()
    assert where is not None
    # PostgreSQL refuses to run as root.
    account = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="scenario-postgres-"))
    if account is not None:
        shutil.chown(folder, account)
    folder.chmod(0o700)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(  # noqa: S603 - a command of this module
            command, check=True, user=account, cwd=folder, stdout=subprocess.DEVNULL, timeout=60
        )

    settings = (
        f"-c listen_addresses={host} -c port={port} -c unix_socket_directories={folder} -c fsync=off "
        "-c max_connections=50"
    )
    try:
        run(str(where / "initdb"), "-D", str(data), "-Uscenario", "-EUTF8", "--auth=trust", "--no-sync")
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {host}/24 trust\n")
        server = (str(where / "pg_ctl"), "-D", str(data))
        start = (*server, "-o", settings, "-l", str(folder / "log"), "-w", "start")
        if prefix and account is not None:
            # Only root can enter a namespace; the server itself runs as another user.
            account_prefix = (*prefix, "runuser", "-u", account, "--")
            subprocess.run(  # noqa: S603 - a command of this module
                (*account_prefix, *start), check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60
            )
        else:
            run(*start)
        try:
            yield f"postgresql://scenario@{host}:{port}/postgres"
        finally:
            run(*server, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
