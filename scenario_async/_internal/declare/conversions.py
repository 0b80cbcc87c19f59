"""Convert values to dicts and JSON, and keep the response fields that a class does not declare.

The methods have the names that users of Pydantic and of the official package know: `to_dict`, `to_json`,
`model_dump`, `model_extra`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Self, cast

import attrs

from scenario_async._internal.declare.converter import is_mapping, wire_name
from scenario_async._internal.declare.reading import structure, with_api_names
from scenario_async.errors import InvalidArgumentError


class Conversions:
    """The conversions that each request and response class has.

    The slot ``_extra`` stores response fields that the class does not declare. It stays empty if there are
    none.
    """

    __slots__ = ("_extra",)

    if TYPE_CHECKING:
        _extra: dict[str, Any]

    @property
    def model_extra(self) -> dict[str, Any]:
        """The fields of the response that its class does not declare, by their names in the JSON."""
        try:
            return self._extra
        except AttributeError:
            return {}

    @property
    def model_fields_set(self) -> set[str]:
        """The names of the fields that are not None. A null field and a missing field are both None."""
        cls: Any = type(self)
        names = {one.name for one in attrs.fields(cls) if getattr(self, one.name) is not None}
        return names | self.model_extra.keys()

    def to_dict(
        self,
        *,
        mode: Literal["json", "python"] = "python",
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> dict[str, Any]:
        """Convert to a dict of plain JSON values, with the names that the API uses (camelCase).

        Args:
            mode: Accepted for compatibility; dates are strings in both modes.
            use_api_names: False uses the Python names (snake_case).
            exclude_unset: Leave out fields that are None, since a null and a missing field are not
                distinguished.
            exclude_defaults: Leave out fields that are None.
            exclude_none: Leave out fields that are None.
            warnings: Accepted for compatibility.
        """
        del mode, warnings
        without_none = exclude_unset or exclude_defaults or exclude_none
        return _plain_object(self, api_names=use_api_names, without_none=without_none)

    def to_json(
        self,
        *,
        indent: int | None = 2,
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> str:
        """Convert to JSON text; the arguments are those of `to_dict`.

        Args:
            indent: Spaces of indentation; None for one line.
            use_api_names: See `to_dict`.
            exclude_unset: See `to_dict`.
            exclude_defaults: See `to_dict`.
            exclude_none: See `to_dict`.
            warnings: See `to_dict`.
        """
        plain = self.to_dict(
            use_api_names=use_api_names,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
            warnings=warnings,
        )
        return json.dumps(plain, indent=indent, ensure_ascii=False, separators=None if indent else (",", ":"))

    def model_dump(
        self,
        *,
        mode: Literal["json", "python"] = "python",
        by_alias: bool = False,
        exclude_unset: bool = False,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
    ) -> dict[str, Any]:
        """Convert to a dict as Pydantic does: by default with Python names, and with fields that are None."""
        return self.to_dict(
            mode=mode,
            use_api_names=by_alias,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
        )

    def model_dump_json(
        self,
        *,
        indent: int | None = None,
        by_alias: bool = False,
        exclude_unset: bool = False,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
    ) -> str:
        """Convert to JSON text as Pydantic does; see `model_dump`."""
        return self.to_json(
            indent=indent,
            use_api_names=by_alias,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
        )

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        """Create an object from a dict that `to_dict` or `model_dump` returned, or from the API's JSON.

        Args:
            value: The fields, with the names that the API uses or with the Python names.

        Raises:
            InvalidArgumentError: It is not a mapping.
        """
        if not is_mapping(value):
            raise InvalidArgumentError("value", value, "a mapping of fields is needed")
        return structure(with_api_names(value, cls), cls)

    model_validate = from_dict

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Make Pydantic and FastAPI accept and return this class, in the form of `to_dict`."""
        del source, handler
        from pydantic_core import core_schema

        def validate(value: Any) -> Any:
            return value if isinstance(value, cls) else cls.from_dict(value)

        return core_schema.no_info_plain_validator_function(
            validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                cls.to_dict, return_schema=core_schema.dict_schema()
            ),
        )

    # For `vars(value)`, which FastAPI uses to convert a result to JSON.
    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return self.to_dict()

    def __getstate__(self) -> dict[str, Any]:
        # Without the source of a page, whose client cannot be pickled.
        cls: Any = type(self)
        state = {one.name: getattr(self, one.name) for one in attrs.fields(cls)}
        return {**state, "_extra": extra} if (extra := self.model_extra) else state

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)

    if not TYPE_CHECKING:  # otherwise type checkers would accept any misspelled name

        def __getattr__(self, name: str) -> Any:
            if not name.startswith("_"):
                if name in self.model_extra:
                    return self.model_extra[name]
                if name.startswith("api_model"):  # the name of the official package, required by Pydantic
                    return getattr(self, name.removeprefix("api_"))
            raise AttributeError(f"{type(self).__name__!r} has no member {name!r}", name=name, obj=self)


@cache
def _names(cls: Any) -> tuple[tuple[str, str], ...]:
    """The Python name and the API's name of each field."""
    return tuple((one.name, wire_name(one)) for one in attrs.fields(cls))


def _plain_object(value: Conversions, *, api_names: bool, without_none: bool) -> dict[str, Any]:
    cls: Any = type(value)
    plain: dict[str, Any] = {}
    for name, api_name in _names(cls):
        member = getattr(value, name)
        if member is not None or not without_none:
            plain[api_name if api_names else name] = _plain(member, api_names, without_none)
    return {**plain, **value.model_extra}


def _plain(value: Any, api_names: bool, without_none: bool) -> Any:
    if isinstance(value, Conversions):
        return _plain_object(value, api_names=api_names, without_none=without_none)
    if isinstance(value, list | tuple):
        return [_plain(one, api_names, without_none) for one in cast("Sequence[Any]", value)]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {name: _plain(one, api_names, without_none) for name, one in members.items()}
    return value
