"""The groups of operations that a client has as attributes; each is imported when it is first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scenario_async._internal.declare.operation import Mode
from scenario_async._internal.raw_requests import RawRequests

if TYPE_CHECKING:
    from scenario_async.resources._earlier_oscu import EarlierOscu
    from scenario_async.resources.assets import Assets
    from scenario_async.resources.collections import Collections
    from scenario_async.resources.generate import Generate
    from scenario_async.resources.jobs import Jobs
    from scenario_async.resources.models import Models
    from scenario_async.resources.pricing import Pricing
    from scenario_async.resources.projects import Projects
    from scenario_async.resources.recommendations import Recommendations
    from scenario_async.resources.search import Search
    from scenario_async.resources.tags import Tags
    from scenario_async.resources.teams import Teams
    from scenario_async.resources.uploads import Uploads
    from scenario_async.resources.usages import Usages
    from scenario_async.resources.workflows import Workflows


class OperationTree(RawRequests[Mode]):
    """All operations: those of each group, and requests by method and path."""

    @cached_property
    def assets(self) -> Assets[Mode]:
        """Assets: pictures and other files."""
        from scenario_async.resources.assets import Assets

        return Assets(self.sender, self.runner)

    @cached_property
    def collections(self) -> Collections[Mode]:
        """Collections of assets and models."""
        from scenario_async.resources.collections import Collections

        return Collections(self.sender, self.runner)

    @cached_property
    def generate(self) -> Generate[Mode]:
        """Generation of images, prompts, captions and other results."""
        from scenario_async.resources.generate import Generate

        return Generate(self.sender, self.runner)

    @cached_property
    def jobs(self) -> Jobs[Mode]:
        """Jobs that run in the background."""
        from scenario_async.resources.jobs import Jobs

        return Jobs(self.sender, self.runner)

    @cached_property
    def models(self) -> Models[Mode]:
        """Models and their training images."""
        from scenario_async.resources.models import Models

        return Models(self.sender, self.runner)

    @cached_property
    def pricing(self) -> Pricing[Mode]:
        """Prices."""
        from scenario_async.resources.pricing import Pricing

        return Pricing(self.sender, self.runner)

    @property
    def oscu(self) -> EarlierOscu[Mode]:
        """The earlier name of `pricing.oscu`, which the official package still has."""
        from scenario_async.resources._earlier_oscu import EarlierOscu

        return EarlierOscu(self.sender, self.runner)

    @cached_property
    def projects(self) -> Projects[Mode]:
        """Projects and their members, API keys and settings."""
        from scenario_async.resources.projects import Projects

        return Projects(self.sender, self.runner)

    @cached_property
    def recommendations(self) -> Recommendations[Mode]:
        """Recommended models."""
        from scenario_async.resources.recommendations import Recommendations

        return Recommendations(self.sender, self.runner)

    @cached_property
    def search(self) -> Search[Mode]:
        """Search for assets, models and workflows."""
        from scenario_async.resources.search import Search

        return Search(self.sender, self.runner)

    @cached_property
    def tags(self) -> Tags[Mode]:
        """Tags."""
        from scenario_async.resources.tags import Tags

        return Tags(self.sender, self.runner)

    @cached_property
    def teams(self) -> Teams[Mode]:
        """Teams and their members, limits and settings."""
        from scenario_async.resources.teams import Teams

        return Teams(self.sender, self.runner)

    @cached_property
    def uploads(self) -> Uploads[Mode]:
        """Multipart uploads of large files."""
        from scenario_async.resources.uploads import Uploads

        return Uploads(self.sender, self.runner)

    @cached_property
    def usages(self) -> Usages[Mode]:
        """Usage statistics."""
        from scenario_async.resources.usages import Usages

        return Usages(self.sender, self.runner)

    @cached_property
    def workflows(self) -> Workflows[Mode]:
        """Workflows: chains of models and other steps."""
        from scenario_async.resources.workflows import Workflows

        return Workflows(self.sender, self.runner)
