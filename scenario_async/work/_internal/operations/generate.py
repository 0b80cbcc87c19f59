"""Operations of generations that send several requests."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scenario_async._internal.declare.operation import Async, Mode, Resource, operation

if TYPE_CHECKING:
    from scenario_async.work._internal.money import MaxCost, Price
    from scenario_async.work._internal.paying import OnDoubt
    from scenario_async.work._internal.progress import OnWork
    from scenario_async.work._internal.reports import GenerationReport


class Generate(Resource[Mode]):
    """Operations of generations that send several requests."""

    @operation
    async def estimate(
        self: Generate[Async],
        model_id: str,
        prompt: str | None = None,
        *,
        base: str | None = None,
        scale: float = 1.0,
        count: int = 1,
        seed: int | None = None,
        inputs: Mapping[str, Any] | None = None,
    ) -> Price | None:
        """Request the price of a generation. Nothing is generated and nothing is paid.

        The arguments are those of `run`. Files among the inputs are uploaded, which is free.

        Args:
            model_id: The model, or a trained LoRA.
            prompt: The prompt.
            base: The model that a LoRA is run on.
            scale: The strength of a LoRA.
            count: How many pictures.
            seed: The seed.
            inputs: More inputs of the model, by their names.

        Returns:
            The price in creative units; None if the service does not state one.

        Raises:
            InvalidArgumentError: An argument does not match the model's inputs.
            APIError: The request failed.
        """
        from scenario_async.work._internal.generating import estimate_generation
        from scenario_async.work._internal.request_body import Wanted

        wanted = Wanted(
            model_id=model_id,
            prompt=prompt,
            base=base,
            scale=scale,
            count=count,
            seed=seed,
            inputs={} if inputs is None else inputs,
        )
        return await estimate_generation(self.sender, wanted)

    @operation
    async def run(
        self: Generate[Async],
        model_id: str,
        prompt: str | None = None,
        *,
        max_cost: MaxCost,
        base: str | None = None,
        scale: float = 1.0,
        count: int = 1,
        seed: int | None = None,
        inputs: Mapping[str, Any] | None = None,
        to: str | os.PathLike[str] | None = None,
        name: str = "<prompt>-<id>",
        key: str | None = None,
        on_doubt: OnDoubt = "raise",
        on_progress: OnWork | None = None,
        progress: bool = False,
        deadline: float | None = None,
        ledger: str | os.PathLike[str] | bool = True,
    ) -> GenerationReport:
        """Generate pictures, wait for them and save them; check everything first, and pay only once.

        A LoRA is run on its base model. The inputs are checked against those that the model declares, because
        the service ignores some wrong values without an error and charges the run. If the response to the
        paid request is lost, the client searches for the job by its seed and continues with it. If an earlier
        call did not finish, the same call continues it.

        Args:
            model_id: The model, or a trained LoRA.
            prompt: The prompt.
            max_cost: Refuse a price above this, in creative units; None is no limit.
            base: The model that a LoRA is run on; found by the LoRA's type if not given.
            scale: The strength of a LoRA, from 0 to 2.
            count: How many pictures.
            seed: The seed; drawn if not given and the model takes one.
            inputs: More inputs of the model, by their names in `models.retrieve`. A picture among them
                (a path, bytes or an open file) is uploaded first.
            to: The folder to save the pictures in, each with a JSON file beside it; nowhere if not given.
            name: The names of the files; see `assets.save`.
            key: A name for this generation. The same call with the same key never pays again, even after it
                succeeded. Without a key, a call that finished is carried out and paid again.
            on_doubt: What to do if the paid request may have been carried out and no job is found for a
                minute: ``"raise"`` raises `JobInDoubtError`, ``"resend"`` sends the request once more, which
                may pay twice.
            on_progress: Called with a `WorkProgress` after each change, on the client's event loop.
            progress: Show a progress bar in the notebook or terminal; a line every few seconds elsewhere.
            deadline: Seconds to wait for a free place and for the pictures, without the upload of the inputs.
                After that, the job continues on the service.
            ledger: Where to record payments: a path; True for a file in the user's state folder; False for
                nowhere, so that another run cannot continue this one.

        Returns:
            The job, its pictures and its cost.

        Raises:
            InvalidArgumentError: An argument does not match the model's inputs. Nothing was paid.
            BudgetError: The price is over `max_cost`. Nothing was paid.
            APIError: The service refused a request, for example with `PlanLimitError`. Nothing was paid,
                unless a note of the error says so.
            JobInDoubtError: It may have been paid, but its job was not found.
            JobFailedError: The job failed.
            JobCanceledError: The job was canceled.
            WaitTimeoutError: The deadline passed; the job continues and is paid.
            DownloadError: A picture could not be saved; the same call saves it without another payment.
        """
        from scenario_async.work._internal.arguments import read_folder
        from scenario_async.work._internal.generating import Generation, GenerationOptions
        from scenario_async.work._internal.ledger import WorkLedger
        from scenario_async.work._internal.progress import Reporter
        from scenario_async.work._internal.progress_bar import progress_bar, work_progress
        from scenario_async.work._internal.request_body import Wanted

        wanted = Wanted(
            model_id=model_id,
            prompt=prompt,
            base=base,
            scale=scale,
            count=count,
            seed=seed,
            inputs={} if inputs is None else inputs,
        )
        options = GenerationOptions(
            max_cost=max_cost,
            to=None if to is None else read_folder("to", to),
            name=name,
            key=key,
            on_doubt=on_doubt,
            deadline=deadline,
        )
        kept = WorkLedger.of(ledger, self.sender.target)
        with progress_bar(progress, work_progress, on_progress) as call:
            return await Generation(self.sender, wanted, options, kept, Reporter(call)).run()
