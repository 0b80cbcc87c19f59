"""Usage statistics."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.usage import UsageListParams


class Usages(Resource[Mode]):
    """Usage statistics."""

    list: Final = sends(UsageListParams)
