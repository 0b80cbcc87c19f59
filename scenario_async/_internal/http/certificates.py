"""Choose the trusted certificates: those of the system, of a file, or of the caller's `ssl.SSLContext`."""

from __future__ import annotations

import os
import re
import ssl
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from scenario_async.errors import InvalidArgumentError
from scenario_async.errors._base import LONGEST_VALUE

Verify = bool | str | os.PathLike[str]
"""Whether to verify certificates, or the path of a file or folder of CA certificates (PEM)."""

_VARIABLES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables that OpenSSL reads itself.

Those of `requests` and curl, `_OTHER_VARIABLES`, are used only if none of these is set.
"""

_OTHER_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

_SUFFIXES: Final = frozenset({".pem", ".crt", ".cer"})
"""The files of a folder that are read as certificates."""
_HASHED: Final = re.compile(r"[0-9a-f]{8}\.[0-9]+")
"""The names, made from a hash, under which OpenSSL itself finds the certificates of a folder."""


def find_ssl(given: ssl.SSLContext | None, verify: Verify) -> ssl.SSLContext | bool:
    """Return the `ssl` argument for aiohttp: a context, True for the default one, or False to verify nothing.

    Args:
        given: The caller's own context.
        verify: An alternative to `given`: whether to verify certificates, or the CA certificates to trust in
            addition to those of the system.

    Raises:
        InvalidArgumentError: Both were given, or the CA certificates cannot be read.
    """
    if given is not None:
        if not isinstance(given, ssl.SSLContext):  # pyright: ignore[reportUnnecessaryIsInstance] - any type
            raise InvalidArgumentError("ssl", given, "an ssl.SSLContext is needed; a path belongs to verify=")
        if verify is not True:
            raise InvalidArgumentError(
                "verify", verify, "ssl= decides what is verified: leave one of the two out"
            )
        return given
    if isinstance(verify, bool):
        return _from_environment() if verify else False
    if not isinstance(verify, str | os.PathLike):  # pyright: ignore[reportUnnecessaryIsInstance] - any type
        expected = "True, False or the path of a file of CA certificates (PEM) is needed"
        raise InvalidArgumentError("verify", verify, expected)
    return _trusting(verify, "verify")


def advice() -> str:
    """What to do if a certificate is not trusted. OpenSSL ignores a variable that names a missing file."""
    for name, is_usable in zip(_VARIABLES, (os.path.isfile, os.path.isdir), strict=True):
        value = os.environ.get(name, "")
        paths = value.split(os.pathsep) if name == "SSL_CERT_DIR" else [value]
        if value and not any(is_usable(path) and os.access(path, os.R_OK) for path in paths):
            return f"{name} names {value[:LONGEST_VALUE]!r}, which cannot be read"
    return 'behind a proxy that inspects TLS, pass verify="ca.pem" or set SSL_CERT_FILE'


def _from_environment() -> ssl.SSLContext | bool:
    if any(os.environ.get(name) for name in _VARIABLES):
        # The context that aiohttp created at its import may not use these variables.
        return _default_context(_state_of_certificates())
    found = next((name for name in _OTHER_VARIABLES if os.environ.get(name)), None)
    return True if found is None else _trusting(os.environ[found], found)


@lru_cache(maxsize=1)
def _default_context(_state: tuple[object, ...]) -> ssl.SSLContext:
    """The system's certificates. They are read again only if they changed, since that takes some 30 ms."""
    return ssl.create_default_context()


def _state_of_certificates() -> tuple[object, ...]:
    """The values of OpenSSL's variables, and when the file or folder in use was changed."""
    paths = ssl.get_default_verify_paths()
    state: list[object] = [os.environ.get(name) for name in _VARIABLES]
    for path in (paths.cafile, paths.capath):  # None if there is no such file or folder
        with suppress(OSError, TypeError):
            found = Path(path).stat()
            state.append((found.st_ino, found.st_size, found.st_mtime_ns))
    return tuple(state)


def _trusting(path: str | os.PathLike[str], argument: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    expected: str | None = None
    try:
        if Path(path).is_dir():
            expected = _trust_folder(context, path)
        else:
            context.load_verify_locations(cafile=path)
    except (OSError, ValueError) as error:  # `ssl.SSLError` is an `OSError`
        expected = f"a readable file of CA certificates (PEM) is needed ({error})"
    if expected is not None:
        raise InvalidArgumentError(argument, os.fspath(path), expected)
    return context


def _trust_folder(context: ssl.SSLContext, folder: str | os.PathLike[str]) -> str | None:
    """Trust the certificates of a folder, whatever their names; return what is missing if there are none.

    Files without a certificate are ignored.
    """
    context.load_verify_locations(capath=folder)  # OpenSSL looks into it later, for names from hashes only
    entries = sorted(entry for entry in Path(folder).iterdir() if entry.is_file())
    is_any = any(_HASHED.fullmatch(entry.name) for entry in entries)
    failures: list[str] = []
    for entry in entries:
        if entry.suffix.lower() in _SUFFIXES:
            try:
                context.load_verify_locations(cafile=entry)
            except OSError as error:  # such as a private key, which may be there too
                failures.append(f" ({entry.name}: {error})")
            else:
                is_any = True
    if is_any:
        return None
    return f"the folder has no file *.pem, *.crt or *.cer with a CA certificate (PEM){''.join(failures[:1])}"
