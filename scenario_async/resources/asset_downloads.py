"""Downloads of assets."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values import download as values


class AssetDownloads(Resource[Mode]):
    """Downloads of assets."""

    request: Final = sends(values.AssetDownloadRequestParams)
    request_batch: Final = sends(values.AssetDownloadRequestBatchParams)
    get_status: Final = sends(values.AssetDownloadGetStatusParams)
