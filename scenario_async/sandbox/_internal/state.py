"""The state of a sandbox. This module is independent of HTTP, and checks nothing."""

from __future__ import annotations

import hashlib
import itertools
import secrets
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from attrs import Factory, define, field, frozen

from scenario_async.sandbox._internal.accounts import FIRST_PROJECT_ID, FIRST_TEAM_ID, Project, Team
from scenario_async.sandbox._internal.base_models import BASE_MODELS
from scenario_async.sandbox._internal.clock import Clock
from scenario_async.sandbox._internal.jobs import Job
from scenario_async.sandbox._internal.objects import (
    Collection,
    Lock,
    Origin,
    Preset,
    Snapshot,
    StoredFile,
    Tag,
    Text,
    Workflow,
)
from scenario_async.sandbox._internal.parts_digest import PartsDigest

UploadStatus: TypeAlias = Literal["pending", "validating", "validated", "imported", "failed"]


def new_id(prefix: str) -> str:
    """Make an id in the service's form: a prefix, an underscore and 22 characters that are safe in a URL."""
    return f"{prefix}_{secrets.token_urlsafe(16)}"


def timestamp(seconds: float) -> str:
    """Format a time (seconds since the epoch) as an ISO string with milliseconds and a Z."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def automatic_caption(name: str) -> str:
    """Return the caption of a picture, in place of the one that the service writes itself."""
    return f"a picture named {name}"


@frozen
class StoredBytes:
    """A stored file: its size in bytes, its SHA-256 (hexadecimal) and optionally its content."""

    size: int
    sha256: str
    content: bytes | None = field(repr=False)

    @classmethod
    def of(cls, content: bytes, *, keep: bool) -> StoredBytes:
        """Compute the size and digest of a content, and store it too if `keep` is set."""
        return cls(len(content), hashlib.sha256(content).hexdigest(), content if keep else None)


@frozen
class Picture:
    """An image that was received and checked."""

    stored: StoredBytes
    mime_type: str
    width: int | None = None
    height: int | None = None


@define(kw_only=True)
class Asset:
    """An image in the library. `sequence` orders assets by their creation."""

    id: str
    sequence: int
    name: str
    picture: Picture
    created_at: str
    updated_at: str
    automatic_captioning: str
    description: str | None = None
    is_hidden: bool = False
    parent_id: str | None = None
    owner_id: str | None = None
    origin: Origin = field(factory=Origin)
    tags: list[str] = field(factory=list[str])
    lock: Lock | None = None
    snapshots: list[Snapshot] = field(factory=list[Snapshot])


@frozen(kw_only=True)
class TrainingImage:
    """An asset's entry in a model's training set; its id is the asset's id."""

    asset: Asset
    created_at: str
    preset: str | None

    @property
    def id(self) -> str:
        """The id of the training image, which is that of its asset."""
        return self.asset.id


@frozen(kw_only=True)
class TrainingImagePair:
    """A source, a target and the instruction."""

    source_id: str
    target_id: str
    instruction: str | None


@frozen
class Epoch:
    """An epoch of a training, with the ids of its sample pictures."""

    name: str
    asset_ids: list[str]


@define(kw_only=True)
class Model:
    """A model and its training set, in the order in which the images were attached.

    If `training_image_limit` is set, it replaces the sandbox's own limit.
    """

    id: str
    sequence: int
    name: str
    type: str
    created_at: str
    updated_at: str
    short_description: str | None = None
    concepts: list[dict[str, object]] = field(factory=list[dict[str, object]])
    training_images: dict[str, TrainingImage] = field(factory=dict[str, TrainingImage])
    training_image_pairs: list[TrainingImagePair] = field(factory=list[TrainingImagePair])
    training_image_limit: int | None = None
    status: Literal["new", "trained", "training", "training-canceled", "failed"] = "new"
    is_public: bool = False
    epochs: list[Epoch] = field(factory=list[Epoch])
    training_job_id: str | None = None
    training_parameters: dict[str, Any] = field(factory=dict[str, Any])
    parent_id: str | None = None
    owner_id: str | None = None
    tags: list[str] = field(factory=list[str])
    example_ids: list[str] = field(factory=list[str])
    description: str = ""
    prompt_guide: str = ""
    presets: dict[str, Preset] = field(factory=dict[str, Preset])

    def attach(
        self, assets: Iterable[Asset], *, preset: str | None, now: str | None = None
    ) -> list[TrainingImage]:
        """Add assets to the end of the training set, at a time of the sandbox's clock (ISO)."""
        now = self._touch(now)
        added = [TrainingImage(asset=asset, created_at=now, preset=preset) for asset in assets]
        self.training_images.update((image.id, image) for image in added)
        return added

    def replace(
        self, training_image_id: str, asset: Asset, *, preset: str | None, now: str | None = None
    ) -> TrainingImage:
        """Replace a training image by an asset, and remove the pairs with the old one."""
        new = TrainingImage(asset=asset, created_at=self._touch(now), preset=preset)
        images = self.training_images.values()
        self.training_images = {
            image.id: image for image in (new if old.id == training_image_id else old for old in images)
        }
        self._drop_pairs_of(training_image_id)
        return new

    def detach(self, training_image_id: str, *, now: str | None = None) -> None:
        """Remove an image from the training set, and the pairs with it."""
        del self.training_images[training_image_id]
        self._drop_pairs_of(training_image_id)
        self._touch(now)

    def pair(self, pairs: list[TrainingImagePair], *, now: str | None = None) -> None:
        """Replace all pairs by these."""
        self.training_image_pairs = pairs
        self._touch(now)

    def _touch(self, now: str | None) -> str:
        """Set the time of the last change; without one, the machine's time is used."""
        self.updated_at = now or timestamp(time.time())
        return self.updated_at

    def _drop_pairs_of(self, training_image_id: str) -> None:
        self.training_image_pairs = [
            pair
            for pair in self.training_image_pairs
            if training_image_id not in {pair.source_id, pair.target_id}
        ]


@define(kw_only=True)
class Upload:
    """A multipart upload.

    `parts` has the content of the parts until the upload is completed. `expires` is the time when the URLs of
    the parts expire (milliseconds since the epoch). `completed_at` is the time of the upload's completion
    (seconds since the epoch). The upload stays in ``validating`` for `import_delay` seconds, and then for
    `validating_polls` more requests for its status.
    """

    id: str
    kind: str
    file_name: str
    content_type: str
    file_size: int
    parts_count: int
    expires: int
    created_at: str
    updated_at: str
    is_hidden: bool = False
    parent_id: str | None = None
    collection_ids: list[str] = field(factory=list[str])
    parts: dict[int, bytes] = field(factory=dict[int, bytes], repr=False)
    digest: PartsDigest = field(factory=PartsDigest, repr=False)
    status: UploadStatus = "pending"
    completed_at: float | None = None
    import_delay: float = 0.0
    validating_polls: float = 0
    error_message: str | None = None
    entity_id: str | None = None

    def store(self, number: int, content: bytes) -> None:
        """Store a part; one with the same number is replaced."""
        self.parts[number] = content
        self.digest.add(self.parts, number)

    def become(self, status: UploadStatus, *, now: str) -> None:
        """Enter the next status."""
        self.status = status
        self.updated_at = now


def _first_teams(state: State) -> dict[str, Team]:
    now = state.now()
    team = Team(id=FIRST_TEAM_ID, sequence=-1, name="Sandbox", created_at=now, updated_at=now)
    return {team.id: team}


def _first_projects(state: State) -> dict[str, Project]:
    now = state.now()
    project = Project(
        id=FIRST_PROJECT_ID,
        sequence=-1,
        name="Sandbox",
        created_at=now,
        updated_at=now,
        team_id=FIRST_TEAM_ID,
    )
    return {project.id: project}


def _public_models(state: State) -> dict[str, Model]:
    now = state.now()
    return {
        base.id: Model(
            id=base.id,
            sequence=-1,
            name=base.name,
            type="custom",
            created_at=now,
            updated_at=now,
            is_public=True,
        )
        for base in BASE_MODELS
    }


@define
class State:
    """All objects of a sandbox, by id and in the order of creation."""

    _clock: Clock = field(factory=Clock, repr=False)
    models: dict[str, Model] = field(factory=dict[str, Model])
    assets: dict[str, Asset] = field(factory=dict[str, Asset])
    uploads: dict[str, Upload] = field(factory=dict[str, Upload])
    deleted_models: dict[str, Model] = field(factory=dict[str, Model])
    deleted_assets: dict[str, Asset] = field(factory=dict[str, Asset])
    collections: dict[str, Collection] = field(factory=dict[str, Collection])
    tags: dict[str, Tag] = field(factory=dict[str, Tag])
    jobs: dict[str, Job] = field(factory=dict[str, Job])
    files: dict[str, StoredFile] = field(factory=dict[str, StoredFile], repr=False)
    workflows: dict[str, Workflow] = field(factory=dict[str, Workflow])
    texts: dict[str, Text] = field(factory=dict[str, Text])
    public_models: dict[str, Model] = field(default=Factory(_public_models, takes_self=True))
    projects: dict[str, Project] = field(default=Factory(_first_projects, takes_self=True))
    teams: dict[str, Team] = field(default=Factory(_first_teams, takes_self=True))
    _unsettled: dict[str, Job] = field(factory=dict[str, Job], repr=False, init=False)
    _sequence: Iterator[int] = field(factory=itertools.count, repr=False, init=False)

    def now(self) -> str:
        """The time of the sandbox's clock, in the form of responses."""
        return timestamp(self._clock.now())

    def next_sequence(self) -> int:
        """The number of the next object that is created."""
        return next(self._sequence)

    def add_job(self, job: Job) -> None:
        """Add a job, which ends when its time is over."""
        self.jobs[job.id] = self._unsettled[job.id] = job

    def settle(self, now: float) -> None:
        """End all jobs whose time is over by `now`, in the order of their end times."""
        over = [job for job in self._unsettled.values() if job.is_over(now)]
        for job in sorted(over, key=lambda job: job.ends):
            del self._unsettled[job.id]
            if job.canceled is None:
                job.settle()

    def add_model(
        self,
        *,
        name: str,
        type: str,
        short_description: str | None = None,
        concepts: list[dict[str, object]] | None = None,
    ) -> Model:
        """Create a model with an empty training set."""
        now = self.now()
        model = Model(
            id=new_id("model"),
            sequence=next(self._sequence),
            name=name,
            type=type,
            created_at=now,
            updated_at=now,
            short_description=short_description,
            concepts=concepts or [],
        )
        self.models[model.id] = model
        return model

    def add_asset(
        self,
        picture: Picture,
        *,
        name: str | None,
        is_hidden: bool = False,
        parent_id: str | None = None,
        origin: Origin | None = None,
    ) -> Asset:
        """Add a picture to the library, with a caption like the service's own."""
        now = self.now()
        asset_id = new_id("asset")
        name = asset_id if name is None else name
        asset = Asset(
            id=asset_id,
            sequence=next(self._sequence),
            name=name,
            picture=picture,
            created_at=now,
            updated_at=now,
            automatic_captioning=automatic_caption(name),
            is_hidden=is_hidden,
            parent_id=parent_id,
            origin=origin or Origin(),
        )
        self.assets[asset.id] = asset
        return asset

    def text(self, text_id: str, content: str) -> Text:
        """Return the text with an id; it is created with this content if it is new."""
        return self.texts.setdefault(text_id, Text(text_id, content, self.now()))

    def delete_asset(self, asset_id: str) -> None:
        """Remove an asset from the library and from every collection; it can be restored."""
        self.deleted_assets[asset_id] = self.assets.pop(asset_id)
        for collection in self.collections.values():
            if asset_id in collection.asset_ids:
                collection.asset_ids.remove(asset_id)

    def model_trained_on(self, asset_id: str) -> Model | None:
        """The first model in whose training set an asset is, or None."""
        return next((model for model in self.models.values() if asset_id in model.training_images), None)
