"""A client of each package for the same server."""

from __future__ import annotations

from typing import Any

import pytest
import scenario_sdk
from attrs import frozen

import scenario_async

from .declared import covered
from .official import Operation
from .server import RecordingServer

each_operation = pytest.mark.parametrize("operation", covered(), ids=lambda operation: operation.name)


@frozen
class Pair:
    """The official package's client and ours."""

    server: RecordingServer
    official: scenario_sdk.Scenario
    ours: scenario_async.Scenario

    def call(self, operation: Operation, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        """Return the result of an operation of each client."""
        return operation.on(self.official)(*args, **kwargs), operation.on(self.ours)(*args, **kwargs)
