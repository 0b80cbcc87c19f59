"""Decide whether a picture is in a training set. No other module decides this.

The service's list of images can be late or incomplete. So a single list that does not contain an image proves
nothing.

- A picture **is in** the set if the model lists its asset. It is also in the set if the service refuses to
  attach the asset because it is attached already, and the model's complete list does not contradict this. A
  list is not conclusive if it has fewer images than the model's count, or if its ids are not those of the
  assets. In this case, a picture is in the set if the count has grown by the number of attached pictures.
- A picture **is not in** the set if the model's list is complete and still does not have it after
  `LOOK_PAUSES`.
- In all other cases, a picture is **in doubt**. A success response to the attaching is not a proof.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Final, Literal

from attrs import define, frozen

from scenario_async._internal.http.pace import StoppedError
from scenario_async.errors import ScenarioError
from scenario_async.upload._internal.ledger import Entry
from scenario_async.upload._internal.stages import Sent
from scenario_async.upload._internal.training_set import TrainingSet

logger: Final = logging.getLogger("scenario_async.upload")

LOOK_PAUSES: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 14.0)
"""Seconds between two requests for the model's list: about 30 s in total."""

_LOOKED_FOR_AT_MOST: Final = 1000
"""The largest training set whose list is requested again; the service documents at most 50 images. The
response needs about 500 bytes for each image, so the list of a much larger set would use too much memory."""

_LISTED_FOR_A_CLAIM: Final = 4
"""The number of listed images, for each open claim, from which the model's list is requested less often. For
up to 50 images, it is requested after each group."""

Presence = Literal["in", "not in", "in doubt"]

Answer = Literal["done", "attached", "none"]
"""The response to the attaching: a success, "attached already", or nothing readable."""


@define
class Claim:
    """A picture whose attaching was requested.

    Attributes:
        sent: The picture.
        answer: The kind of response.
        error: The error of the request, if any.
    """

    sent: Sent
    answer: Answer
    error: Exception | None = None


@frozen
class Verdict:
    """What the model's list shows about a claim, and the reason if it is not conclusive."""

    claim: Claim
    presence: Presence
    error: Exception | None = None


class Evidence:
    """Stores claims until the model's list shows whether they are true.

    Args:
        training_set: The model's list of images.
        expected: The number of pictures in the batch.
        files: The number of all files in the batch.

    Attributes:
        was_complete: Whether the model listed all its images before the batch began.
    """

    def __init__(self, training_set: TrainingSet, expected: int, files: int) -> None:
        self._set = training_set
        self._before = training_set.number
        self._listed_before = len(training_set)
        self.was_complete: bool = training_set.is_complete
        self._too_many_to_look = self._before + expected > _LOOKED_FOR_AT_MOST
        self._claims: dict[int, Claim] = {}
        self._in_flight: dict[int, Claim] = {}
        self._requested = bytearray(files)  # a set of places would need a hundred times the memory
        self._has_shown_ours = False
        self._failure: Exception | None = None

    @property
    def open_claims(self) -> Sequence[Claim]:
        """The open claims, including those whose request is running."""
        return [*self._claims.values(), *self._in_flight.values()]

    def is_open(self, sent: Sent) -> bool:
        """Whether the result of a finished attaching is not known yet."""
        return sent.planned.place in self._claims

    def known_before(self, asset_id: str | None, entry: Entry | None) -> Presence:
        """Whether an asset was in the set before the batch.

        Args:
            asset_id: The asset; None if none is known.
            entry: The ledger's entry for the content.
        """
        if asset_id is not None and asset_id in self._set:
            return "in"
        if self.was_complete:
            return "not in"
        return "in" if entry is not None and entry.state == "attached" else "in doubt"

    def cannot_tell(self) -> ScenarioError:
        """Return why it is not known whether a picture is in the set."""
        listed = f"the model lists {self._listed_before} of its {self._before} training images"
        return ScenarioError(f"{listed}, so it is not known whether this picture is one of the others")

    def requested(self, group: Iterable[Sent]) -> None:
        """Record that a request to attach a group is sent; without a result, the group is in doubt."""
        for sent in group:
            self._requested[sent.planned.place] = True
            self._claims.pop(sent.planned.place, None)
            self._in_flight[sent.planned.place] = Claim(sent, "none")

    def answered(self, group: Iterable[Sent], answer: Answer, error: Exception | None = None) -> None:
        """Record the response to the request of a group, and its error if there was one."""
        for sent in group:
            self._in_flight.pop(sent.planned.place, None)
            self._claims[sent.planned.place] = Claim(sent, answer, error)

    def claim_attached(self, sent: Sent) -> None:
        """Record that the service refuses to attach a picture because it is attached already."""
        self._requested[sent.planned.place] = True
        self._claims[sent.planned.place] = Claim(sent, "attached")

    def refused(self, group: Iterable[Sent]) -> None:
        """Record that a group was certainly not attached."""
        for sent in group:
            self._requested[sent.planned.place] = False
            self._in_flight.pop(sent.planned.place, None)

    @property
    def is_worth_a_look(self) -> bool:
        """Whether many claims are open, compared with the images that a response would list again."""
        return self._too_many_to_look or len(self._claims) * _LISTED_FOR_A_CLAIM >= len(self._set)

    async def shown(self) -> list[Verdict]:
        """Request the model's list once, and return the claims that it confirms."""
        if self._too_many_to_look and not any(claim.answer == "none" for claim in self._claims.values()):
            # The only case in which the response of the service is trusted.
            return self._take(list(self._claims))
        is_quiet = not self._in_flight
        looked_for = dict(self._claims)
        try:
            await self._set.look_up()
        except ScenarioError as error:
            self._failure = error
            raise
        self._failure = None
        listed = [place for place, claim in looked_for.items() if claim.sent.asset_id in self._set]
        self._has_shown_ours = self._has_shown_ours or bool(listed)
        cannot_tell = not self._set.is_complete or not self._has_shown_ours
        grown = self._set.number - self._before
        if cannot_tell and is_quiet and not self._in_flight and 0 < self._requested.count(True) <= grown:
            return self._take(list(looked_for))
        said = [place for place, claim in looked_for.items() if claim.answer == "attached" and cannot_tell]
        return self._take([*listed, *said])

    def _take(self, places: Iterable[int]) -> list[Verdict]:
        taken = [self._claims.pop(place) for place in dict.fromkeys(places) if place in self._claims]
        return [Verdict(claim, "in") for claim in taken]

    async def settled(self) -> AsyncGenerator[Verdict]:
        """Request the model's list, with growing waits, until all claims are decided or no wait is left.

        Raises:
            StoppedError: The batch has stopped.
        """
        for pause in (0.0, *LOOK_PAUSES):
            if not self._claims:
                return
            await asyncio.sleep(pause)
            try:
                shown = await self.shown()
            except StoppedError:
                raise
            except ScenarioError as error:
                logger.info("the model's training images could not be requested: %s", error)
                continue
            for verdict in shown:
                yield verdict
        for verdict in self._left():
            yield verdict

    def _left(self) -> list[Verdict]:
        """Return the claims that are still open after all requests."""
        places = list(self._claims)
        return [self._judged(self._claims.pop(place)) for place in places]

    def _judged(self, claim: Claim) -> Verdict:
        if self._failure is not None:
            return Verdict(claim, "in doubt", self._failure)
        grown = self._set.number - self._before
        is_comparable = self._has_shown_ours or grown <= 0
        if not self._set.is_complete or not is_comparable:
            return Verdict(claim, "in doubt", self.cannot_tell())
        if claim.answer == "attached":
            message = "the service says that it is attached already, but the model does not list it"
            return Verdict(claim, "in doubt", ScenarioError(message))
        return Verdict(claim, "not in", claim.error)
