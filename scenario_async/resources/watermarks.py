"""Watermarks of projects and teams."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.watermark import (
    ProjectWatermarkDeleteLogoParams,
    ProjectWatermarkDeleteParams,
    ProjectWatermarkPreviewParams,
    ProjectWatermarkRetrieveParams,
    ProjectWatermarkUpdateLogoParams,
    ProjectWatermarkUpdateParams,
    TeamWatermarkDeleteLogoParams,
    TeamWatermarkDeleteParams,
    TeamWatermarkPreviewParams,
    TeamWatermarkRetrieveParams,
    TeamWatermarkUpdateLogoParams,
    TeamWatermarkUpdateParams,
)


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
