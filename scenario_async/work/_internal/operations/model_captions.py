"""Operations of captions that send several requests."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scenario_async._internal.declare.operation import Async, Mode, Resource, operation

if TYPE_CHECKING:
    from scenario_async.work._internal.captions import CaptionReport
    from scenario_async.work._internal.dataset import Dataset


class ModelCaptions(Resource[Mode]):
    """Operations of captions that send several requests."""

    @operation
    async def push(
        self: ModelCaptions[Async],
        model_id: str,
        source: Dataset | str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    ) -> CaptionReport:
        """Send the captions and pairs of a folder to a model whose training images are its pictures.

        Only captions that differ are sent, as the `description` of the asset, and each is read back to verify
        it. The service can only replace all pairs at once, so the new pairs are sent together with the
        model's existing pairs.

        Args:
            model_id: The model.
            source: A folder or the files of the pictures, which are read by `Dataset.read`; or a `Dataset`.

        Returns:
            The result for each caption.

        Raises:
            InvalidArgumentError: The folder does not exist or has no pictures, captions or pairs in it cannot
                be read or contradict one another, or a picture of a pair is not in the training set.
            APIError: The model cannot be read, or a caption was refused, of which the note of the error names
                the picture. The others were sent. The same call continues.
        """
        from scenario_async.work._internal.captions import push_captions

        return await push_captions(self.sender, model_id, source)

    @operation
    async def pull(
        self: ModelCaptions[Async],
        model_id: str,
        folder: str | os.PathLike[str],
        *,
        overwrite: bool = False,
    ) -> CaptionReport:
        """Write the captions of a model's training images into a folder: ``fox.txt`` for ``fox.png``.

        If an image has a caption from a person and one from the service, the one from the person is written.
        Pairs are written to ``pairs.jsonl``. If pictures of pairs have the same name, or are in ``before/``
        and ``after/``, the caption files are written into these subfolders.

        Args:
            model_id: The model.
            folder: The folder to write to; it is created if it does not exist.
            overwrite: Replace files that have another caption; if not, they are kept and reported.

        Returns:
            The result for each caption.

        Raises:
            InvalidArgumentError: The folder cannot be written to.
            APIError: The model cannot be read, or its response does not list all of its training images. The
                same call continues.
        """
        from scenario_async.work._internal.pulling_captions import pull_captions

        return await pull_captions(self.sender, model_id, folder, overwrite=overwrite)
