"""What generating brings back, and what editing a picture takes."""

from __future__ import annotations

from typing import Any, Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.asset import Asset
from scenario_async.values.cost import Costs
from scenario_async.values.enumerations import CaptionDetails, PromptMode, Sensitivity, Verdict
from scenario_async.values.ip_detection import IPDetection
from scenario_async.values.job import Job
from scenario_async.values.quality_gate import AppliedBrief, QualityGateCheck


class ImagePatch(Value):
    """A picture to put into another: a data URL or the id of an asset."""

    image: str
    mode: Literal["erase", "override"]


class PatchCrop(Value):
    """What to cut out of a picture, in pixels."""

    height: float
    left: float
    top: float
    width: float
    background_color: str | None = None


class PatchPosition(Value):
    """Where to put a picture into another, in pixels."""

    x: float
    y: float


class PromptCall(Value):
    """A model to run, and with what."""

    model_id: str
    parameters: Any
    rationale: str | None = None


class GenerateRunModelResponse(Costs):
    """The job that generates, and what it costs."""

    job: Job


class GenerateCaptionResponse(Costs):
    """A caption for each picture."""

    captions: list[str]
    job: Job
    details_level: CaptionDetails | str | None = None


class GenerateDescribeStyleResponse(Costs):
    """A style in words."""

    description: str
    job: Job
    synthesis: str


class GenerateEmbedResponse(Costs):
    """The embedding of a text."""

    embedding: list[float]
    job: Job


class GenerateIPDetectionResponse(Value):
    """What was found of others' intellectual property."""

    ip_detection: IPDetection
    skipped_asset_ids: list[str]


class GeneratePatchResponse(Costs):
    """The job that makes a picture, and the picture once it is there."""

    job: Job
    asset: Asset | None = None


class GeneratePromptResponse(Costs):
    """Prompts that were made up."""

    job: Job
    prompts: list[str]
    calls: list[PromptCall] | None = None
    mode: PromptMode | str | None = None


class GenerateQualityGateResponse(Costs):
    """How a picture fared in the checks of quality."""

    ai_quality: QualityGateCheck
    applied_briefs: list[AppliedBrief]
    asset: Asset
    overall_score: float
    verdict: Verdict | str
    brief_compliance: QualityGateCheck | None = None
    sensitivity: Sensitivity | str | None = None


class GenerateTranslateResponse(Costs):
    """A prompt in another language."""

    detected_language: str
    job: Job
    translation: str
