"""Responses that are nearly valid, or far from it."""

from __future__ import annotations

import copy
import gc
import math
import pickle
import re
import socket
import subprocess
import sys
import threading
import time
import warnings
from importlib import metadata
from typing import Any

import orjson
import pytest

from scenario_async import AsyncScenario, BadRequestError, InvalidArgumentError, Scenario
from scenario_async._internal.http import sessions
from scenario_async._internal.response import read_json

from .conftest import Connector
from .samples import picture
from .servers import answered, serving


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"name": "a\\ud83d"}', {"name": "a\ufffd"}),
        (b'\xef\xbb\xbf{"name": "a"}', {"name": "a"}),
        (b'{"name": "\\ud83d\\ude00", "list": ["\\ud83d"]}', {"name": "\U0001f600", "list": ["\ufffd"]}),
        (b'{"name": "a\tb\x00c\nd"}', {"name": "a\tb\x00c\nd"}),
        (b'{"name": "a\xed\xa0\xbd"}', {"name": "a\ufffd\ufffd\ufffd"}),
        (b'{"name": "caf\xe9"}', {"name": "caf\ufffd"}),
        (b"[" + b"9" * 5000 + b", -" + b"9" * 5000 + b"]", [math.inf, -math.inf]),
    ],
)
def test_nearly_valid_json_is_read(content: bytes, expected: Any) -> None:
    assert read_json(content) == expected


@pytest.mark.parametrize("integer", [2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**30])
def test_an_odd_value_beside_an_integer_does_not_change_how_it_is_read(integer: int) -> None:
    (alone,), (beside, _) = read_json(b"[%d]" % integer), read_json(b"[%d, NaN]" % integer)
    assert (type(alone), alone) == (type(beside), beside)


def test_a_huge_integer_is_read_at_once() -> None:
    """Reading its digits exactly would take quadratic time: hours for these."""
    began = time.monotonic()
    assert read_json(b"[" + b"7" * 10_000_000 + b"]") == [math.inf]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "content",
    [b"", b"caf\xe9", b"\xff\xd8\xff\xe0", b'{"a": 1', b'{"a": "\t', b'{"a" \x00: 1}', b"<html>\t</html>"],
)
def test_what_is_not_json_is_not_read(content: bytes) -> None:
    with pytest.raises(orjson.JSONDecodeError):
        read_json(content)


async def test_one_odd_value_does_not_fail_a_list(connect: Connector) -> None:
    names = [b'"a\tb"', b'"a\xed\xa0\xbd"', b'"caf\xe9"', b'"x", "trainingImagesNumber": ' + b"9" * 5000]
    models = b", ".join(b'{"id": "m%d", "name": %s}' % pair for pair in enumerate(names))
    async with serving(answered(content=b'{"models": [%s]}' % models)) as server:
        page = await connect.models(server.url).list()
    assert [model.name for model in page.items] == ["a\tb", "a\ufffd\ufffd\ufffd", "caf\ufffd", "x"]


async def test_a_name_with_a_lone_surrogate(connect: Connector) -> None:
    """Such a name or a `NaN` does not fail the whole response."""
    content = b'{"model": {"id": "m", "name": "fox\\ud83d", "trainingImagesNumber": NaN}}'
    async with serving(answered(content=content)) as server:
        answer = await connect.models(server.url).retrieve("m")
    assert answer.model.name == "fox\ufffd"


async def test_a_deeply_nested_error(connect: Connector) -> None:
    """It has the error class of its status."""
    content = b'{"error":' * 300 + b"1" + b"}" * 300
    async with serving(answered(400, content=content)) as server:
        with pytest.raises(BadRequestError) as caught:
            await connect.models(server.url).retrieve("m")
    assert len(str(caught.value)) < 2000


async def test_control_characters_are_escaped_in_messages(connect: Connector) -> None:
    reason = "no\x1b[2J\u202e" + "x" * 10_000
    async with serving(answered(400, {"reason": reason, "traceId": "\x1b]0;t\x07"})) as server:
        with pytest.raises(BadRequestError) as caught:
            await connect.models(server.url).retrieve("m")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 2000
    assert caught.value.reason == reason


async def test_a_long_header(connect: Connector) -> None:
    """It does not fail a request that has succeeded."""
    async with serving(answered(headers={"X-Long": "x" * 60_000})) as server:
        await connect.models(server.url).training_images.add("m", asset_id="a")
        assert len(server.requests) == 1


async def test_a_connection_that_the_server_has_closed_is_not_used_again(connect: Connector) -> None:
    """The busy event loop has not noticed the end, so a request on this connection would be in doubt.

    The server runs in its own thread; otherwise the loop would notice the end while it runs the server.
    """
    answered_first, closed = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with listening.accept()[0] as first:
                read_request(first)
                first.sendall(answered().answer)
                answered_first.wait(10)
            closed.set()
            with listening.accept()[0] as second:
                read_request(second)
                second.sendall(answered().answer)

        server = threading.Thread(target=serve)
        server.start()
        models = connect.models(f"http://127.0.0.1:{listening.getsockname()[1]}", max_retries=0)
        await models.training_images.add("m", data=picture())
        answered_first.set()
        assert closed.wait(10)  # an application that blocks its event loop does the same
        await models.training_images.add("m", data=picture())
        server.join()


def read_request(connection: socket.socket) -> None:
    """Read a request completely."""
    received = b""
    while (length := re.search(rb"Content-Length: (\d+)", received)) is None or len(
        received.partition(b"\r\n\r\n")[2]
    ) < int(length[1]):
        received += connection.recv(65_536)


@pytest.mark.parametrize(
    "name", ["Host", "content-length", "Transfer-Encoding", "Authorization", "connection"]
)
def test_headers_that_callers_may_not_set_are_refused(name: str) -> None:
    client = AsyncScenario(api_key="k", api_secret="s")
    with pytest.raises(InvalidArgumentError) as caught:
        client.with_options(extra_headers={name: "x"})
    assert (caught.value.argument, caught.value.value) == ("extra_headers", name)


async def test_a_lone_surrogate_in_an_argument_is_refused(connect: Connector) -> None:
    models = connect.models("http://127.0.0.1:1")
    with pytest.raises(InvalidArgumentError, match="an id is needed"):
        await models.retrieve("m\ud83d")
    with pytest.raises(InvalidArgumentError, match="surrogates"):
        await models.list(pagination_token="\ud83d")


@pytest.mark.parametrize("client", [AsyncScenario, Scenario])
@pytest.mark.parametrize("transfer", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_client_cannot_be_pickled_or_copied(client: type[Any], transfer: Any) -> None:
    """A copy would include the key; the message says what to do instead."""
    made = client(api_key="k", api_secret="s")
    for one in (made, made.models, made.models.training_images, made.models.with_raw_response):
        expected = f"^{type(one).__name__} holds credentials .* make a client in each process"
        with pytest.raises(TypeError, match=expected):
            transfer(one)


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_session_store_that_was_not_initialised_is_discarded_in_silence() -> None:
    """A debugger or `copy.deepcopy` may make such an object."""
    with warnings.catch_warnings(record=True) as caught:
        sessions.Sessions.__new__(sessions.Sessions)
        gc.collect()
    assert caught == []


async def test_a_package_without_metadata(connect: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen application has no metadata; requests are then sent without the version."""

    def version(_: str) -> str:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "version", version)
    sessions.user_agent.cache_clear()
    async with serving(answered()) as server:
        await connect.models(server.url).retrieve("m")
        assert server.requests[0].headers["User-Agent"] == "scenario-async"
    sessions.user_agent.cache_clear()


def test_names_of_a_package_without_metadata() -> None:
    """All names can be imported there, and `__version__` says that the version is not known."""
    program = """
from importlib import metadata

def version(_):
    raise metadata.PackageNotFoundError

metadata.version = version
from scenario_async import *
from scenario_async import __version__
print(__version__)
"""
    ran = subprocess.run(  # noqa: S603 - the program of this test
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert ran.stdout == "0+unknown\n"
