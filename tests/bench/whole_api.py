"""Compare the whole API with the official package: behaviour, size and cost, in one run.

python -m tests.bench.whole_api --write docs/whole-api.md
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import orjson
import scenario_sdk
from scenario_sdk._models import construct_type

import scenario_async
from scenario_async._internal.declare.catalogue import catalogue
from scenario_async._internal.declare.operation import answer_type_of
from scenario_async._internal.declare.reading import structure
from tests.bench.imports import AIOHTTP, FIRST_USE, LIBRARY, SDK, Import, cost
from tests.bench.report import publish, row
from tests.bench.rounds import ROOT
from tests.contract import official
from tests.contract.answers import Answers
from tests.contract.declared import declared

ROUNDS: Final = 9
ASSETS: Final = 200
ACCESS: Final[dict[str, Any]] = {"api_key": "key", "api_secret": "secret"}
OPERATIONS: Final = official.operations()
NOT_COUNTED: Final = ("sandbox", "cli")
THE_API: Final = ("resources", "values", "types")
SDK_FIRST_USE: Final = Import(
    "sdk, client.models",
    "client.models.training_images",
    before=f"import scenario_sdk; client = scenario_sdk.Scenario(**{ACCESS})",
)
_NO_CODE: Final = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
)


def the_same() -> Iterator[str]:
    """Return the operations whose contract tests all pass."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        tests = ("tests/contract/test_requests.py", "tests/contract/test_answers.py")
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", f"--junitxml={report}", *tests]
        subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own tests
        cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - written a moment ago by pytest
    failed = {_operation_of(case) for case in cases if len(case) > 0}
    passed = {_operation_of(case) for case in cases} - failed
    what = "operations that send the same request and read the same answer"
    yield row(what, f"{len(OPERATIONS)}", f"{len(passed & OPERATIONS.keys())}", "")


def _operation_of(case: ET.Element) -> str:
    """The operation in a test's name: ``test_same_reading[assets.list-nulls]``."""
    return case.attrib["name"].partition("[")[2].rstrip("]").partition("-")[0]


def size() -> Iterator[str]:
    """Lines for each operation, and the longest file."""
    packages = (scenario_async, scenario_sdk)
    whole = [_files(package, lambda top: top not in NOT_COUNTED) for package in packages]
    api = [_files(package, lambda top: top in THE_API) for package in packages]
    for what, bar, counted, lines in (
        (
            "lines of the package for each operation, without the sandbox and the command line",
            "≤ 45",
            whole,
            _lines,
        ),
        ("of these, the API itself: its operations and values", "", api, _lines),
        ("all of it, of code: without docstrings, comments and empty lines", "", whole, _code_lines),
    ):
        yield row(what, bar, *(round(sum(map(lines, files)) / len(OPERATIONS)) for files in counted))
    yield row("longest file, lines", "≤ 400", *(f"{max(map(_lines, files)):,}" for files in whole))


def _files(package: Any, is_counted: Callable[[str], bool]) -> list[Path]:
    """Return the counted Python files of a package."""
    folder = Path(package.__file__).parent
    return [path for path in sorted(folder.rglob("*.py")) if is_counted(path.relative_to(folder).parts[0])]


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _code_lines(path: Path) -> int:
    docstrings = {
        line
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    with path.open("rb") as file:
        code = {
            line
            for token in tokenize.tokenize(file.readline)
            if token.type not in _NO_CODE and token.type != tokenize.ENCODING
            for line in range(token.start[0], token.end[0] + 1)
        }
    return len(code - docstrings)


def reading() -> Iterator[str]:
    """Measure the CPU time to convert the bytes of a page of assets to its value, by turns in one process."""
    operation = OPERATIONS["assets.list"]
    answers = Answers()
    page = answers.of(operation) | {"assets": [answers.of(operation)["assets"][0] for _ in range(ASSETS)]}
    body = orjson.dumps(page)
    ours: Any = answer_type_of(declared()[operation.name])

    def read_ours() -> object:
        return structure(orjson.loads(body), ours)

    def read_theirs() -> object:
        return construct_type(value=json.loads(body), type_=operation.answer)

    for read in (read_ours, read_theirs):
        read()  # both packages build their converters at the first call
    gc.collect()
    gc.freeze()  # the garbage collector must not scan the objects of this program, for either package
    times = [(_seconds(read_ours), _seconds(read_theirs)) for _ in range(ROUNDS)]
    ratio = statistics.median(one / other for one, other in times)
    medians = [f"{statistics.median(seconds) * 1e3:.0f} ms" for seconds in zip(*times, strict=True)]
    what = f"reading a list of {ASSETS} full assets ({len(body) / 1e6:.1f} MB), CPU"
    yield row(what, "≤ 0.2", f"{ratio:.2f} ({medians[0]})", f"1 ({medians[1]})")


def _seconds(read: Callable[[], object]) -> float:
    started = time.process_time()
    read()
    return time.process_time() - started


def beginning() -> Iterator[str]:
    """Measure the time and memory until the first call is possible, each in a new process, by turns."""
    measured = (AIOHTTP, LIBRARY, SDK, FIRST_USE, SDK_FIRST_USE)
    rounds = [[cost(one)[0] for one in measured] for _ in range(ROUNDS + 1)][1:]  # the first fills the caches
    aiohttp, library, sdk, first, sdk_first = zip(*rounds, strict=True)
    ratios = [
        statistics.median(one / base for one, base in zip(ours, aiohttp, strict=True))
        for ours in (library, sdk)
    ]
    yield row("import, against that of aiohttp", "≤ 1.25", *(f"{ratio:.2f}" for ratio in ratios))
    firsts = (f"{statistics.median(seconds) * 1e3:.0f} ms" for seconds in (first, sdk_first))
    yield row("first use of `client.models`", "≤ 60 ms", *firsts)


def written_twice() -> Iterator[str]:
    """Return the operations whose awaited and blocking forms are declared separately."""
    awaited = scenario_async.AsyncScenario(**ACCESS)
    blocking = scenario_async.Scenario(**ACCESS)
    ours = _declarations_apart(awaited, blocking, [one.name for one in catalogue(awaited)])
    theirs = _declarations_apart(
        scenario_sdk.AsyncScenario(**ACCESS), scenario_sdk.Scenario(**ACCESS), list(OPERATIONS)
    )
    yield row("operations written twice, awaited and blocking", 0, ours, theirs)


def _declarations_apart(awaited: object, blocking: object, names: list[str]) -> int:
    return sum(_declaration(awaited, name) is not _declaration(blocking, name) for name in names)


def _declaration(client: object, name: str) -> object:
    """Return the class attribute of a resource with an operation's name."""
    *path, last = name.split(".")
    for part in path:
        client = getattr(client, part)
    return next(vars(cls)[last] for cls in type(client).__mro__ if last in vars(cls))


def main() -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    rows = [
        *the_same(),
        *size(),
        *reading(),
        *beginning(),
        *written_twice(),
    ]
    publish(rows, arguments.write)


if __name__ == "__main__":
    main()
