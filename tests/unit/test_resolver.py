"""To which addresses of a host anything is sent, if the service leads to the host."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from scenario_async._internal.http.connections import Resolver
from scenario_async._internal.http.destinations import ForbiddenAddressError
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import whole
from scenario_async.errors import APIConnectionError

from .conftest import Connector
from .samples import picture
from .servers import ScriptedServer, answered, serving

PNG = picture()
PUBLIC = "203.0.113.5"

Names = Callable[..., None]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Give addresses to names; the last answer for a name stays. Other names are looked up as usual."""
    known: dict[str, list[list[str]]] = {}
    real: Callable[..., Any] = socket.getaddrinfo

    def look_up(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in known:
            return real(host, port, *args, **kwargs)
        answers = known[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [found for address in addresses for found in real(address, port, 0, socket.SOCK_STREAM)]

    def give(name: str, *answers: list[str]) -> None:
        known[name] = list(answers)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return give


@pytest.fixture
async def listener() -> AsyncGenerator[ScriptedServer]:
    """A server on this machine."""
    async with serving(answered(content=PNG)) as server:
        yield server


async def resolved(host: str) -> list[str]:
    """The addresses of a host to which something is sent, if the service leads to storage.example."""
    resolver = Resolver({"storage.example": "api.example"})
    return [result["host"] for result in await resolver.resolve(host, 443, socket.AF_UNSPEC)]


@pytest.mark.parametrize("local", ["127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::ffff:127.0.0.1"])  # noqa: S104 - an address to refuse
async def test_a_name_that_leads_to_this_machine_receives_nothing(
    connect: Connector, names: Names, listener: ScriptedServer, local: str
) -> None:
    names("storage.example", [local])
    names("api.example", [PUBLIC])
    core = connect.core("https://api.example/v1", max_retries=0)
    url = f"https://storage.example:{listener.port}/key?sig=S1G"
    segment = whole(open_picture(PNG, "file"), base64=False)
    for attempt in (core.store(url, segment, "image/png"), core.download(url)):
        with pytest.raises(APIConnectionError, match=r"storage\.example is this machine") as caught:
            await attempt
        assert not caught.value.in_doubt
        assert "S1G" not in str(caught.value)
    assert not listener.connections


@pytest.mark.parametrize("local", ["169.254.169.254", "fe80::1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"])
async def test_a_link_local_address_receives_nothing_whoever_named_the_host(
    connect: Connector, names: Names, local: str
) -> None:
    names("storage.example", [local])
    names("both.example", [local, PUBLIC])
    for base_url in ("https://api.example", "https://127.0.0.1", "https://storage.example"):
        core = connect.core(base_url, max_retries=0)
        with pytest.raises(APIConnectionError, match="link-local"):
            await core.download("https://storage.example/key")
    assert await resolved("both.example") == [PUBLIC]


async def test_other_addresses_of_the_host_are_used(names: Names) -> None:
    """Private addresses too: a company's own DNS may return them for object storage."""
    names("api.example", [PUBLIC])
    names("storage.example", ["127.0.0.1", "10.0.0.7"])
    assert await resolved("storage.example") == ["10.0.0.7"]
    names("storage.example.", ["127.0.0.1", "10.0.0.7"])
    assert await resolved("storage.example.") == ["10.0.0.7"]
    names("storage.example", ["192.168.1.9", "64:ff9b::808:808"])
    assert await resolved("storage.example") == ["192.168.1.9", "64:ff9b::808:808"]


async def test_storage_on_this_machine_beside_a_service_whose_name_leads_to_it(names: Names) -> None:
    names("api.example", ["127.0.0.1"])
    names("storage.example", ["127.0.0.1"])
    assert await resolved("storage.example") == ["127.0.0.1"]


async def test_a_proxy_on_this_machine_is_used(names: Names) -> None:
    names("api.example", [PUBLIC])
    names("proxy.example", ["127.0.0.1"])
    assert await resolved("proxy.example") == ["127.0.0.1"]


async def test_a_service_that_has_no_address_here_is_not_this_machine(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name is known to the proxy only."""
    names("storage.example", ["127.0.0.1"])
    substitute: Callable[..., Any] = socket.getaddrinfo

    def unknown(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host == "api.example":
            raise socket.gaierror(-2, "Name or service not known")
        return substitute(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ForbiddenAddressError):
        await resolved("storage.example")


async def test_a_host_that_the_caller_allowed_may_be_this_machine(
    connect: Connector, names: Names, listener: ScriptedServer
) -> None:
    names("storage.example", ["127.0.0.1"])
    names("api.example", [PUBLIC])
    core = connect.core("https://api.example", allow_http=(f"storage.example:{listener.port}",))
    assert await core.download(f"http://storage.example:{listener.port}/key") == PNG


async def test_a_redirect_of_the_service_to_a_name_of_this_machine_is_not_followed(
    connect: Connector, names: Names, listener: ScriptedServer
) -> None:
    """The server of the test is the service, so the service's name leads to this machine only once."""
    names("elsewhere.example", ["127.0.0.1"])
    names("api.example", ["127.0.0.1"], [PUBLIC])
    location = {"Location": f"https://elsewhere.example:{listener.port}/models/m"}
    async with serving(answered(302, headers=location)) as service:
        models = connect.models(f"http://api.example:{service.port}", max_retries=0)
        with pytest.raises(APIConnectionError, match=r"elsewhere\.example is this machine"):
            await models.retrieve("m")
        assert len(service.requests) == 1
    assert not listener.connections
