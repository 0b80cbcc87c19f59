"""The names of the official package for responses and parameters.

The name of a response is an alias of the class that the operation returns. Several operations can return the
same class, so `AssetRetrieveResponse` and `AssetUpdateResponse` are the same. For a list, it is the class of
an item. The name of a parameter is an alias of `dict[str, Any]`. The operation checks the keys of the dict.
"""

from scenario_async.types._parameters import Parameters as AssetDeleteMultipleParams
from scenario_async.types._parameters import Parameters as AssetDuplicateParams
from scenario_async.types._parameters import Parameters as AssetGetBulkParams
from scenario_async.types._parameters import Parameters as AssetListParams
from scenario_async.types._parameters import Parameters as AssetListSnapshotsParams
from scenario_async.types._parameters import Parameters as AssetLockParams
from scenario_async.types._parameters import Parameters as AssetRestoreMultipleParams
from scenario_async.types._parameters import Parameters as AssetRetrieveParams
from scenario_async.types._parameters import Parameters as AssetUnlockParams
from scenario_async.types._parameters import Parameters as AssetUpdateParams
from scenario_async.types._parameters import Parameters as AssetUpdateTagsParams
from scenario_async.types._parameters import Parameters as AssetUploadParams
from scenario_async.types._parameters import Parameters as CollectionCreateParams
from scenario_async.types._parameters import Parameters as CollectionDeleteParams
from scenario_async.types._parameters import Parameters as CollectionListParams
from scenario_async.types._parameters import Parameters as CollectionRetrieveParams
from scenario_async.types._parameters import Parameters as CollectionUpdateParams
from scenario_async.types._parameters import Parameters as GenerateCaptionParams
from scenario_async.types._parameters import Parameters as GenerateDescribeStyleParams
from scenario_async.types._parameters import Parameters as GenerateDetectParams
from scenario_async.types._parameters import Parameters as GenerateEmbedParams
from scenario_async.types._parameters import Parameters as GenerateIPDetectionParams
from scenario_async.types._parameters import Parameters as GeneratePatchParams
from scenario_async.types._parameters import Parameters as GeneratePromptParams
from scenario_async.types._parameters import Parameters as GenerateQualityGateParams
from scenario_async.types._parameters import Parameters as GenerateRunModelParams
from scenario_async.types._parameters import Parameters as GenerateTranslateParams
from scenario_async.types._parameters import Parameters as JobListParams
from scenario_async.types._parameters import Parameters as JobRetrieveParams
from scenario_async.types._parameters import Parameters as JobTriggerActionParams
from scenario_async.types._parameters import Parameters as ModelCopyParams
from scenario_async.types._parameters import Parameters as ModelCreateParams
from scenario_async.types._parameters import Parameters as ModelDeleteImagesParams
from scenario_async.types._parameters import Parameters as ModelDeleteParams
from scenario_async.types._parameters import Parameters as ModelDownloadParams
from scenario_async.types._parameters import Parameters as ModelGetBulkParams
from scenario_async.types._parameters import Parameters as ModelListParams
from scenario_async.types._parameters import Parameters as ModelRestoreParams
from scenario_async.types._parameters import Parameters as ModelRetrieveParams
from scenario_async.types._parameters import Parameters as ModelTransferParams
from scenario_async.types._parameters import Parameters as ModelUpdateParams
from scenario_async.types._parameters import Parameters as ModelUpdateTagsParams
from scenario_async.types._parameters import Parameters as ProjectCreateParams
from scenario_async.types._parameters import Parameters as ProjectListParams
from scenario_async.types._parameters import Parameters as ProjectUpdateParams
from scenario_async.types._parameters import Parameters as RecommendationListModelsParams
from scenario_async.types._parameters import Parameters as SearchAssetSearchParams
from scenario_async.types._parameters import Parameters as SearchModelSearchParams
from scenario_async.types._parameters import Parameters as SearchWorkflowSearchParams
from scenario_async.types._parameters import Parameters as TagListParams
from scenario_async.types._parameters import Parameters as TeamDeleteInvitationsParams
from scenario_async.types._parameters import Parameters as TeamUpdateParams
from scenario_async.types._parameters import Parameters as UploadCreateParams
from scenario_async.types._parameters import Parameters as UploadRetrieveParams
from scenario_async.types._parameters import Parameters as UploadTriggerActionParams
from scenario_async.types._parameters import Parameters as UsageListParams
from scenario_async.types._parameters import Parameters as WorkflowApproveUserParams
from scenario_async.types._parameters import Parameters as WorkflowCreateParams
from scenario_async.types._parameters import Parameters as WorkflowDeleteParams
from scenario_async.types._parameters import Parameters as WorkflowGetTagsParams
from scenario_async.types._parameters import Parameters as WorkflowListParams
from scenario_async.types._parameters import Parameters as WorkflowRetrieveParams
from scenario_async.types._parameters import Parameters as WorkflowRunParams
from scenario_async.types._parameters import Parameters as WorkflowUpdateParams
from scenario_async.types._parameters import Parameters as WorkflowUserApprovalParams
from scenario_async.types._parameters import Parameters as WorkflowUserSelectionParams
from scenario_async.values.asset import Asset as AssetListResponse
from scenario_async.values.asset import AssetBulkResponse as AssetGetBulkResponse
from scenario_async.values.asset import AssetLockResponse as AssetLockResponse
from scenario_async.values.asset import AssetResponse as AssetDuplicateResponse
from scenario_async.values.asset import AssetResponse as AssetRetrieveResponse
from scenario_async.values.asset import AssetResponse as AssetUnlockResponse
from scenario_async.values.asset import AssetResponse as AssetUpdateResponse
from scenario_async.values.asset import AssetRestoreResponse as AssetRestoreMultipleResponse
from scenario_async.values.asset import AssetSnapshot as AssetListSnapshotsResponse
from scenario_async.values.asset import AssetUploadResponse as AssetUploadResponse
from scenario_async.values.collection import Collection as CollectionListResponse
from scenario_async.values.collection import CollectionResponse as CollectionCreateResponse
from scenario_async.values.collection import CollectionResponse as CollectionRetrieveResponse
from scenario_async.values.collection import CollectionResponse as CollectionUpdateResponse
from scenario_async.values.download import DownloadJobResponse as ModelDownloadResponse
from scenario_async.values.generation import GenerateCaptionResponse as GenerateCaptionResponse
from scenario_async.values.generation import GenerateDescribeStyleResponse as GenerateDescribeStyleResponse
from scenario_async.values.generation import GenerateEmbedResponse as GenerateEmbedResponse
from scenario_async.values.generation import GenerateIPDetectionResponse as GenerateIPDetectionResponse
from scenario_async.values.generation import GeneratePatchResponse as GenerateDetectResponse
from scenario_async.values.generation import GeneratePatchResponse as GeneratePatchResponse
from scenario_async.values.generation import GeneratePromptResponse as GeneratePromptResponse
from scenario_async.values.generation import GenerateQualityGateResponse as GenerateQualityGateResponse
from scenario_async.values.generation import GenerateRunModelResponse as GenerateRunModelResponse
from scenario_async.values.generation import GenerateTranslateResponse as GenerateTranslateResponse
from scenario_async.values.job import Job as JobListResponse
from scenario_async.values.job import JobResponse as JobRetrieveResponse
from scenario_async.values.job import JobResponse as JobTriggerActionResponse
from scenario_async.values.job import JobResponse as WorkflowUserApprovalResponse
from scenario_async.values.job import JobResponse as WorkflowUserSelectionResponse
from scenario_async.values.model import Model as ModelListResponse
from scenario_async.values.model import Model as RecommendationListModelsResponse
from scenario_async.values.model import ModelBulkResponse as ModelGetBulkResponse
from scenario_async.values.model import ModelResponse as ModelCopyResponse
from scenario_async.values.model import ModelResponse as ModelCreateResponse
from scenario_async.values.model import ModelResponse as ModelRestoreResponse
from scenario_async.values.model import ModelResponse as ModelRetrieveResponse
from scenario_async.values.model import ModelResponse as ModelTransferResponse
from scenario_async.values.model import ModelResponse as ModelUpdateResponse
from scenario_async.values.pricing import PricesResponse as OscuRetrievePricesResponse
from scenario_async.values.project import Project as ProjectListResponse
from scenario_async.values.project import ProjectResponse as ProjectCreateResponse
from scenario_async.values.project import ProjectResponse as ProjectRetrieveResponse
from scenario_async.values.project import ProjectResponse as ProjectUpdateResponse
from scenario_async.values.search import AssetHit as SearchAssetSearchResponse
from scenario_async.values.search import ModelHit as SearchModelSearchResponse
from scenario_async.values.search import WorkflowHit as SearchWorkflowSearchResponse
from scenario_async.values.tag import Tag as TagListResponse
from scenario_async.values.tag import TagsUpdateResponse as AssetUpdateTagsResponse
from scenario_async.values.tag import TagsUpdateResponse as ModelUpdateTagsResponse
from scenario_async.values.team import TeamDetailsResponse as TeamRetrieveResponse
from scenario_async.values.team import TeamListResponse as TeamListResponse
from scenario_async.values.team import TeamResponse as TeamUpdateResponse
from scenario_async.values.team_limits import TeamLimitsResponse as TeamRetrieveLimitsResponse
from scenario_async.values.upload import UploadResponse as UploadCreateResponse
from scenario_async.values.upload import UploadResponse as UploadRetrieveResponse
from scenario_async.values.upload import UploadResponse as UploadTriggerActionResponse
from scenario_async.values.usage import UsagesResponse as UsageListResponse
from scenario_async.values.workflow import WorkflowResponse as WorkflowCreateResponse
from scenario_async.values.workflow import WorkflowResponse as WorkflowRetrieveResponse
from scenario_async.values.workflow import WorkflowResponse as WorkflowUpdateResponse
from scenario_async.values.workflow import WorkflowRunResponse as WorkflowRunResponse
from scenario_async.values.workflow import WorkflowSummary as WorkflowListResponse
from scenario_async.values.workflow import WorkflowTagsResponse as WorkflowGetTagsResponse

__all__ = [
    "AssetDeleteMultipleParams",
    "AssetDuplicateParams",
    "AssetDuplicateResponse",
    "AssetGetBulkParams",
    "AssetGetBulkResponse",
    "AssetListParams",
    "AssetListResponse",
    "AssetListSnapshotsParams",
    "AssetListSnapshotsResponse",
    "AssetLockParams",
    "AssetLockResponse",
    "AssetRestoreMultipleParams",
    "AssetRestoreMultipleResponse",
    "AssetRetrieveParams",
    "AssetRetrieveResponse",
    "AssetUnlockParams",
    "AssetUnlockResponse",
    "AssetUpdateParams",
    "AssetUpdateResponse",
    "AssetUpdateTagsParams",
    "AssetUpdateTagsResponse",
    "AssetUploadParams",
    "AssetUploadResponse",
    "CollectionCreateParams",
    "CollectionCreateResponse",
    "CollectionDeleteParams",
    "CollectionListParams",
    "CollectionListResponse",
    "CollectionRetrieveParams",
    "CollectionRetrieveResponse",
    "CollectionUpdateParams",
    "CollectionUpdateResponse",
    "GenerateCaptionParams",
    "GenerateCaptionResponse",
    "GenerateDescribeStyleParams",
    "GenerateDescribeStyleResponse",
    "GenerateDetectParams",
    "GenerateDetectResponse",
    "GenerateEmbedParams",
    "GenerateEmbedResponse",
    "GenerateIPDetectionParams",
    "GenerateIPDetectionResponse",
    "GeneratePatchParams",
    "GeneratePatchResponse",
    "GeneratePromptParams",
    "GeneratePromptResponse",
    "GenerateQualityGateParams",
    "GenerateQualityGateResponse",
    "GenerateRunModelParams",
    "GenerateRunModelResponse",
    "GenerateTranslateParams",
    "GenerateTranslateResponse",
    "JobListParams",
    "JobListResponse",
    "JobRetrieveParams",
    "JobRetrieveResponse",
    "JobTriggerActionParams",
    "JobTriggerActionResponse",
    "ModelCopyParams",
    "ModelCopyResponse",
    "ModelCreateParams",
    "ModelCreateResponse",
    "ModelDeleteImagesParams",
    "ModelDeleteParams",
    "ModelDownloadParams",
    "ModelDownloadResponse",
    "ModelGetBulkParams",
    "ModelGetBulkResponse",
    "ModelListParams",
    "ModelListResponse",
    "ModelRestoreParams",
    "ModelRestoreResponse",
    "ModelRetrieveParams",
    "ModelRetrieveResponse",
    "ModelTransferParams",
    "ModelTransferResponse",
    "ModelUpdateParams",
    "ModelUpdateResponse",
    "ModelUpdateTagsParams",
    "ModelUpdateTagsResponse",
    "OscuRetrievePricesResponse",
    "ProjectCreateParams",
    "ProjectCreateResponse",
    "ProjectListParams",
    "ProjectListResponse",
    "ProjectRetrieveResponse",
    "ProjectUpdateParams",
    "ProjectUpdateResponse",
    "RecommendationListModelsParams",
    "RecommendationListModelsResponse",
    "SearchAssetSearchParams",
    "SearchAssetSearchResponse",
    "SearchModelSearchParams",
    "SearchModelSearchResponse",
    "SearchWorkflowSearchParams",
    "SearchWorkflowSearchResponse",
    "TagListParams",
    "TagListResponse",
    "TeamDeleteInvitationsParams",
    "TeamListResponse",
    "TeamRetrieveLimitsResponse",
    "TeamRetrieveResponse",
    "TeamUpdateParams",
    "TeamUpdateResponse",
    "UploadCreateParams",
    "UploadCreateResponse",
    "UploadRetrieveParams",
    "UploadRetrieveResponse",
    "UploadTriggerActionParams",
    "UploadTriggerActionResponse",
    "UsageListParams",
    "UsageListResponse",
    "WorkflowApproveUserParams",
    "WorkflowCreateParams",
    "WorkflowCreateResponse",
    "WorkflowDeleteParams",
    "WorkflowGetTagsParams",
    "WorkflowGetTagsResponse",
    "WorkflowListParams",
    "WorkflowListResponse",
    "WorkflowRetrieveParams",
    "WorkflowRetrieveResponse",
    "WorkflowRunParams",
    "WorkflowRunResponse",
    "WorkflowUpdateParams",
    "WorkflowUpdateResponse",
    "WorkflowUserApprovalParams",
    "WorkflowUserApprovalResponse",
    "WorkflowUserSelectionParams",
    "WorkflowUserSelectionResponse",
]
