"""List the public names of the package: module-level names outside underscored modules.

A name that is defined in an underscored module is public where a public module lists it in `__all__`.

python -m tests.unit.public_api    # writes tests/public_api.txt again
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parents[2] / "scenario_async"
LIST: Final = Path(__file__).parents[1] / "public_api.txt"


def public_names() -> list[str]:
    """Each public name with its module, e.g. ``scenario_async.errors:APIError``; sorted."""
    modules = {path: _module_of(path) for path in PACKAGE.rglob("*.py")}
    return sorted(
        f"{'.'.join(parts)}:{name}"
        for path, parts in modules.items()
        if not any(_is_private(part) for part in parts)
        for name in _names_in(path)
        if not _is_private(name)
    )


def _module_of(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _names_in(path: Path) -> Iterator[str]:
    """The names that a module defines, and those in `__all__` that it imports from an underscored module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    exported = _exported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(map(_is_private, (node.module or "").split("."))):
            yield from (one.name for one in node.names if one.name in exported)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from (name for name in _targets(node) if name != "__all__")


def _exported(tree: ast.Module) -> set[str]:
    """The strings that a module lists in `__all__`."""
    lists = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and "__all__" in _targets(node)
    )
    return {
        one.value
        for listed in lists
        for one in ast.walk(listed)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def _targets(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return (one.id for one in targets if isinstance(one, ast.Name))


if __name__ == "__main__":
    LIST.write_text("\n".join([*public_names(), ""]), encoding="utf-8")
