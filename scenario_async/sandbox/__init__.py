"""A local imitation of the Scenario HTTP API, with state, on real sockets.

It stands in for the service wherever the service can't or shouldn't be asked: in tests, benchmarks and
trials. Its routes are written in wire spelling and share nothing with the client's declarations, so that
the two can disagree and a test can see it. It refuses what the service refuses; where the service's
behaviour is unknown it takes the stricter reading.

A comment in front of each refusal, and of other facts about the service, says how sure it is and where it is
from. The mark is about the rule: status and words are the service's own only where the comment says so.

- `[recorded]`: The service's own team recorded it live, in its Blender or Godot plugin.
- `[documented]`: The service's documentation (docs) says so, or the official package (scenario-sdk 2.4.0; the
  path is below its `types`), or the team's agent skills or other tooling; for what lies below the service,
  Amazon's documentation.
- `[seen]`: A user's published report.
- `[guess]`: Nothing above says so. The client has to work with the opposite too.
- `[sandbox]`: The sandbox's own; the service has nothing like it.
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
