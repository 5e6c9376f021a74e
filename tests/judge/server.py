"""Two loopback servers for the judges: one publishes a built folder as a plain host would, one records and refuses."""

import socketserver
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote, unquote, urlsplit

from tests.judge.site import BuiltSite

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml",
    "txt": "text/plain; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/vnd.microsoft.icon",
    "woff2": "font/woff2",
    "pdf": "application/pdf",
}
UNKNOWN = "application/octet-stream"


class _PatientServer(ThreadingHTTPServer):
    """A browser that leaves in the middle of an answer is no mistake."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # passed on as it came


@contextmanager
def published(site: BuiltSite) -> Iterator[str]:
    """Serve the site on a free loopback port under its base path; gives the address of its home page."""
    base = urlsplit(site.base_url).path

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = unquote(urlsplit(self.path).path)
            path = asked[len(base) :] if asked.startswith(base) else None
            if path is not None and (path == "" or path.endswith("/")):
                path += "index.html"
            if path in site.paths:
                self._answer(200, str(path))
            elif path is not None and f"{path}/index.html" in site.paths:
                self.send_response(301)
                self.send_header("Location", quote(f"{asked}/"))
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._answer(404, "404.html")

        do_HEAD = do_GET  # noqa: N815 - the base class finds it by this name

        def _answer(self, status: int, path: str) -> None:
            body = (site.folder / path).read_bytes() if path in site.paths else b"Not found\n"
            self.send_response(status)
            self.send_header("Content-Type", TYPES.get(path.rpartition(".")[2].lower(), UNKNOWN))
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing: what matters is recorded where the request was made."""

    server = _PatientServer(("127.0.0.1", 0), Handler)
    with _running(server):
        yield f"http://127.0.0.1:{server.server_address[1]}{base}"


@contextmanager
def refusing_proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that lets nothing out: gives its address, and a list that grows by the first line of each request."""
    asked: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        timeout = 10

        def handle(self) -> None:
            line = self.rfile.readline(8192).decode("latin-1").strip()
            if line:
                asked.append(line)
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with _running(server):
        yield f"http://127.0.0.1:{server.server_address[1]}", asked


@contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
