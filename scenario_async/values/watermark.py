"""Watermarks."""

from __future__ import annotations

from typing import Annotated

from attrs import field

from scenario_async._internal.declare.operation import AsBase64, Request
from scenario_async._internal.declare.value import Value
from scenario_async._internal.pictures.picture import PictureSource
from scenario_async.values._requests import R_co, ReportedDeletion
from scenario_async.values.enumerations import OwnerType, Placement


class Watermark(Value):
    """A watermark: `scale` as a share of the picture's width, `rotation` in degrees."""

    created_at: str
    created_by: str
    enabled: bool
    id: str
    level: OwnerType | str
    opacity: float
    placement: Placement | str
    rotation: float
    scale: float
    scope_id: str
    spacing: float
    updated_at: str
    version: float
    deleted_at: str | None = None
    logo_is_opaque: bool | None = None
    logo_key: str | None = None
    text: str | None = None


class WatermarkResponse(Value):
    """One watermark."""

    watermark: Watermark


class WatermarkPreviewResponse(Value):
    """The preview of a watermark: a picture in base64."""

    image: str


class WatermarkRequest(Request[R_co]):
    """The appearance of a watermark of a project or a team.

    Args:
        opacity: From 0.05 to 1.
        placement: Its position.
        rotation: In degrees; 0 is horizontal, negative values tilt it up.
        scale: Its width relative to the picture's.
        spacing: The gap between repetitions, relative to its size.
        text: Its text; not needed with a logo.
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


class WatermarkUpdate(WatermarkRequest[WatermarkResponse]):
    """The changes to a watermark of a project or a team.

    Args:
        enabled: Whether assets get the watermark.
    """

    enabled: bool


class WatermarkLogoUpdate(Request[WatermarkResponse]):
    """The logo of a watermark of a project or a team.

    Args:
        logo: A picture of at most 1 MB: a path, bytes, an open binary file, or base64.
    """

    logo: Annotated[PictureSource, AsBase64]


class ProjectWatermarkRetrieveParams(
    Request[WatermarkResponse], endpoint="GET /projects/{project_id}/watermark"
):
    """Retrieve the watermark of a project."""

    project_id: str = field(kw_only=False)


class ProjectWatermarkUpdateParams(WatermarkUpdate, endpoint="PUT /projects/{project_id}/watermark"):
    """Update the watermark of a project."""

    project_id: str = field(kw_only=False)


class ProjectWatermarkDeleteParams(ReportedDeletion, endpoint="DELETE /projects/{project_id}/watermark"):
    """Delete the watermark of a project."""

    project_id: str = field(kw_only=False)


class ProjectWatermarkUpdateLogoParams(
    WatermarkLogoUpdate, endpoint="PUT /projects/{project_id}/watermark/logo"
):
    """Set the logo of the watermark of a project."""

    project_id: str = field(kw_only=False)


class ProjectWatermarkDeleteLogoParams(
    Request[WatermarkResponse], endpoint="DELETE /projects/{project_id}/watermark/logo"
):
    """Delete the logo of the watermark of a project."""

    project_id: str = field(kw_only=False)


class ProjectWatermarkPreviewParams(
    WatermarkRequest[WatermarkPreviewResponse], endpoint="POST /projects/{project_id}/watermark/preview"
):
    """Preview a watermark of a project."""

    project_id: str = field(kw_only=False)


class TeamWatermarkRetrieveParams(Request[WatermarkResponse], endpoint="GET /teams/{team_id}/watermark"):
    """Retrieve the watermark of a team."""

    team_id: str = field(kw_only=False)


class TeamWatermarkUpdateParams(WatermarkUpdate, endpoint="PUT /teams/{team_id}/watermark"):
    """Update the watermark of a team."""

    team_id: str = field(kw_only=False)


class TeamWatermarkDeleteParams(ReportedDeletion, endpoint="DELETE /teams/{team_id}/watermark"):
    """Delete the watermark of a team."""

    team_id: str = field(kw_only=False)


class TeamWatermarkUpdateLogoParams(WatermarkLogoUpdate, endpoint="PUT /teams/{team_id}/watermark/logo"):
    """Set the logo of the watermark of a team."""

    team_id: str = field(kw_only=False)


class TeamWatermarkDeleteLogoParams(
    Request[WatermarkResponse], endpoint="DELETE /teams/{team_id}/watermark/logo"
):
    """Delete the logo of the watermark of a team."""

    team_id: str = field(kw_only=False)


class TeamWatermarkPreviewParams(
    WatermarkRequest[WatermarkPreviewResponse], endpoint="POST /teams/{team_id}/watermark/preview"
):
    """Preview a watermark of a team."""

    team_id: str = field(kw_only=False)
