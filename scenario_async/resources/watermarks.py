"""Watermarks of projects and teams."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values import watermark as values


class ProjectWatermarks(Resource[Mode]):
    """The watermark of a project."""

    retrieve: Final = sends(values.ProjectWatermarkRetrieveParams)
    update: Final = sends(values.ProjectWatermarkUpdateParams)
    delete: Final = sends(values.ProjectWatermarkDeleteParams)
    update_logo: Final = sends(values.ProjectWatermarkUpdateLogoParams)
    delete_logo: Final = sends(values.ProjectWatermarkDeleteLogoParams)
    preview: Final = sends(values.ProjectWatermarkPreviewParams)


class TeamWatermarks(Resource[Mode]):
    """The watermark of a team."""

    retrieve: Final = sends(values.TeamWatermarkRetrieveParams)
    update: Final = sends(values.TeamWatermarkUpdateParams)
    delete: Final = sends(values.TeamWatermarkDeleteParams)
    update_logo: Final = sends(values.TeamWatermarkUpdateLogoParams)
    delete_logo: Final = sends(values.TeamWatermarkDeleteLogoParams)
    preview: Final = sends(values.TeamWatermarkPreviewParams)
