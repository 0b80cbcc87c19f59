"""Wait for the service to import the uploads of a batch."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final

from scenario_async._internal.declare.operation import Sender
from scenario_async.errors import ScenarioError, printable
from scenario_async.upload._internal.response_fields import id_of
from scenario_async.values.upload import UploadRetrieveParams

IMPORT_TIMEOUT: Final = 300.0
"""The most seconds that the service may take to import a file after its last part."""

POLL_SECONDS: Final = 0.05
"""Seconds from the completion of an upload to the first request for the status of its import; each further
interval is twice as long."""

_POLL_LONGEST: Final = 3.0

_LOOKS_AT_A_TIME: Final = 4
"""The most requests for the status of uploads that one batch sends at the same time."""

_LONGEST_ID: Final = 100
_LONGEST_REASON: Final = 1000
"""The most characters of an id, and of a reason of the service, in a message."""

_WITHOUT_ENTITY: Final = 3
"""How often a response may say that an import is done without the asset's id."""


class ImportFailedError(ScenarioError):
    """All parts of a file were uploaded, but the service did not create an asset.

    Attributes:
        upload_id: The upload.
        status: The last status of the upload, e.g. ``"failed"``.
    """

    def __init__(self, upload: Any, why: str) -> None:
        self.upload_id: str = str(getattr(upload, "id", None))
        self.status: str = str(getattr(upload, "status", None))
        shown = f"{printable(self.upload_id, _LONGEST_ID)} ({printable(self.status, _LONGEST_ID)})"
        super().__init__(f"upload {shown}: {printable(why, _LONGEST_REASON)}")


class ImportWatch:
    """Requests the status of imports, a few at a time, to avoid many requests at once.

    Args:
        sender: Sends the requests.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._looking = asyncio.Semaphore(_LOOKS_AT_A_TIME)

    async def request_status(self, upload_id: str) -> Any:
        """Request the status of an upload."""
        return await self._sender.send(UploadRetrieveParams(upload_id))

    async def entity_of(self, upload: Any, answer: Any, asked_at: float) -> str:
        """Wait until an upload is imported, and return the id of its asset.

        Args:
            upload: The upload.
            answer: The latest response about it.
            asked_at: When its request was sent (`time.monotonic`).

        Raises:
            ImportFailedError: The service could not import it, did not import it in time, or did not return
                the asset's id.
        """
        deadline = time.monotonic() + IMPORT_TIMEOUT
        wait, without_entity, upload_id = POLL_SECONDS, 0, upload.id
        while True:
            # A response without an upload has no new information.
            upload = getattr(answer, "upload", None) or upload
            status, asset_id = getattr(upload, "status", None), id_of(upload, "entity_id")
            if status == "imported" and asset_id is not None:
                return asset_id
            without_entity += status == "imported"
            if without_entity >= _WITHOUT_ENTITY:
                raise ImportFailedError(upload, "the service does not say which asset it became")
            if status == "failed":
                message: object = getattr(upload, "error_message", None)
                raise ImportFailedError(upload, f"{message or 'the service gives no reason'}")
            if time.monotonic() > deadline:
                raise ImportFailedError(upload, f"not imported after {IMPORT_TIMEOUT:g} s")
            # Between requests, and not after a response, as a round trip may be longer than an import.
            await asyncio.sleep(max(asked_at + wait - time.monotonic(), 0.0))
            wait = min(wait * 2, _POLL_LONGEST)
            async with self._looking:
                asked_at = time.monotonic()
                answer = await self.request_status(upload_id)
