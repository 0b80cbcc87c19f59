"""What was used, and by whom."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.usage import UsageListParams


class Usages(Resource[Mode]):
    """What was used, and by whom."""

    list: Final = sends(UsageListParams)
