"""Celery: a task that uploads a folder, in workers that are forked.

Run it with: celery --app celery_uploads worker
A task that is run twice adds nothing twice: the upload sends only what is missing.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery  # type: ignore[import-untyped] # Celery has no type information

from scenario_async import Scenario

app = Celery("uploads", broker=os.environ.get("BROKER_URL", "amqp://"), backend=os.environ.get("RESULT_URL"))


@app.task(acks_late=True)  # type: ignore[untyped-decorator] # Celery has no type information
def upload(model_id: str, folder: str) -> dict[str, Any]:
    """Upload the pictures of a folder, and return whether all of them are in the training set."""
    with Scenario() as client:
        report = client.models.training_images.upload(model_id, folder, raise_on_failure=False)
    return {"succeeded": report.succeeded, "pictures": len(report.results)}
