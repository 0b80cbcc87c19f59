"""The results of trainings and generations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from scenario_async._internal.display.report import HtmlReport
from scenario_async._internal.display.words import counted
from scenario_async.upload._internal.report import UploadReport
from scenario_async.values.job import Job
from scenario_async.values.model import Model
from scenario_async.work._internal.money import Price
from scenario_async.work._internal.saving import DownloadReport

if TYPE_CHECKING:
    from scenario_async._internal.display.content import Page


def _cost(price: Price | None, *, resumed: bool) -> str:
    if resumed:
        return "paid by an earlier run"
    return "no price stated" if price is None else str(price)


@frozen(kw_only=True)
class TrainingReport(HtmlReport):
    """The result of a training.

    Attributes:
        model: The trained model.
        price: The price from the dry run before the payment; None if an earlier call had paid.
        job_id: The job that trained it; None if the service does not return it.
        resumed: Whether an earlier call had paid, so that this call paid nothing.
        seconds: The duration of the call.
        upload: The status of each picture; None if no folder was given.
        sample_pictures: Small copies of the sample pictures of the epochs, by their asset ids.
        warnings: Warnings of the check of the data set and of the service's score.
    """

    model: Model
    price: Price | None
    job_id: str | None
    resumed: bool
    seconds: float
    upload: UploadReport | None = None
    warnings: Sequence[str] = ()
    sample_pictures: Mapping[str, bytes] = field(factory=dict[str, bytes], repr=False)

    @property
    def model_id(self) -> str:
        """The model's id, for `generate.run`."""
        return self.model.id

    def _page(self) -> Page:
        from scenario_async.work._internal.report_pages import training_page

        return training_page(self)

    def summary(self) -> str:
        """Return one line: the model and the cost of the training."""
        cost = _cost(self.price, resumed=self.resumed)
        return f"model {self.model.id} is {self.model.status}; {cost}; {self.seconds:.1f} s"

    def to_json(self) -> dict[str, Any]:
        """Return the object as JSON values."""
        return {
            "model_id": self.model.id,
            "status": self.model.status,
            "job_id": self.job_id,
            "price": None if self.price is None else self.price.to_json(),
            "resumed": self.resumed,
            "seconds": round(self.seconds, 3),
            "upload": None if self.upload is None else self.upload.to_json(),
            "warnings": list(self.warnings),
        }


@frozen(kw_only=True)
class GenerationReport(HtmlReport):
    """The result of a generation.

    Attributes:
        model_id: The model in the call.
        base_id: The model that was run: the base model of a LoRA, or the model itself.
        job: The job at its end.
        prompt: The prompt; None if there was none.
        seed: The seed; None if the model takes none.
        price: The price from the dry run; None if an earlier call had paid.
        charged: The cost that the job states, in creative units; or None.
        asset_ids: The pictures.
        download: The report of the saved files; None if no folder was given.
        resumed: Whether an earlier call had paid, so that this call paid nothing.
        seconds: The duration of the call.
    """

    model_id: str
    base_id: str
    job: Job
    prompt: str | None
    seed: int | None
    price: Price | None
    charged: Decimal | None
    asset_ids: tuple[str, ...]
    download: DownloadReport | None
    resumed: bool
    seconds: float

    @property
    def paths(self) -> list[Path]:
        """The files of the pictures; empty if no folder was given."""
        return [] if self.download is None else self.download.paths

    def _page(self) -> Page:
        from scenario_async.work._internal.report_pages import generation_page

        return generation_page(self)

    def summary(self) -> str:
        """Return one line: the number of pictures and their cost."""
        cost = _cost(self.price, resumed=self.resumed)
        saved = f", {len(self.paths)} saved" if self.download is not None else ""
        pictures = counted(len(self.asset_ids), "picture")
        return f"job {self.job.job_id}: {pictures}{saved}; {cost}; {self.seconds:.1f} s"

    def to_json(self) -> dict[str, Any]:
        """Return the object as JSON values."""
        return {
            "model_id": self.model_id,
            "base_id": self.base_id,
            "job_id": self.job.job_id,
            "prompt": self.prompt,
            "seed": self.seed,
            "price": None if self.price is None else self.price.to_json(),
            "charged": None if self.charged is None else str(self.charged),
            "asset_ids": list(self.asset_ids),
            "download": None if self.download is None else self.download.to_json(),
            "resumed": self.resumed,
            "seconds": round(self.seconds, 3),
        }
