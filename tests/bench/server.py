"""The service as far as the benchmarks need it, as fast as Python has it: ``python -m tests.bench.server``.

Bodies above `KEPT` bytes are counted and thrown away unread, and answers are made beforehand where they can
be, so that the client is what is measured. It prints its port and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import defaultdict
from itertools import count
from typing import Any, Final, cast

import orjson

BUFFER: Final = 512 * 1024
"""Bytes taken from a connection at a time."""

KEPT: Final = 64 * 1024
"""Bytes of the largest body that is read as JSON."""

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_DATE: Final = "2026-02-03T11:19:41.579Z"


class Service:
    """The training images of all models, by model."""

    def __init__(self) -> None:
        self._attached: defaultdict[str, dict[str, dict[str, str]]] = defaultdict(dict)
        self._numbers = count(1)

    def answer(self, method: str, path: str, body: bytes) -> dict[str, Any] | None:
        """Return the response; None if there is no such operation."""
        match method, path.partition("?")[0].removeprefix("/").split("/"):
            case "POST", ["models", model_id, "training-images"]:
                return self._attach(model_id, orjson.loads(body).get("assetIds") or [_OF_DATA])
            case "PUT", ["models", _, "training-images", _]:
                return {"trainingImage": _training_image(orjson.loads(body)["assetId"])}
            case "DELETE", ["models", _, "training-images", _]:
                return {}
            case "GET", ["models"]:
                return _PAGE
            case "POST", ["assets"]:
                return {"asset": _asset(f"asset_{next(self._numbers):022}")}
            case "GET", ["models", model_id]:
                return {"model": _model(model_id, list(self._attached[model_id].values()))}
            case _:
                return None

    def _attach(self, model_id: str, asset_ids: list[str]) -> dict[str, Any]:
        attached = self._attached[model_id]
        for asset_id in asset_ids:
            if asset_id not in attached:
                attached[asset_id] = _training_image(asset_id)
        return {"trainingImage": attached[asset_ids[0]]}


def _training_image(asset_id: str) -> dict[str, str]:
    return {
        "id": asset_id,
        "automaticCaptioning": "a paper fox between birches, in the first snow of the year",
        "createdAt": _DATE,
        "description": "",
        "downloadUrl": f"https://cdn.example.com/assets/{asset_id}?Expires=1770000000&Signature={'s' * 300}",
        "name": "fox-in-the-birches.png",
    }


def _asset(asset_id: str) -> dict[str, Any]:
    return {
        "id": asset_id,
        "authorId": "user_000000000000000000000",
        "collectionIds": [],
        "createdAt": _DATE,
        "editCapabilities": ["UPSCALE", "VECTORIZATION"],
        "kind": "image",
        "metadata": {"kind": "image", "type": "uploaded", "name": "fox-in-the-birches.png"},
        "mimeType": "image/png",
        "ownerId": "proj_000000000000000000000",
        "privacy": "private",
        "properties": {"size": 4_000_000, "width": 1024, "height": 1024},
        "source": "uploaded",
        "status": "success",
        "tags": [],
        "updatedAt": _DATE,
        "url": f"https://cdn.example.com/assets/{asset_id}",
    }


def _model(model_id: str, images: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "id": model_id,
        "capabilities": [],
        "collectionIds": [],
        "createdAt": _DATE,
        "custom": True,
        "exampleAssetIds": [],
        "privacy": "private",
        "source": "other",
        "status": "new",
        "tags": [],
        "trainingImages": images,
        "trainingImagesNumber": len(images),
        "type": "flux.1-lora",
        "updatedAt": _DATE,
    }


class Connection(asyncio.BufferedProtocol):
    """One connection; requests arrive one after another and are read into one buffer."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._buffer = bytearray(BUFFER)
        self._view = memoryview(self._buffer)
        self._head = b""
        self._request: tuple[str, str] | None = None
        self._kept: list[bytes] | None = None
        self._left = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> bytearray:
        """Return the buffer for the next bytes."""
        del sizehint
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Process the bytes that were read; of most bodies, only the length is kept."""
        if self._request is None:
            self._head += self._view[:nbytes]
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            body, self._head = self._head[end + 4 :], self._head[: end + 2]
            self._begin()
            self._body(body)
        else:
            self._body(bytes(self._view[:nbytes]) if self._kept is not None else self._view[:nbytes])

    def _begin(self) -> None:
        method, path, _ = self._head.split(b"\r\n", 1)[0].decode().split(" ")
        self._request = method, path
        length = _LENGTH.search(self._head)
        self._left = int(length[1]) if length else 0
        self._kept = [] if self._left <= KEPT else None
        self._head = b""

    def _body(self, piece: bytes | memoryview) -> None:
        self._left -= len(piece)
        if self._kept is not None:
            self._kept.append(bytes(piece))
        if self._left > 0 or self._request is None:
            return
        answer = self._service.answer(*self._request, b"".join(self._kept or ()))
        status = "404 Not Found" if answer is None else "200 OK"
        content = orjson.dumps(answer if answer is not None else {"reason": "no such operation"})
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self._request = None
        self._transport.write(head.encode() + content)


_OF_DATA: Final = "asset_0000000000000000000000"
"""What a picture inside a request becomes: one image, however often, so that a model does not grow."""

_PAGE: Final = {"models": [_model(f"model_{number:022}", []) for number in range(20)]}


async def serve() -> None:
    """Serve on a free port of this machine, print its URL, and serve until standard input ends."""
    loop = asyncio.get_running_loop()
    service = Service()
    server = await loop.create_server(lambda: Connection(service), "127.0.0.1", 0)
    async with server:
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
