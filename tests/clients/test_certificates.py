"""The certificate authority of a company is trusted if it is configured, and not otherwise."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from scenario_async import APIConnectionError, AsyncScenario, InvalidArgumentError, Scenario

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class _Service(BaseHTTPRequestHandler):
    """Responds to every request with an empty list of models."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "13")
        self.end_headers()
        self.wfile.write(b'{"models":[]}')

    def log_message(self, format: str, *args: Any) -> None:
        """Print no log."""


@frozen
class Company:
    """A service with a certificate that no system trusts.

    Attributes:
        base_url: The base URL of the service.
        authority: The file of the certificate to trust.
    """

    base_url: str
    authority: Path

    def models(self, **options: Any) -> int:
        """The number of models that the blocking client lists."""
        given: dict[str, Any] = {"api_key": "key", "api_secret": "secret", "max_retries": 0, **options}
        with Scenario(base_url=self.base_url, **given) as client:
            return len(client.models.list().models)

    async def models_awaited(self, **options: Any) -> int:
        """The number of models that the asynchronous client lists."""
        given: dict[str, Any] = {"api_key": "key", "api_secret": "secret", "max_retries": 0, **options}
        async with AsyncScenario(base_url=self.base_url, **given) as client:
            return len((await client.models.list()).models)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A service on this machine, with a key and a certificate made by OpenSSL."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl command")
    folder = tmp_path_factory.mktemp("company")
    key, certificate = folder / "key.pem", folder / "company-ca.pem"
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = [
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run([*command, *names], check=True, capture_output=True)  # noqa: S603 - our own arguments
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Company(f"https://127.0.0.1:{server.server_address[1]}", certificate)
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


async def test_an_unknown_authority_is_not_trusted(company: Company) -> None:
    with pytest.raises(APIConnectionError, match="its certificate is not trusted") as caught:
        company.models()
    assert not caught.value.in_doubt
    with pytest.raises(APIConnectionError, match="its certificate is not trusted"):
        await company.models_awaited()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
async def test_variables_name_an_authority(
    company: Company, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(company.authority))
    assert (company.models(), await company.models_awaited()) == (0, 0)


async def test_the_variable_of_openssl_takes_precedence(
    company: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(empty))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(company.authority))
    with pytest.raises(APIConnectionError, match="its certificate is not trusted"):
        await company.models_awaited()


@pytest.mark.parametrize("as_text", [True, False])
async def test_an_argument_names_an_authority(company: Company, *, as_text: bool) -> None:
    verify = str(company.authority) if as_text else company.authority
    assert (company.models(verify=verify), await company.models_awaited(verify=verify)) == (0, 0)


@pytest.mark.parametrize("name", ["company-ca.pem", "company.CRT", "company.cer"])
async def test_a_folder_of_certificates_is_trusted_whatever_their_names(
    company: Company, tmp_path: Path, name: str
) -> None:
    """OpenSSL itself finds only names made from a hash. A key and other files beside it do no harm."""
    shutil.copyfile(company.authority, tmp_path / name)
    shutil.copyfile(company.authority.with_name("key.pem"), tmp_path / "a-key.pem")
    (tmp_path / "folder.pem").mkdir()
    (tmp_path / "readme.txt").write_text("the certificates of the company")
    assert (company.models(verify=tmp_path), await company.models_awaited(verify=str(tmp_path))) == (0, 0)


def test_a_folder_with_names_made_from_hashes_is_trusted(company: Company, tmp_path: Path) -> None:
    openssl = shutil.which("openssl") or "openssl"
    command = [openssl, "x509", "-noout", "-hash", "-in", str(company.authority)]
    hashed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - our own arguments
    shutil.copyfile(company.authority, tmp_path / f"{hashed}.0")
    assert company.models(verify=tmp_path) == 0


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "verify"])
@pytest.mark.parametrize("file", ["key.pem", "company-ca.txt", None])
def test_a_folder_without_a_certificate_is_named(
    company: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, file: str | None
) -> None:
    """It was accepted, and trusted nothing."""
    if file is not None:
        source = company.authority.with_name("key.pem") if file == "key.pem" else company.authority
        shutil.copyfile(source, tmp_path / file)
    if name != "verify":
        monkeypatch.setenv(name, str(tmp_path))
    options = {"verify": tmp_path} if name == "verify" else {}
    with pytest.raises(InvalidArgumentError, match=rf"^{name}: the folder has no file \*\.pem") as caught:
        company.models(**options)
    assert (caught.value.argument, caught.value.value) == (name, str(tmp_path))


async def test_a_context_is_used_unchanged(company: Company) -> None:
    context = ssl.create_default_context(cafile=company.authority)
    assert (company.models(ssl=context), await company.models_awaited(ssl=context)) == (0, 0)
    with pytest.raises(APIConnectionError, match="its certificate is not trusted"):
        company.models(ssl=ssl.create_default_context())


async def test_verification_can_be_disabled(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "not looked at")
    assert (company.models(verify=False), await company.models_awaited(verify=False)) == (0, 0)


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "verify"])
def test_an_invalid_certificate_file_is_named(
    company: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    missing = str(tmp_path / "missing.pem")
    if name != "verify":
        monkeypatch.setenv(name, missing)
    options = {"verify": missing} if name == "verify" else {}
    with pytest.raises(InvalidArgumentError, match="a readable file of CA certificates") as caught:
        company.models(**options)
    assert (caught.value.argument, caught.value.value) == (name, missing)


def test_the_certificates_of_the_system_are_read_once(
    company: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A second client reads the file of `SSL_CERT_FILE` only if the file changed since."""
    trusted = tmp_path / "trusted.pem"
    shutil.copyfile(company.authority, trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    read: list[None] = []
    create = ssl.create_default_context

    def counting() -> ssl.SSLContext:
        read.append(None)
        return create()

    monkeypatch.setattr(ssl, "create_default_context", counting)
    assert (company.models(), company.models(), len(read)) == (0, 0, 1)
    trusted.write_bytes(b"")
    with pytest.raises(APIConnectionError, match="its certificate is not trusted"):
        company.models()
    assert len(read) == 2


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_variable_of_openssl_that_names_nothing_is_named(
    company: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """OpenSSL ignores such a variable, so the error about the certificate says so."""
    monkeypatch.setenv(name, str(tmp_path / "missing"))
    with pytest.raises(APIConnectionError, match=f"{name} names .*missing.*cannot be read"):
        company.models()
