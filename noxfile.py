"""What is run before every change: `nox` runs lint, types, tests and docs; `nox -s bench` the benchmarks."""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "types", "tests", "docs"]
nox.options.reuse_existing_virtualenvs = True

PYPROJECT = nox.project.load_toml("pyproject.toml")


def install(session: nox.Session, *groups: str) -> None:
    """Install the package with all its extras, and what the groups name."""
    session.install("-e", ".[cli,images]", *nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def lint(session: nox.Session) -> None:
    """Style, by ruff with nearly every rule, and the layers, by import-linter."""
    install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Types, by two checkers, and the share of the public API that has them."""
    install(session, "types", "bench")
    session.run("mypy")
    session.run("pyright")
    session.run("pyright", "--verifytypes", "scenario_async", "--ignoreexternal")


@nox.session
def tests(session: nox.Session) -> None:
    """All tests but those of the documentation; what is given behind `--` goes to pytest."""
    install(session, "tests", "bench", "types")
    session.run("pytest", "-n", "2", *(session.posargs or ["tests", "--ignore", "tests/documentation"]))


@nox.session
def docs(session: nox.Session) -> None:
    """The code blocks of README.md and docs/, run as they stand."""
    install(session, "tests")
    session.run("pytest", "tests/documentation", *session.posargs)


@nox.session
def reference(session: nox.Session) -> None:
    """Write docs/reference again, from the declarations."""
    install(session, "tests")
    session.run("python", "docs/make_reference.py")


@nox.session
def public_api(session: nox.Session) -> None:
    """Write tests/public_api.txt again: the list of public names."""
    install(session, "tests")
    session.run("python", "-m", "tests.unit.public_api")


@nox.session
def bench(session: nox.Session) -> None:
    """The benchmarks, against bare aiohttp and the official package; some minutes."""
    install(session, "bench")
    session.run("python", "-m", "tests.bench", *session.posargs)


@nox.session
def whole_api(session: nox.Session) -> None:
    """How much of the API there is and what that takes, beside the official package; about a minute."""
    install(session, "tests", "bench")
    session.run("python", "-m", "tests.bench.whole_api", *session.posargs)


@nox.session
def contract(session: nox.Session) -> None:
    """Only the comparison with the official package and with the table of operations."""
    install(session, "tests", "bench")
    session.run("pytest", "-n", "2", "tests/contract", *session.posargs)


@nox.session
def reliability(session: nox.Session) -> None:
    """What breaks a batch upload and what becomes of it, beside the official package; some minutes."""
    install(session, "tests", "bench")
    session.run("python", "-m", "tests.bench.reliability", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Twenty thousand small files, one batch and many: memory, descriptors and threads; some minutes."""
    install(session, "tests", "bench")
    session.run("python", "-m", "tests.reliability.soak", *session.posargs)
