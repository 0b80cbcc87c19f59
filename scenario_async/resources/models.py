"""Models."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource, sends
from scenario_async.pagination import lists
from scenario_async.values import model as values

if TYPE_CHECKING:
    from scenario_async.resources.model_captions import ModelCaptions
    from scenario_async.resources.model_examples import ModelExamples, ModelPresets
    from scenario_async.resources.model_texts import ModelDescriptions, ModelPromptGuides
    from scenario_async.resources.model_training import ModelScores, ModelTraining
    from scenario_async.resources.training_images import TrainingImages


class Models(Resource[Mode]):
    """Models and their training images."""

    create: Final = sends(values.ModelCreateParams)
    retrieve: Final = sends(values.ModelRetrieveParams)
    list: Final = lists(
        values.ModelListParams, values.ModelListResponse[Async], values.ModelListResponse[Blocking]
    )
    get_bulk: Final = sends(values.ModelGetBulkParams)
    update: Final = sends(values.ModelUpdateParams)
    copy: Final = sends(values.ModelCopyParams)
    transfer: Final = sends(values.ModelTransferParams)
    download: Final = sends(values.ModelDownloadParams)
    update_tags: Final = sends(values.ModelUpdateTagsParams)
    delete_images: Final = sends(values.ModelDeleteImagesParams)
    delete: Final = sends(values.ModelDeleteParams)
    restore: Final = sends(values.ModelRestoreParams)

    @cached_property
    def captions(self) -> ModelCaptions[Mode]:
        """Captions of training images, to and from files."""
        from scenario_async.resources.model_captions import ModelCaptions

        return ModelCaptions(self.sender, self.runner)

    @cached_property
    def description(self) -> ModelDescriptions[Mode]:
        """Descriptions of models."""
        from scenario_async.resources.model_texts import ModelDescriptions

        return ModelDescriptions(self.sender, self.runner)

    @cached_property
    def examples(self) -> ModelExamples[Mode]:
        """Example images of models."""
        from scenario_async.resources.model_examples import ModelExamples

        return ModelExamples(self.sender, self.runner)

    @cached_property
    def presets(self) -> ModelPresets[Mode]:
        """Presets of models: saved parameters."""
        from scenario_async.resources.model_examples import ModelPresets

        return ModelPresets(self.sender, self.runner)

    @cached_property
    def prompt_guide(self) -> ModelPromptGuides[Mode]:
        """Prompt guides of models."""
        from scenario_async.resources.model_texts import ModelPromptGuides

        return ModelPromptGuides(self.sender, self.runner)

    @cached_property
    def scores(self) -> ModelScores[Mode]:
        """Scores of prompts and training sets."""
        from scenario_async.resources.model_training import ModelScores

        return ModelScores(self.sender, self.runner)

    @cached_property
    def train(self) -> ModelTraining[Mode]:
        """Training of models."""
        from scenario_async.resources.model_training import ModelTraining

        return ModelTraining(self.sender, self.runner)

    @cached_property
    def training_images(self) -> TrainingImages[Mode]:
        """Training images of models."""
        from scenario_async.resources.training_images import TrainingImages

        return TrainingImages(self.sender, self.runner)
