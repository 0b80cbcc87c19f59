"""What a sandbox was told to be; `Sandbox` documents each of these."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field, frozen, validators

GroupAnswer: TypeAlias = Literal["first", "all", "none"]
"""What `assetIds` is answered with: ``trainingImage``, ``trainingImages``, or neither."""


@frozen(kw_only=True)
class Settings:
    """The part of a sandbox's configuration that its routes look at. Secrets stay out of its repr."""

    api_key: str = field(repr=False, validator=validators.min_len(1))
    api_secret: str = field(repr=False, validator=validators.min_len(1))
    jwt: str | None = field(repr=False, validator=validators.optional(validators.min_len(1)))
    project_id: str | None
    training_image_limit: int = field(validator=validators.ge(0))
    group_answer: GroupAnswer = field(validator=validators.in_(("first", "all", "none")))
    part_url_lifetime: float = field(validator=validators.ge(0))
    download_url_lifetime: float = field(validator=validators.ge(0))
    import_delay: float = field(validator=validators.ge(0))
    keep_bytes: bool
    decode_pictures: bool
