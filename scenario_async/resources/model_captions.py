"""Captions of training images, to and from files."""

from __future__ import annotations

from scenario_async._internal.declare.operation import Mode
from scenario_async.work._internal.operations import model_captions as composed


class ModelCaptions(composed.ModelCaptions[Mode]):
    """Captions of training images."""
