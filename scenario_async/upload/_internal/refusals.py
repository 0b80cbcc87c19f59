"""Find out whether an error of the service is about one asset, or about all further requests.

The message of the error decides, because the same status (400, 403, 404) is used for all cases. If the
message is not clear, the batch finds out: if every asset of a group gets the same error, the error is not
about a single asset.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, Literal

from scenario_async.errors import APIStatusError, BadRequestError, NotFoundError, PermissionDeniedError
from scenario_async.values.training_image import ALREADY_ATTACHED

About = Literal["attached", "gone", "asset", "model", "unknown"]
"""``attached``: the asset is a training image already. ``gone``: the asset does not exist any more.
``asset``: another problem of one asset, such as its content. ``model``: a problem of the model or of the
whole request, such as a running training."""

_TRAINING_IMAGES: Final = re.compile(r"training[ -]?(images?|sets?)", re.IGNORECASE)
_ASSET: Final = re.compile(
    r"\b(assets?|images?|pictures?|photos?|files?|contents?|moderat\w*|nsfw|copyright\w*)\b"
    r"|\b(inappropriate|prohibited|safety|(usage|content) polic\w+)\b|\basset_",
    re.IGNORECASE,
)
_GONE: Final = re.compile(r"not found|not exist|no such|deleted|\bgone\b|unknown asset", re.IGNORECASE)
_MODEL: Final = re.compile(r"\b(models?|training|trained|preset|dataset|requests?)\b", re.IGNORECASE)


def about(failure: APIStatusError, asset_ids: Collection[str] = ()) -> About:
    """Return what an error of the service is about.

    Args:
        failure: The error.
        asset_ids: The assets in the request. If the error names one of them, it is about that one.
    """
    reason = f"{failure.reason or ''} {failure.details or ''}"
    if isinstance(failure, BadRequestError) and ALREADY_ATTACHED in reason:
        return "attached"
    words = _TRAINING_IMAGES.sub("", reason)
    names_one = any(asset_id in words for asset_id in asset_ids)
    if names_one or _ASSET.search(words):
        is_gone = isinstance(failure, NotFoundError) or _GONE.search(words)
        return "gone" if is_gone else "asset"
    return "model" if _MODEL.search(words) else "unknown"


REFUSALS: Final = 5
"""The number of 403 responses, before the service accepted a picture, that stop a batch."""


class Permissions:
    """Decides whether a 403 is about one picture or about the credentials.

    It is about the picture if the message says so, or if the service accepted another picture with the same
    credentials. Otherwise, each 403 fails one picture, until `REFUSALS` of them stop the batch: a content
    filter whose message says nothing may refuse several pictures, but it hardly refuses the first five.
    """

    def __init__(self) -> None:
        self._has_granted = False
        self._refused = 0

    def granted(self) -> None:
        """Record that the service accepted a picture."""
        self._has_granted = True

    def are_missing(self, failure: Exception) -> bool:
        """Whether an error shows that the service would refuse every further picture too."""
        if not isinstance(failure, PermissionDeniedError) or about(failure) in {"asset", "gone"}:
            return False
        self._refused += 1
        return not self._has_granted and self._refused >= REFUSALS
