"""What operations cost."""

from __future__ import annotations

from attrs import field

from scenario_async._internal.declare.converter import named
from scenario_async._internal.declare.value import Value
from scenario_async.values.ip_detection import IPDetection
from scenario_async.values.pricing import Priced


class CostDetails(Value):
    """The price of each kind of work, in creative units."""

    assistant_message: float | None = field(default=None, metadata=named("assistant-message"))
    caption: float | None = None
    custom_generation: float | None = field(default=None, metadata=named("custom-generation"))
    describe_style: float | None = field(default=None, metadata=named("describe-style"))
    detection: float | None = None
    embed: float | None = None
    image_prompt_editing: float | None = field(default=None, metadata=named("image-prompt-editing"))
    inference_images: float | None = field(default=None, metadata=named("inference-images"))
    ip_detection: float | None = field(default=None, metadata=named("ip-detection"))
    pixelate: float | None = None
    prompt: float | None = None
    quality_gate: float | None = field(default=None, metadata=named("quality-gate"))
    remove_background: float | None = field(default=None, metadata=named("remove-background"))
    repaint: float | None = None
    restyle: float | None = None
    segmentation: float | None = None
    skybox_base_360: float | None = field(default=None, metadata=named("skybox-base-360"))
    skybox_upscale_360: float | None = field(default=None, metadata=named("skybox-upscale-360"))
    texture: float | None = None
    train_model: float | None = field(default=None, metadata=named("train-model"))
    translate: float | None = None
    upscale: float | None = None
    vectorization: float | None = None


class Costs(Priced):
    """The price of an operation, in creative units."""

    cost_details: CostDetails | None = None
    creative_units_discount: float | None = None
    ip_detection: IPDetection | None = None
