"""How models are trained."""

from __future__ import annotations

from typing import Literal

from attrs import field

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import LearningRateScheduler, TrainingStage


class TrainingParameters(Value):
    """The parameters of a training; a parameter that is not set has the service's default."""

    age: str | None = None
    batch_size: float | None = None
    class_prompt: str | None = None
    clone_type: str | None = None
    concept_prompt: str | None = None
    gender: str | None = None
    language: str | None = None
    learning_rate: float | None = None
    learning_rate_text_encoder: float | None = None
    learning_rate_unet: float | None = None
    lr_scheduler: LearningRateScheduler | str | None = None
    max_train_steps: float | None = None
    nb_epochs: float | None = None
    nb_repeats: float | None = None
    num_text_train_steps: float | None = None
    num_u_net_train_steps: float | None = None
    optimize_for: Literal["likeness"] | str | None = None
    prior_loss_weight: float | None = None
    random_crop: bool | None = None
    random_crop_ratio: float | None = None
    random_crop_scale: float | None = None
    rank: float | None = None
    remove_background_noise: bool | None = None
    sample_prompts: list[str] | None = None
    sample_source_images: list[str] | None = None
    scale_lr: bool | None = None
    seed: float | None = None
    text_encoder_training_ratio: float | None = None
    validation_frequency: float | None = None
    validation_prompt: str | None = None
    voice_description: str | None = None
    wandb_key: str | None = field(default=None, repr=False)


class TrainingProgress(Value):
    """The progress of a training; `remaining_time_ms` is in milliseconds."""

    stage: TrainingStage | str
    updated_at: float
    captcha_image_url: str | None = None
    position: float | None = None
    progress: float | None = None
    remaining_time_ms: float | None = None
    retry_count: float | None = None
    retryable_error: str | None = None
    started_at: float | None = None


class TrainingStats(Value):
    """The start, end and durations of a training."""

    ended_at: str | None = None
    queue_duration: float | None = None
    started_at: str | None = None
    train_duration: float | None = None
