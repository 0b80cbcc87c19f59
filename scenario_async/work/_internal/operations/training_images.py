"""Operations of training images that send several requests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scenario_async._internal.declare.operation import Async, Mode, Resource, operation
from scenario_async._internal.threads import import_in_thread
from scenario_async.errors import UploadError
from scenario_async.upload._internal.plan import Images
from scenario_async.upload._internal.progress import OnProgress
from scenario_async.upload._internal.report import UploadReport
from scenario_async.upload._internal.ways import Way
from scenario_async.values import training_image as values

if TYPE_CHECKING:
    from scenario_async.work._internal.dataset import Dataset


class TrainingImages(Resource[Mode]):
    """Operations of training images that send several requests."""

    @operation
    async def upload(
        self: TrainingImages[Async],
        model_id: str,
        images: Images | Dataset,
        *,
        concurrency: int = 8,
        preset: values.TrainingImagePreset | None = None,
        on_progress: OnProgress | None = None,
        progress: bool = False,
        raise_on_failure: bool = True,
        ledger: str | os.PathLike[str] | bool = True,
        deadline: float | None = None,
        stalled: float | None = 120.0,
        retry_budget: int | None = None,
        dry_run: bool = False,
        recursive: bool = False,
        follow_links: bool = True,
        way: Way = "auto",
    ) -> UploadReport:
        """Upload pictures, and add each of them once to the training images of a model.

        The pictures are uploaded as assets, several at a time, and attached in groups of at most 10, one
        group at a time. Pictures that are in the training set stay there. If you make the same call again, it
        sends only the pictures that are missing.

        Args:
            model_id: The model to add to.
            images: A folder (the files directly in it, sorted by name), a picture, or several pictures. A
                picture is a path, bytes, a binary file open for reading, or a pair ``(name, content)`` of a
                name and bytes or an open file. If it is a `Dataset`, its captions and pairs are set after its
                pictures are attached.
            concurrency: How many pictures are sent at the same time.
            preset: What the images are used for.
            on_progress: Called with an `UploadProgress` after each change, on the client's event loop, so it
                has to be quick.
            progress: Show a progress bar in the notebook or terminal; a line every few seconds elsewhere.
            raise_on_failure: Raise `UploadError` if a picture is not in the set at the end; otherwise only
                the report shows this.
            ledger: Where to record the state of each file: a path; True for a file in the user's state
                folder; False for nowhere, so that another run knows only the images that the model lists.
            deadline: Seconds after which the upload ends with a report.
            stalled: Seconds without progress after which the upload ends with a report; None for no limit.
            retry_budget: The number of retries for the whole upload; if not given, 20 and 3 more for each
                file.
            dry_run: Check the files, read the ledger and the model, and report what would be sent, but send
                nothing that changes anything. Only a dry run decodes the pictures, if Pillow is installed
                (extra ``images``); an upload checks the structure of each file.
            recursive: Take the pictures in subfolders too.
            follow_links: Follow symbolic links in a folder; if not, links are skipped.
            way: How pictures up to 4 MiB are sent: ``"inline"`` as base64 in a request, ``"parts"`` as raw
                bytes through presigned URLs, or ``"auto"`` in the way that is faster on this connection.

        Returns:
            One result for each file, in the order given.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            UploadError: A picture is not in the set; its `report` is the same report.
            APIError: The model cannot be read, and nothing was sent; or a caption or the pairs of a `Dataset`
                could not be set, but its pictures are in the set.
        """
        # It imports many other modules, which would block the event loop for a long time.
        await import_in_thread("scenario_async.work._internal.training_set")
        from scenario_async.upload._internal.options import BatchOptions
        from scenario_async.work._internal.training_set import upload_pictures

        options = BatchOptions(
            concurrency=concurrency,
            preset=preset,
            on_progress=on_progress,
            ledger=ledger,
            deadline=deadline,
            stalled=stalled,
            retry_budget=retry_budget,
            dry_run=dry_run,
            recursive=recursive,
            follow_links=follow_links,
            way=way,
        )
        report = await upload_pictures(self.sender, model_id, images, options, progress=progress)
        if raise_on_failure and not report.succeeded:
            raise UploadError(report)
        return report
