"""Save assets as files: streamed, complete or not at all, and without replacing another file."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Literal

import orjson
from attrs import field, frozen

from scenario_async._internal.declare.converter import is_object
from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.pictures.names import encodable_text
from scenario_async._internal.tasks import task_group
from scenario_async._internal.threads import in_thread
from scenario_async._internal.whole_file import write_whole
from scenario_async.errors import (
    APIStatusError,
    DownloadError,
    ScenarioError,
    check_whole_number,
)
from scenario_async.values.asset import Asset
from scenario_async.values.download import AssetDownloadRequestParams
from scenario_async.values.enumerations import DownloadFormat
from scenario_async.work._internal import timing
from scenario_async.work._internal.looking_up import assets_of
from scenario_async.work._internal.naming import check_template, file_name
from scenario_async.work._internal.partial_file import (
    FileWriteError,
    PartialFile,
    make_folder,
    prefix_of,
    write_unless_taken,
)
from scenario_async.work._internal.progress import Reporter

SavedStatus = Literal["saved", "unchanged", "failed"]
"""``unchanged``: a file with this name and the same content existed already."""

_LOOKED_UP_TOGETHER: Final = 100
"""The most assets that are looked up by one request."""


@frozen(kw_only=True)
class SavedAsset:
    """The result for an asset to save.

    Attributes:
        asset_id: The asset.
        status: Whether it was saved.
        path: Its file; None if it failed.
        size: Its size in bytes; 0 if it failed.
        error: Why it failed; or None.
    """

    asset_id: str
    status: SavedStatus
    path: Path | None = None
    size: int = 0
    error: Exception | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object as JSON values."""
        return {
            "asset_id": self.asset_id,
            "status": self.status,
            "path": None if self.path is None else encodable_text(self.path),
            "size": self.size,
            "error": None if self.error is None else encodable_text(self.error),
        }


@frozen(kw_only=True)
class DownloadReport:
    """The results of a download.

    Attributes:
        results: One for each asset, in the order given.
        seconds: How long it took.
    """

    results: Sequence[SavedAsset]
    seconds: float

    @property
    def paths(self) -> list[Path]:
        """The files, including those that existed already."""
        return [one.path for one in self.results if one.path is not None]

    @property
    def failed(self) -> list[SavedAsset]:
        """The assets that are not on disk."""
        return [one for one in self.results if one.status == "failed"]

    @property
    def succeeded(self) -> bool:
        """Whether every asset is on disk."""
        return not self.failed

    def summary(self) -> str:
        """Return one line: the number of saved assets, and the first error."""
        line = f"{len(self.paths)} of {len(self.results)} assets saved"
        return f"{line}; {self.failed[0].asset_id}: {self.failed[0].error}" if self.failed else line

    def to_json(self) -> dict[str, Any]:
        """Return the object as JSON values."""
        return {
            "succeeded": self.succeeded,
            "seconds": round(self.seconds, 3),
            "results": [one.to_json() for one in self.results],
        }


@frozen(kw_only=True)
class SaveOptions:
    """The options of saving assets; see `Assets.save`."""

    to: Path
    name: str = "<id>"
    format: DownloadFormat | None = None
    concurrency: int = 8
    metadata: bool = False
    more_metadata: Mapping[str, Any] = field(factory=dict[str, Any])
    """More fields for the metadata file of each asset, such as the job and its cost."""
    seed: int | None = None
    """The seed of the generation, for the names of assets whose metadata has none."""
    exist: bool = False
    """Whether the assets certainly exist, so that those that are not visible yet are looked up again."""

    def check(self) -> None:
        """Check the arguments before anything is sent.

        Raises:
            InvalidArgumentError: An argument is wrong.
        """
        check_template(self.name)
        check_whole_number("concurrency", self.concurrency, at_least=1)


async def save_assets(
    sender: Sender, asset_ids: Sequence[str], options: SaveOptions, reporter: Reporter
) -> DownloadReport:
    """Save assets as files; see `Assets.save`.

    Raises:
        InvalidArgumentError: The folder cannot be written to.
        DownloadError: An asset could not be saved; the others are.
    """
    started = time.monotonic()
    await in_thread(make_folder, options.to)
    assets = await _look_up_all(sender, asset_ids, exist=options.exist)
    results = dict[str, SavedAsset]()
    waiting = iter(enumerate(asset_ids, 1))

    async def work() -> None:
        for number, asset_id in waiting:
            asset = assets.get(asset_id)
            results[asset_id] = (
                SavedAsset(asset_id=asset_id, status="failed", error=ScenarioError("there is no such asset"))
                if asset is None
                else await _save_one(sender, asset, number, options)
            )
            reporter.report("saving", id=asset_id, done=len(results), total=len(asset_ids))

    async with task_group() as tasks:
        for _ in range(min(options.concurrency, len(asset_ids))):
            tasks.create_task(work())
    report = DownloadReport(results=[results[one] for one in asset_ids], seconds=time.monotonic() - started)
    if not report.succeeded:
        raise DownloadError(report.summary(), ids=[one.asset_id for one in report.failed], report=report)
    return report


async def _look_up_all(sender: Sender, asset_ids: Sequence[str], *, exist: bool) -> dict[str, Asset]:
    """Look up assets; those that certainly exist may be invisible for a short time."""
    ends = time.monotonic() + timing.TIMING.late_seconds
    found = await _look_up(sender, asset_ids)
    for pause in timing.TIMING.jobs.pauses():
        missing = [one for one in asset_ids if one not in found]
        if not missing or not exist or time.monotonic() > ends:
            break
        await asyncio.sleep(pause)
        found |= await _look_up(sender, missing)
    return found


async def _look_up(sender: Sender, asset_ids: Sequence[str]) -> dict[str, Asset]:
    found = dict[str, Asset]()
    for start in range(0, len(asset_ids), _LOOKED_UP_TOGETHER):
        group = asset_ids[start : start + _LOOKED_UP_TOGETHER]
        found.update((asset.id, asset) for asset in await assets_of(sender, group))
    return found


async def _save_one(sender: Sender, asset: Asset, number: int, options: SaveOptions) -> SavedAsset:
    try:
        url = asset.url
        if options.format is not None:
            request = AssetDownloadRequestParams(asset.id, target_format=options.format)
            url = (await sender.send(request)).url
        name = file_name(options.name, asset, number, seed=options.seed)
        partial = PartialFile(options.to / Path(name).parent, asset.id)
        try:
            await _download(sender, asset, url, partial)
            expected = asset.mime_type if options.format is None else f"image/{options.format}"
            await in_thread(partial.check, expected)
            path, new = await in_thread(partial.publish, name, asset.mime_type)
        finally:
            await asyncio.shield(in_thread(partial.discard))
        if options.metadata:
            await in_thread(_write_metadata, path, asset, options.more_metadata)
    except ScenarioError as error:
        return SavedAsset(asset_id=asset.id, status="failed", error=error)
    except OSError as error:
        return SavedAsset(asset_id=asset.id, status="failed", error=FileWriteError(str(error)))
    return SavedAsset(asset_id=asset.id, status="saved" if new else "unchanged", path=path, size=partial.size)


async def _download(sender: Sender, asset: Asset, url: str, partial: PartialFile) -> None:
    """Download to a partial file. If the signed URL has expired, request a new one, once."""
    try:
        await sender.download_to(url, partial.fill)
    except APIStatusError as error:
        if error.status_code != HTTPStatus.FORBIDDEN:  # a CDN sends this for an expired signature
            raise
        fresh = (await sender.send(AssetDownloadRequestParams(asset.id))).url
        await sender.download_to(fresh, partial.fill)


def _write_metadata(path: Path, asset: Asset, more: Mapping[str, Any]) -> None:
    """Write a JSON file beside a picture that says how it was made, without a signed URL."""
    metadata: Any = asset.metadata
    document = {
        "asset_id": asset.id,
        "created_at": asset.created_at,
        "prompt": metadata and metadata.prompt,
        "seed": metadata and metadata.seed,
        "model_id": metadata and metadata.model_id,
        "base_model_id": metadata and metadata.base_model_id,
        "job_id": metadata and metadata.parent_job_id,
        "description": asset.description,
        **more,
    }
    members = {name: value for name, value in document.items() if value is not None}
    content = orjson.dumps(members, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE, default=str)
    names = itertools.chain(
        [path.with_suffix(".json").name, f"{path.name}.json"],
        (f"{path.name}-{number}.json" for number in itertools.count(2)),
    )
    prefix = prefix_of(asset.id)
    # A file of that name may be the user's own, or about another asset.
    for target in map(path.with_name, names):
        if _is_about(target, asset.id):
            write_whole(target, content, prefix=prefix)
            return
        if not target.exists() and write_unless_taken(target, content, prefix=prefix):
            return


def _is_about(path: Path, asset_id: str) -> bool:
    """Whether a metadata file is about an asset, so that it can be written again."""
    try:
        members = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return is_object(members) and members.get("asset_id") == asset_id
