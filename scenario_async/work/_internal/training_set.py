"""Upload the pictures of a training set, and describe them if they are those of a data set."""

from __future__ import annotations

from typing import cast

from attrs import evolve

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.threads import import_in_thread
from scenario_async.upload._internal.batch import upload_batch
from scenario_async.upload._internal.options import BatchOptions
from scenario_async.upload._internal.plan import Images
from scenario_async.upload._internal.report import UploadReport
from scenario_async.work._internal.dataset import Dataset
from scenario_async.work._internal.progress_bar import progress_bar, upload_progress


async def upload_pictures(
    sender: Sender, model_id: str, images: Images | Dataset, options: BatchOptions, *, progress: bool
) -> UploadReport:
    """Upload pictures to a model, and set the captions and pairs of a `Dataset`.

    Args:
        sender: Sends the requests.
        model_id: The model to add to.
        images: The pictures.
        options: The options of the upload.
        progress: Whether to show a progress bar.

    Raises:
        InvalidArgumentError: An option is wrong, or captions or pairs of a `Dataset` could not be read.
    """
    options.check()
    dataset, pictures = None, cast("Images", images)
    if isinstance(images, Dataset):
        await import_in_thread("scenario_async.work._internal.describing")  # only data sets need it
        from scenario_async.work._internal.describing import check_captions

        dataset, pictures = images, [item.path for item in images.items]
        check_captions(dataset, "images")
    with progress_bar(progress, upload_progress, options.on_progress) as call:
        report = await upload_batch(sender, model_id, pictures, evolve(options, on_progress=call))
    if dataset is None or options.dry_run:
        return report
    from scenario_async.work._internal.describing import describe_uploaded

    return await describe_uploaded(sender, dataset, report)
