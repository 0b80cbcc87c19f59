"""The settings of a sandbox; `Sandbox` documents each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from attrs import Attribute, define, field, validators

from scenario_async.sandbox._internal.state import Upload

GroupAnswer: TypeAlias = Literal["first", "all", "none"]
"""The response to `assetIds`: ``trainingImage``, ``trainingImages``, or neither."""

ImportDelay: TypeAlias = float | Callable[[Upload], float]
"""Seconds for all uploads, or a function that returns them for each upload."""


def _not_negative(instance: object, attribute: Attribute[ImportDelay], value: ImportDelay) -> None:
    del instance
    if not callable(value) and value < 0:
        raise ValueError(f"{attribute.name} must not be negative: {value}")


@define(kw_only=True)
class Settings:
    """The settings of a sandbox that its routes read; some can be changed while it runs.

    The repr does not show secrets.
    """

    api_key: str = field(repr=False, validator=validators.min_len(1))
    api_secret: str = field(repr=False, validator=validators.min_len(1))
    jwt: str | None = field(repr=False, validator=validators.optional(validators.min_len(1)))
    project_id: str | None
    training_image_limit: int = field(validator=validators.ge(0))
    group_answer: GroupAnswer = field(validator=validators.in_(("first", "all", "none")))
    part_url_lifetime: float = field(validator=validators.ge(0))
    download_url_lifetime: float = field(validator=validators.ge(0))
    import_delay: ImportDelay = field(validator=_not_negative)
    job_duration: float = field(validator=validators.ge(0))
    training_duration: float = field(validator=validators.ge(0))
    training_cooldown: float = field(validator=validators.ge(0))
    parallel_trainings: int | None = field(validator=validators.optional(validators.ge(0)))
    parallel_generations: int | None = field(validator=validators.optional(validators.ge(0)))
    rate_limit: float | None = field(validator=validators.optional(validators.gt(0)))
    keep_alive: bool
    keep_bytes: bool
    decode_pictures: bool

    def import_delay_of(self, upload: Upload) -> float:
        """The seconds that a new upload stays in ``validating`` after it is completed."""
        return self.import_delay(upload) if callable(self.import_delay) else self.import_delay
