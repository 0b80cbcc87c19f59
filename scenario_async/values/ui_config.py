"""The appearance of a model in the web application."""

from __future__ import annotations

from typing import Any, Literal

from scenario_async._internal.declare.value import Value


class UiConfig(Value):
    """The appearance of a model in the web application."""

    input_properties: dict[str, UiConfigInputProperties] | None = None
    loras_component: UiConfigLorasComponent | None = None
    output_properties: dict[str, UiConfigOutputProperties] | None = None
    presets: list[UiConfigPreset] | None = None
    resolution_component: UiConfigResolutionComponent | None = None
    selects: dict[str, Any] | None = None
    trigger_generate: UiConfigTriggerGenerate | None = None


class UiConfigInputProperties(Value):
    """The appearance of a group of inputs in the web application."""

    collapsed: bool | None = None


class UiConfigLorasComponent(Value):
    """The control of the web application that selects LoRAs and their strengths."""

    label: str
    model_input: str
    scale_input: str
    model_id_input: str | None = None


class UiConfigOutputProperties(Value):
    """The appearance of a result in the web application."""

    label: str


class UiConfigPreset(Value):
    """Presets: values for several inputs at once."""

    fields: list[str]
    presets: Any


class UiConfigResolutionComponent(Value):
    """The control of the web application that selects a size."""

    height_input: str
    label: str
    presets: list[UiConfigResolutionComponentPreset]
    width_input: str


class UiConfigResolutionComponentPreset(Value):
    """A size that a user can select, in pixels."""

    height: float
    label: str
    width: float


class UiConfigTriggerGenerate(Value):
    """The position and the label of the web application's button that generates."""

    label: str
    after: str | None = None
    position: Literal["bottom", "top"] | str | None = None
