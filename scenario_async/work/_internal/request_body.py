"""The body of a generation: prompt, LoRA, number of pictures and seed, by the names of the inputs."""

from __future__ import annotations

import hashlib
import math
import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

from attrs import evolve, frozen

from scenario_async._internal.declare.converter import is_sequence
from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import Picture
from scenario_async._internal.threads import in_thread
from scenario_async.errors import InvalidArgumentError, check_whole_number
from scenario_async.values.model import Model
from scenario_async.values.model_input import ModelInput
from scenario_async.work._internal.arguments import check_mapping, check_sendable, check_text, is_file
from scenario_async.work._internal.bases import Target, check_scale
from scenario_async.work._internal.inputs import check_inputs

_COUNTS: Final = ("numOutputs", "numSamples", "numImages")
"""The names of inputs for the number of pictures."""
SEED: Final = "seed"
"""The input by which a job can be found again."""
_LARGEST_SEED: Final = 2**31 - 1
"""The largest seed of the recorded models."""


@frozen(kw_only=True)
class Wanted:
    """The caller's arguments for a generation; see `Generate.run`."""

    model_id: str
    prompt: str | None
    base: str | None
    scale: float
    count: int
    seed: int | None
    inputs: Mapping[str, Any]

    def check(self) -> None:
        """Check the arguments that do not depend on the model.

        Raises:
            InvalidArgumentError: An argument is wrong.
        """
        check_text("model_id", self.model_id, "the id of a model is needed")
        if self.base is not None:
            check_text("base", self.base, "the id of a model is needed, or None")
        if self.prompt is not None and not isinstance(cast("object", self.prompt), str):
            raise InvalidArgumentError("prompt", self.prompt, "a text is needed")
        check_scale(self.scale)
        check_mapping("inputs", self.inputs, "a dict is needed, with the names of the model's inputs")
        check_sendable("inputs", self.inputs, kinds="files and JSON values")
        check_whole_number("count", self.count, at_least=1)
        if self.seed is not None:
            check_whole_number("seed", self.seed, at_least=0)
        for name in self.inputs:
            if name == "prompt" and self.prompt is not None:
                raise InvalidArgumentError("inputs", name, "the prompt is given twice")

    def opened(self) -> Wanted:
        """Return the same arguments with pictures in place of open files, which have no content by name.

        Raises:
            InvalidArgumentError: A file is not a picture, or cannot be read.
        """
        return evolve(
            self, inputs={name: _opened(value, f"inputs.{name}") for name, value in self.inputs.items()}
        )

    def with_digests(self) -> dict[str, Any]:
        """Return the arguments for the id of the call, with the digest of each file in place of the file."""
        return {
            "model": self.model_id,
            "prompt": self.prompt,
            "base": self.base,
            "scale": self.scale,
            "count": self.count,
            "seed": self.seed,
            "inputs": {name: _digested(value, f"inputs.{name}") for name, value in self.inputs.items()},
        }


def _opened(value: Any, argument: str) -> Any:
    if hasattr(value, "read"):
        return open_picture(value, argument)
    return [_opened(one, argument) for one in value] if is_sequence(value) else value


def _digested(value: Any, argument: str) -> Any:
    if isinstance(value, Picture):
        with value.opened() as file:
            file.seek(value.start)
            digest = hashlib.sha256(file.read(value.size)).hexdigest()
            file.seek(value.start)
        return digest
    if isinstance(value, Path):
        try:
            return hashlib.sha256(value.read_bytes()).hexdigest() if os.path.isfile(value) else str(value)  # noqa: PTH113
        except OSError as error:
            expected = f"the file cannot be read ({error.strerror})"
            raise InvalidArgumentError(argument, value, expected) from error
    if isinstance(value, bytes | bytearray | memoryview):
        return hashlib.sha256(bytes(cast("Any", value))).hexdigest()
    return [_digested(one, argument) for one in value] if is_sequence(value) else value


def body_for(wanted: Wanted, target: Target) -> dict[str, Any]:
    """Make the body before files are uploaded and a seed is drawn, and check it against the model's inputs.

    Raises:
        InvalidArgumentError: An argument does not match the model's inputs.
    """
    body = dict(wanted.inputs)
    for name, value in target.inputs.items():
        if name in body:
            raise InvalidArgumentError(f"inputs.{name}", body[name], "it is set for the LoRA; leave it out")
        body[name] = value
    if wanted.prompt is not None:
        body["prompt"] = wanted.prompt
    if wanted.seed is not None:
        body[SEED] = wanted.seed
    declared = {one.name for one in target.model.inputs or ()}
    count = next((name for name in _COUNTS if name in declared), None)
    if wanted.count > 1 and count is None and declared:
        raise InvalidArgumentError("count", wanted.count, f"{target.model.id} makes one picture at a time")
    _check_given_once(wanted, count)
    if count is not None and count not in body:
        body[count] = wanted.count
    elif wanted.count > 1 and not declared:
        body[_COUNTS[0]] = wanted.count
    if declared:
        placed = {name: _placeholder(value) for name, value in body.items()}
        try:
            check_inputs(placed, target.model.inputs or ())
        except InvalidArgumentError as error:
            raise _with_own_argument(_with_own_value(error, body), wanted, count) from None
    return body


def _check_given_once(wanted: Wanted, count: str | None) -> None:
    """Check that the seed and the number of pictures are not among the inputs too, with another value."""
    for argument, given, name in (
        ("seed", wanted.seed is not None, SEED),
        ("count", wanted.count > 1, count or ""),
    ):
        if given and name in wanted.inputs:
            expected = f"the argument {argument} is given; leave it out"
            raise InvalidArgumentError(f"inputs.{name}", wanted.inputs[name], expected)


def _with_own_value(error: InvalidArgumentError, body: Mapping[str, Any]) -> InvalidArgumentError:
    """Return an error about an input that shows the caller's file instead of its placeholder."""
    place = error.argument.removeprefix("inputs.")
    name, _, number = place.rpartition("[")
    if error.value is None:  # an input that is missing
        return error
    given = body[place] if place in body else body[name][int(number.removesuffix("]"))]
    return InvalidArgumentError(error.argument, given, error.expected)


def _with_own_argument(
    error: InvalidArgumentError, wanted: Wanted, count: str | None
) -> InvalidArgumentError:
    """Return an error about an input that names the argument by which the caller gives it."""
    name = error.argument.removeprefix("inputs.")
    argument = {"prompt": "prompt", SEED: "seed", count: "count"}.get(name)
    if argument is None or name in wanted.inputs:
        return error
    return InvalidArgumentError(argument, error.value, error.expected)


def _placeholder(value: Any) -> Any:
    """A placeholder for a file that is not an asset yet."""
    if is_file(value):
        return "asset_to_be_uploaded"
    return [_placeholder(one) for one in value] if is_sequence(value) else value


def with_seed(body: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """Draw a seed if the model takes one and none is given, so that the job can be found by it.

    No seed is drawn if no whole number is in the range that the model declares.
    """
    declared = {one.name: one for one in model.inputs or ()}
    seed = declared.get(SEED)
    if seed is None or body.get(SEED) is not None:
        return dict(body)
    drawn = _drawn(seed)
    others = {name: value for name, value in body.items() if name != SEED}
    return others if drawn is None else {**others, SEED: drawn}


def _drawn(seed: ModelInput) -> int | None:
    lowest = math.ceil(max(seed.min or 0, 0))
    highest = math.floor(min(_LARGEST_SEED if seed.max is None else seed.max, _LARGEST_SEED))
    return random.SystemRandom().randint(lowest, highest) if lowest <= highest else None


async def with_files_uploaded(sender: Sender, body: Mapping[str, Any]) -> dict[str, Any]:
    """Upload the files among the inputs, which is free, and replace them by their assets."""
    return {name: await _uploaded(sender, value, name) for name, value in body.items()}


async def _uploaded(sender: Sender, value: Any, name: str) -> Any:
    if is_file(value):
        from scenario_async.upload._internal.sending import send

        picture = await in_thread(open_picture, value, f"inputs.{name}")
        return await send(sender, picture)
    if is_sequence(value):
        return [await _uploaded(sender, one, name) for one in value]
    return value
