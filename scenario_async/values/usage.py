"""What was used, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from scenario_async._internal.declare.operation import Query, Request
from scenario_async._internal.declare.value import Value
from scenario_async.values import enumerations
from scenario_async.values.asset import AssetProperties
from scenario_async.values.job import JobMetadata
from scenario_async.values.user import Avatar


class UsagesResponse(Value):
    """The usage statistics; only the requested kinds are set."""

    activity: list[UsageActivity] | None = None
    asset_usages: list[AssetUsage] | None = None
    consumption: list[UsageConsumption] | None = None
    entities: UsageEntities | None = None
    model_usages: list[ModelUsage] | None = None
    nsfw_usages: list[NsfwUsage] | None = None
    quality_gate_usages: list[QualityGateUsage] | None = None
    usages: list[Usage] | None = None


class Usage(Value):
    """The usage of one kind over time."""

    granularity: Literal["15m", "1d", "1h", "1m", "30m", "5m", "7d"] | str
    points: list[UsagePoint]
    usage_name: enumerations.UsageName | str


class UsagePoint(Value):
    """The usage at a point in time (an ISO string)."""

    api_key: str
    time: str
    value: str
    api_key_cost: float | None = None
    api_key_discount: float | None = None
    cost: float | None = None
    discount: float | None = None


class UsageActivity(Value):
    """An action of a user, and its time (an ISO string)."""

    action: enumerations.UsageAction | str
    data: UsageActivityData
    project_id: str
    time: str
    user_id: str
    creative_units_cost: float | None = None


class UsageActivityData(Value):
    """The objects of an action of a user."""

    asset_id: str | None = None
    byok_provider: ByokProvider | None = None
    collection_id: str | None = None
    is_api_key: bool | None = None
    job_id: str | None = None
    model_id: str | None = None


class ByokProvider(Value):
    """A provider of models for which the team uses its own key."""

    display_name: str
    id: str


class UsageConsumption(Value):
    """The consumption of a user, in creative units."""

    discount: float
    total: float
    user_id: str
    value: float
    cost_details: Any = None


class ModelUsage(Value):
    """The usage of a model over time."""

    model_id: str
    points: list[ModelUsagePoint]


class ModelUsagePoint(Value):
    """The usage of a model at a point in time (an ISO string)."""

    api_key_cost: float
    api_key_discount: float
    cost: float
    discount: float
    jobs: float
    time: str


class AssetUsage(Value):
    """The number of assets of a kind that were created over time."""

    kind: enumerations.AssetKind | str
    points: list[NsfwUsagePoint]


class NsfwUsage(Value):
    """The number of assets with a label over time."""

    label: str
    points: list[NsfwUsagePoint]


class NsfwUsagePoint(Value):
    """The number at a point in time (an ISO string)."""

    count: float
    count_api_key: float
    time: str


class QualityGateUsage(Value):
    """The number of assets with a quality verdict over time."""

    points: list[NsfwUsagePoint]
    verdict: str


class UsageEntities(Value):
    """The objects whose ids are in the other fields."""

    assets: list[UsageAsset] | None = None
    collections: list[UsageCollection] | None = None
    jobs: list[UsageJob] | None = None
    models: list[UsageModel] | None = None
    users: list[UsageUser] | None = None


class UsageAsset(Value):
    """An asset in the usage statistics."""

    id: str
    kind: enumerations.AssetKind | str
    metadata: UsageAssetMetadata
    properties: AssetProperties
    source: enumerations.AssetSource | str


class UsageAssetMetadata(Value):
    """How an asset in the usage statistics was made."""

    type: enumerations.AssetMetadataType | str


class UsageCollection(Value):
    """A collection in the usage statistics."""

    id: str
    name: str


class UsageJob(Value):
    """A job in the usage statistics."""

    id: str
    job_type: enumerations.JobType | str
    metadata: JobMetadata
    status: enumerations.JobStatus | str


class UsageModel(Value):
    """A model in the usage statistics."""

    id: str
    name: str
    short_description: str | None = None


class UsageUser(Value):
    """A user or an API key in the usage statistics."""

    id: str
    is_api_key: bool
    api_key_id: str | None = None
    api_key_status: Literal["active", "deleted", "inactive"] | str | None = None
    avatar: Avatar | None = None
    email: str | None = None
    full_name: str | None = None


class UsageListParams(Request[UsagesResponse], endpoint="GET /usages"):
    """Retrieve usage statistics.

    Dates are ISO strings. Sets of ids are strings, separated by commas.

    Args:
        activity_offset: The number of activities to skip; a response has 100.
        drop_zero_points: Leave out points without usage.
        end_date: The end of the period; use it with `start_date`.
        project_ids: Only the usage of these projects.
        start_date: The start of the period; use it with `end_date`.
        team_id: The team; needed if the caller belongs to several.
        time_range: The period up to now, instead of dates.
        type: The kind of usage; every kind if not given.
        user_id: Only the usage of this user.
        user_ids: Only the usage of these users.
    """

    activity_offset: Query[float | None] = None
    drop_zero_points: Query[bool | None] = None
    end_date: Query[str | None] = None
    project_ids: Query[str | None] = None
    start_date: Query[str | None] = None
    team_id: Query[str | None] = None
    time_range: Query[enumerations.UsageTimeRange | None] = None
    type: Query[Sequence[enumerations.UsageKind] | None] = None
    user_id: Query[str | None] = None
    user_ids: Query[str | None] = None
