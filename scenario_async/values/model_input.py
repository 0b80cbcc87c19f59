"""The parameters that a model takes when it is run."""

from __future__ import annotations

from typing import Any, Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import AssetKind, BackgroundBehavior, InputType, ModelType


class ModelInput(Value):
    """An input of a model: its type, default and limits."""

    name: str
    type: InputType | str
    allowed_values: list[Any] | None = None
    background_behavior: BackgroundBehavior | str | None = None
    color: bool | None = None
    cost_impact: bool | None = None
    default: Any = None
    description: str | None = None
    group: str | None = None
    hint: str | None = None
    inputs: list[dict[str, Any]] | None = None
    kind: AssetKind | str | None = None
    label: str | None = None
    mask_from: str | None = None
    max: float | None = None
    max_duration: float | None = None
    max_length: float | None = None
    max_size: float | None = None
    min: float | None = None
    min_duration: float | None = None
    min_length: float | None = None
    model_types: list[ModelType | str] | None = None
    parent: bool | None = None
    placeholder: str | None = None
    prompt: bool | None = None
    prompt_spark: bool | None = None
    required: InputRequired | None = None
    step: float | None = None


class InputRequired(Value):
    """The conditions under which an input is required."""

    always: bool | None = None
    conditional: InputRequiredConditional | None = None
    if_defined: Any = None
    if_not_defined: Any = None


class InputRequiredConditional(Value):
    """The values of another input that make this one required."""

    values: Any
    operator: Literal["and", "or"] | str | None = None


class NodeInputItem(ModelInput):
    """One item of a list that is an input of a workflow node."""

    ref: NodeInputRef | None = None
    value: Any = None


class NodeInput(NodeInputItem):
    """An input of a workflow node, and its value."""

    items: list[list[NodeInputItem]] | None = None


class NodeInputRef(Value):
    """The source of the value of a node's input."""

    conditional: list[str] | None = None
    equal: str | None = None
    name: str | None = None
    node: str | None = None
