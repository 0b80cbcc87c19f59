"""Arguments for the operations of the official package: all, only the required ones, and random ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, get_args, get_origin

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from typing_extensions import is_typeddict  # used by the official package for its nested arguments

from .official import Argument, Operation, members

_TEXT: Final = "ä b/c?d&e=f+g%h,i#j"
"""Characters with a meaning in URLs or JSON have to arrive unchanged."""

_FREE_FORM: Final[dict[str, Any]] = {"someName": [1, 2.5, True, {"innerName": _TEXT}], "other_name": {}}

_BASE64: Final = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_PICTURE: Final = f"data:image/gif;base64,{_BASE64}"

_PICTURES: Final = {"data": _PICTURE, "image": _BASE64, "thumbnail": _BASE64, "logo": _BASE64}
"""The values of the arguments for pictures, in the form that the service accepts, by name."""

_LARGEST_NUMBER: Final = 2**53
"""Some JSON parsers are not exact for larger numbers."""

# Our client refuses some of these before anything is sent; test_refusals.py shows that.
_TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_IDS: Final = _TEXTS.filter(lambda text: text.strip() not in {"", ".", ".."})
_NUMBERS: Final = st.integers(-_LARGEST_NUMBER, _LARGEST_NUMBER) | st.floats(
    allow_nan=False, allow_infinity=False
)
_FREE: Final = st.recursive(
    st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=5,
)

_TRAINING_IMAGE: Final[Mapping[str, SearchStrategy[Any]]] = {
    "data": st.just(_PICTURE),  # the service accepts data URLs; our client uses other strings as paths
    "asset_id": _IDS,
    "asset_ids": st.lists(_IDS, min_size=1, max_size=10),
}

NARROWER: Final[Mapping[tuple[str, str], SearchStrategy[Any]]] = {
    **{("models.training_images.add", name): values for name, values in _TRAINING_IMAGE.items()},
    **{("models.training_images.replace", name): values for name, values in _TRAINING_IMAGE.items()},
    ("assets.update", "thumbnail"): st.just(_BASE64),  # the service accepts base64; ours also accepts paths
    ("assets.upload", "image"): st.just(_BASE64),
    ("assets.upload", "thumbnail"): st.just(_BASE64),
    ("projects.watermark.update_logo", "logo"): st.just(_BASE64),
    ("teams.watermark.update_logo", "logo"): st.just(_BASE64),
    ("assets.upload", "name"): _TEXTS.filter(len),  # the service refuses an asset without a name
}
"""Arguments for which our client refuses some values, because the service does; by operation and name."""


def all_arguments(operation: Operation) -> dict[str, Any]:
    """All arguments of the operation."""
    return {one.name: _example(operation.name, one) for one in operation.arguments}


def required_arguments(operation: Operation) -> tuple[list[Any], dict[str, Any]]:
    """The required arguments: by position if possible, and by name."""
    required = [one for one in operation.arguments if one.required]
    by_position = [_example(operation.name, one) for one in required if one.positional]
    by_name = {one.name: _example(operation.name, one) for one in required if not one.positional}
    return by_position, by_name


def drawn_arguments(operation: Operation) -> SearchStrategy[dict[str, Any]]:
    """Any arguments of the operation, in any combination."""
    in_path = {name.lower() for name in re.findall(r"\{(\w+)\}", operation.path)}
    strategies = {
        one.name: NARROWER.get(
            (operation.name, one.name),
            _IDS if one.name.replace("_", "") in in_path else _drawn(one.kind),
        )
        for one in operation.arguments
    }
    return _chosen(operation.arguments, strategies)


def _chosen(
    arguments: Sequence[Argument], strategies: Mapping[str, SearchStrategy[Any]]
) -> SearchStrategy[dict[str, Any]]:
    required = {one.name: strategies[one.name] for one in arguments if one.required}
    optional = {one.name: strategies[one.name] for one in arguments if not one.required}
    return st.fixed_dictionaries(required, optional=optional)


def _drawn(kind: Any) -> SearchStrategy[Any]:
    if is_typeddict(kind):
        nested = members(kind)
        return _chosen(nested, {one.name: _drawn(one.kind) for one in nested})
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if _is_array(kind):
        return st.lists(_drawn(get_args(kind)[0]), max_size=3)
    if get_origin(kind) is dict:
        return st.dictionaries(_TEXTS, _FREE, max_size=3)
    by_kind: dict[Any, SearchStrategy[Any]] = {
        str: _TEXTS,
        bool: st.booleans(),
        int: st.integers(-_LARGEST_NUMBER, _LARGEST_NUMBER),
        float: _NUMBERS,
        object: _FREE,
    }
    return by_kind[kind]


def _example(operation: str, argument: Argument) -> Any:
    if (operation, argument.name) in NARROWER and argument.name in _PICTURES:
        return _PICTURES[argument.name]
    return _example_of(argument.kind, argument.name)


def _example_of(kind: Any, name: str) -> Any:
    if is_typeddict(kind):
        return {one.name: _example_of(one.kind, f"{name}.{one.name}") for one in members(kind)}
    if get_origin(kind) is Literal:
        return get_args(kind)[-1]
    if _is_array(kind):
        return [_example_of(get_args(kind)[0], f"{name}[{index}]") for index in range(2)]
    if get_origin(kind) is dict or kind is object:
        return _FREE_FORM
    by_kind: dict[Any, Any] = {str: f"{name}: {_TEXT}", bool: True, int: 7, float: 2.5}
    return by_kind[kind]


def _is_array(kind: Any) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Iterable) and not issubclass(origin, Mapping)
