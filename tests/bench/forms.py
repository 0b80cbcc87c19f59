"""The documented forms of small calls, as this library, the official package and bare aiohttp make them.

Each function takes an open client and a form, and returns a function that makes one call.
Bare aiohttp has hand-made JSON and no checks, retries or types.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from .contestants import ASSET_IDS, MODEL

if TYPE_CHECKING:
    import aiohttp

FORMS: Final = ("ids", "data URL", "small bytes", "replace", "retrieve", "list of 20", "delete")
"""What is called: an operation's name, or how its picture is passed."""


def small_picture() -> bytes:
    """Return a PNG of about 12 kB."""
    file = io.BytesIO()
    Image.effect_noise((110, 110), 80).save(file, "PNG")
    return file.getvalue()


def encoded() -> str:
    """Return the small picture as a data URL."""
    return f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"


PICTURE: Final = small_picture()
DATA_URL: Final = encoded()

Call = Callable[[], Awaitable[Any]]


def of_client(client: Any, form: str, *, takes_bytes: bool) -> Callable[[], Any]:
    """Return a function that makes one call of this library or of the official package.

    Args:
        client: An awaited or a blocking client.
        form: One of `FORMS`.
        takes_bytes: Whether pictures can be passed as bytes; if not, each call encodes them.
    """
    models, images = client.models, client.models.training_images

    def with_bytes() -> Any:
        return images.add(MODEL, data=PICTURE if takes_bytes else encoded(), name="fox.png")

    calls: dict[str, Callable[[], Any]] = {
        "ids": lambda: images.add(MODEL, asset_ids=ASSET_IDS),
        "data URL": lambda: images.add(MODEL, data=DATA_URL, name="fox.png"),
        "small bytes": with_bytes,
        "replace": lambda: images.replace(ASSET_IDS[0], model_id=MODEL, asset_id=ASSET_IDS[1]),
        "retrieve": lambda: models.retrieve(MODEL),
        "list of 20": lambda: models.list(page_size=20),
        "delete": lambda: images.delete(ASSET_IDS[0], model_id=MODEL),
    }
    return calls[form]


def of_aiohttp(
    session: aiohttp.ClientSession,
    url: str,
    form: str,
    dumps: Callable[[Any], bytes],
    loads: Callable[[bytes], Any],
) -> Call:
    """Return a function that makes one call with bare aiohttp."""
    images = f"{url}/models/{MODEL}/training-images"

    async def send(method: str, target: str, body: Any = None) -> Any:
        data = None if body is None else dumps(body)
        async with session.request(method, target, data=data) as response:
            response.raise_for_status()
            return loads(await response.read())

    calls: dict[str, Call] = {
        "ids": lambda: send("POST", images, {"assetIds": ASSET_IDS}),
        "data URL": lambda: send("POST", images, {"data": DATA_URL, "name": "fox.png"}),
        "small bytes": lambda: send("POST", images, {"data": encoded(), "name": "fox.png"}),
        "replace": lambda: send("PUT", f"{images}/{ASSET_IDS[0]}", {"assetId": ASSET_IDS[1]}),
        "retrieve": lambda: send("GET", f"{url}/models/{MODEL}"),
        "list of 20": lambda: send("GET", f"{url}/models?pageSize=20"),
        "delete": lambda: send("DELETE", f"{images}/{ASSET_IDS[0]}"),
    }
    return calls[form]
