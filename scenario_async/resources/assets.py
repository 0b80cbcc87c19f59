"""Assets: pictures and other files that the service keeps."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from scenario_async.declare import Base64, Mode, Query, Request, Resource, sends
from scenario_async.errors import InvalidArgumentError
from scenario_async.values.asset import AssetResponse, AssetUploadResponse


@frozen(kw_only=True)
class AssetUploadParams(Request[AssetUploadResponse]):
    """Upload a small picture, or a canvas.

    The service takes bodies of up to 6 MB, so pictures of up to 4.5 MiB; `uploads` takes larger ones.

    Args:
        name: The file's name; that of `image` if it has one.
        canvas: A canvas, as JSON in a string. The service ignores it beside `image`.
        collection_ids: The collections to put the asset into.
        hide: Keep it out of sight on the web page.
        image: A picture: a path, bytes, a binary file open for reading; or a string, which has to be base64
            and is sent as it is.
        parent_id: The asset that this one was made of.
        thumbnail: A small picture of the canvas, in the forms of `image`.
        original_assets: Bring back the original asset, without any transformation.
        project_id: Instead of the client's.

    Raises:
        InvalidArgumentError: There is no name.
    """

    endpoint = "POST /assets"

    name: str | None = None
    original_assets: Query[bool | None] = None
    project_id: Query[str | None] = None
    canvas: str | None = None
    collection_ids: Sequence[str] | None = None
    hide: bool | None = None
    image: Base64 = None
    parent_id: str | None = None
    thumbnail: Base64 = None

    def check(self) -> None:
        """Refuse an asset without a name, which the service needs."""
        if not self.name:
            raise InvalidArgumentError("name", self.name, "the service needs a file name for every asset")


@frozen(kw_only=True)
class AssetRetrieveParams(Request[AssetResponse]):
    """Look up an asset.

    Args:
        asset_id: The asset.
        original_assets: Bring back the original asset, without any transformation.
        with_embedding: Bring back its embedding too.
        with_quality_gate_details: Bring back the single checks of quality too.
        project_id: Instead of the client's.
    """

    endpoint = "GET /assets/{asset_id}"

    asset_id: str = field(kw_only=False)
    original_assets: Query[bool | None] = None
    project_id: Query[str | None] = None
    with_embedding: Query[bool | None] = None
    with_quality_gate_details: Query[bool | None] = None


@frozen(kw_only=True)
class AssetUpdateParams(Request[AssetResponse]):
    """Change an asset. The caption of a training image is the `description` of its asset.

    Args:
        asset_id: The asset.
        canvas: A canvas, as JSON in a string.
        description: What is to be seen: the caption that a model learns from.
        disable_snapshot: Keep no state of before.
        lock_expires_at: Until when the lock is wanted, as an ISO string.
        lock_id: The lock under which to change it.
        name: The file's name.
        thumbnail: A small picture of the canvas: a path, bytes, an open binary file, or base64.
        original_assets: Bring back the original asset, without any transformation.
        project_id: Instead of the client's.
    """

    endpoint = "PUT /assets/{asset_id}"

    asset_id: str = field(kw_only=False)
    original_assets: Query[bool | None] = None
    project_id: Query[str | None] = None
    canvas: str | None = None
    description: str | None = None
    disable_snapshot: bool | None = None
    lock_expires_at: str | None = None
    lock_id: str | None = None
    name: str | None = None
    thumbnail: Base64 = None


class Assets(Resource[Mode]):
    """Pictures and other files that the service keeps."""

    upload = sends(AssetUploadParams)
    retrieve = sends(AssetRetrieveParams)
    update = sends(AssetUpdateParams)
