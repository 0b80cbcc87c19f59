"""What the requests of many operations have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from scenario_async._internal.declare.operation import Query, Request
from scenario_async.values.deleted import DeletedResponse

R_co = TypeVar("R_co", covariant=True)

DryRun = Literal["true", "api"]
"""``true`` returns the price of a request, ``api`` the price of the API tier; nothing is carried out."""


class ProjectRequest(Request[R_co]):
    """A request that can name a project.

    Args:
        project_id: The project to use instead of the client's.
        original_assets: Return the original assets, without transformations.
    """

    project_id: Query[str | None] = None


class OriginalAssetsRequest(ProjectRequest[R_co]):
    """A request whose response contains assets."""

    original_assets: Query[bool | None] = None


class RepeatableRequest(ProjectRequest[R_co]):
    """A POST that is safe to repeat: it changes nothing, or nothing more the second time."""

    @property
    def repeatable(self) -> bool:
        """Sending it twice has the effect of sending it once."""
        return True


class PageRequest(ProjectRequest[R_co]):
    """A request for a page of a list.

    Args:
        page_size: Items per page.
        pagination_token: `next_pagination_token` of the previous page.
    """

    page_size: Query[int | None] = None
    pagination_token: Query[str | None] = None


class PaidRequest(ProjectRequest[R_co]):
    """A request that costs creative units; a dry run returns its price first.

    Args:
        dry_run: ``"true"`` returns the price and does nothing; ``"api"`` returns the price of the API tier.
    """

    dry_run: Query[DryRun | None] = None

    @property
    def repeatable(self) -> bool:
        """Whether a repeat is safe: a dry run changes nothing, and a repeated paid request is paid twice."""
        return self.dry_run is not None


class Deletion(Request[R_co]):
    """A request to delete what its path names."""

    def gone(self) -> Mapping[str, Any]:
        """Return the response to use if an attempt in doubt deleted the object."""
        return {}

    def settled_by(self, status_code: int, reason: str | None) -> Mapping[str, Any] | None:
        """Return a success for a 404: the attempt in doubt deleted the object."""
        del reason
        return self.gone() if status_code == 404 else None  # noqa: PLR2004 - HTTP


class ProjectDeletion(Deletion[R_co]):
    """A request to delete something, which can name a project.

    Args:
        project_id: The project to use instead of the client's.
    """

    project_id: Query[str | None] = None


class ReportedDeletion(Deletion[DeletedResponse]):
    """A request to delete something, whose response says whether there was something to delete."""

    def gone(self) -> Mapping[str, Any]:
        """There was something to delete."""
        return {"deleted": True}
