"""Training images and their pairs."""

from __future__ import annotations

from typing import cast

from scenario_async._internal.declare.value import Value


class TrainingImage(Value):
    """An image that a model learns from."""

    automatic_captioning: str
    created_at: str
    description: str
    download_url: str
    id: str
    name: str


class TrainingImagePair(Value):
    """Two training images of which one becomes the other: what an edit model learns from."""

    instruction: str | None = None
    source_id: str | None = None
    target_id: str | None = None


class TrainingImageAddResponse(Value):
    """What adding or replacing a training image brings back.

    One image is documented, also for a group of assets. What a group really brings back is not known, so
    there may be one, several, or none; `told` has those that there are.
    """

    training_image: TrainingImage
    training_images: list[TrainingImage] | None = None

    @property
    def told(self) -> list[TrainingImage]:
        """All the images that the answer tells of."""
        one = cast("TrainingImage | None", self.training_image)
        return list(self.training_images or ([one] if one else []))


TrainingImageReplaceResponse = TrainingImageAddResponse


class TrainingImageReplacePairsResponse(Value):
    """All pairs of a model, after they were replaced."""

    count: float
    pairs: list[TrainingImagePair]
