"""A session of the caller that is passed to the asynchronous client."""

from __future__ import annotations

import asyncio
import warnings
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from scenario_async import AsyncScenario, ClientClosedError, InvalidArgumentError, NotFoundError, Scenario

from .echo import Echo
from .gate import Gate

pytestmark = pytest.mark.usefixtures("sandbox")


async def test_a_passed_in_session_is_used_and_not_closed(gate: Gate, model_id: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with AsyncScenario(session=session) as client:
            await client.models.retrieve(model_id)
        assert not session.closed
        await asyncio.to_thread(gate.until, connections=1)  # the session keeps the connection
    await asyncio.to_thread(gate.until, connections=0)


async def test_the_client_can_be_closed_while_the_passed_in_session_stays_open(model_id: str) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncScenario(session=session)
        await client.close()
        with pytest.raises(ClientClosedError, match="this client was closed"):
            await client.models.retrieve(model_id)
        async with AsyncScenario(session=session) as other:
            await other.models.retrieve(model_id)


async def test_a_passed_in_session_with_raise_for_status_still_gives_the_documented_errors() -> None:
    async with (
        aiohttp.ClientSession(raise_for_status=True) as session,
        AsyncScenario(session=session) as client,
    ):
        with pytest.raises(NotFoundError) as caught:
            await client.models.retrieve("none")
        assert caught.value.reason


async def test_a_closed_passed_in_session_is_named_as_the_reason(model_id: str) -> None:
    async with aiohttp.ClientSession() as session:
        pass
    async with AsyncScenario(session=session) as client:
        with pytest.raises(ClientClosedError, match="session that was passed in is closed"):
            await client.models.retrieve(model_id)


def test_the_blocking_client_refuses_a_session() -> None:
    async def refused() -> None:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(InvalidArgumentError, match="has its own") as caught:
                Scenario(session=session)
            assert caught.value.argument == "session"

    asyncio.run(refused())


async def test_headers_of_a_passed_in_session_are_sent_but_do_not_replace_those_of_the_client(
    echo: Echo,
) -> None:
    own = {"X-Studio": "paper", "accept": "text/html"}
    async with (
        aiohttp.ClientSession(headers=own) as session,
        AsyncScenario(session=session) as client,
    ):
        await client.models.delete("any")
    assert echo.headers["X-Studio"] == "paper"
    headers = echo.requests[-1].headers
    assert headers.getall("Authorization") == ["Basic a2V5OnNlY3JldA=="]  # key:secret
    assert headers.getall("Accept") == ["application/json"]


async def test_a_passed_in_session_with_its_own_credentials_is_refused() -> None:
    """They would be sent to the storage behind presigned URLs, which must not get them."""
    async with aiohttp.ClientSession(headers={"authorization": "Bearer very-secret"}) as session:
        with pytest.raises(InvalidArgumentError, match="without its own `auth`") as caught:
            AsyncScenario(session=session)
    assert caught.value.argument == "session"
    assert "very-secret" not in str(caught.value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer aiohttp deprecates `auth=`
        auth = aiohttp.BasicAuth("user", "very-secret")
        session = aiohttp.ClientSession(auth=auth)
    async with session:
        with pytest.raises(InvalidArgumentError, match="without its own `auth`"):
            AsyncScenario(session=session)


@pytest.mark.parametrize(
    ("name", "instead"), [("Cookie", "default_headers="), ("proxy-authorization", "the URL of the proxy")]
)
async def test_a_passed_in_session_with_a_secret_header_is_refused(name: str, instead: str) -> None:
    """The storage behind presigned URLs would get it."""
    async with aiohttp.ClientSession(headers={name: "very-secret"}) as session:
        with pytest.raises(InvalidArgumentError, match=instead) as caught:
            AsyncScenario(session=session)
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize("entry", ["default", "machine 127.0.0.1", "machine elsewhere.example"])
async def test_a_passed_in_session_that_reads_netrc_for_the_service_is_refused(
    entry: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model_id: str
) -> None:
    """Some versions of aiohttp would send these credentials instead of the client's, and others fail."""
    netrc = tmp_path / "netrc"
    netrc.write_text(f"{entry} login someone password very-secret\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    async with AsyncScenario() as own:
        assert (await own.models.retrieve(model_id)).model.id == model_id
    async with aiohttp.ClientSession(trust_env=True) as session:
        if "elsewhere" in entry:
            assert (await AsyncScenario(session=session).models.retrieve(model_id)).model.id == model_id
            return
        with pytest.raises(InvalidArgumentError, match=r"\.netrc") as caught:
            AsyncScenario(session=session)
    assert caught.value.argument == "session"
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize("wrong", ["session", aiohttp.ClientSession, object()])
def test_what_is_no_session_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"session: an aiohttp\.ClientSession is needed"):
        AsyncScenario(session=wrong)


async def test_a_passed_in_session_of_another_event_loop_is_named_as_the_reason(model_id: str) -> None:
    """Nothing is sent, so the error is not in doubt and there is no retry."""

    async def call(session: aiohttp.ClientSession) -> None:
        async with AsyncScenario(session=session) as client:
            with pytest.raises(ClientClosedError, match="belongs to another event loop"):
                await client.models.retrieve(model_id)

    async with aiohttp.ClientSession() as session:
        await asyncio.to_thread(lambda: asyncio.run(call(session)))
