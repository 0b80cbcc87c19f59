"""The nodes of workflows."""

from __future__ import annotations

from typing import Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import NodeType
from scenario_async.values.model_input import NodeInput


class WorkflowNode(Value):
    """A node of a workflow."""

    id: str
    type: NodeType | str
    count: float | None = None
    depends_on: list[str] | None = None
    include_outputs_in_workflow_job: Literal[True] | bool | None = None
    inputs: list[NodeInput] | None = None
    items: list[str] | None = None
    iteration_index: float | None = None
    logic: NodeLogic | None = None
    logic_type: Literal["if-else"] | str | None = None
    loop_body_node_ids: list[str] | None = None
    loop_node_id: str | None = None
    model_id: str | None = None
    workflow_id: str | None = None


class NodeLogic(Value):
    """The decision of a workflow node: its cases and its default."""

    cases: list[NodeLogicCase] | None = None
    default: str | None = None
    transform: str | None = None


class NodeLogicCase(Value):
    """One case of a decision: a condition and its value."""

    condition: str
    value: str
