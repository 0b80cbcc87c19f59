"""Assets: pictures and other files that the service stores."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, sends
from scenario_async.pagination import lists
from scenario_async.upload._internal.large_pictures import upload_large
from scenario_async.values import asset as values
from scenario_async.work._internal.operations import assets as composed

if TYPE_CHECKING:
    from scenario_async.resources.asset_downloads import AssetDownloads


class Assets(composed.Assets[Mode]):
    """Assets: pictures and other files."""

    upload: Final = sends(values.AssetUploadParams, if_too_large=upload_large)
    retrieve: Final = sends(values.AssetRetrieveParams)
    update: Final = sends(values.AssetUpdateParams)
    list: Final = lists(
        values.AssetListParams, values.AssetListResponse[Async], values.AssetListResponse[Blocking]
    )
    get_bulk: Final = sends(values.AssetGetBulkParams)
    duplicate: Final = sends(values.AssetDuplicateParams)
    update_tags: Final = sends(values.AssetUpdateTagsParams)
    lock: Final = sends(values.AssetLockParams)
    unlock: Final = sends(values.AssetUnlockParams)
    list_snapshots: Final = lists(
        values.AssetListSnapshotsParams,
        values.AssetListSnapshotsResponse[Async],
        values.AssetListSnapshotsResponse[Blocking],
    )
    delete_multiple: Final = sends(values.AssetDeleteMultipleParams)
    restore_multiple: Final = sends(values.AssetRestoreMultipleParams)

    @cached_property
    def download(self) -> AssetDownloads[Mode]:
        """Downloads of assets."""
        from scenario_async.resources.asset_downloads import AssetDownloads

        return AssetDownloads(self.sender, self.runner)
