"""Downloads of assets."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.download import (
    AssetDownloadGetStatusParams,
    AssetDownloadRequestBatchParams,
    AssetDownloadRequestParams,
)


class AssetDownloads(Resource[Mode]):
    """Downloads of assets."""

    request: Final = sends(AssetDownloadRequestParams)
    request_batch: Final = sends(AssetDownloadRequestBatchParams)
    get_status: Final = sends(AssetDownloadGetStatusParams)
