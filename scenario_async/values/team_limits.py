"""A team's limits."""

from __future__ import annotations

from attrs import field

from scenario_async._internal.declare.converter import named
from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import TeamPlan


class TeamLimits(Value):
    """What the plan of a team allows."""

    api_keys: float
    canvas_asset_layers: float
    canvas_assets: float
    collections: float
    creative_units: float
    default_seats: float
    download_assets: float
    download_model: float
    inference_batch_size: float
    max_cooldown: float
    max_training_datasets: float
    min_cooldown: float
    models: float
    otp_sessions: float = field(metadata=named("OTPSessions"))
    parallel_custom_jobs: float
    parallel_inferences: float
    parallel_training: float
    parallel_workflow_runs: float
    premium_generation_samples: float
    projects: float
    scaling_factor: float
    seats: float
    snapshots_retention: float
    upload: float


class TeamLimitPeriod(Value):
    """The start and the end of the period of the figures, as ISO strings."""

    end: str
    start: str


class TeamLimitValues(Value):
    """How much of each limit is used."""

    api_keys: float
    canvas_assets: float
    collections: float
    creative_units: float
    projects: float
    seats: float


class OneShotCreativeUnit(Value):
    """One-shot creative units: bought once, with an expiry date. Dates are ISO strings."""

    amount: float
    created_at: str
    expiration: str
    remaining: float
    updated_at: str


class TeamLimitsResponse(Value):
    """What the plan of a team allows, and how much of it is used."""

    limits: TeamLimits
    one_shot_creative_units: list[OneShotCreativeUnit]
    period: TeamLimitPeriod
    plan: TeamPlan | str
    values: TeamLimitValues
