"""Create the docstring of an operation, for `help` and the reference, from its request class and its bases.

Each argument is explained in the class that declares it, so an argument that many requests share is explained
once, in their base class. Ids in the path need no explanation, nor do arguments whose name says everything.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable
from typing import Any, Final

_ARGUMENTS: Final = "\n\nArgs:\n"
_ARGUMENT: Final = re.compile(r"^    (\w+): ", re.MULTILINE)
_PATH_ID: Final = re.compile(r"\{(\w+_id)\}")
_SELF_EXPLANATORY: Final = (
    "asset_ids",
    "inference_id",
    "model_ids",
    "name",
    "prompt",
    "prompts",
    "text",
    "user_id",
)
"""Arguments whose description would only repeat their name."""
_WIDTH: Final = 110
_PLAIN_TYPES: Final = (
    (re.compile(r"\b[a-z_]+\.(?=[A-Z])"), ""),  # the module that defines a class
    (re.compile(r"^(?:Query|Body)\[(.*)\]$"), r"\1"),
    (re.compile(r"\bOrDict\[(\w+)\]"), r"\1 | dict[str, Any]"),
    (re.compile(r"^(?:DataUrl|Base64)$"), "PictureSource | None"),
)


def plain_type(annotation: Any) -> str:
    """The type of an argument as shown to users: without module names and internal markers."""
    text = str(annotation)
    for pattern, plain in _PLAIN_TYPES:
        text = pattern.sub(plain, text)
    return text


def split_docstring(docstring: str | None) -> tuple[str, dict[str, str], str]:
    """Split a docstring into its text, the explanation of each argument, and the sections that follow."""
    text, _, rest = inspect.cleandoc(docstring or "").partition(_ARGUMENTS)
    section, _, following = rest.partition("\n\n")
    _, *parts = _ARGUMENT.split(section)
    explained = {
        name: " ".join(explanation.split()) for name, explanation in zip(parts[::2], parts[1::2], strict=True)
    }
    return text, explained, following


def documentation(request_type: type[Any], arguments: Iterable[str]) -> str:
    """Create the whole docstring of an operation that sends one request.

    Args:
        request_type: The request.
        arguments: The names of its arguments. Arguments that the class itself explains come first, in its
            order.
    """
    text, _, following = split_docstring(request_type.__doc__)
    wanted = set(arguments)
    explained: dict[str, str] = {}
    for cls in request_type.__mro__:
        for name, explanation in split_docstring(vars(cls).get("__doc__"))[1].items():
            explained.setdefault(name, explanation)
    for name in (*_PATH_ID.findall(request_type.endpoint), *_SELF_EXPLANATORY):
        explained.setdefault(name, f"The {name.replace('_', ' ')}.")
    lines = [
        textwrap.fill(f"{name}: {explanation}", _WIDTH, initial_indent="    ", subsequent_indent="        ")
        for name, explanation in explained.items()
        if name in wanted
    ]
    sections = [text, "\n".join(["Args:", *lines]) if lines else "", following]
    return "\n\n".join(filter(None, sections))
