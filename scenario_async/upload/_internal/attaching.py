"""Attach assets to one model: in groups, one request at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from itertools import count
from typing import Final, TypeAlias

from attrs import frozen

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.http.pace import Pace, StoppedError
from scenario_async.errors import APIError, APIResponseValidationError, APIStatusError, ScenarioError
from scenario_async.upload._internal.evidence import Claim, Evidence, Verdict
from scenario_async.upload._internal.outcomes import Outcomes
from scenario_async.upload._internal.refusals import About, Permissions, about
from scenario_async.upload._internal.stages import Sent
from scenario_async.upload._internal.training_set import TrainingSet
from scenario_async.values.training_image import TrainingImageAddParams, TrainingImagePreset

logger: Final = logging.getLogger("scenario_async.upload")

_ABOUT_THE_GROUP: Final = frozenset({400, 402, 403, 404, 410, 413, 415, 422})
"""Error statuses that may be about one asset of a group."""


@frozen
class Rejected:
    """A picture that the service refuses to attach, and why."""

    sent: Sent
    error: Exception


@frozen
class Gone:
    """A picture whose asset from an earlier run does not exist any more."""

    sent: Sent


Event: TypeAlias = Verdict | Rejected | Gone


class _Attach(TrainingImageAddParams, endpoint=TrainingImageAddParams.endpoint):
    """Attach assets; if the result is in doubt, check the model before a retry."""

    @property
    def repeatable(self) -> bool:
        """False, although the service documents that it refuses an asset that is attached already."""
        return False


class Attacher:
    """Attaches assets to one model, one request at a time, since parallel requests might cause a race.

    Args:
        sender: Sends the requests.
        pace: Limits the retries; an error about the model stops it.
        model_id: The model.
        preset: What the images are used for.
        training_set: The model's list of images.
        evidence: Records the requests and responses, and decides which pictures are attached.
        outcomes: Counts the requests of each file.
    """

    def __init__(
        self,
        sender: Sender,
        pace: Pace,
        model_id: str,
        preset: TrainingImagePreset | None,
        *,
        training_set: TrainingSet,
        evidence: Evidence,
        outcomes: Outcomes,
    ) -> None:
        self._sender = sender
        self._pace = pace
        self._model_id = model_id
        self._preset: TrainingImagePreset | None = preset
        self._set = training_set
        self._evidence = evidence
        self._outcomes = outcomes
        self._permissions = Permissions()

    async def attach(self, group: Sequence[Sent]) -> AsyncGenerator[Event]:
        """Attach a group and return the results that are known at once.

        Each other result is a claim, and `Evidence` finds out whether it is true.

        Raises:
            StoppedError: The batch has stopped.
        """
        left = list(group)
        for attempt in count(1):
            try:
                failure = await self._request(left)
            except APIError as error:
                async for event in self._after_refusal(left, error):
                    yield event
                return
            if failure is None:
                return
            try:
                for verdict in await self._evidence.shown():
                    yield verdict
            except StoppedError:
                raise
            except ScenarioError as error:
                logger.info("the model's training images could not be requested: %s", error)
                return  # it is looked up again later
            left = [sent for sent in left if self._evidence.is_open(sent)]
            if not left:
                return
            wait = self._pace.wait_before_retry(failure, attempt, self._sender.retries, repeatable=True)
            if wait is None:
                return
            await asyncio.sleep(wait)

    async def _request(self, group: Sequence[Sent]) -> APIError | None:
        """Send the request to attach a group; return the error if the group may have been attached anyway.

        Raises:
            APIError: The group was certainly not attached.
            StoppedError: The batch has stopped.
        """
        for sent in group:
            self._outcomes.count_attaching(sent.planned)
        request = _Attach(self._model_id, asset_ids=[sent.asset_id for sent in group], preset=self._preset)
        self._evidence.requested(group)
        try:
            await self._sender.send(request)
        except APIResponseValidationError as error:
            if error.response.is_success:
                # The response is a success without an image. An immediate retry might attach it twice.
                self._evidence.answered(group, "done", error)
                return None
            self._evidence.answered(group, "none", error)
            return error
        except (APIError, StoppedError) as error:
            if not error.in_doubt:
                self._evidence.refused(group)
                raise
            self._evidence.answered(group, "none", error)
            if isinstance(error, StoppedError):
                raise
            return error
        except Exception as error:  # noqa: BLE001 - the request was processed
            self._evidence.answered(group, "none", error)
            return None
        self._permissions.granted()
        self._evidence.answered(group, "done")
        return None

    async def _after_refusal(self, group: Sequence[Sent], failure: APIError) -> AsyncGenerator[Event]:
        """Find out which assets of a group an error is about, and attach the others."""
        what: About = "model"
        if isinstance(failure, APIStatusError) and failure.status_code in _ABOUT_THE_GROUP:
            what = about(failure, [sent.asset_id for sent in group])
            if what == "model":
                self._pace.stop(failure)
        if what == "model":
            for sent in group:
                yield Rejected(sent, failure)
        elif len(group) == 1:
            for event in self._single(group[0], failure, what):
                yield event
        else:
            async for event in self._split(group, failure, what):
                yield event

    def _single(self, sent: Sent, failure: APIError, what: About) -> Sequence[Event]:
        """Return the result of an error about one picture."""
        if what == "attached":
            self._evidence.claim_attached(sent)
            return ()
        if what == "gone" and sent.from_ledger:
            return (Gone(sent),)
        if self._permissions.are_missing(failure):
            self._pace.stop(failure)
        return (Rejected(sent, failure),)

    async def _split(self, group: Sequence[Sent], failure: APIError, what: About) -> AsyncGenerator[Event]:
        """Attach the assets of a refused group that the error is not about."""
        alone = [sent for sent in group if sent.asset_id in str(failure)]
        there: list[Sent] = []
        if what == "attached" and not alone and await self._can_look_up():
            there = [sent for sent in group if sent.asset_id in self._set]
        for sent in there:
            yield Verdict(Claim(sent, "attached"), "in")
        rest = [sent for sent in group if sent not in alone and sent not in there]
        if len(rest) == len(group):
            alone, rest = rest, []
        if rest:
            async for event in self.attach(rest):
                yield event
        async for event in self._one_by_one(alone, failure, what):
            yield event

    async def _can_look_up(self) -> bool:
        """Request the model's list; return whether that succeeded."""
        try:
            await self._set.look_up()
        except StoppedError:
            raise
        except ScenarioError as error:
            logger.info("the model's training images could not be requested: %s", error)
            return False
        return True

    async def _one_by_one(
        self, group: Sequence[Sent], failure: APIError, what: About
    ) -> AsyncGenerator[Event]:
        """Attach each asset alone; if all get the same error, it is not about a single asset."""
        alike = True
        for sent in group:
            was_refused = False
            async for event in self.attach([sent]):
                was_refused = isinstance(event, Rejected) and str(event.error) == str(failure)
                yield event
            alike = alike and was_refused
        if alike and len(group) > 1 and what == "unknown":
            self._pace.stop(failure)
