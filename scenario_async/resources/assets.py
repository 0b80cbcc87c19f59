"""Assets: pictures and other files that the service keeps."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource, operation, sends
from scenario_async.pagination import lists
from scenario_async.values.asset import (
    AssetDeleteMultipleParams,
    AssetDuplicateParams,
    AssetGetBulkParams,
    AssetListParams,
    AssetListResponse,
    AssetListSnapshotsParams,
    AssetListSnapshotsResponse,
    AssetLockParams,
    AssetRestoreMultipleParams,
    AssetRetrieveParams,
    AssetUnlockParams,
    AssetUpdateParams,
    AssetUpdateTagsParams,
    AssetUploadParams,
)
from scenario_async.values.enumerations import DownloadFormat

if TYPE_CHECKING:
    from scenario_async.resources.asset_downloads import AssetDownloads
    from scenario_async.work.progress import OnWork
    from scenario_async.work.saving import DownloadReport


class Assets(Resource[Mode]):
    """Assets: pictures and other files."""

    upload: Final = sends(AssetUploadParams)
    retrieve: Final = sends(AssetRetrieveParams)
    update: Final = sends(AssetUpdateParams)
    list: Final = lists(AssetListParams, AssetListResponse[Async], AssetListResponse[Blocking])
    get_bulk: Final = sends(AssetGetBulkParams)
    duplicate: Final = sends(AssetDuplicateParams)
    update_tags: Final = sends(AssetUpdateTagsParams)
    lock: Final = sends(AssetLockParams)
    unlock: Final = sends(AssetUnlockParams)
    list_snapshots: Final = lists(
        AssetListSnapshotsParams, AssetListSnapshotsResponse[Async], AssetListSnapshotsResponse[Blocking]
    )
    delete_multiple: Final = sends(AssetDeleteMultipleParams)
    restore_multiple: Final = sends(AssetRestoreMultipleParams)

    @operation
    async def save(
        self: Assets[Async],
        asset_ids: str | Sequence[str],
        to: str | os.PathLike[str],
        *,
        name: str = "<id>",
        format: DownloadFormat | None = None,
        concurrency: int = 8,
        metadata: bool = False,
        on_progress: OnWork | None = None,
    ) -> DownloadReport:
        """Save assets as files in a folder.

        Each file is streamed to a partial file beside it, put onto the disk and then given its name, so it is
        complete or not there. No file is replaced: one with the same content is kept, and beside another one
        the new file ends with ``-2``.

        Args:
            asset_ids: The id of an asset, or several.
            to: The folder; it is made if it is not there.
            name: The names of the files, without extension, with the tokens that the service documents for
                its archives: ``<seed> <num> <prompt> <generator> <id> <description>``. ``/`` makes folders.
            format: The format to have them in; as they are stored if not given.
            concurrency: How many are downloaded at the same time.
            metadata: Write a JSON file beside each: prompt, seed, model and job, no signed URL.
            on_progress: Called with a `WorkProgress` after each file, on the client's event loop.

        Returns:
            Which file each asset became.

        Raises:
            InvalidArgumentError: An argument cannot be right, or the folder cannot be written to.
            DownloadError: Some assets could not be saved; its report says which. The others are saved.
        """
        from scenario_async.work.progress import Reporter
        from scenario_async.work.saving import SaveOptions, asset_ids_of, save_assets

        options = SaveOptions(
            to=Path(to), name=name, format=format, concurrency=concurrency, metadata=metadata
        )
        options.check()
        return await save_assets(self.sender, asset_ids_of(asset_ids), options, Reporter(on_progress))

    @cached_property
    def download(self) -> AssetDownloads[Mode]:
        """Downloads of assets."""
        from scenario_async.resources.asset_downloads import AssetDownloads

        return AssetDownloads(self.sender, self.runner)
