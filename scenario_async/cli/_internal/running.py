"""Run a command: its client, its progress, its error messages, and its exit status."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

import orjson
from attrs import field, frozen
from rich.console import Console, RenderableType

from scenario_async._internal.declare.converter import is_mapping, is_sequence
from scenario_async._internal.display.page import shown
from scenario_async._internal.display.progress import Progress, Show, progress_display
from scenario_async._internal.display.report import HtmlReport
from scenario_async._internal.pictures.names import encodable_text
from scenario_async.cli._internal.dataset_table import dataset_table
from scenario_async.cli._internal.display import one_line
from scenario_async.cli._internal.exit_status import (
    FAILED,
    IN_DOUBT,
    MISUSE,
    OVER_BUDGET,
    SUCCESS,
)
from scenario_async.cli._internal.options import Connection, Output
from scenario_async.cli._internal.terminating import terminated_like_ctrl_c
from scenario_async.cli._internal.wording import in_a_command
from scenario_async.client import AsyncScenario
from scenario_async.errors import (
    BudgetError,
    DatasetError,
    DownloadError,
    InvalidArgumentError,
    JobInDoubtError,
    MissingCredentialsError,
    ScenarioError,
    WaitTimeoutError,
)

WIDTH_WITHOUT_TERMINAL: Final = 160
"""The width of a table in a log or a pipe, in characters."""

_SANDBOX_SPEED: Final = 10.0
"""The speed of the clock of ``--sandbox``, so that a trial is quick."""

_CREDENTIALS: Final = (
    "set SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET, or SCENARIO_SDK_JWT; or try it with --sandbox"
)


class NotConfirmedError(ScenarioError):
    """A payment was not confirmed, so nothing was paid."""


@frozen(kw_only=True)
class Outcome:
    """The result of a command.

    Attributes:
        document: The document to print with ``--json``.
        text: The text to print without ``--json``.
        status: The exit status.
        report: The report for ``--html``; None if there is none.
    """

    document: Any
    text: RenderableType
    status: int = SUCCESS
    report: HtmlReport | None = None


@frozen(kw_only=True)
class Run:
    """The arguments of the function that does a command's work.

    Attributes:
        client: Talks to the service, or to the sandbox.
        in_sandbox: Whether the client talks to a sandbox that ends with the command.
        output: The options for the output.
    """

    client: AsyncScenario
    in_sandbox: bool
    output: Output

    def ledger(self, given: Path | Literal[False] | None) -> Path | bool:
        """Return the ledger to use; none in a sandbox that ends with the command, if the user gave none."""
        return not self.in_sandbox if given is None else given

    @contextmanager
    def progress(self) -> Generator[Show]:
        """Show progress and retries while the block runs, unless ``--quiet`` is set."""
        if self.output.quiet:
            yield _show_nothing
            return
        with progress_display() as show, _retries_logged():
            yield show


@frozen(kw_only=True)
class Words:
    """The words that messages of a command use.

    Attributes:
        arguments: The command line's name for each Python argument, such as ``FOLDER`` for ``images``.
        interrupted: The message after Ctrl-C or SIGTERM.
        waits: How to wait again after the deadline; None if it needs the same id.
    """

    interrupted: str = "nothing was changed"
    waits: str | None = None
    arguments: Mapping[str, str] = field(factory=dict[str, str])


def words_of_paid(what: str, ledger: Path | Literal[False] | None, arguments: Mapping[str, str]) -> Words:
    """Return the words of a command that pays for something; without a ledger, it cannot be continued."""
    interrupted = f"run the same command again to continue; if the {what} is paid, it continues meanwhile"
    waits = "run the same command again"
    if ledger is False:
        interrupted = f"if the {what} is paid, it continues; without a ledger, the same command pays again"
        waits = (
            "wait for its job with `scenario-async jobs wait`; without a ledger, the same command pays again"
        )
    return Words(arguments=arguments, interrupted=interrupted, waits=waits)


def run(
    work: Callable[[Run], Coroutine[Any, Any, Outcome]], connection: Connection, output: Output, words: Words
) -> NoReturn:
    """Run the work of a command with a client, print its outcome, and exit."""
    finish(_connected(work, connection, output), output, words)


def finish(work: Coroutine[Any, Any, Outcome], output: Output, words: Words) -> NoReturn:
    """Run the work of a command, print its outcome, and exit."""
    with terminated_like_ctrl_c() as ending:
        try:
            outcome = asyncio.run(work)
        except KeyboardInterrupt:
            print_line(f"interrupted: {words.interrupted}")
            sys.exit(ending.status)
        except ScenarioError as error:
            fail(error, output, words)
    show(outcome, output)


def show(outcome: Outcome, output: Output) -> NoReturn:
    """Print an outcome, and exit with its status."""
    if output.as_json:
        print_json(outcome.document)
    else:
        print_text(outcome.text)
    written = _write_report_page(outcome.report, output)
    sys.exit(outcome.status if written else outcome.status or FAILED)


def fail(error: ScenarioError, output: Output, words: Words) -> NoReturn:
    """Print an error, and its document with ``--json``, and exit with its status."""
    print_error(_message(error, words))
    if isinstance(error, DatasetError) and not output.as_json:
        print_text(dataset_table(error.report))
    if output.as_json:
        print_json(_error_document(error, words))
    _write_report_page(getattr(error, "report", None), output)
    sys.exit(_status(error))


def _write_report_page(report: object, output: Output) -> bool:
    """Write the page for ``--html``; if it cannot be written, print a message and return False."""
    if output.page is None or not isinstance(report, HtmlReport):
        return True
    try:
        path = report.to_html(output.page)
    except (ScenarioError, OSError) as error:
        print_error(f"--html {output.page}: {error}")
        return False
    print_line(f"the report is in {path}")
    return True


async def _connected(
    work: Callable[[Run], Coroutine[Any, Any, Outcome]], connection: Connection, output: Output
) -> Outcome:
    """Run work with a client for the service, or for a sandbox that is started for the command."""
    async with AsyncExitStack() as stack:
        options: dict[str, Any] = {"base_url": connection.base_url, "project_id": connection.project_id}
        if connection.sandbox:
            from scenario_async.sandbox import Sandbox

            sandbox = await stack.enter_async_context(Sandbox(speed=_SANDBOX_SPEED))
            options = {name: getattr(sandbox, name) for name in ("base_url", "api_key", "api_secret")}
        client = await stack.enter_async_context(AsyncScenario(**options))
        return await work(Run(client=client, in_sandbox=connection.sandbox, output=output))


def _show_nothing(now: Progress, /) -> None:
    del now


@contextmanager
def _retries_logged() -> Generator[None]:
    """Print a line for each retry, so that a waiting command does not look stuck."""
    logger = logging.getLogger("scenario_async")
    handler, level = _Lines(logging.INFO), logger.level
    logger.addHandler(handler)
    logger.setLevel(min(level, logging.INFO) or logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


class _Lines(logging.Handler):
    """Prints log records on standard error, above a progress bar."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        print_line(record.getMessage())


def print_line(text: str) -> None:
    """Print a line to standard error; in a terminal, wrap it between words.

    If standard error is closed or full, the line is lost, and no error is raised.
    """
    with suppress(OSError, ValueError, AttributeError):  # AttributeError: a closed stream is None
        line = one_line(text)
        if sys.stderr.isatty():
            columns = shutil.get_terminal_size().columns
            line = textwrap.fill(line, columns, break_long_words=False, break_on_hyphens=False)
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def print_error(message: str) -> None:
    """Print an error message to standard error."""
    print_line(f"error: {message}")


def print_json(document: Any) -> None:
    """Print a document to standard output, in UTF-8 whatever the locale."""
    content = _json(document)
    with _standard_output():
        binary = getattr(sys.stdout, "buffer", None)
        if binary is None:  # a test or a program may have replaced it by a text stream
            sys.stdout.write(content.decode())
        else:
            sys.stdout.flush()
            binary.write(content)
        sys.stdout.flush()


def _json(document: Any) -> bytes:
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    try:
        return orjson.dumps(document, option=option, default=encodable_text)
    except orjson.JSONEncodeError:  # the name of a file, or a message about it, is not UTF-8
        return orjson.dumps(_encodable(document), option=option, default=encodable_text)


def _encodable(value: Any) -> Any:
    """Return a document whose names and texts UTF-8 can encode."""
    if isinstance(value, str):
        return encodable_text(value)
    if is_mapping(value):
        return {_encodable(name): _encodable(member) for name, member in value.items()}
    return [_encodable(item) for item in value] if is_sequence(value) else value


def print_text(text: RenderableType) -> None:
    """Print text or a table to standard output.

    Control characters of a text are escaped, except line breaks; `lines_of` escapes them too.
    """
    with _standard_output():
        console = Console(highlight=False, emoji=False)
        if not console.is_terminal:
            console.width = WIDTH_WITHOUT_TERMINAL
        escaped = shown(text) if isinstance(text, str) else text
        console.print(escaped, soft_wrap=isinstance(text, str), markup=False)
        sys.stdout.flush()


@contextmanager
def _standard_output() -> Generator[None]:
    """Exit with a message, and not with a traceback, if standard output is closed or its disk is full."""
    try:
        yield
    except BrokenPipeError:
        discard_output()  # the reader has closed the pipe
    except (OSError, ValueError, AttributeError) as error:
        reason = "it is closed" if isinstance(error, AttributeError) else error  # a closed stream is None
        print_error(f"standard output cannot be written: {reason}")
        discard_output()
        sys.exit(FAILED)


def discard_output() -> None:
    """Discard the rest of the output, so that the interpreter does not report the failure again."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _status(error: ScenarioError) -> int:
    if isinstance(error, InvalidArgumentError | MissingCredentialsError | NotConfirmedError):
        return MISUSE
    if isinstance(error, BudgetError):
        return OVER_BUDGET
    return IN_DOUBT if isinstance(error, JobInDoubtError) else FAILED


def _message(error: ScenarioError, words: Words) -> str:
    message = ". ".join([_own_message(error, words), *getattr(error, "__notes__", ())])
    return re.sub(r"\b([Tt])he same call\b", r"\1he same command", message)


def _own_message(error: ScenarioError, words: Words) -> str:
    if isinstance(error, MissingCredentialsError):
        return f"{str(error).partition(':')[0]}: {_CREDENTIALS}"
    if isinstance(error, InvalidArgumentError):
        # Such as `parameters.nbEpochs` and `tags[0]`.
        name = re.split(r"[.[]", error.argument, maxsplit=1)[0]
        option = words.arguments.get(name, name if name.isupper() else f"--{name.replace('_', '-')}")
        place = re.sub(r"^\.", " ", error.argument.removeprefix(name))
        return in_a_command(str(error).replace(error.argument, f"{option}{place}", 1))
    if isinstance(error, JobInDoubtError):
        from scenario_async.work._internal.paying import RESEND

        return str(error).replace(RESEND, "--on-doubt resend")
    if isinstance(error, WaitTimeoutError):
        from scenario_async.work._internal.waiting import WAIT_AGAIN

        return str(error).replace(WAIT_AGAIN, words.waits or WAIT_AGAIN)
    if isinstance(error, DownloadError):
        return str(error).replace("the same `to`", "the same --to")
    return str(error)


def _error_document(error: ScenarioError, words: Words) -> dict[str, Any]:
    document: dict[str, Any] = {"error": {"type": type(error).__name__, "message": _message(error, words)}}
    to_json = getattr(getattr(error, "report", None), "to_json", None)
    report = to_json() if to_json is not None else None
    # `to_json` of a response returns text, and that of a report returns a dict.
    return document if report is None or isinstance(report, str) else {**document, "report": report}
