"""A sandbox with its address in the environment of other processes, a model, and folders of pictures."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from scenario_async import Scenario
from scenario_async.sandbox import Sandbox

APPLICATIONS = Path(__file__).parents[2] / "docs" / "examples" / "applications"
START = 60.0
"""The seconds within which a program has to start."""


@pytest.fixture
def model_id(scenario_environment: Sandbox) -> str:
    scenario_environment.training_image_limit = 1000
    with Scenario() as client:
        return client.models.create(name="paper").model.id


def pictures(folder: Path, count: int) -> Path:
    """A folder with the given number of small, different pictures."""
    folder.mkdir()
    for number in range(count):
        Image.new("RGB", (8, 8), (number, len(folder.name), 0)).save(folder / f"{number:03}.png")
    return folder


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Start a server program with a free port in place of PORT; return its address once it responds."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str, path: str) -> str:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        words = [sys.executable, "-m", *(word.replace("PORT", str(port)) for word in command)]
        started.append(subprocess.Popen(words, cwd=APPLICATIONS))  # noqa: S603 - a program of the project
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START
        while True:
            try:
                with urllib.request.urlopen(address + path, timeout=5):  # noqa: S310 - the server above
                    return address
            except OSError:
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.1)

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(timeout=30)
