"""How the preview answers: pages from a folder under the site's base path, to this machine only."""

import json
import os
import re
from collections.abc import Iterator
from html import escape
from http.client import responses
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import quote, unquote, urlsplit

from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler
from msgspec import Struct
from tornado import httputil, web

from generator.model.problem import Problem

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_PROBLEMS_SHOWN = 10
_PIECE = 64 * 1024
_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
_BODY = re.compile(rb"<body(?:\s[^>]*)?>", re.IGNORECASE)
_DOCTYPE = re.compile(rb"\s*<!doctype[^>]*>", re.IGNORECASE)
# the notice stands in pages whose theme has styles for these elements
_UNSTYLED = 'style="all:revert"'
_SCRIPT = b'<script src="/livereload.js" defer></script>'
# The types a web host gives, whatever this machine's own table says.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".zip": "application/zip",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".m4v": "video/mp4",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".vtt": "text/vtt; charset=utf-8",
}


class Shown(Struct, frozen=True):
    """What visitors see now: the folder, the base path, the number of the last build (0: none yet), its errors.

    `live`: pages reload by themselves. `crash` is a sentence when the build process failed.
    """

    folder: str
    base_path: str = "/"
    number: int = 0
    errors: tuple[Problem, ...] = ()
    crash: str = ""
    live: bool = True


class Stage:
    """Where the one value of what is shown stands, between the builds that replace it and the pages that read it."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self.seen: dict[str, int] = {}


class LoopbackOnly(web.RequestHandler):
    """Answers only requests that name this machine: a name that was made to point here (DNS rebinding) is refused."""

    def prepare(self) -> None:
        """Refuse a foreign Host before anything is read."""
        if host_name(self.request.host) not in LOOPBACK:
            raise web.HTTPError(403)

    def set_default_headers(self) -> None:
        """Nothing is kept by a browser, and no other site may embed an answer."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Server", "Clarion")


def host_name(host: str) -> str:
    """The name in a Host header or the netloc of an origin, without its port."""
    name, _ = httputil.split_host_and_port(host.lower())
    return name


class ReloadScript(LoopbackOnly, LiveReloadJSHandler):  # type: ignore[misc] # livereload comes without types
    """livereload's own script."""


class ReloadSocket(LoopbackOnly, LiveReloadHandler):  # type: ignore[misc] # livereload comes without types
    """livereload's WebSocket, for pages of this server only."""

    def initialize(self, stage: Stage) -> None:
        """Know what is shown."""
        self._stage = stage

    def check_origin(self, origin: str) -> bool:
        """Whether the page that asks came from this very server (RFC 6455 §10.2)."""
        netloc = urlsplit(origin).netloc.lower()
        return netloc == self.request.host.lower() and host_name(netloc) in LOOPBACK

    def on_message(self, message: str | bytes) -> None:
        """livereload's handshake; a page older than the last build is told to reload at once."""
        try:
            told = json.loads(message)
            command, url = told["command"], str(told.get("url", ""))
        except (ValueError, TypeError, KeyError, AttributeError):
            self.close(1003)
            return
        super().on_message(message)
        if (
            command == "info"
            and self._stage.seen.get(urlsplit(url).path, self._stage.shown.number) < self._stage.shown.number
        ):
            self.send_message({"command": "reload", "path": "*", "liveCSS": False})


class SitePages(LoopbackOnly, web.StaticFileHandler):
    """The files of the folder that is shown, at the addresses they will have on the web."""

    def initialize(self, stage: Stage) -> None:  # type: ignore[override] # the folder is known through the stage
        """Know what is shown."""
        self._stage = stage
        self.shown = stage.shown
        self._file: BinaryIO | None = None
        super().initialize(path=self.shown.folder, default_filename="index.html")

    async def get(self, path: str, include_body: bool = True) -> None:
        """The file of an address below the base path; `/` leads there."""
        base = unquote(self.shown.base_path)
        if not path.startswith(base):
            if path == "/" or path + "/" == base:
                self.redirect(quote(base), permanent=False)
                return
            raise web.HTTPError(404)
        inside = path[len(base) :]
        if "\0" in inside or any(part.startswith(".") and part != ".well-known" for part in inside.split("/")):
            raise web.HTTPError(404)
        await super().get(inside, include_body)

    def get_content_size(self) -> int:
        """How many bytes the file has, which is held open: a build may put another in its place at any moment."""
        try:
            self._file = Path(self.absolute_path or "").open("rb")  # noqa: SIM115 - closed when the answer is out
        except OSError as error:
            raise web.HTTPError(404) from error
        return os.fstat(self._file.fileno()).st_size

    def get_content(self, _path: str, start: int | None = None, end: int | None = None) -> Iterator[bytes]:  # type: ignore[override] # tornado opens the path once more
        """The bytes from `start` to before `end` of the file that was measured."""
        if self._file is None:
            return
        self._file.seek(start or 0)
        left = (os.fstat(self._file.fileno()).st_size if end is None else end) - (start or 0)
        while left > 0 and (piece := self._file.read(min(left, _PIECE))):
            left -= len(piece)
            yield piece

    def on_finish(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def get_content_type(self) -> str:
        """The type by the file's ending; what is unknown is downloaded, never guessed."""
        return TYPES.get(PurePosixPath(self.absolute_path or "").suffix.lower(), "application/octet-stream")

    def get_modified_time(self) -> None:
        """None: an answer is always new."""

    def compute_etag(self) -> None:
        """None: nothing is kept, so nothing is compared."""

    def should_return_304(self) -> bool:
        """Never: an answer is always whole."""
        return False

    def write_error(self, status_code: int, **_details: Any) -> None:
        """The site's own 404 page, or before the first good build what there is to tell."""
        if status_code != 404:
            # it may be a foreign name that asks: it learns nothing
            self.set_header("Content-Type", TYPES[".txt"])
            self.finish(f"{status_code} {responses.get(status_code, '')}\n")
            return
        self.set_header("Content-Type", TYPES[".html"])
        if self.shown.live and not Path(self.shown.folder, "index.html").is_file():
            self.set_status(503)
            self.finish(waiting_page(self.shown))
            return
        not_found = Path(self.shown.folder, "404.html")
        self.finish(not_found.read_bytes() if not_found.is_file() else plain_page("Not found", _where(self.shown)))


class Injection(web.OutputTransform):
    """Puts livereload's script and, while errors stand, a notice of them into each HTML page on its way out."""

    def __init__(self, request: httputil.HTTPServerRequest, stage: Stage) -> None:
        super().__init__(request)
        self._request = request
        self._stage = stage

    def transform_first_chunk(
        self,
        status_code: int,
        headers: httputil.HTTPHeaders,
        chunk: bytes,
        finishing: bool,  # noqa: ARG002 - tornado's signature
    ) -> tuple[int, httputil.HTTPHeaders, bytes]:
        """The page with its additions; anything else as it is."""
        whole = status_code in (200, 404, 503) and headers.get("Content-Type", "").startswith("text/html")
        shown = self._stage.shown
        if not whole or not chunk or not shown.live:
            return status_code, headers, chunk
        self._stage.seen[self._request.path] = shown.number
        changed = with_additions(chunk, notice(shown) if status_code != 503 else b"")
        if "Content-Length" in headers:
            headers["Content-Length"] = str(int(headers["Content-Length"]) + len(changed) - len(chunk))
        return status_code, headers, changed


def with_additions(page: bytes, told: bytes) -> bytes:
    """The beginning of a page with the script in its head and a notice at the start of its body.

    Where HTML omits the tags (as it may), the script comes behind the doctype, which means the same.
    """
    if told:
        body = _BODY.search(page)
        page = _inserted(page, body.end(), told) if body else page + told
    head = _HEAD.search(page) or _DOCTYPE.match(page)
    return _inserted(page, head.end() if head else 0, _SCRIPT)


def _inserted(page: bytes, place: int, text: bytes) -> bytes:
    return page[:place] + text + page[place:]


def notice(shown: Shown) -> bytes:
    """A box that says what is wrong, for the top of a page that is older than the last save; empty if all is well."""
    if not shown.errors and not shown.crash:
        return b""
    style = (
        "all:revert;position:sticky;top:0;z-index:2147483647;margin:0;padding:1em;max-height:50vh;overflow:auto;"
        "background:#7a0c0c;color:#fff;font:16px/1.5 system-ui,sans-serif;text-align:left"
    )
    return (
        f'<section role="alert" lang="en" dir="ltr" style="{style}"><p style="all:revert;margin:0;font-weight:bold">'
        f"This is the last good build. Your newest changes are not in it:</p>{_list(shown)}</section>"
    ).encode()


def waiting_page(shown: Shown) -> bytes:
    """What stands in for the site until its first good build."""
    if not shown.number:
        return plain_page("Building the preview", "<p>The page shows itself as soon as it is ready.</p>")
    return plain_page("The site cannot be built yet", _list(shown))


def _list(shown: Shown) -> str:
    if shown.crash:
        return f"<p {_UNSTYLED}>This is a mistake in Clarion, not in your site: {escape(shown.crash)}</p>"
    items = "".join(_item(problem) for problem in shown.errors[:_PROBLEMS_SHOWN])
    more = len(shown.errors) - _PROBLEMS_SHOWN
    rest = f"<p {_UNSTYLED}>and {more} more; the terminal names them</p>" if more > 0 else ""
    return f"<ul {_UNSTYLED}>{items}</ul>{rest}"


def _item(problem: Problem) -> str:
    hint = f"<br><small {_UNSTYLED}>{escape(problem.hint)}</small>" if problem.hint else ""
    place = f"<code {_UNSTYLED}>{escape(problem.place)}</code>: " if problem.path else ""
    return f"<li {_UNSTYLED}>{place}{escape(problem.code)} {escape(problem.message)}{hint}</li>"


def _where(shown: Shown) -> str:
    base = escape(shown.base_path)
    return f'<p>This site begins at <a href="{base}">{base}</a>.</p>'


def plain_page(title: str, content: str) -> bytes:
    """A page of the preview's own; `content` is HTML."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"></head>'
        f'<body style="font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem">'
        f"<h1>{escape(title)}</h1>{content}</body></html>"
    ).encode()
