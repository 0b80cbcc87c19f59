"""The host names that a sandbox accepts, and the addresses in its responses."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_async.sandbox import Sandbox

from .wire import Wire, running


async def status(wire: Wire, host: str) -> int:
    """The status of a request with this host name."""
    return (await wire.ask("GET", "/models", headers={"Host": host})).status


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1:1", 200),
        ("127.8.8.8", 200),
        ("localhost", 200),
        ("LOCALHOST:80", 200),
        ("[::1]:80", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:80", 421),
        ("localhost.evil.example", 421),
        ("user@127.0.0.1", 421),
        ("192.168.1.5", 421),
        ("evil.example/127.0.0.1", 421),
        ("", 421),
    ],
)
async def test_only_loopback_names_are_accepted(wire: Wire, host: str, expected: int) -> None:
    """A page whose name was changed to point to this machine (DNS rebinding) is refused."""
    assert await status(wire, host) == expected


async def test_storage_and_unknown_paths_are_guarded_too(wire: Wire) -> None:
    """The host is checked first, and a refused request changes nothing."""
    for method, path in (("GET", "/storage/assets/a"), ("POST", "/v1/models"), ("GET", "/")):
        url = wire.sandbox.base_url.removesuffix("/v1") + path
        answer = await wire.fetch(method, url, headers={"Host": "evil.example"})
        assert (answer.status, "allowed_hosts" in answer.body["message"]) == (421, True)
    assert not wire.sandbox.state.models


async def test_allowed_names_are_accepted() -> None:
    """An allowed name is accepted with any port, in any case; other names are still refused."""
    async with running(allowed_hosts=["sandbox"]) as wire:
        assert [await status(wire, host) for host in ("sandbox:8787", "SANDBOX", "sandbox2")] == [
            200,
            200,
            421,
        ]


@pytest.mark.parametrize("names", [["sandbox:80"], [""], ["http://sandbox"]])
def test_allowed_names_are_checked(names: list[str]) -> None:
    """A name with a port or a scheme would never match, so it raises with the argument's name."""
    with pytest.raises(ValueError, match="allowed_hosts"):
        Sandbox(allowed_hosts=names)


async def test_listening_everywhere() -> None:
    """A sandbox on all addresses prints one that works, and accepts IP addresses but no host names."""
    async with running(host="0.0.0.0", allow_remote=True) as wire:  # noqa: S104 - the subject of the test
        assert wire.sandbox.base_url.startswith("http://127.0.0.1:")
        assert [await status(wire, host) for host in ("192.168.1.5:80", "evil.example")] == [200, 421]


async def test_urls_begin_with_the_host_of_the_request() -> None:
    """URLs of pictures and of parts begin with the request's `Host`, and their signature is valid there."""
    async with running(allowed_hosts=["sandbox"]) as wire:
        asset_id = await wire.asset()
        headers = {"Host": "sandbox:8787"}
        url = (await wire.ask("GET", f"/assets/{asset_id}", headers=headers)).body["asset"]["url"]
        fields: dict[str, Any] = {"kind": "image", "fileName": "a", "contentType": "image/png"}
        upload = await wire.ask("POST", "/uploads", {**fields, "parts": 1, "fileSize": 9}, headers=headers)
        part = upload.body["upload"]["parts"][0]["url"]
        assert [one.startswith("http://sandbox:8787/storage/") for one in (url, part)] == [True, True]
        here = url.replace("http://sandbox:8787", wire.sandbox.base_url.removesuffix("/v1"))
        assert (await wire.fetch("GET", here)).status == 200
        own = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
        assert own.startswith(wire.sandbox.base_url.removesuffix("/v1"))
