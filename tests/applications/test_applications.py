"""Each example application does what it says, with a real server, real processes and a sandbox."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import aiohttp
import pytest

from scenario_async import AsyncScenario, Scenario
from tests.applications.conftest import APPLICATIONS, START, pictures


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, APPLICATIONS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def training_images(model_id: str) -> int:
    with Scenario() as client:
        return len(client.models.retrieve(model_id).model.training_images or ())


async def test_fastapi_accepts_200_concurrent_pictures(
    serve: Callable[..., str], model_id: str, tmp_path: Path
) -> None:
    pytest.importorskip("fastapi", reason="FastAPI is not installed")
    address = serve("uvicorn", "fastapi_uploads:app", "--port", "PORT", path="/docs")
    files = [(one.name, one.read_bytes()) for one in pictures(tmp_path / "pictures", 200).iterdir()]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def send(name: str, content: bytes) -> str:
            form = aiohttp.FormData()
            form.add_field("picture", content, filename=name)
            async with session.post(f"{address}/models/{model_id}/pictures", data=form) as response:
                assert response.status == 200, await response.text()
                asset_id: str = (await response.json())["asset_id"]
                return asset_id

        assets = await asyncio.gather(*(send(name, content) for name, content in files))
    assert len(set(assets)) == 200
    assert await asyncio.to_thread(training_images, model_id) == 200


@pytest.mark.skipif(sys.platform == "win32", reason="gunicorn forks")
def test_flask_responds_from_forked_workers(serve: Callable[..., str], model_id: str) -> None:
    pytest.importorskip("gunicorn", reason="gunicorn is not installed")
    options = ("--preload", "--workers", "2", "--bind", "127.0.0.1:PORT")
    address = serve("gunicorn", *options, "flask_models:app", path=f"/models/{model_id}")

    def process(number: int) -> int:
        del number
        with urllib.request.urlopen(f"{address}/models/{model_id}") as response:  # noqa: S310 - the server above
            answer = json.load(response)
        assert answer["name"] == "paper"
        return int(answer["process"])

    # Concurrent requests, because one idle worker could handle all consecutive requests.
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(process, range(200)))) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Celery's prefork pool forks")
def test_celery_uploads_a_folder_in_a_forked_worker(
    model_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("celery", reason="Celery is not installed")
    for name in ("queue", "results", "control"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("BROKER_URL", "filesystem://")
    monkeypatch.setenv("RESULT_URL", f"file://{tmp_path / 'results'}")
    module = loaded("celery_uploads")
    queue = str(tmp_path / "queue")
    transport = {
        "data_folder_in": queue,
        "data_folder_out": queue,
        "control_folder": str(tmp_path / "control"),
    }
    settings = tmp_path / "celeryconfig.py"
    settings.write_text(f"broker_transport_options = {transport!r}\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{APPLICATIONS}")
    module.app.conf.broker_transport_options = transport
    program = (
        "import celery_uploads; celery_uploads.app.config_from_object('celeryconfig');"
        "celery_uploads.app.worker_main(['worker', '--pool', 'prefork', '--concurrency', '2'])"
    )
    worker = subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path)  # noqa: S603 - the program above
    try:
        folder = pictures(tmp_path / "pictures", 5)
        results = [module.upload.delay(model_id, str(folder)) for _ in range(2)]
        assert [one.get(timeout=START) for one in results] == [{"succeeded": True, "pictures": 5}] * 2
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    assert training_images(model_id) == 5


async def test_a_bot_cancels_the_upload_of_one_user_and_finishes_the_upload_of_another(
    model_id: str, tmp_path: Path
) -> None:
    module = loaded("bot")
    first, second = pictures(tmp_path / "one", 40), pictures(tmp_path / "two-two", 3)
    async with AsyncScenario() as client:
        other = (await client.models.create(name="other")).model.id
        bot = module.Bot(client)
        upload = asyncio.create_task(bot.on_message("ann", f"upload {model_id} {first}"))
        kept = asyncio.create_task(bot.on_message("bob", f"upload {other} {second}"))
        await asyncio.sleep(0)
        assert await bot.on_message("ann", "cancel") == "Cancelling."
        assert (await upload).startswith("Cancelled.")
        assert "3 attached" in await kept
        assert await bot.on_message("ann", "cancel") == "Nothing is running."
        assert "40" in await bot.on_message("ann", f"upload {model_id} {first}")
    assert await asyncio.to_thread(training_images, model_id) == 40


@pytest.mark.timeout(600)  # PyInstaller follows every import of the environment
@pytest.mark.usefixtures("scenario_environment")
def test_an_executable_made_by_pyinstaller_uploads_a_folder(tmp_path: Path) -> None:
    pytest.importorskip("PyInstaller", reason="PyInstaller is not installed")
    where = ("--distpath", str(tmp_path / "dist"), "--workpath", str(tmp_path), "--specpath", str(tmp_path))
    program = str(APPLICATIONS / "desktop.py")
    command = [sys.executable, "-m", "PyInstaller", "--log-level", "ERROR", "--onedir", *where, program]
    subprocess.run(command, check=True)  # noqa: S603 - the program above
    executable = str(tmp_path / "dist" / "desktop" / "desktop")
    folder = str(pictures(tmp_path / "pictures", 5))
    ended = subprocess.run([executable, "frozen", folder], capture_output=True, text=True, check=False)  # noqa: S603
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "5 attached" in ended.stdout
    missing = subprocess.run([executable, "frozen", "missing"], capture_output=True, text=True, check=False)  # noqa: S603
    assert missing.returncode == 1
    assert missing.stderr.startswith("Not uploaded: ")
    assert "Traceback" not in missing.stderr
