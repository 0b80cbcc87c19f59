"""How the web page shows a model."""

from __future__ import annotations

from typing import Any, Literal

from scenario_async._internal.declare.value import Value


class UiConfig(Value):
    """How the web page shows a model."""

    input_properties: dict[str, UiConfigInputProperties] | None = None
    loras_component: UiConfigLorasComponent | None = None
    output_properties: dict[str, UiConfigOutputProperties] | None = None
    presets: list[UiConfigPreset] | None = None
    resolution_component: UiConfigResolutionComponent | None = None
    selects: dict[str, Any] | None = None
    trigger_generate: UiConfigTriggerGenerate | None = None


class UiConfigInputProperties(Value):
    """How the web page shows a group of parameters."""

    collapsed: bool | None = None


class UiConfigLorasComponent(Value):
    """Where the web page lets models be mixed in."""

    label: str
    model_input: str
    scale_input: str
    model_id_input: str | None = None


class UiConfigOutputProperties(Value):
    """How the web page shows a result."""

    label: str


class UiConfigPreset(Value):
    """Values for several parameters at once."""

    fields: list[str]
    presets: Any


class UiConfigResolutionComponent(Value):
    """Where the web page lets a size be chosen."""

    height_input: str
    label: str
    presets: list[UiConfigResolutionComponentPreset]
    width_input: str


class UiConfigResolutionComponentPreset(Value):
    """A size to choose, in pixels."""

    height: float
    label: str
    width: float


class UiConfigTriggerGenerate(Value):
    """Where the web page has its button."""

    label: str
    after: str | None = None
    position: Literal["bottom", "top"] | str | None = None
