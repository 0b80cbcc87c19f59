"""Fixtures of all tests: they do not read or write files and settings of the current user."""  # noqa: INP001 - its folders are packages

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from scenario_async import AsyncScenario
from scenario_async.errors import ScenarioError
from scenario_async.sandbox import Model, Sandbox


@pytest.fixture(scope="session", autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder for the state of the tests and of the programs that they start."""
    from scenario_async._internal.ledgers import default_ledger

    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        _use_state_folder(patch, folder)
        _forget_the_service(patch)
        assert default_ledger().is_relative_to(folder), "the tests would write into the user's ledger"
        yield


def _use_state_folder(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setenv("XDG_STATE_HOME", str(folder))
    patch.setenv("WIN_PD_OVERRIDE_LOCAL_APPDATA", str(folder))  # for platformdirs on Windows


@pytest.fixture
def state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for the state of one test, such as its ledger."""
    _use_state_folder(monkeypatch, tmp_path / "state")
    return tmp_path / "state"


UNKNOWN_USER: Final = 2**31 - 7
"""The id of a user that no machine has."""


@pytest.fixture
def no_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The user has no home folder, like an unknown user in a container."""
    del tmp_path  # pytest makes it only for the real user
    if sys.platform == "win32":
        pytest.skip("every user has a home folder there")
    for name in ("HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: UNKNOWN_USER)


@pytest.fixture(params=["none", "unwritable"])
def no_state_folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no place for the default ledger: no home folder, or one that cannot be written to."""
    if request.param == "none":
        request.getfixturevalue("no_home")
    else:
        monkeypatch.setenv("XDG_STATE_HOME", os.devnull)


LONGEST_MESSAGE: Final = 2000
"""Characters of an error's message that fit on a screen."""


@pytest.fixture(scope="session", autouse=True)
def _messages_fit_on_a_screen() -> Iterator[None]:
    """Fail a test if the message of an error is longer than a screen."""
    longest = ""

    def measured(error: ScenarioError, *args: object) -> None:
        nonlocal longest
        super(ScenarioError, error).__init__(*args)
        longest = max(longest, str(args[0]) if args else "", key=len)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScenarioError, "__init__", measured, raising=False)
        yield
    if os.environ.get("LONGEST_MESSAGE_TO"):
        Path(os.environ["LONGEST_MESSAGE_TO"], str(os.getpid())).write_text(f"{len(longest)}: {longest}")
    assert len(longest) <= LONGEST_MESSAGE, f"a message has {len(longest)} characters: {longest[:300]}"


@pytest.fixture(autouse=True)
def _no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove credentials and the base URL from the environment; a test sets its own."""
    _forget_the_service(monkeypatch)


def _forget_the_service(patch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SCENARIO_")]:
        patch.delenv(name)


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    """A sandbox that runs on the event loop of the test."""
    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncGenerator[AsyncScenario]:
    """An asynchronous client of the sandbox."""
    async with AsyncScenario(
        api_key=sandbox.api_key, api_secret=sandbox.api_secret, base_url=sandbox.base_url
    ) as client:
        yield client


@pytest.fixture
def model(sandbox: Sandbox) -> Model:
    """An empty model in the sandbox."""
    return sandbox.state.add_model(name="paper", type="flux.1-lora")


@pytest.fixture
def folder_of(tmp_path: Path) -> Callable[[int], Path]:
    """Make a folder with the given number of small, different pictures: ``00.png``, ``01.png`` and so on."""

    def folder_of(count: int) -> Path:
        folder = tmp_path / "pictures"
        folder.mkdir(exist_ok=True)
        for number in range(count):
            Image.new("L", (8, 8), number).save(folder / f"{number:02}.png")
        return folder

    return folder_of


@pytest.fixture
def captioned_folder(tmp_path: Path) -> Callable[[str], Path]:
    """Make a folder with five pictures and their captions, in which ``{}`` is the number of the picture."""

    def captioned_folder(caption: str) -> Path:
        folder = tmp_path / "knights"
        folder.mkdir()
        for number in range(5):
            Image.effect_noise((64, 64), 10 + 40 * number).save(folder / f"{number}.png")
            (folder / f"{number}.txt").write_text(caption.format(number))
        return folder

    return captioned_folder
