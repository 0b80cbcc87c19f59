"""What was used, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scenario_async._internal.declare.operation import Mode, Query, Request, Resource, sends
from scenario_async.values.enumerations import UsageKind, UsageTimeRange
from scenario_async.values.usage import UsagesResponse


class UsageListParams(Request[UsagesResponse], endpoint="GET /usages"):
    """Look up what was used.

    Dates are ISO strings. Sets of ids are strings, separated by commas.

    Args:
        activity_offset: How many activities to leave out first: they come 100 at a time.
        drop_zero_points: Leave out points where nothing was used.
        end_date: Until when; goes with `start_date`.
        project_ids: Only that of these projects.
        start_date: From when; goes with `end_date`.
        team_id: The team, if there are several.
        time_range: How far back, instead of dates.
        type: What to look up; all of it if not given.
        user_id: Only that of this user.
        user_ids: Only that of these users.
    """

    activity_offset: Query[float | None] = None
    drop_zero_points: Query[bool | None] = None
    end_date: Query[str | None] = None
    project_ids: Query[str | None] = None
    start_date: Query[str | None] = None
    team_id: Query[str | None] = None
    time_range: Query[UsageTimeRange | None] = None
    type: Query[Sequence[UsageKind] | None] = None
    user_id: Query[str | None] = None
    user_ids: Query[str | None] = None


class Usages(Resource[Mode]):
    """What was used, and by whom."""

    list: Final = sends(UsageListParams)
