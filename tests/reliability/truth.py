"""Compares each status in a report with the contents that the sandbox has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from scenario_async.sandbox import Sandbox
from scenario_async.upload._internal.report import FileResult, UploadReport

DONE: Final = frozenset({"attached", "already attached", "duplicate"})
"""The statuses of a file whose content is in the set."""


def contents_of(sandbox: Sandbox, model_id: str) -> Counter[str]:
    """The number of times that each content, by its SHA-256, is in a model's training set."""
    images = sandbox.state.models[model_id].training_images.values()
    return Counter(image.asset.picture.stored.sha256 for image in images)


def falsehoods(
    report: UploadReport,
    sandbox: Sandbox,
    digests: Mapping[Path, str],
    *,
    before: Counter[str] | None = None,
) -> list[str]:
    """The false statements of a report.

    Args:
        report: The report.
        sandbox: The sandbox after the batch.
        digests: The digest of each file of the batch.
        before: The number of times that each content was in the set before the batch; by default none.
    """
    judge = _Judge(report, sandbox, digests, before or Counter())
    return [
        f"{result.path.name} is {result.status!r}: {why}"
        for result in report.results
        if (why := judge.objection(result)) is not None
    ] + list(judge.about_the_whole())


class _Judge:
    def __init__(
        self, report: UploadReport, sandbox: Sandbox, digests: Mapping[Path, str], before: Counter[str]
    ) -> None:
        self._report = report
        self._digests = digests
        self._before = before
        self._model = sandbox.state.models[report.model_id]
        self._contents = contents_of(sandbox, report.model_id)

    def objection(self, result: FileResult) -> str | None:
        """The false statement of one result; None if there is none."""
        digest = self._digests.get(result.path)
        is_in = digest is not None and self._contents[digest] > 0
        was_in = digest is not None and self._before[digest] > 0
        match result.status:
            case "attached" | "already attached" | "duplicate":
                return self._objection_to_done(result, digest, is_in=is_in, was_in=was_in)
            case "failed":
                if result.error is None:
                    return "no error says why"
                return "it is in the set" if is_in and not was_in else None
            case "not tried":
                return "it came into the set meanwhile" if is_in and not was_in else None
            case "in doubt":
                return "no error says why" if result.error is None else None
            case "skipped":
                return "no error says why" if result.error is None else None
            case "to send":
                return "this was no dry run" if not self._report.dry_run else None

    def _objection_to_done(
        self, result: FileResult, digest: str | None, *, is_in: bool, was_in: bool
    ) -> str | None:
        if not is_in:
            return "it is not in the set"
        image = self._model.training_images.get(result.asset_id or "")
        if image is None or image.asset.picture.stored.sha256 != digest:
            return f"{result.asset_id} is not its training image"
        if result.error is not None:
            return f"yet it has an error: {result.error}"
        if result.status == "already attached" and not was_in:
            return "it was not in the set before"
        if result.status == "duplicate" and not self._has_original(result, digest):
            return "no other file of this content counts"
        return None

    def _has_original(self, result: FileResult, digest: str | None) -> bool:
        return any(
            self._digests.get(other.path) == digest and other.status in {"attached", "already attached"}
            for other in self._report.results
            if other.path != result.path
        )

    def about_the_whole(self) -> Iterator[str]:
        """The false statement of the report as a whole."""
        ends_well = all(result.status in {*DONE, "skipped", "to send"} for result in self._report.results)
        if self._report.succeeded != (ends_well and self._report.stopped_by is None):
            yield f"succeeded is {self._report.succeeded}"
        untried = [result for result in self._report.results if result.status == "not tried"]
        if untried and self._report.stopped_by is None:
            yield f"{len(untried)} files were not tried, and nothing is said to have stopped the batch"
