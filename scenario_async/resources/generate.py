"""Generation of images, prompts, captions and other results."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.generation import (
    GenerateCaptionParams,
    GenerateDescribeStyleParams,
    GenerateDetectParams,
    GenerateEmbedParams,
    GenerateIPDetectionParams,
    GeneratePatchParams,
    GeneratePromptParams,
    GenerateQualityGateParams,
    GenerateRunModelParams,
    GenerateTranslateParams,
)


class Generate(Resource[Mode]):
    """Generation of images, prompts, captions and other results."""

    run_model: Final = sends(GenerateRunModelParams)
    prompt: Final = sends(GeneratePromptParams)
    translate: Final = sends(GenerateTranslateParams)
    caption: Final = sends(GenerateCaptionParams)
    describe_style: Final = sends(GenerateDescribeStyleParams)
    detect: Final = sends(GenerateDetectParams)
    patch: Final = sends(GeneratePatchParams)
    embed: Final = sends(GenerateEmbedParams)
    quality_gate: Final = sends(GenerateQualityGateParams)
    ip_detection: Final = sends(GenerateIPDetectionParams)
