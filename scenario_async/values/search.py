"""What searching finds."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value
from scenario_async.values.asset_link import AssetLink


class Hit(Value):
    """What every find has. Dates are ISO strings."""

    author_id: str
    collection_ids: list[str]
    created_at: str
    id: str
    owner_id: str
    privacy: str
    tags: list[str]
    team_id: str
    updated_at: str
    score: float | None = None
    thumbnail: AssetLink | None = None


class AssetHit(Hit):
    """An asset that was found."""

    metadata: AssetHitMetadata
    mime_type: str
    nsfw: list[str]
    url: str
    content: str | None = None
    description: str | None = None
    transcription: str | None = None


class AssetHitMetadata(Value):
    """How an asset that was found came to be."""

    aspect_ratio: str | None = None
    base_model_id: str | None = None
    guidance: float | None = None
    height: float | None = None
    kind: str | None = None
    model_id: str | None = None
    model_type: str | None = None
    name: str | None = None
    negative_prompt: str | None = None
    negative_prompt_strength: float | None = None
    num_inference_steps: float | None = None
    parent_job_id: str | None = None
    prompt: str | None = None
    scheduler: str | None = None
    seed: str | None = None
    size: float | None = None
    text: str | None = None
    thumbnail: AssetThumbnailInput | None = None
    type: str | None = None
    width: float | None = None


class AssetThumbnailInput(Value):
    """The asset that stands for another."""

    asset_id: str


class ModelHit(Hit):
    """A model that was found."""

    capabilities: list[str]
    concepts: list[ConceptRef]
    example_asset_ids: list[str]
    name: str
    short_description: str
    source: str
    training_images_number: float
    type: str
    parent_model_id: str | None = None


class ConceptRef(Value):
    """A model that is mixed into another."""

    model_id: str


class WorkflowHit(Hit):
    """A workflow that was found."""

    description: str
    name: str
    status: str
    after: AssetLink | None = None
    before: AssetLink | None = None
    short_description: str | None = None


class BriefImages(Value):
    """Pictures that what is searched for is like, and unlike: data URLs or ids of assets."""

    like: list[str] | None = None
    unlike: list[str] | None = None
