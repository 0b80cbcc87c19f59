"""What starting a training brings back."""

from __future__ import annotations

from scenario_async.values.cost import Costs
from scenario_async.values.job import Job
from scenario_async.values.model import Model


class TrainResponse(Costs):
    """A model in training, the job that trains it, and what it costs."""

    job: Job
    model: Model
