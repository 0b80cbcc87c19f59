"""Pictures, folders and quick batches for the reliability tests."""

from __future__ import annotations

import asyncio
import hashlib
import time
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from attrs import define, evolve

from scenario_async import AsyncScenario, Scenario
from scenario_async._internal.pictures.picture import INLINE_LIMIT
from scenario_async.client import Client
from scenario_async.sandbox import Sandbox, TrainingImage
from scenario_async.upload._internal.plan import Images
from scenario_async.upload._internal.report import UploadReport
from scenario_async.values.training_image import GROUP_LIMIT

from .truth import contents_of, falsehoods

AnyClient = TypeVar("AnyClient", bound="Client[Any]")

LARGE: Final = INLINE_LIMIT + 1
"""The size of the smallest picture that is sent in parts."""

COUNT: Final = GROUP_LIMIT + 2
"""The number of pictures of a scene, which are attached in two groups; the first group is full."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def picture(number: int, *, size: int = 0) -> bytes:
    """A PNG of one pixel; each number gives a different picture.

    Args:
        number: The number of the picture.
        size: The minimum number of bytes.
    """
    header = _chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]))
    pixel = _chunk(b"IDAT", zlib.compress(b"\x00" + (number % 2**24).to_bytes(3, "big")))
    text = _chunk(b"tEXt", f"number\x00{number}".encode().ljust(size, b"."))
    return _SIGNATURE + header + text + pixel + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def folder_of(parent: Path, count: int, *, first: int = 0, large: int = 0) -> Path:
    """A folder with `count` small pictures and `large` pictures that are sent in parts."""
    folder = parent / "pictures"
    folder.mkdir(exist_ok=True)
    for number in range(first, first + count):
        (folder / f"{number:05}.png").write_bytes(picture(number))
    for number in range(first, first + large):
        (folder / f"large-{number:05}.png").write_bytes(picture(number, size=LARGE))
    return folder


def digest(content: bytes) -> str:
    """The SHA-256 of a file's content, in the form that the sandbox uses."""
    return hashlib.sha256(content).hexdigest()


def digests_of(folder: Path) -> dict[Path, str]:
    """The SHA-256 of every file in a folder, from its current content."""
    return {path: digest(path.read_bytes()) for path in sorted(folder.iterdir()) if path.is_file()}


def until_quiet(sandbox: Sandbox, *, seconds: float = 0.08) -> None:
    """Wait until there were no changes for a while, because a cancelled request may still be processed."""
    seen = None
    while (now := (sandbox.requests.counts(), sandbox.requests.changes)) != seen:
        seen = now
        time.sleep(seconds)


def eager(client: AnyClient) -> AnyClient:
    """The same client with waits of some milliseconds between retries."""
    transport = client._core.transport  # pyright: ignore[reportPrivateUsage] - there is no public option
    retries = evolve(transport.options.retries, base=0.005, cap=0.02)
    transport.options = evolve(transport.options, retries=retries)
    return client


def awaited_client(sandbox: Sandbox, **options: Any) -> AsyncScenario:
    """An `AsyncScenario` with short waits for a sandbox."""
    return eager(AsyncScenario(**_access(sandbox), **options))


def blocking_client(sandbox: Sandbox, **options: Any) -> Scenario:
    """A `Scenario` with short waits for a sandbox."""
    return eager(Scenario(**_access(sandbox), **options))


def _access(sandbox: Sandbox) -> Mapping[str, Any]:
    return {"api_key": sandbox.api_key, "api_secret": sandbox.api_secret, "base_url": sandbox.base_url}


def upload_awaited(
    sandbox: Sandbox, model_id: str, images: Images, *, timeout: float = 5.0, **arguments: Any
) -> UploadReport:
    """Run one batch of an `AsyncScenario` on a new event loop."""

    async def upload() -> UploadReport:
        async with awaited_client(sandbox, timeout=timeout) as client:
            return await client.models.training_images.upload(
                model_id, images, raise_on_failure=False, **arguments
            )

    return asyncio.run(upload())


def upload_blocking(
    sandbox: Sandbox, model_id: str, images: Images, *, timeout: float = 5.0, **arguments: Any
) -> UploadReport:
    """Run one batch of a `Scenario`."""
    with blocking_client(sandbox, timeout=timeout) as client:
        return client.models.training_images.upload(model_id, images, raise_on_failure=False, **arguments)


def upload_and_cancel(
    sandbox: Sandbox, model_id: str, images: Images, *, when: Callable[[], bool], **arguments: Any
) -> bool:
    """Run one batch and cancel it when a condition holds; return whether it was cancelled."""

    async def upload() -> bool:
        async with awaited_client(sandbox, timeout=5.0) as client:
            batch = asyncio.create_task(
                client.models.training_images.upload(model_id, images, raise_on_failure=False, **arguments)
            )
            while not batch.done() and not when():  # noqa: ASYNC110 - for another thread
                await asyncio.sleep(0.001)
            batch.cancel()
            await asyncio.wait([batch])
            return batch.cancelled()

    return asyncio.run(upload())


@define
class Scene:
    """A folder, the model for its pictures, and the settings of the upload."""

    sandbox: Sandbox
    model_id: str
    folder: Path
    _upload: Callable[..., UploadReport]

    def upload(self, **arguments: Any) -> UploadReport:
        """Run one batch, by default without a ledger."""
        return self._upload(self.sandbox, self.model_id, self.folder, **{"ledger": False, **arguments})

    @property
    def images(self) -> list[TrainingImage]:
        """The images in the set."""
        return list(self.sandbox.state.models[self.model_id].training_images.values())

    def is_whole(self) -> bool:
        """Whether the set has each content of the folder exactly once and no other content."""
        wanted = set(digests_of(self.folder).values())
        return contents_of(self.sandbox, self.model_id) == dict.fromkeys(wanted, 1)

    def falsehoods(self, report: UploadReport, *, before: Counter[str] | None = None) -> list[str]:
        """The false statements of a report; see `falsehoods`."""
        return falsehoods(report, self.sandbox, digests_of(self.folder), before=before)
