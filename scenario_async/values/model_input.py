"""The parameters that a model takes when it is run."""

from __future__ import annotations

from typing import Any, Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import AssetKind, BackgroundBehavior, InputType, ModelType


class ModelInput(Value):
    """A parameter that a model takes when it is run."""

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
    """When a parameter is needed."""

    always: bool | None = None
    conditional: InputRequiredConditional | None = None
    if_defined: Any = None
    if_not_defined: Any = None


class InputRequiredConditional(Value):
    """The values of another parameter that make this one needed."""

    values: Any
    operator: Literal["and", "or"] | str | None = None


class NodeInputItem(ModelInput):
    """One value of a node's parameter that is a list."""

    ref: NodeInputRef | None = None
    value: Any = None


class NodeInput(NodeInputItem):
    """A parameter of a workflow's node, and what is put into it."""

    items: list[list[NodeInputItem]] | None = None


class NodeInputRef(Value):
    """Where the value of a node's parameter comes from."""

    conditional: list[str] | None = None
    equal: str | None = None
    name: str | None = None
    node: str | None = None
