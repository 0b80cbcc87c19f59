"""Attach the assets in groups, and find out which pictures are in the set."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from scenario_async._internal.http.pace import StoppedError
from scenario_async._internal.tasks import task_group
from scenario_async.errors import ScenarioError
from scenario_async.upload._internal.attaching import Attacher, Gone, Rejected
from scenario_async.upload._internal.evidence import Verdict
from scenario_async.upload._internal.ledger import Entry
from scenario_async.upload._internal.report import FileStatus
from scenario_async.upload._internal.stages import Sent
from scenario_async.upload._internal.uploading import BatchParts, Uploader, as_scenario_error
from scenario_async.values.training_image import GROUP_LIMIT

logger: Final = logging.getLogger("scenario_async.upload")


class AttachQueue:
    """Attaches the assets that an `Uploader` queues.

    Args:
        parts: The components of the batch.
        uploader: Creates the assets.
    """

    def __init__(self, parts: BatchParts, uploader: Uploader) -> None:
        self._parts = parts
        self._uploader = uploader
        self._attacher = Attacher(
            parts.sender,
            parts.pace,
            parts.model_id,
            parts.options.preset,
            training_set=parts.training_set,
            evidence=parts.evidence,
            outcomes=parts.outcomes,
        )

    async def run(self) -> None:
        """Attach all assets, until the last one or until the batch stops."""
        try:
            await self._attach_all()
            # A picture that the model certainly does not have can be attached once more.
            absent = [verdict.claim.sent async for verdict in self._settled() if verdict.presence == "not in"]
            for start in range(0, len(absent), GROUP_LIMIT):
                await self._attach(absent[start : start + GROUP_LIMIT])
            async for verdict in self._settled():
                if verdict.presence == "not in":
                    message = "the service says that it attached it, but the model does not list it"
                    error = verdict.error or ScenarioError(message)
                    await self._conclude([Verdict(verdict.claim, "in doubt", error)])
        except StoppedError:
            return

    async def _attach_all(self) -> None:
        stopped: StoppedError | None = None
        async with task_group() as looks:
            try:
                async for group in self._groups():
                    await self._attach(group)
                    if not self._parts.evidence.is_worth_a_look:
                        continue
                    looks.create_task(self._look())
                    # Let it begin before the next group, because a refusal of that group may stop all further
                    # requests.
                    await asyncio.sleep(0)
            except StoppedError as error:
                stopped = error  # raised after the running looks, which may show what was attached
        if stopped is not None:
            raise stopped

    async def _groups(self) -> AsyncGenerator[list[Sent]]:
        """Yield the queued assets in groups that fit into one request."""
        last = False
        while not last:
            group: list[Sent] = []
            while len(group) < GROUP_LIMIT and not last:
                sent = await self._uploader.queue.get()
                last = sent is None
                group += [] if sent is None else [sent]
            if group:
                yield group

    async def _attach(self, group: list[Sent]) -> None:
        gone: list[Sent] = []
        entries: list[Entry] = []
        async for event in self._attacher.attach(group):
            if isinstance(event, Gone):
                gone.append(event.sent)
            elif isinstance(event, Rejected):
                error = as_scenario_error(event.error)
                self._parts.outcomes.end(event.sent.planned, "failed", error=error, sent=event.sent)
            else:
                entries += self._end(event)
        await self._parts.ledger.write(*entries)
        made = [await self._uploader.send_again(sent) for sent in gone]
        again = [sent for sent in made if sent is not None]
        if again:
            await self._attach(again)

    async def _look(self) -> None:
        """Request the model's list once, while other requests continue."""
        try:
            await self._conclude(await self._parts.evidence.shown())
        except ScenarioError as error:
            logger.info("the model's training images could not be requested: %s", error)

    async def _settled(self) -> AsyncGenerator[Verdict]:
        """Set the outcomes of all claims except those that the model does not have, and return the others."""
        async for verdict in self._parts.evidence.settled():
            if verdict.presence == "not in":
                yield verdict
            else:
                await self._conclude([verdict])

    async def _conclude(self, verdicts: Sequence[Verdict]) -> None:
        """Set the outcomes of pictures after their attaching, and write their ledger entries together."""
        entries = [entry for verdict in verdicts for entry in self._end(verdict)]
        await self._parts.ledger.write(*entries)

    def _end(self, verdict: Verdict) -> Sequence[Entry]:
        """Set the outcome of a picture; return its ledger entry if it is in the set."""
        sent, outcomes = verdict.claim.sent, self._parts.outcomes
        if verdict.presence != "in":
            outcomes.end(sent.planned, "in doubt", error=verdict.error, sent=sent)
            return ()
        # An earlier run attached the asset, but the end of that run is unknown.
        was_there = verdict.claim.answer == "attached" and sent.from_ledger
        status: FileStatus = "already attached" if was_there else "attached"
        caption = self._parts.training_set.caption(sent.asset_id)
        outcomes.end(sent.planned, status, sent=sent, caption=caption)
        return (Entry(sent.sha256, sent.asset_id, "attached"),)
