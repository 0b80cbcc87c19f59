"""Which proxy a request uses, and which requests use none."""

from __future__ import annotations

from typing import Any

import pytest
from yarl import URL

from scenario_async import APIConnectionError, AsyncScenario, InvalidArgumentError
from scenario_async._internal.http.proxies import find_proxy, is_excluded

from .conftest import Connector
from .servers import DROPPED, Act, answered, serving

HOST = URL("https://api.example/v1")
PROXY = "http://proxy.example:3128"


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_variables_and_the_argument_set_the_proxy(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, PROXY)
    assert find_proxy(HOST) == URL(PROXY)
    assert find_proxy(HOST, "http://own.example:1") == URL("http://own.example:1")


def test_a_proxy_without_a_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many environments set a proxy without a scheme."""
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    assert find_proxy(HOST) == URL(PROXY)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.9.9.9", "api.localhost"])
async def test_requests_to_this_machine_use_no_proxy(
    monkeypatch: pytest.MonkeyPatch, connect: Connector, host: str
) -> None:
    """A proxy would receive the credentials, for an address that it cannot reach."""
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    assert find_proxy(URL(f"http://{host}:8080")) is None
    async with serving(answered()) as server:
        await connect.models(server.url).retrieve("m")
        assert server.targets == ["GET /models/m"]


@pytest.mark.parametrize(
    ("excluded", "host", "port", "expected"),
    [
        ("*", "api.example", 443, True),
        ("api.example", "api.example", 443, True),
        (".example", "api.example", 443, True),
        ("*.example", "api.example", 443, True),
        ("example", "api.example", 443, True),
        ("other.example, api.example:443", "api.example", 443, True),
        ("api.example:8443", "api.example", 443, False),
        ("pi.example", "api.example", 443, False),
        ("10.0.0.0/8", "10.1.2.3", 443, True),
        ("10.0.0.0/8", "11.1.2.3", 443, False),
        ("10.1.2.3:443", "10.1.2.3", 443, True),
        ("fd00::/8", "fd00::1", 443, True),
        ("[fd00::1]:443", "fd00::1", 443, True),
        ("", "api.example", 443, False),
    ],
)
def test_no_proxy(
    monkeypatch: pytest.MonkeyPatch, excluded: str, host: str, port: int, *, expected: bool
) -> None:
    """`NO_PROXY` may have hosts, domains, addresses and networks, with and without a port."""
    assert is_excluded(host, port, excluded) is expected
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", excluded)
    spelled = f"[{host}]" if ":" in host else host
    assert (find_proxy(URL(f"https://{spelled}:{port}")) is None) is expected


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [
        ("socks5://user:S3CRET@proxy.example:1080", "aiohttp-socks"),
        ("garbage://", "a proxy's URL is needed"),
        ("http://user:S3CRET@[::1", "a proxy's URL is needed"),
        ("ftp://proxy.example", "a proxy's URL is needed"),
        ("http://user:S3CRET@proxy.example:99999", "a proxy's URL is needed"),
        ("http://user:12/S3CRET@proxy.example:3128", "%2F"),
        ("http://user:12?S3CRET@proxy.example:3128", "%3F"),
        ("http://user:S3CRET%E2%82%AC@proxy.example:3128", "Latin-1"),
        ("http://us%3Aer:S3CRET@proxy.example:3128", "without a colon"),
        (" ", "a proxy's URL is needed"),
    ],
)
async def test_an_invalid_proxy(monkeypatch: pytest.MonkeyPatch, proxy: str, expected: str) -> None:
    """The error names the variable and shows no password; an invalid argument raises immediately."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    async with AsyncScenario(api_key="k", api_secret="s", base_url="https://api.example") as client:
        with pytest.raises(InvalidArgumentError, match=expected) as caught:
            await client.models.retrieve("m")
    assert caught.value.argument == "HTTPS_PROXY"
    assert "S3CRET" not in str(caught.value)
    with pytest.raises(InvalidArgumentError, match=expected):
        AsyncScenario(api_key="k", api_secret="s", proxy=proxy)


async def test_a_proxy_that_requires_credentials(connect: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    """No request reached the service, so the error is not in doubt."""
    async with serving(answered(407, then="close")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(Exception, match="the proxy returned 407") as caught:
            await connect.models("https://api.example", max_retries=0).training_images.add("m", asset_id="a")
        assert proxy.targets == ["CONNECT api.example:443"]
    assert not getattr(caught.value, "in_doubt", True)


async def test_the_words_of_a_proxy_are_escaped(connect: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may have control characters, which a terminal would obey, or be very long."""
    said = Act(b"HTTP/1.1 502 \x1b[31mno" + b"x" * 1000 + b"\r\nContent-Length: 0\r\n\r\n", then="close")
    async with serving(said) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(APIConnectionError, match=r"the proxy returned 502 \(\\x1b\[31mnox+") as caught:
            await connect.models("https://api.example", max_retries=0).retrieve("m")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (DROPPED, "closed the connection"),
        (Act(then="reset"), "closed the connection"),
        (Act(b"nonsense\r\n\r\n", then="close"), "not valid HTTP"),
    ],
)
async def test_a_proxy_that_fails(
    connect: Connector, monkeypatch: pytest.MonkeyPatch, act: Act, expected: str
) -> None:
    """No request reached the service, so the error is not in doubt, and even a POST is sent again."""
    async with serving(act) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(APIConnectionError, match=f"to the proxy .*{expected}") as caught:
            await connect.models("https://api.example", max_retries=1).training_images.add("m", asset_id="a")
        assert proxy.targets == ["CONNECT api.example:443"] * 2
    assert not caught.value.in_doubt


@pytest.mark.parametrize("proxy", [URL("http://user:S3CRET@p:1"), {"http": "http://user:S3CRET@p:1"}, 5])
def test_a_proxy_that_is_no_string(proxy: Any) -> None:
    """The error names the argument, and does not show the value, which may contain a password."""
    with pytest.raises(InvalidArgumentError, match=r"proxy: .* as a string") as caught:
        AsyncScenario(api_key="k", api_secret="s", proxy=proxy)
    assert "S3CRET" not in str(caught.value)
