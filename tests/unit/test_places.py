"""Which servers receive the credentials, and which do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from multidict import CIMultiDict

from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import Segment, whole
from scenario_async.errors import APIConnectionError, APIError, APIStatusError

from .conftest import Connector
from .samples import PNG_SIGNATURE, picture, png_like
from .servers import answered, serving

PNG = picture()


async def test_redirect_to_another_host(connect: Connector) -> None:
    """Another host or port receives the request without the credentials."""
    async with serving(answered()) as other:
        for host in ("localhost", "127.0.0.1"):
            target = f"http://{host}:{other.port}/elsewhere"
            async with serving(answered(302, headers={"Location": target})) as server:
                await connect.models(server.url).retrieve("m")
                assert "Authorization" in server.requests[0].headers
        assert other.targets == ["GET /elsewhere"] * 2
        assert not [request for request in other.requests if "Authorization" in request.headers]


async def test_another_host_receives_no_header_of_the_caller(connect: Connector) -> None:
    """A cookie or a key of a gateway is a credential too."""
    secrets = {"Cookie": "session=1", "Proxy-Authorization": "Basic 1", "X-Api-Key": "1"}
    async with serving(answered()) as other:
        target = f"http://127.0.0.1:{other.port}/elsewhere"
        async with serving(answered(302, headers={"Location": target})) as server:
            await connect.models(server.url, headers=CIMultiDict(secrets)).retrieve("m")
            assert secrets.keys() <= server.requests[0].headers.keys()
        [request] = other.requests
        assert "User-Agent" in request.headers
        assert not secrets.keys() & request.headers.keys()


async def test_redirect_within_a_host(connect: Connector) -> None:
    """The same host receives the credentials again."""
    async with serving(answered(307, headers={"Location": "/v2/models/m"}), answered()) as server:
        await connect.models(server.url).retrieve("m")
        assert server.targets == ["GET /models/m", "GET /v2/models/m"]
        assert all("Authorization" in request.headers for request in server.requests)


@pytest.mark.parametrize("target", ["mailto:somebody", "http://[nowhere", "http:///"])
async def test_redirect_to_an_invalid_target(connect: Connector, target: str) -> None:
    """The redirecting server received the request, so the error is in doubt."""
    async with serving(answered(302, headers={"Location": target})) as server:
        with pytest.raises(APIConnectionError) as caught:
            await connect.models(server.url).retrieve("m")
    assert caught.value.in_doubt


@pytest.mark.parametrize("status", [307, 308])
async def test_a_post_is_redirected_within_its_origin(connect: Connector, status: int) -> None:
    """The redirected request has the same method, body and credentials."""
    async with serving(answered(status, headers={"Location": "/v2/elsewhere"}), answered()) as server:
        await connect.models(server.url).training_images.add("m", data=PNG)
        assert server.targets == ["POST /models/m/training-images", "POST /v2/elsewhere"]
        assert server.requests[0].body == server.requests[1].body
        assert all("Authorization" in request.headers for request in server.requests)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("operation", ["POST", "PUT", "DELETE"])
async def test_changing_requests_are_not_redirected_elsewhere(
    connect: Connector, status: int, operation: str
) -> None:
    """They are not sent to another host, and not sent as a GET, whose success would look like their own."""
    async with serving(answered()) as other:
        location = "/v2/elsewhere" if status < 307 else f"{other.url}/elsewhere"
        async with serving(answered(status, headers={"Location": location}), answered()) as server:
            with pytest.raises(APIStatusError) as caught:
                await connect.core(server.url).call(operation, "/models/m", None, {})
            assert len(server.requests) == 1
        assert not other.requests
    assert caught.value.status_code == status


@pytest.mark.parametrize("status", [301, 303])
async def test_a_post_is_not_redirected_as_a_get(connect: Connector, status: int) -> None:
    """A GET would look like a success although no picture was added."""
    async with serving(answered(status, headers={"Location": "/v2/elsewhere"}), answered()) as server:
        with pytest.raises(APIStatusError) as caught:
            await connect.models(server.url).training_images.add("m", data=PNG)
        assert len(server.requests) == 1
    assert caught.value.status_code == status


async def test_stored_without_credentials(connect: Connector, tmp_path: Path) -> None:
    """Object storage needs only the presigned URL; the body is raw and has a length."""
    (tmp_path / "fox.png").write_bytes(PNG)
    segment = whole(open_picture(tmp_path / "fox.png", "file"), base64=False)
    async with serving(answered()) as server:
        core = connect.core(server.url, headers={"X-Own": "value"}, query="own=value")
        await core.store(f"{server.url}/bucket/a%2Fb%20c?sig=x%2By%3D&b=1,2", segment, "image/png")
        (request,) = server.requests
    assert request.target == "/bucket/a%2Fb%20c?sig=x%2By%3D&b=1,2", "a changed URL has a wrong signature"
    assert request.method == "PUT"
    assert "Authorization" not in request.headers
    assert "X-Own" not in request.headers
    assert request.headers.getall("Content-Length") == [str(len(PNG))]
    assert request.headers.getall("Content-Type") == ["image/png"]
    assert "Transfer-Encoding" not in request.headers
    assert request.body == PNG


async def test_downloaded_without_credentials(connect: Connector) -> None:
    """The URL of a download is presigned too; it is requested unchanged and without headers of the client."""
    async with serving(answered(503), answered(content=PNG)) as server:
        core = connect.core(server.url, headers={"X-Own": "value"}, query="own=value")
        assert await core.download(f"{server.url}/a%2Fb.png?sig=x%2By%3D") == PNG
        assert server.targets == ["GET /a%2Fb.png?sig=x%2By%3D"] * 2
        for request in server.requests:
            assert not {"Authorization", "X-Own"} & request.headers.keys()


async def test_parts(connect: Connector) -> None:
    """A picture in parts arrives whole, and each part at its URL."""
    content = png_like(1_000_000)
    opened = open_picture(content, "file")
    async with serving(answered()) as server:
        for number, offset in enumerate(range(0, len(content), 300_000), start=1):
            segment = Segment(opened, False, offset, min(300_000, len(content) - offset))
            await connect.core("http://127.0.0.1").store(f"{server.url}/{number}", segment, "image/png")
        assert server.targets == ["PUT /1", "PUT /2", "PUT /3", "PUT /4"]
        assert b"".join(request.body for request in server.requests) == content
        assert server.requests[0].body.startswith(PNG_SIGNATURE)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_of_object_storage_are_not_followed(connect: Connector, status: int) -> None:
    """A redirect is not followed, and a response from another host does not count as stored."""
    segment = whole(open_picture(PNG, "file"), base64=False)
    async with (
        serving(answered(content=PNG)) as other,
        serving(answered(status, headers={"Location": other.url})) as server,
    ):
        core = connect.core("http://127.0.0.1")
        with pytest.raises(APIStatusError):
            await core.store(f"{server.url}/bucket/key", segment, "image/png")
        with pytest.raises(APIStatusError):
            await core.download(f"{server.url}/bucket/key")
        assert not other.requests


@pytest.mark.parametrize(
    "url",
    [
        "http://storage.example/key?sig=S1G",
        "https://169.254.169.254/latest?sig=S1G",
        "https://[fe80::1]/key?sig=S1G",
        "https://[fd00::1]/key?sig=S1G",
        "https://[::ffff:169.254.169.254]/key?sig=S1G",
        "https://[64:ff9b::a9fe:a9fe]/key?sig=S1G",
        "https://[64:ff9b::10.0.0.1]/key?sig=S1G",
        "https://[2002:a9fe:a9fe::]/key?sig=S1G",
        "https://[2002:7f00:1::]/key?sig=S1G",
        "https://[::169.254.169.254]/key?sig=S1G",
        "https://2852039166/key?sig=S1G",
        "https://10.0.0.1/key?sig=S1G",
        "https://127.1/key?sig=S1G",
        "https://localhost/key?sig=S1G",
        "https://user:S1G@storage.example/key",
        "ftp://storage.example/key?sig=S1G",
        "file:///etc/passwd",
        "http://[::1/key?sig=S1G",
        "https://storage.example:99999/key?sig=S1G",
        "",
        "key?sig=S1G",
    ],
)
async def test_unsafe_presigned_urls_are_refused(connect: Connector, url: str) -> None:
    """These are plain http, this machine, private and link-local addresses, user names, and other text."""
    segment = whole(open_picture(PNG, "file"), base64=False)
    core = connect.core("https://api.example/v1")
    for attempt in (core.store(url, segment, "image/png"), core.download(url)):
        with pytest.raises(APIError, match="nothing is sent") as caught:
            await attempt
        assert "S1G" not in str(caught.value)
        assert not caught.value.in_doubt


async def test_storage_on_this_machine_beside_a_service_on_this_machine(connect: Connector) -> None:
    async with serving(answered(content=PNG)) as server:
        assert await connect.core("http://localhost:1").download(f"{server.url}/key") == PNG


async def test_plain_http_to_a_named_host(connect: Connector) -> None:
    """For example a sandbox in a container of the same network, whose URLs have its name."""
    async with serving(answered(content=PNG)) as server:
        named = f"127.0.0.1:{server.port}"
        core = connect.core("http://sandbox:8787", allow_http=("sandbox:8787", named))
        assert await core.download(f"{server.url}/key") == PNG
        with pytest.raises(APIError, match="plain http"):
            await connect.core("https://api.example", allow_http=("sandbox:8787",)).download(
                f"{server.url}/k"
            )


async def test_headers_and_query_of_the_client(connect: Connector) -> None:
    """The client's headers and query are sent with every API request; its headers replace the usual ones."""
    headers = {"X-Own": "value", "accept": "text/plain", "Content-Type": "text/plain"}
    async with serving(answered()) as server:
        models = connect.models(server.url, headers=headers, query={"own": "a b"})
        await models.create(name="n", project_id="p")
        (request,) = server.requests
    assert request.target == "/models?projectId=p&own=a%20b"
    assert request.headers["X-Own"] == "value"
    assert request.headers.getall("Content-Type") == ["text/plain"]
    assert request.headers.getall("Authorization") == ["Basic a2V5OnNlY3JldA=="]
