"""Training images of models."""

from __future__ import annotations

import asyncio
import os
from importlib import import_module
from typing import Final

from scenario_async._internal.declare.operation import (
    Async,
    Mode,
    Resource,
    operation,
    sends,
)
from scenario_async.errors import UploadError
from scenario_async.upload.plan import Images
from scenario_async.upload.progress import OnProgress
from scenario_async.upload.report import UploadReport
from scenario_async.values.training_image import (
    TrainingImageAddParams,
    TrainingImageDeleteParams,
    TrainingImagePreset,
    TrainingImageReplacePairsParams,
    TrainingImageReplaceParams,
)

DEFAULT_CONCURRENCY: Final = 8


"""How many pictures of a batch are on their way at the same time."""


class TrainingImages(Resource[Mode]):
    """Training images of models."""

    add: Final = sends(TrainingImageAddParams)
    replace: Final = sends(TrainingImageReplaceParams)
    replace_pairs: Final = sends(TrainingImageReplacePairsParams)
    delete: Final = sends(TrainingImageDeleteParams)

    @operation
    async def upload(
        self: TrainingImages[Async],
        model_id: str,
        images: Images,
        *,
        concurrency: int = DEFAULT_CONCURRENCY,
        preset: TrainingImagePreset | None = None,
        on_progress: OnProgress | None = None,
        raise_on_failure: bool = True,
        ledger: str | os.PathLike[str] | bool = True,
        deadline: float | None = None,
        retry_budget: int | None = None,
        dry_run: bool = False,
    ) -> UploadReport:
        """Upload pictures and make them training images of a model: each of them once.

        They are uploaded as assets, several at a time (inside a request up to 4 MiB, in parts above), and
        attached in groups of at most 10, one group at a time. What is in stays in, whatever happens; the
        same call again sends only what is missing.

        Args:
            model_id: The model to add to.
            images: A folder (the files directly in it, by name), a file, or several files.
            concurrency: How many pictures are on their way at the same time.
            preset: What the images are used for.
            on_progress: Called with an `UploadProgress` whenever something moved, on the client's event
                loop: it has to be quick.
            raise_on_failure: Raise if a picture is not in the set at the end; otherwise the report tells.
            ledger: Where to keep what is known of each file: a path; True for the user's folder for state;
                False for nowhere, so that another run knows only what the model itself says.
            deadline: Seconds for all of it; then it stops, and what is in stays in.
            retry_budget: Repeats of requests for all of it; if not given, 20 and 3 more for each file.
            dry_run: Check the files, read the ledger and the model, and say what would be sent, but send
                nothing that changes anything.

        Returns:
            What became of each file, in the order given.

        Raises:
            InvalidArgumentError: An argument cannot be right; nothing was sent.
            UploadError: A picture is not in the set; carries the same report.
            APIError: The model cannot be looked up; nothing was sent.
        """
        # Much comes with it, and the event loop must not be held until all of that is there.
        await asyncio.to_thread(import_module, "scenario_async.upload.batch")
        from scenario_async.upload.batch import Batch, BatchOptions
        from scenario_async.upload.ledger import ledger_path
        from scenario_async.upload.plan import plan

        options = BatchOptions(
            concurrency=concurrency,
            preset=preset,
            on_progress=on_progress,
            ledger=ledger_path(ledger),
            deadline=deadline,
            retry_budget=retry_budget,
            dry_run=dry_run,
        )
        options.check()
        files = await asyncio.to_thread(plan, images)
        report = await Batch(self.sender, model_id, files, options).run()
        if raise_on_failure and not report.succeeded:
            raise UploadError(report)
        return report
