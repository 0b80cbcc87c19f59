"""Servers for files: an HTTP server that sends only whole files, and an FTP server."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, cast


class WholeFiles(http.server.ThreadingHTTPServer):
    """Serves files by their path, without ranges; the query is ignored.

    Args:
        files: The content of each path; a path that ends with a slash is a web page.

    Attributes:
        bytes_sent: Bytes of bodies that were written to sockets.
    """

    daemon_threads = True

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.bytes_sent = 0

    @property
    def address(self) -> str:
        """The host and port."""
        return f"127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self._head()

    def do_GET(self) -> None:
        content = self._head()
        with suppress(OSError):  # the client may read only the beginning
            for start in range(0, len(content), 1 << 16):
                self.wfile.write(content[start : start + (1 << 16)])
                self._owner.bytes_sent += 1 << 16

    @property
    def _owner(self) -> WholeFiles:
        return cast("WholeFiles", self.server)

    def _head(self) -> bytes:
        path = self.path.partition("?")[0]
        content = self._owner.files.get(path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8" if path.endswith("/") else "image/png")
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        return content or b""

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@contextmanager
def whole_files(files: Mapping[str, bytes]) -> Generator[WholeFiles]:
    """Run the HTTP server."""
    with WholeFiles(files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@contextmanager
def ftp_server(files: Mapping[str, bytes]) -> Generator[str]:
    """Run an FTP server with files by their absolute path; yield its host and port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError):  # the test has ended
                while True:
                    connection, _ = listening.accept()
                    threading.Thread(target=_serve_ftp, args=(connection, files), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def _serve_ftp(connection: socket.socket, files: Mapping[str, bytes]) -> None:
    data = socket.socket()
    with connection, connection.makefile("rwb", buffering=0) as stream, suppress(OSError):
        stream.write(b"220 ready\r\n")
        for line in stream:
            command, _, path = line.decode().strip().partition(" ")
            response = "200 done"
            if command in {"MLSD", "RETR"}:
                stream.write(b"150 follows\r\n")
                with data, data.accept()[0] as sending:
                    sending.sendall(_list(files, path) if command == "MLSD" else files[path])
                response = "226 done"
            elif command == "PASV":
                data.close()
                data = socket.create_server(("127.0.0.1", 0))
                port = data.getsockname()[1]
                response = f"227 (127,0,0,1,{port >> 8},{port & 255})"
            elif command == "USER":
                response = "331 password"
            elif command == "PASS":
                response = "230 in"
            stream.write(f"{response}\r\n".encode())


def _list(files: Mapping[str, bytes], folder: str) -> bytes:
    below = folder.rstrip("/") + "/"
    inside = {path.removeprefix(below): content for path, content in files.items() if path.startswith(below)}
    lines = [
        f"type=file;size={len(content)};modify=20260101000000; {name}"
        for name, content in inside.items()
        if "/" not in name
    ]
    folders = {name.partition("/")[0] for name in inside if "/" in name}
    lines += [f"type=dir;modify=20260101000000; {name}" for name in folders]
    return "".join(f"{line}\r\n" for line in lines).encode()
