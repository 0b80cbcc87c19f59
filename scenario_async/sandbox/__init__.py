"""A local imitation of the Scenario HTTP API, with state, on real sockets.

The sandbox replaces the service in tests, benchmarks and experiments. Its routes use the API's own names and
share no code with the client's declarations. So an error in the declarations is not repeated here, and a test
can find it. It refuses the same requests as the service. If the service's behaviour is unknown, the sandbox
chooses the stricter behaviour.

Each rule of the sandbox has a comment with one of the following marks, which says how the rule is known. The
status and the message of an error response are the same as the service's only if the comment says so.

- `[recorded]`: The service's team recorded this behaviour of the live service, in its Blender or Godot
  plugin.
- `[documented]`: The service's documentation (docs), the official package (scenario-sdk 2.4.0; the path is
  below its `types`), or the team's agent skills or other tools describe it. For object storage, Amazon's
  documentation describes it.
- `[seen]`: A user published a report of it.
- `[guess]`: There is no source. The client has to work with the opposite too.
- `[sandbox]`: This exists only in the sandbox.
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
