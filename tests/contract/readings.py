"""Compares the values that both packages read from a response, by the API's names of the fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs
import pydantic

from scenario_async._internal.declare.converter import is_object, is_sequence, wire_name


def differences(official: Any, ours: Any, place: str = "answer") -> Iterator[str]:
    """The values that our package does not read, or reads differently: a line for each."""
    if isinstance(official, pydantic.BaseModel):
        yield from _of_objects(official, ours, place)
    elif is_sequence(official) and is_sequence(ours) and len(official) == len(ours):
        for index, (one, other) in enumerate(zip(official, ours, strict=True)):
            yield from differences(one, other, f"{place}[{index}]")
    elif is_object(official) and is_object(ours) and official.keys() == ours.keys():
        for name, one in official.items():
            yield from differences(one, ours[name], f"{place}[{name!r}]")
    elif isinstance(official, datetime) and isinstance(ours, str):
        # The official package converts some of the API's dates to objects; ours converts none.
        if datetime.fromisoformat(ours) != official:
            yield f"{place}: {official!r} there, {ours!r} here"
    elif official != ours or isinstance(official, bool) is not isinstance(ours, bool):
        yield f"{place}: {official!r} there, {ours!r} here"


def _of_objects(official: pydantic.BaseModel, ours: object, place: str) -> Iterator[str]:
    ours_type = type(ours)
    if not attrs.has(ours_type):
        yield f"{place}: {type(official).__name__} there, {ours!r} here"
        return
    by_wire_name = {wire_name(one): one.name for one in attrs.fields(ours_type)}
    for name, one in type(official).model_fields.items():
        spelled = one.alias or name
        here = by_wire_name.get(spelled)
        # Pydantic reserves such names, so the official package adds the prefix `api_`.
        expected = name.removeprefix("api_") if spelled.startswith(("model", "__")) else name
        if here is None:
            yield f"{place}.{name}: not in {ours_type.__name__}"
        else:
            if here != expected:
                yield f"{place}.{name}: goes by the name of {here} in {ours_type.__name__}"
            yield from differences(getattr(official, name), getattr(ours, here), f"{place}.{name}")
