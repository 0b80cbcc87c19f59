"""List the public names of the package: module-level names outside underscored modules.

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
    """The names that a module defines itself; what it imports is public where it comes from."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (one.id for one in targets if isinstance(one, ast.Name) and one.id != "__all__")


if __name__ == "__main__":
    LIST.write_text("\n".join([*public_names(), ""]), encoding="utf-8")
