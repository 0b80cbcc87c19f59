"""Assets: pictures and other files that the service keeps."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource, sends
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

if TYPE_CHECKING:
    from scenario_async.resources.asset_downloads import AssetDownloads


class Assets(Resource[Mode]):
    """Pictures and other files that the service keeps."""

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

    @cached_property
    def download(self) -> AssetDownloads[Mode]:
        """Downloads of assets."""
        from scenario_async.resources.asset_downloads import AssetDownloads

        return AssetDownloads(self.sender, self.runner)
