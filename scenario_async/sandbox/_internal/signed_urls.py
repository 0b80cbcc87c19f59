"""Presigned URLs, like those of object storage."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from aiohttp import web
from attrs import define, evolve, field

from scenario_async.sandbox._internal.addresses import STORAGE
from scenario_async.sandbox._internal.clock import Clock
from scenario_async.sandbox._internal.errors import from_storage, url_expired


@define
class SignedURLs:
    """Makes and checks the presigned URLs of one sandbox, which begin with its origin."""

    clock: Clock
    origin: str = ""
    _key: bytes = field(factory=lambda: secrets.token_bytes(32), repr=False)

    def at(self, origin: str) -> SignedURLs:
        """The same URLs, with the origin by which a client reached the sandbox."""
        return evolve(self, origin=origin)

    def part(self, upload_id: str, number: int, *, expires: int) -> str:
        """The URL for one part of an upload."""
        return self._signed("PUT", f"{STORAGE}/parts/{upload_id}/{number}", expires)

    def asset(self, asset_id: str, *, lifetime: float) -> str:
        """The URL of an asset's bytes, which is valid for `lifetime` seconds."""
        return self._signed("GET", f"{STORAGE}/assets/{asset_id}", self.expiry(lifetime))

    def file(self, file_id: str, *, lifetime: float) -> str:
        """The URL of a file for a download, which is valid for `lifetime` seconds."""
        return self._signed("GET", f"{STORAGE}/files/{file_id}", self.expiry(lifetime))

    def check(self, request: web.Request) -> None:
        """Refuse a request whose URL was not signed by this sandbox for its method, or has expired.

        Raises:
            Refusal: 400 if there is an ``Authorization`` header too, because object storage accepts only one
                of them; 403 if the signature is wrong or missing, or the URL has expired.
        """
        if "Authorization" in request.headers:
            # [documented] Amazon S3, error responses
            raise from_storage(400, "InvalidArgument", "Only one auth mechanism allowed")
        expires = request.query.get("expires", "")
        expected = self._signature(request.method, request.path, expires)
        given = request.query.get("signature", "")
        if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
            # [documented] Amazon S3, error responses
            raise from_storage(403, "SignatureDoesNotMatch", "The signature does not match the request")
        if int(expires) <= self.expiry(0):
            # [documented] Amazon S3, presigned URLs
            raise url_expired()

    def expiry(self, lifetime: float) -> int:
        """The time `lifetime` seconds from now, in milliseconds since the epoch."""
        return int((self.clock.now() + lifetime) * 1000)

    def _signed(self, method: str, path: str, expires: int) -> str:
        signature = self._signature(method, path, str(expires))
        return f"{self.origin}{path}?signature={signature}&expires={expires}"

    def _signature(self, method: str, path: str, expires: str) -> str:
        return hmac.new(self._key, f"{method}\n{path}\n{expires}".encode(), hashlib.sha256).hexdigest()
