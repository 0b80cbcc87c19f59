"""Workflows in the form of the service."""

from __future__ import annotations

from typing import Any

from scenario_async.sandbox._internal.context import Context
from scenario_async.sandbox._internal.objects import Workflow
from scenario_async.sandbox._internal.routes.answers import AUTHOR_ID, OWNER_ID, asset_link


def workflow_answer(context: Context, workflow: Workflow) -> dict[str, Any]:
    """A workflow with every field that the API marks as required, and those that were set."""
    return {
        "editorInfo": {},
        "flow": [],
        "inputs": [],
        "privacy": "private",
        "shortDescription": "",
        "status": "draft",
        "tagSet": [],
        **workflow.fields,
        "id": workflow.id,
        "authorId": AUTHOR_ID,
        "ownerId": OWNER_ID,
        "createdAt": workflow.created_at,
        "updatedAt": workflow.updated_at,
        "hasFlow": bool(workflow.fields.get("flow")),
        **asset_link(context, **workflow.asset_ids),
    }
