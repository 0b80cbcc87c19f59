"""Names of the official package for resources below `client.teams`; see `scenario_async.types`."""

from scenario_async.types._parameters import Parameters as BriefUpdateParams
from scenario_async.types._parameters import Parameters as IPFilterCreateParams
from scenario_async.types._parameters import Parameters as IPFilterDraftInstructionParams
from scenario_async.types._parameters import Parameters as IPFilterUpdateParams
from scenario_async.types._parameters import Parameters as MemberCreateParams
from scenario_async.types._parameters import Parameters as MemberUpdateParams
from scenario_async.types._parameters import Parameters as WatermarkPreviewParams
from scenario_async.types._parameters import Parameters as WatermarkUpdateLogoParams
from scenario_async.types._parameters import Parameters as WatermarkUpdateParams
from scenario_async.types._parameters import Parameters as WebhookEndpointCreateParams
from scenario_async.types._parameters import Parameters as WebhookEndpointUpdateParams
from scenario_async.values.brief import BriefResponse as BriefRetrieveResponse
from scenario_async.values.brief import BriefResponse as BriefUpdateResponse
from scenario_async.values.deleted import DeletedResponse as BriefDeleteResponse
from scenario_async.values.deleted import DeletedResponse as IPFilterDeleteResponse
from scenario_async.values.deleted import DeletedResponse as WatermarkDeleteResponse
from scenario_async.values.ip_detection import IPFilterDraftResponse as IPFilterDraftInstructionResponse
from scenario_async.values.ip_detection import IPFilterListResponse as IPFilterListResponse
from scenario_async.values.ip_detection import IPFilterResponse as IPFilterCreateResponse
from scenario_async.values.ip_detection import IPFilterResponse as IPFilterUpdateResponse
from scenario_async.values.team import TeamMembersResponse as MemberCreateResponse
from scenario_async.values.watermark import WatermarkPreviewResponse as WatermarkPreviewResponse
from scenario_async.values.watermark import WatermarkResponse as WatermarkDeleteLogoResponse
from scenario_async.values.watermark import WatermarkResponse as WatermarkRetrieveResponse
from scenario_async.values.watermark import WatermarkResponse as WatermarkUpdateLogoResponse
from scenario_async.values.watermark import WatermarkResponse as WatermarkUpdateResponse
from scenario_async.values.webhook import WebhookEndpointListResponse as WebhookEndpointListResponse
from scenario_async.values.webhook import WebhookEndpointResponse as WebhookEndpointUpdateResponse
from scenario_async.values.webhook import WebhookEndpointSecretResponse as WebhookEndpointCreateResponse

__all__ = [
    "BriefDeleteResponse",
    "BriefRetrieveResponse",
    "BriefUpdateParams",
    "BriefUpdateResponse",
    "IPFilterCreateParams",
    "IPFilterCreateResponse",
    "IPFilterDeleteResponse",
    "IPFilterDraftInstructionParams",
    "IPFilterDraftInstructionResponse",
    "IPFilterListResponse",
    "IPFilterUpdateParams",
    "IPFilterUpdateResponse",
    "MemberCreateParams",
    "MemberCreateResponse",
    "MemberUpdateParams",
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
