"""Generation of images, prompts, captions and other results."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, sends
from scenario_async.values import generation as values
from scenario_async.work._internal.operations import generate as composed


class Generate(composed.Generate[Mode]):
    """Generation of images, prompts, captions and other results."""

    run_model: Final = sends(values.GenerateRunModelParams)
    prompt: Final = sends(values.GeneratePromptParams)
    translate: Final = sends(values.GenerateTranslateParams)
    caption: Final = sends(values.GenerateCaptionParams)
    describe_style: Final = sends(values.GenerateDescribeStyleParams)
    detect: Final = sends(values.GenerateDetectParams)
    patch: Final = sends(values.GeneratePatchParams)
    embed: Final = sends(values.GenerateEmbedParams)
    quality_gate: Final = sends(values.GenerateQualityGateParams)
    ip_detection: Final = sends(values.GenerateIPDetectionParams)
