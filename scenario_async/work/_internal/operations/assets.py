"""Operations of assets that send several requests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve

from scenario_async._internal.declare.operation import Async, Mode, Resource, operation
from scenario_async._internal.threads import import_in_thread
from scenario_async.values.enumerations import DownloadFormat

if TYPE_CHECKING:
    from scenario_async.work._internal.library.report import SyncReport
    from scenario_async.work._internal.library.sources import Source
    from scenario_async.work._internal.library.sync import OnSyncProgress
    from scenario_async.work._internal.progress import OnWork
    from scenario_async.work._internal.saving import DownloadReport


class Assets(Resource[Mode]):
    """Operations of assets that send several requests."""

    @operation
    async def save(
        self: Assets[Async],
        asset_ids: str | Sequence[str],
        to: str | os.PathLike[str],
        *,
        name: str = "<id>",
        format: DownloadFormat | None = None,
        concurrency: int = 8,
        metadata: bool = False,
        on_progress: OnWork | None = None,
        progress: bool = False,
    ) -> DownloadReport:
        """Save assets as files in a folder.

        Each asset is streamed to a partial file in the same folder, which is renamed when it is complete. So
        a file under its final name is always complete. An existing file is never replaced: if it has the same
        content, it is kept, and if it has other content, the name of the new file ends with ``-2``.

        Args:
            asset_ids: The id of an asset, or several.
            to: The folder; it is created if it does not exist.
            name: The names of the files, without suffix, with the tokens that the service documents for its
                archives: ``<seed> <num> <prompt> <generator> <id> <description>``. ``/`` creates folders.
            format: The format of the files; the stored format if not given.
            concurrency: How many are downloaded at the same time.
            metadata: Write a JSON file beside each, with prompt, seed, model and job, but no signed URL.
            on_progress: Called with a `WorkProgress` after each file, on the client's event loop.
            progress: Show a progress bar in the notebook or terminal; a line every few seconds elsewhere.

        Returns:
            The file of each asset.

        Raises:
            InvalidArgumentError: An argument is wrong, or the folder cannot be written to.
            DownloadError: Some assets could not be saved; its report says which. The others are saved.
        """
        from scenario_async.work._internal.arguments import ids_of, read_folder
        from scenario_async.work._internal.progress import Reporter
        from scenario_async.work._internal.progress_bar import progress_bar, work_progress
        from scenario_async.work._internal.saving import SaveOptions, save_assets

        options = SaveOptions(
            to=read_folder("to", to), name=name, format=format, concurrency=concurrency, metadata=metadata
        )
        options.check()
        ids = list(dict.fromkeys(ids_of("asset_ids", asset_ids)))
        with progress_bar(progress, work_progress, on_progress) as call:
            return await save_assets(self.sender, ids, options, Reporter(call))

    @operation
    async def sync(
        self: Assets[Async],
        source: Source,
        *,
        collection: str | None = None,
        tags: Sequence[str] = (),
        include: str | Sequence[str] = "*",
        exclude: str | Sequence[str] = (),
        recursive: bool = True,
        concurrency: int = 8,
        rate: float | None = None,
        dry_run: bool = False,
        ledger: str | os.PathLike[str] | bool = True,
        report: str | os.PathLike[str] | None = None,
        engine: Any = None,
        lease: float = 60.0,
        on_progress: OnSyncProgress | None = None,
        progress: bool = False,
    ) -> SyncReport:
        """Upload the pictures of a folder or of cloud storage to the library, each content once.

        If you make the same call again, it sends only new pictures. It recognises uploaded files by the name,
        size and time (or checksum) in the listing, so it does not read them again. Several calls can run at
        the same time, on one machine with one ledger file, or on several machines with one PostgreSQL ledger.

        If a picture was deleted in the library, its file still counts as unchanged. But if the picture has to
        be put into a collection or tagged, the file is uploaded again.

        One request checks that assets of the ledger exist for the API key, since with the ledger of another
        account, all files would count as uploaded.

        Args:
            source: A folder, a file, an fsspec URL (``s3://bucket/folder``, ``zip://…``, ``memory://…``;
                needs ``scenario-async[cloud]``), or several of these. It is listed as a stream. Links to
                files are followed; links to folders, and names that begin with a dot, are left out.
            collection: The name or id of a collection to put the pictures into; created if there is none.
            tags: Tags to add to the pictures.
            include: A pattern of file names, or several, e.g. ``"*.png"``.
            exclude: Patterns of file names, or of paths relative to the source, that are left out.
            recursive: Whether subfolders are listed too.
            concurrency: How many pictures each worker uploads at the same time; above 100 has no effect.
            rate: The largest number of requests per second of all workers together; None sets no limit.
            dry_run: Read the source and the ledger, and report what would be sent, but send nothing.
            ledger: Where to record what is uploaded: True for a file in the user's state folder, a path, or a
                ``postgresql://`` URL (needs ``scenario-async[postgres]``). False is refused: a sync without a
                ledger would upload everything again.
            report: A file for the result of each picture, one JSON object a line; by default a new file
                beside the default ledger, where the newest 20 are kept.
            engine: A `distributed.Client` whose workers upload (needs ``scenario-async[dask]``). They read
                their credentials from their own environment.
            lease: Seconds after which a worker takes over the pictures of a worker that died.
            on_progress: Called with a `SyncProgress` for each result.
            progress: Show a progress bar in the notebook or terminal; a line every few seconds elsewhere.

        Returns:
            The counts, and the path of the file with every result. An error during the sync is in
            `stopped_by`; it is not raised.

        Raises:
            InvalidArgumentError: An argument is wrong, or the ledger is about another account; nothing was
                sent.
            APIError: The collection or the assets of the ledger cannot be read; nothing was sent.
            IncompleteResponseError: The response lacks the collections; nothing was sent.
        """
        # These imports take long, and must not block the event loop.
        await import_in_thread("scenario_async.work._internal.library.sync")
        from scenario_async.work._internal.library.sync import SyncOptions, sync_library
        from scenario_async.work._internal.progress_bar import progress_bar, sync_progress

        options = SyncOptions(
            collection=collection,
            tags=tags,
            include=include,
            exclude=exclude,
            recursive=recursive,
            concurrency=concurrency,
            rate=rate,
            dry_run=dry_run,
            ledger=ledger,
            report=report,
            engine=engine,
            lease=lease,
        )
        with progress_bar(progress, sync_progress, on_progress) as call:
            return await sync_library(self.sender, source, evolve(options, on_progress=call))
