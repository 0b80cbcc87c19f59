"""Multipart uploads of large files and of files that are not pictures."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values import upload as values


class Uploads(Resource[Mode]):
    """Multipart uploads of large files."""

    create: Final = sends(values.UploadCreateParams)
    retrieve: Final = sends(values.UploadRetrieveParams)
    trigger_action: Final = sends(values.UploadTriggerActionParams)
