"""Generation of images and texts, and edits of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from attrs import field

from scenario_async._internal.declare.converter import named
from scenario_async._internal.declare.operation import Body, OrDict, Query
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import OriginalAssetsRequest, PaidRequest, R_co
from scenario_async.values.asset import Asset
from scenario_async.values.cost import Costs
from scenario_async.values.enumerations import CaptionDetails, Modality, PromptMode, Sensitivity, Verdict
from scenario_async.values.ip_detection import IPDetection
from scenario_async.values.job import Job
from scenario_async.values.quality_gate import AppliedBrief, QualityGateCheck


class ImagePatch(Value):
    """A picture to paste into another: a data URL or the id of an asset."""

    image: str
    mode: Literal["erase", "override"]


class PatchCrop(Value):
    """The rectangle to crop from a picture, in pixels."""

    height: float
    left: float
    top: float
    width: float
    background_color: str | None = None


class PatchPosition(Value):
    """The position of the pasted picture, in pixels."""

    x: float
    y: float


class PromptCall(Value):
    """A model to run, and the parameters to run it with."""

    model_id: str
    parameters: Any
    rationale: str | None = None


class GenerateRunModelResponse(Costs):
    """The job of a generation, and its price."""

    job: Job


class GenerateCaptionResponse(Costs):
    """A caption for each picture."""

    captions: list[str]
    job: Job
    details_level: CaptionDetails | str | None = None


class GenerateDescribeStyleResponse(Costs):
    """The description of a style."""

    description: str
    job: Job
    synthesis: str


class GenerateEmbedResponse(Costs):
    """The embedding of a text."""

    embedding: list[float]
    job: Job


class GenerateIPDetectionResponse(Value):
    """The result of a check for third-party intellectual property."""

    ip_detection: IPDetection
    skipped_asset_ids: list[str]


class GeneratePatchResponse(Costs):
    """The job that creates a picture, and the picture when it is done."""

    job: Job
    asset: Asset | None = None


class GeneratePromptResponse(Costs):
    """Generated prompts."""

    job: Job
    prompts: list[str]
    calls: list[PromptCall] | None = None
    mode: PromptMode | str | None = None


class GenerateQualityGateResponse(Costs):
    """The result of a quality check."""

    ai_quality: QualityGateCheck
    applied_briefs: list[AppliedBrief]
    asset: Asset
    overall_score: float
    verdict: Verdict | str
    brief_compliance: QualityGateCheck | None = None
    sensitivity: Sensitivity | str | None = None


class GenerateTranslateResponse(Costs):
    """A translated prompt."""

    detected_language: str
    job: Job
    translation: str


class WritingRequest(PaidRequest[R_co]):
    """A request for a generated text.

    Args:
        ensure_ip_cleared: Keep third-party intellectual property out of the text.
        seed: The same seed and arguments give the same result, as far as possible.
        temperature: Randomness of the text, from 0 (least) to 1. Change this or `top_p`.
        top_p: Nucleus sampling: the share of the likeliest words to choose from. Change this or
            `temperature`.
    """

    ensure_ip_cleared: bool | None = field(default=None, metadata=named("ensureIPCleared"))
    seed: float | None = None
    temperature: float | None = None
    top_p: float | None = None


class GenerateRunModelParams(
    PaidRequest[GenerateRunModelResponse], endpoint="POST /generate/custom/{model_id}"
):
    """Run a model.

    Args:
        body: The inputs, by the names in the model's `inputs` (see `models.retrieve`). It is sent unchanged.
        ip_detection: Detect third-party intellectual property first. This costs units even in a dry run.
    """

    model_id: str = field(kw_only=False)
    ip_detection: Query[bool | None] = None
    body: Body[object]

    @property
    def repeatable(self) -> bool:
        """Looking for others' intellectual property is charged each time, also in a dry run."""
        return self.dry_run is not None and not self.ip_detection


class GeneratePromptParams(WritingRequest[GeneratePromptResponse], endpoint="POST /generate/prompt"):
    """Generate prompts.

    Args:
        mode: How to generate them.
        asset_ids: Assets to use as a reference instead of a model.
        image: The picture to edit: a data URL or the id of an asset.
        images: Reference pictures: data URLs or ids of assets.
        model_id: The model to write for.
        num_results: The number of prompts.
        prompt: A prompt to start from.
    """

    mode: PromptMode
    asset_ids: Sequence[str] | None = None
    image: str | None = None
    images: Sequence[str] | None = None
    model_id: str | None = None
    num_results: float | None = None
    prompt: str | None = None


class GenerateTranslateParams(WritingRequest[GenerateTranslateResponse], endpoint="POST /generate/translate"):
    """Translate a prompt into English.

    Args:
        images: Pictures that the prompt is about: data URLs or ids of assets.
    """

    prompt: str
    images: Sequence[str] | None = None


class GenerateCaptionParams(WritingRequest[GenerateCaptionResponse], endpoint="POST /generate/caption"):
    """Caption pictures, in the style of a model or of assets if they are given.

    Args:
        images: Pictures: data URLs or ids of assets.
        asset_ids: Assets whose captions show the style.
        details_level: How detailed the captions are.
        model_id: A model whose examples and training images show the style.
        unwanted_sequences: Words and phrases that must not appear.
    """

    images: Sequence[str]
    asset_ids: Sequence[str] | None = None
    details_level: CaptionDetails | None = None
    model_id: str | None = None
    unwanted_sequences: Sequence[str] | None = None


class GenerateDescribeStyleParams(
    WritingRequest[GenerateDescribeStyleResponse], endpoint="POST /generate/describe-style"
):
    """Describe the style of pictures, assets or a model.

    Args:
        images: Pictures: data URLs or ids of assets.
        model_id: The model whose style to describe.
        unwanted_sequences: Words and phrases that must not appear.
    """

    asset_ids: Sequence[str] | None = None
    images: Sequence[str] | None = None
    model_id: str | None = None
    unwanted_sequences: Sequence[str] | None = None


class GenerateDetectParams(PaidRequest[GeneratePatchResponse], endpoint="POST /generate/detect"):
    """Detect edges, depth, poses and similar features of a picture (for control images).

    Args:
        image: A picture: a data URL or the id of an asset.
        modality: The feature to detect.
        factor: Contrast, for ``"grayscale"``.
        high_threshold: For ``"canny"``.
        keypoint_threshold: The minimum confidence of a key point.
        low_threshold: For ``"canny"``.
        max_threshold: For ``"grayscale"``.
        min_threshold: For ``"grayscale"``.
        remove_background: For ``"grayscale"``.
    """

    original_assets: Query[bool | None] = None
    image: str
    modality: Modality
    factor: float | None = None
    high_threshold: float | None = None
    keypoint_threshold: float | None = None
    low_threshold: float | None = None
    max_threshold: float | None = None
    min_threshold: float | None = None
    remove_background: bool | None = None


class GeneratePatchParams(OriginalAssetsRequest[GeneratePatchResponse], endpoint="POST /generate/patch"):
    """Crop a picture and paste another one into it.

    Args:
        image: A picture: a data URL or the id of an asset.
        allow_overflow: Allow a result larger than the picture.
        background_color: A colour as hex code or name; ``"transparent"`` for PNG.
        crop: The area to crop first: `PatchCrop`, or a dict with the same names.
        format: The format of the result.
        patch: The picture to paste: `ImagePatch`, or a dict with the same names.
        position: The position of the pasted picture: `PatchPosition`, or a dict with the same names.
    """

    image: str
    allow_overflow: bool | None = None
    background_color: str | None = None
    crop: OrDict[PatchCrop] | None = None
    format: Literal["jpeg", "png"] | None = None
    patch: OrDict[ImagePatch] | None = None
    position: OrDict[PatchPosition] | None = None


class GenerateEmbedParams(PaidRequest[GenerateEmbedResponse], endpoint="POST /generate/embed"):
    """Get the embedding of a text."""

    original_assets: Query[bool | None] = None
    text: str


class GenerateQualityGateParams(
    PaidRequest[GenerateQualityGateResponse], endpoint="POST /generate/quality-gate"
):
    """Check the quality of a picture. The verdict is stored with its asset.

    Args:
        image: A picture: a data URL or the id of an asset.
        sensitivity: How strict the check is; overrides the brief.
    """

    original_assets: Query[bool | None] = None
    image: str
    sensitivity: Sensitivity | None = None


class GenerateIPDetectionParams(
    PaidRequest[GenerateIPDetectionResponse], endpoint="POST /generate/ip-detection"
):
    """Detect third-party intellectual property in assets and prompts."""

    asset_ids: Sequence[str] | None = None
    prompts: Sequence[str] | None = None
