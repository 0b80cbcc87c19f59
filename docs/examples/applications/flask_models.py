"""Flask: the blocking client in a server that forks its workers.

Run it with: gunicorn --preload --workers 2 flask_models:app
The client may be made before the workers are forked: each of them opens its own connections.
"""

from __future__ import annotations

import os

from flask import Flask

from scenario_async import Scenario

app = Flask(__name__)
client = Scenario()


@app.get("/models/<model_id>")
def model(model_id: str) -> dict[str, str | int]:
    """Return the name of a model, and which process answered."""
    return {"name": client.models.retrieve(model_id).model.name or "", "process": os.getpid()}
