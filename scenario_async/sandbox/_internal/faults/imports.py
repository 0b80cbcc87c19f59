"""Faults of the import that follows after all parts of an upload were sent."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import ClassVar

from aiohttp import web
from attrs import field, frozen, validators

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.faults.arrival import Arrival
from scenario_async.sandbox._internal.faults.fault import Fault
from scenario_async.sandbox._internal.state import State, Upload


class _ImportFault(Fault):
    """Happens after an upload is completed, and does not change the response."""

    routes: ClassVar[frozenset[str]] = frozenset({"POST /uploads/{uploadId}/action"})

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Make the import fail or hang, unless there is none or it has ended already."""
        own = await arrival.process_successfully()
        state = context_of(arrival.request).state
        upload = state.uploads.get(arrival.request.match_info["uploadId"])
        if own is None or upload is None or upload.status != "validating":
            return None
        self.spoil_import(upload, state)
        return own

    @abstractmethod
    def spoil_import(self, upload: Upload, state: State) -> None:
        """Make the import of an upload that has just been completed fail or hang."""


@frozen
class SlowImport(_ImportFault):
    """A completed upload stays in ``validating``. It happens after processing.

    Attributes:
        polls: The number of requests for its status until it continues; None means never.
    """

    polls: int | None = field(default=None, validator=validators.optional(validators.ge(1)))

    def spoil_import(self, upload: Upload, state: State) -> None:
        """Delay the import."""
        del state
        upload.validating_polls = math.inf if self.polls is None else self.polls


@frozen
class FailedImport(_ImportFault):
    """A completed upload ends in ``failed``, and no asset is created. It happens after processing.

    Attributes:
        message: The upload's ``errorMessage``.
    """

    message: str = "The file could not be imported"

    def spoil_import(self, upload: Upload, state: State) -> None:
        """Undo the import."""
        upload.error_message = self.message
        if upload.entity_id is not None:
            state.assets.pop(upload.entity_id, None)
            upload.entity_id = None
