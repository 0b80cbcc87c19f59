"""Names of the official package for `client.assets.download`; see `scenario_async.types`."""

from scenario_async.types._parameters import Parameters as DownloadGetStatusParams
from scenario_async.types._parameters import Parameters as DownloadRequestBatchParams
from scenario_async.types._parameters import Parameters as DownloadRequestParams
from scenario_async.values.download import AssetDownloadResponse as DownloadRequestResponse
from scenario_async.values.download import DownloadJobResponse as DownloadRequestBatchResponse
from scenario_async.values.download import DownloadStatusResponse as DownloadGetStatusResponse

__all__ = [
    "DownloadGetStatusParams",
    "DownloadGetStatusResponse",
    "DownloadRequestBatchParams",
    "DownloadRequestBatchResponse",
    "DownloadRequestParams",
    "DownloadRequestResponse",
]
