"""Watermarks of projects and teams."""

from __future__ import annotations

from typing import Annotated, Final

from attrs import field

from scenario_async._internal.declare.operation import AsBase64, Mode, Request, Resource, sends
from scenario_async._internal.declare.value import frozen
from scenario_async._internal.pictures.picture import PictureSource
from scenario_async.resources.requests import R_co, ReportedDeletion
from scenario_async.values.enumerations import Placement
from scenario_async.values.watermark import WatermarkPreviewResponse, WatermarkResponse


@frozen(kw_only=True)
class WatermarkRequest(Request[R_co]):
    """What a watermark looks like, whosever it is.

    Args:
        opacity: From 0.05 to 1.
        placement: Where it is.
        rotation: In degrees; 0 is level, less tilts it up.
        scale: Its width, as a share of the picture's.
        spacing: The gap between repetitions, as a share of its own size.
        text: What it says; not needed if it has a logo.
    """

    opacity: float | None = None
    placement: Placement | None = None
    rotation: float | None = None
    scale: float | None = None
    spacing: float | None = None
    text: str | None = None

    @property
    def repeatable(self) -> bool:
        """Setting it a second time changes nothing more, and looking at it changes nothing."""
        return True


@frozen(kw_only=True)
class WatermarkUpdate(WatermarkRequest[WatermarkResponse]):
    """What is changed of a watermark, whosever it is.

    Args:
        enabled: Whether assets get it.
    """

    enabled: bool


@frozen(kw_only=True)
class WatermarkLogoUpdate(Request[WatermarkResponse]):
    """The logo of a watermark, whosever it is.

    Args:
        logo: A picture of at most 1 MB: a path, bytes, an open binary file, or base64.
    """

    logo: Annotated[PictureSource, AsBase64]


@frozen(kw_only=True)
class ProjectWatermarkRetrieveParams(Request[WatermarkResponse]):
    """Look up the watermark of a project."""

    endpoint = "GET /projects/{project_id}/watermark"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ProjectWatermarkUpdateParams(WatermarkUpdate):
    """Change the watermark of a project."""

    endpoint = "PUT /projects/{project_id}/watermark"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ProjectWatermarkDeleteParams(ReportedDeletion):
    """Delete the watermark of a project."""

    endpoint = "DELETE /projects/{project_id}/watermark"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ProjectWatermarkUpdateLogoParams(WatermarkLogoUpdate):
    """Put a logo into the watermark of a project."""

    endpoint = "PUT /projects/{project_id}/watermark/logo"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ProjectWatermarkDeleteLogoParams(Request[WatermarkResponse]):
    """Delete the logo of the watermark of a project."""

    endpoint = "DELETE /projects/{project_id}/watermark/logo"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ProjectWatermarkPreviewParams(WatermarkRequest[WatermarkPreviewResponse]):
    """See how a watermark of a project would look."""

    endpoint = "POST /projects/{project_id}/watermark/preview"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class TeamWatermarkRetrieveParams(Request[WatermarkResponse]):
    """Look up the watermark of a team."""

    endpoint = "GET /teams/{team_id}/watermark"
    team_id: str = field(kw_only=False)


@frozen(kw_only=True)
class TeamWatermarkUpdateParams(WatermarkUpdate):
    """Change the watermark of a team."""

    endpoint = "PUT /teams/{team_id}/watermark"
    team_id: str = field(kw_only=False)


@frozen(kw_only=True)
class TeamWatermarkDeleteParams(ReportedDeletion):
    """Delete the watermark of a team."""

    endpoint = "DELETE /teams/{team_id}/watermark"
    team_id: str = field(kw_only=False)


@frozen(kw_only=True)
class TeamWatermarkUpdateLogoParams(WatermarkLogoUpdate):
    """Put a logo into the watermark of a team."""

    endpoint = "PUT /teams/{team_id}/watermark/logo"
    team_id: str = field(kw_only=False)


@frozen(kw_only=True)
class TeamWatermarkDeleteLogoParams(Request[WatermarkResponse]):
    """Delete the logo of the watermark of a team."""

    endpoint = "DELETE /teams/{team_id}/watermark/logo"
    team_id: str = field(kw_only=False)


@frozen(kw_only=True)
class TeamWatermarkPreviewParams(WatermarkRequest[WatermarkPreviewResponse]):
    """See how a watermark of a team would look."""

    endpoint = "POST /teams/{team_id}/watermark/preview"
    team_id: str = field(kw_only=False)


class ProjectWatermarks(Resource[Mode]):
    """The watermark of a project."""

    retrieve: Final = sends(ProjectWatermarkRetrieveParams)
    update: Final = sends(ProjectWatermarkUpdateParams)
    delete: Final = sends(ProjectWatermarkDeleteParams)
    update_logo: Final = sends(ProjectWatermarkUpdateLogoParams)
    delete_logo: Final = sends(ProjectWatermarkDeleteLogoParams)
    preview: Final = sends(ProjectWatermarkPreviewParams)


class TeamWatermarks(Resource[Mode]):
    """The watermark of a team."""

    retrieve: Final = sends(TeamWatermarkRetrieveParams)
    update: Final = sends(TeamWatermarkUpdateParams)
    delete: Final = sends(TeamWatermarkDeleteParams)
    update_logo: Final = sends(TeamWatermarkUpdateLogoParams)
    delete_logo: Final = sends(TeamWatermarkDeleteLogoParams)
    preview: Final = sends(TeamWatermarkPreviewParams)
