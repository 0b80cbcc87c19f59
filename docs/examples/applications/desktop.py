"""A program for people without Python: it uploads a folder of pictures to a new model.

Make one executable of it with: pyinstaller --onefile desktop.py
Run it with: desktop NAME FOLDER
"""

from __future__ import annotations

import sys

from scenario_async import Scenario, ScenarioError


def main(name: str, folder: str) -> int:
    """Make a model, upload the pictures of a folder, and print what was uploaded."""
    try:
        with Scenario() as client:
            model = client.models.create(name=name).model
            report = client.models.training_images.upload(model.id, folder, raise_on_failure=False)
    except ScenarioError as error:
        print(f"Not uploaded: {error}", file=sys.stderr)
        return 1
    print(report.summary())
    return 0 if report.succeeded else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
