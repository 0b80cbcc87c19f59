"""Run the endpoint tests of the official package against this one: ``python -m tests.official.suite``.

The tests come from the source distribution of `scenario-sdk`, which is downloaded for each run; none of its
text is kept here. In a copy below a temporary folder:

- ``scenario_sdk`` becomes ``scenario_async`` in the imports,
- the mark that skips a test for want of a mock server goes,
- two expectations about the wording of the other package are turned into ours: its ``X-Stainless-Lang``
  header into our ``User-Agent``, and the message about an empty id into the name of the argument.

What is expected to fail stands in `EXCEPTIONS`, each with its reason; docs/differences.md lists the same.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from rich.console import Console

from .mock_service import mock_service

VERSION: Final = "2.4.0"
_REPOSITORY: Final = Path(__file__).parents[2]

_TRANSLATIONS: Final[Mapping[str, str]] = {
    r"\bscenario_sdk\b": "scenario_async",
    r"from tests\.utils import": "from tests.official.matching import",
    r" *@pytest\.mark\.skip\(reason=\"Mock server tests are disabled\"\)\n": "",
    r"headers\.get\(\"X-Stainless-Lang\"\) == \"python\"": 'headers["User-Agent"][:15] == "scenario-async/"',
    r"match=r\"Expected a non-empty value for `(\w+)`[^\"]*\"": r'match=r"^\1: "',
}

_CONFTEST: Final = '''\
"""The clients that the tests ask for."""

from tests.official.fixtures import async_client, client, pytest_collection_modifyitems  # noqa: F401
'''

EXCEPTIONS: Final[Mapping[str, str]] = {
    "TrainingImages.test_method_add_with_all_params": "`data` is not a picture",
    "TrainingImages.test_method_replace_with_all_params": "the same",
    "Assets.test_method_upload_with_all_params": "`image` and `thumbnail` are neither base64 nor paths",
    "Assets.test_method_update_with_all_params": "the same",
}
"""Tests that are expected to fail, by a part of their name, and why."""


def main(arguments: list[str]) -> int:
    """Download, translate, run and count; further arguments go to pytest.

    Returns:
        The exit status: 0 if every test passed, or failed as expected.
    """
    with tempfile.TemporaryDirectory() as folder, mock_service() as base_url:
        translated = translate(download(Path(folder)), Path(folder) / "translated")
        report = Path(folder) / "report.xml"
        subprocess.run(  # noqa: S603 - the arguments come from this module
            [
                *(
                    sys.executable,
                    "-m",
                    "pytest",
                    "-q",
                    "--no-header",
                    "--tb=short",
                    "-p",
                    "no:cacheprovider",
                ),
                *("-c", str(_REPOSITORY / "pyproject.toml"), "--rootdir", folder, "--import-mode=importlib"),
                *(f"--junit-xml={report}", *arguments, str(translated)),
            ],
            env={**os.environ, "PYTHONPATH": str(_REPOSITORY), "TEST_API_BASE_URL": base_url},
            check=False,
        )
        return _count(report)


def download(folder: Path) -> Path:
    """Download the source distribution and unpack it; returns the folder of its endpoint tests."""
    subprocess.run(  # noqa: S603 - the arguments come from this module
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"),
            *("--dest", str(folder), f"scenario-sdk=={VERSION}"),
        ],
        check=True,
    )
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz") / "tests" / "api_resources"


def translate(source: Path, target: Path) -> Path:
    """Copy the tests with their imports changed; returns the target."""
    for path in source.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for pattern, replacement in _TRANSLATIONS.items():
            text = re.sub(pattern, replacement, text)
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    (target / "conftest.py").write_text(_CONFTEST, encoding="utf-8")
    return target


def _count(report: Path) -> int:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    unexpected = 0
    for group, streaming in (("all but streaming", False), ("streaming", True)):
        cases = [
            case
            for case in ET.parse(report).iter("testcase")  # noqa: S314 - written by pytest above
            if ("test_streaming_response" in case.get("name", "")) is streaming
        ]
        failed = [
            case for case in cases if case.find("failure") is not None or case.find("error") is not None
        ]
        names = [f"{case.get('classname', '')}.{case.get('name', '')}" for case in failed]
        expected = [name for name in names if any(part in name for part in EXCEPTIONS)]
        unexpected += len(names) - len(expected)
        console.print(
            f"{group}: {len(cases) - len(failed)} of {len(cases)} passed, {len(expected)} expected failures"
        )
        for name in sorted(set(names) - set(expected)):
            console.print("  failed:", name)
    for part, reason in EXCEPTIONS.items():
        console.print(f"  expected to fail: {part} ({reason})")
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
