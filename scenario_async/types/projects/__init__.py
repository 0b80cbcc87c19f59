"""Names of the official package for resources below `client.projects`; see `scenario_async.types`."""

from scenario_async.types._parameters import Parameters as APIKeyCreateParams
from scenario_async.types._parameters import Parameters as BriefUpdateParams
from scenario_async.types._parameters import Parameters as InstructionUpdateParams
from scenario_async.types._parameters import Parameters as MemberCreateParams
from scenario_async.types._parameters import Parameters as MemberUpdateParams
from scenario_async.types._parameters import Parameters as MemoryUpdateParams
from scenario_async.types._parameters import Parameters as WatermarkPreviewParams
from scenario_async.types._parameters import Parameters as WatermarkUpdateLogoParams
from scenario_async.types._parameters import Parameters as WatermarkUpdateParams
from scenario_async.types._parameters import Parameters as WebhookEndpointCreateParams
from scenario_async.types._parameters import Parameters as WebhookEndpointUpdateParams
from scenario_async.values.api_key import ApiKeyResponse as APIKeyCreateResponse
from scenario_async.values.brief import BriefResponse as BriefRetrieveResponse
from scenario_async.values.brief import BriefResponse as BriefUpdateResponse
from scenario_async.values.deleted import DeletedResponse as BriefDeleteResponse
from scenario_async.values.deleted import DeletedResponse as WatermarkDeleteResponse
from scenario_async.values.project import ProjectMemoryResponse as InstructionRetrieveResponse
from scenario_async.values.project import ProjectMemoryResponse as MemoryRetrieveResponse
from scenario_async.values.project import ProjectMemoryUpdateResponse as InstructionUpdateResponse
from scenario_async.values.project import ProjectMemoryUpdateResponse as MemoryUpdateResponse
from scenario_async.values.project import ProjectResponse as MemberCreateResponse
from scenario_async.values.project import ProjectResponse as MemberDeleteResponse
from scenario_async.values.project import ProjectResponse as MemberUpdateResponse
from scenario_async.values.watermark import WatermarkPreviewResponse as WatermarkPreviewResponse
from scenario_async.values.watermark import WatermarkResponse as WatermarkDeleteLogoResponse
from scenario_async.values.watermark import WatermarkResponse as WatermarkRetrieveResponse
from scenario_async.values.watermark import WatermarkResponse as WatermarkUpdateLogoResponse
from scenario_async.values.watermark import WatermarkResponse as WatermarkUpdateResponse
from scenario_async.values.webhook import WebhookEndpointListResponse as WebhookEndpointListResponse
from scenario_async.values.webhook import WebhookEndpointResponse as WebhookEndpointUpdateResponse
from scenario_async.values.webhook import WebhookEndpointSecretResponse as WebhookEndpointCreateResponse

__all__ = [
    "APIKeyCreateParams",
    "APIKeyCreateResponse",
    "BriefDeleteResponse",
    "BriefRetrieveResponse",
    "BriefUpdateParams",
    "BriefUpdateResponse",
    "InstructionRetrieveResponse",
    "InstructionUpdateParams",
    "InstructionUpdateResponse",
    "MemberCreateParams",
    "MemberCreateResponse",
    "MemberDeleteResponse",
    "MemberUpdateParams",
    "MemberUpdateResponse",
    "MemoryRetrieveResponse",
    "MemoryUpdateParams",
    "MemoryUpdateResponse",
    "WatermarkDeleteLogoResponse",
    "WatermarkDeleteResponse",
    "WatermarkPreviewParams",
    "WatermarkPreviewResponse",
    "WatermarkRetrieveResponse",
    "WatermarkUpdateLogoParams",
    "WatermarkUpdateLogoResponse",
    "WatermarkUpdateParams",
    "WatermarkUpdateResponse",
    "WebhookEndpointCreateParams",
    "WebhookEndpointCreateResponse",
    "WebhookEndpointListResponse",
    "WebhookEndpointUpdateParams",
    "WebhookEndpointUpdateResponse",
]
