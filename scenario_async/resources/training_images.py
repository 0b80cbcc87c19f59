"""Training images of models."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, sends
from scenario_async.upload._internal.large_pictures import add_large
from scenario_async.values import training_image as values
from scenario_async.work._internal.operations import training_images as composed


class TrainingImages(composed.TrainingImages[Mode]):
    """Training images of models."""

    add: Final = sends(values.TrainingImageAddParams, if_too_large=add_large)
    replace: Final = sends(values.TrainingImageReplaceParams, if_too_large=add_large)
    replace_pairs: Final = sends(values.TrainingImageReplacePairsParams)
    delete: Final = sends(values.TrainingImageDeleteParams)
