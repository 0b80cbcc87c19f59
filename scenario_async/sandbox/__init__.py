"""A local imitation of the Scenario HTTP API, with state, on real sockets.

It stands in for the service wherever the service can't or shouldn't be asked: in tests, benchmarks and
trials. Its routes are written in wire spelling and share nothing with the client's declarations, so that
the two can disagree and a test can see it. It refuses what the service refuses; where the service's
behaviour is unknown it takes the stricter reading, and says so in the docstring of the route.
"""

from __future__ import annotations

from scenario_async.sandbox._internal.request_log import LoggedRequest, RequestLog
from scenario_async.sandbox._internal.server import Sandbox
from scenario_async.sandbox._internal.state import (
    Asset,
    Model,
    State,
    StoredBytes,
    TrainingImage,
    TrainingImagePair,
    Upload,
)
from scenario_async.sandbox.faults import Faults, Rule

__all__ = [
    "Asset",
    "Faults",
    "LoggedRequest",
    "Model",
    "RequestLog",
    "Rule",
    "Sandbox",
    "State",
    "StoredBytes",
    "TrainingImage",
    "TrainingImagePair",
    "Upload",
]
