"""Send a paid request so that it is carried out once, even if its response is lost."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from attrs import define, field

from scenario_async._internal.http.pace import LONGEST_WAIT
from scenario_async._internal.http.retries import asked_wait
from scenario_async.errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    BudgetError,
    InternalServerError,
    InvalidArgumentError,
    JobInDoubtError,
    PlanLimitError,
    RateLimitError,
)
from scenario_async.values.job import Job
from scenario_async.work._internal import timing
from scenario_async.work._internal.documented import as_documented
from scenario_async.work._internal.ledger import WorkEntry, WorkLedger
from scenario_async.work._internal.money import Price, check_budget, read_max_cost
from scenario_async.work._internal.progress import Reporter
from scenario_async.work._internal.waiting import PASSING

logger: Final = logging.getLogger("scenario_async.work")

OnDoubt = Literal["raise", "resend"]
"""If no job is found: ``raise`` raises `JobInDoubtError`; ``resend`` sends the paid request once more."""

RESEND: Final = "on_doubt='resend'"
"""How an error message names this argument; the command line replaces it by its option."""

_ATTEMPTS: Final = 8
"""The most attempts of a request that was certainly not carried out."""

TRAINING_RESENDS: Final = 8
"""How often a training in doubt is sent again; the service refuses a second training while one runs."""
GENERATION_RESENDS: Final = 1
"""How often a generation in doubt is sent again if the caller wants it: each time may pay once more."""


def check_on_doubt(given: object) -> None:
    """Check the argument `on_doubt`.

    Raises:
        InvalidArgumentError: It is neither ``raise`` nor ``resend``.
    """
    if not isinstance(given, str) or given not in {"raise", "resend"}:
        raise InvalidArgumentError("on_doubt", given, "'raise' or 'resend' is needed")


def job_id_of(response: Any) -> str | None:
    """Return the id of the job in a response; None if it has none, which leaves the request in doubt."""
    job = as_documented(getattr(response, "job", None), Job)
    return (job and job.job_id) or None


@contextmanager
def noted_as_paid(ledger: WorkLedger, job_id: str | None) -> Generator[None]:
    """Add to an error of the block, which comes after a payment, that it was made and how to continue."""
    try:
        yield
    except (APIError, InvalidArgumentError) as error:
        how = "The same call continues without another payment"
        if not ledger.is_kept:
            how = f"Without a ledger, the same call may pay again: wait for {job_id or 'the job'} instead"
        error.add_note(f"The work is paid. {how}")
        raise


def _ceiling_pauses() -> Iterator[float]:
    return timing.TIMING.ceiling.pauses()


@define
class Quote:
    """The price of one call, which is requested before the payment, and again if it is too old.

    Attributes:
        price: The price; None if the service states none.
        asked: The `time.monotonic` of the response; None if a call continues without asking for the price.
    """

    model_id: str
    max_cost: object
    reporter: Reporter
    price: Price | None = field(default=None, init=False)
    asked: float | None = field(default=None, init=False)

    async def request(self, estimate: Callable[[], Awaitable[Price | None]]) -> None:
        """Request the price.

        Raises:
            BudgetError: It is over the budget.
        """
        self.reporter.report("pricing", id=self.model_id)
        self.price, self.asked = await estimate(), time.monotonic()
        check_budget(self.price, read_max_cost(self.max_cost), (self.model_id,))
        self.reporter.cost = None if self.price is None else self.price.units

    async def keep_fresh(self, estimate: Callable[[], Awaitable[Price | None]]) -> None:
        """Request the price if it is too old, or was not requested."""
        if self.asked is None or time.monotonic() - self.asked > timing.TIMING.quote_seconds:
            await self.request(estimate)


@define
class Payment:
    """One paid request, until its job is known.

    Attributes:
        entry: Its entry in the ledger, which changes with each step.
        ledger: The ledger.
        send: Sends the request once, and returns the job's id; None if the response has none.
        look: Asks the service for the job of a request in doubt, and returns its id, or None.
        resends: How often the request is sent again if it is in doubt and `look` finds nothing for a minute.
            More than once is safe only if the service refuses a second request while the first one runs.
        before: Called before each attempt; it asks for a new price if the old one is too old.
        deadline: The seconds for which a request is repeated that the service refuses for now; None for
            no end.
    """

    entry: WorkEntry
    ledger: WorkLedger
    send: Callable[[], Awaitable[str | None]]
    look: Callable[[WorkEntry], Awaitable[str | None]]
    resends: int
    before: Callable[[], Awaitable[object]]
    deadline: float | None
    _resent: int = field(default=0, init=False)
    _attempts: int = field(default=0, init=False)
    _started: float = field(factory=time.monotonic, init=False)
    _pauses: Iterator[float] = field(factory=_ceiling_pauses, init=False)

    async def make(self) -> WorkEntry:
        """Send the request to get a job, or find the job that an earlier attempt started.

        Raises:
            JobInDoubtError: The request may have been carried out, but no job was found.
            APIError: The service refused it; nothing was paid.
        """
        if self.entry.state == "submitted":
            return self.entry
        if self.entry.state == "submitting" and await self._settled(None):
            return self.entry
        try:
            return await self._sent()
        except (APIError, BudgetError) as error:
            if self._resent:
                error.add_note(f"An earlier request may have been carried out. {self._how_to_search()}")
            raise

    async def _sent(self) -> WorkEntry:
        """Send the request until its job is known."""
        while True:
            await self.before()
            # Written to disk before the first byte is sent: a run that is killed later leaves a request in
            # doubt.
            self.entry = await self.ledger.write(self.entry, state="submitting", began=time.time())
            try:
                job_id = await self.send()
            except APIError as error:
                if await self._resolved(error):
                    return self.entry
                continue
            if job_id is None and await self._settled(None):
                return self.entry
            if job_id is not None:
                self.entry = await self.ledger.record(self.entry, state="submitted", job_id=job_id)
                return self.entry

    async def _resolved(self, error: APIError) -> bool:
        """Handle a failed attempt: True if there is a job, False if the request must be sent again."""
        if error.in_doubt or isinstance(error, APIResponseValidationError | InternalServerError):
            return await self._settled(error)
        self._attempts += 1
        wait = self._wait_after(error)
        if wait is None or self._passes_deadline(wait):
            # An earlier attempt may have been processed after all: the service refuses a second one.
            found = await self._found() if self._resent else None
            if found is not None:
                await self._take_over(found)
                return True
            if not self._resent:  # otherwise the earlier attempt is still in doubt
                self.entry = await self.ledger.write(self.entry, state="rejected")
            raise error
        if not self._resent:  # a call that ends during the wait must not leave it in doubt
            self.entry = await self.ledger.write(self.entry, state="prepared")
        logger.info("%s; again in %.1f s", error, wait)
        await asyncio.sleep(wait)
        return False

    def _wait_after(self, error: APIError) -> float | None:
        """Seconds until a request that was certainly not carried out is sent again; None for no retry."""
        if isinstance(error, PlanLimitError):
            waits = (error.action or "").startswith("parallel") and error.limit != 0
            return next(self._pauses) if waits else None
        if self._attempts >= _ATTEMPTS:
            return None
        if isinstance(error, RateLimitError):
            asked = asked_wait(error) or 0.0
            return None if asked > LONGEST_WAIT else asked + next(self._pauses) / 10
        return next(self._pauses) if isinstance(error, APIConnectionError) else None

    def _passes_deadline(self, wait: float) -> bool:
        return self.deadline is not None and time.monotonic() + wait > self._started + self.deadline

    async def _settled(self, error: APIError | None) -> bool:
        """Search for the job of a request in doubt: True if found, False if the request may be sent again.

        Raises:
            JobInDoubtError: The job was not found, and the request must not be sent again.
        """
        what = f"the {self.entry.kind} request for model {self.entry.model_id} may have been carried out"
        logger.info("%s; searching for its job", what if error is None else f"{error}: {what}")
        found, failure = await self._look_for_a_while()
        if found is not None:
            await self._take_over(found)
            return True
        if failure is None and self._may_resend():
            self._resent += 1
            return False
        seconds = timing.TIMING.doubt_seconds
        why = f"no job was found within {seconds:g} s"
        if failure is not None:
            why = f"the jobs could not be listed ({failure})"
        sent = f"It was sent {self._resent + 1} times" if self._resent else "It was not sent again"
        raise JobInDoubtError(
            f"{what}: {why}. {sent}. {self._how_to_search()}", ids=[self.entry.model_id], report=self.entry
        ) from (error or failure)

    def _how_to_search(self) -> str:
        if not self.ledger.is_kept:
            return "Without a ledger, the same call may pay again: look at the jobs of the service before"
        # With `resends`, the caller has no such argument, or has passed it.
        choice = "" if self.resends else f"; {RESEND} sends it again, which may pay twice"
        return f"The same call searches for it again, and so does `scenario-async jobs doubts`{choice}"

    def _may_resend(self) -> bool:
        """Whether a request in doubt may be sent again; the deadline applies after the first time."""
        return self._resent < self.resends and not (self._resent and self._passes_deadline(0.0))

    async def _found(self) -> str | None:
        try:
            return await self.look(self.entry)
        except APIError:
            return None

    async def _look_for_a_while(self) -> tuple[str | None, APIError | None]:
        """Return the job that was found, and the error of the last search."""
        ends = time.monotonic() + timing.TIMING.doubt_seconds - max(0.0, time.time() - self.entry.began)
        for pause in timing.TIMING.doubt.pauses():
            failure = None
            try:
                found = await self.look(self.entry)
            except APIError as error:
                found, failure = None, error
                ends = ends if isinstance(error, PASSING) else 0.0
            if found is not None or time.monotonic() >= ends:
                return found, failure
            await asyncio.sleep(min(pause, max(0.0, ends - time.monotonic())))
        raise AssertionError  # the pauses are infinite

    async def _take_over(self, job_id: str) -> None:
        logger.info("the %s request was carried out: job %s", self.entry.kind, job_id)
        self.entry = await self.ledger.record(self.entry, state="submitted", job_id=job_id)
