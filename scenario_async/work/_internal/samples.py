"""Download small copies of the sample pictures of a training's epochs, for its report page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.display.thumbnails import TABLE_SIDE, small_copy
from scenario_async._internal.threads import in_thread
from scenario_async.errors import ScenarioError
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.model import Model

logger: Final = logging.getLogger("scenario_async.work")

_EPOCHS_AT_MOST: Final = 5
_SAMPLES_AT_MOST: Final = 4
"""The most samples of one epoch; a training creates one for each sample prompt."""

_SECONDS: Final = 10.0
"""The most seconds that a report waits for its pictures."""


async def sample_pictures(sender: Sender, model: Model) -> dict[str, bytes]:
    """Download small copies of some samples; those that take longer than ten seconds are left out.

    Returns:
        WebP pictures of at most 256 px by their asset ids; empty if Pillow is not installed.
    """
    links = _chosen(model)
    fetched: dict[str, bytes] = {}
    once = sender.retrying(0)

    async def fetch(link: AssetLink) -> None:
        with suppress(ScenarioError):
            content = await once.download(link.url)
            small = await in_thread(small_copy, content, TABLE_SIDE)
            if small is not None:
                fetched[link.asset_id] = small

    try:
        async with asyncio.timeout(_SECONDS):
            await asyncio.gather(*map(fetch, links))
    except Exception as error:  # noqa: BLE001 - the model is trained and paid: its report is returned
        logger.info("the sample pictures were not fetched: %s", type(error).__name__)
    return fetched


def _chosen(model: Model) -> Sequence[AssetLink]:
    """Return the first samples of the first epoch, of the last one, and of some between them."""
    epochs = [epoch for epoch in model.epochs or () if epoch.assets]
    if len(epochs) > _EPOCHS_AT_MOST:
        step = (len(epochs) - 1) / (_EPOCHS_AT_MOST - 1)
        epochs = [epochs[round(index * step)] for index in range(_EPOCHS_AT_MOST)]
    return [link for epoch in epochs for link in (epoch.assets or ())[:_SAMPLES_AT_MOST]]
