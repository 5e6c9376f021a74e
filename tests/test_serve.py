"""The preview: a real server on the loopback, a real WebSocket, real saves."""

import asyncio
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from queue import Queue
from typing import NamedTuple

import pytest
from livereload.handlers import LiveReloadHandler
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from generator.model.problem import Problem, errors_of
from generator.serve.builder import Builder, Order
from generator.serve.pages import Shown, notice, with_additions
from generator.serve.server import bound
from generator.serve.watcher import SiteWatcher, matters, tells_changes, watched_files
from generator.work.new.site import new_site

ROOT = Path(__file__).parent.parent
SECRET = "Zaubernuss"  # noqa: S105 - a word that must not get out, nobody's password
DRAFT = f"---\ntitle: {SECRET}\ndate: 2026-11-02\nstatus: draft\n---\n\n{SECRET} is not published.\n"
WAIT = 20.0
IDENTIFIERS = ("5ad4b7f4-3a39-4f0c-8d75-0b5a27a7b001", "5ad4b7f4-3a39-4f0c-8d75-0b5a27a7b002")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


class Running:
    """`clarion serve` in a process of its own."""

    def __init__(self, root: Path, *arguments: str) -> None:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "generator", "serve", "--format", "json", "--port", str(free_port()), *arguments],
            cwd=root,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.root = root
        self.lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def listen(self) -> None:
        """Wait until the server answers."""
        self.url = str(self.event("listening")["url"])
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/.*)", self.url)
        assert found
        self.port, self.base = int(found[1]), found[2]

    def event(self, name: str) -> dict[str, object]:
        """The next event of that name; a build process that crashed is nothing to wait for."""
        while line := self.lines.get(timeout=WAIT):
            told: dict[str, object] = json.loads(line)
            assert told["event"] != "crashed", told
            if told["event"] == name:
                return told
        assert self.process.stderr
        raise AssertionError(f"the server ended: {self.process.stderr.read()}")

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        connection.request(method, path, headers={"Host": f"127.0.0.1:{self.port}", **headers})
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.headers), response.read().decode())
        connection.close()
        return answer

    def family(self) -> list[int]:
        """The processes this server has started, by number."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)  # noqa: S607 - our own number
        return [int(number) for number in found.stdout.split()]

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(WAIT)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def until(condition: Callable[[], bool]) -> bool:
    """Whether something becomes true in reasonable time."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{number}/stat")
    return not (stat.exists() and ") Z " in stat.read_text())


def a_site(folder: Path, base_url: str = "https://example.org/") -> Path:
    new_site(folder, title="Water", day=date(2026, 11, 1), identifiers=IDENTIFIERS)
    settings = (folder / "site.toml").read_text().replace("https://example.org/", base_url)
    (folder / "site.toml").write_text(settings)
    (folder / "content/posts/secret.md").write_text(DRAFT)
    return folder


@contextmanager
def running(root: Path, *arguments: str) -> Iterator[Running]:
    server = Running(root, *arguments)
    try:
        server.listen()
        yield server
    finally:
        with suppress(subprocess.TimeoutExpired):
            server.end()
        server.process.kill()
        server.process.wait()
        for stream in (server.process.stdout, server.process.stderr):
            assert stream
            stream.close()


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One preview under a base path, for the tests that leave the site as they find it."""
    with running(a_site(tmp_path_factory.mktemp("site") / "water", "https://example.org/blog/")) as server:
        assert server.event("built")["ok"] is True
        yield server


async def browser(server: Running, page: str = "", **headers: str) -> WebSocketClientConnection:
    """A browser that has loaded a page and waits for its reload."""
    request = HTTPRequest(f"ws://127.0.0.1:{server.port}/livereload", headers=headers)
    connection = await websocket_connect(request)
    await connection.write_message(json.dumps({"command": "hello", "protocols": []}))
    assert json.loads(str(await connection.read_message()))["command"] == "hello"
    address = f"http://127.0.0.1:{server.port}{page or server.base}"
    await connection.write_message(json.dumps({"command": "info", "url": address}))
    return connection


async def reload_of(connection: WebSocketClientConnection) -> dict[str, object]:
    message = await asyncio.wait_for(asyncio.ensure_future(connection.read_message()), WAIT)
    told: dict[str, object] = json.loads(str(message))
    return told


def test_an_edit_reloads_the_page_and_the_page_is_new(preview: Running) -> None:
    secret = preview.root / "content/posts/secret.md"

    async def story() -> None:
        connection = await browser(preview)
        for number in range(3):
            began = time.monotonic()
            secret.write_text(f"{DRAFT}\nEdit number {number}.\n")
            assert (await reload_of(connection))["command"] == "reload"
            print(f"reload after {time.monotonic() - began:.3f} s")  # noqa: T201 - the number is of interest
            assert f"Edit number {number}." in preview.get("/blog/secret/").body
        connection.close()

    try:
        asyncio.run(story())
    finally:
        secret.write_text(DRAFT)
        preview.event("built")


def test_two_saves_in_quick_succession_give_two_reloads(preview: Running) -> None:
    """livereload's own way to tell browsers drops what comes within three seconds of the last reload."""
    secret = preview.root / "content/posts/secret.md"

    async def story() -> list[float]:
        connection = await browser(preview)
        reloaded: list[float] = []
        for number in range(2):
            secret.write_text(f"{DRAFT}\nSave number {number}.\n")
            assert (await reload_of(connection))["command"] == "reload"
            reloaded.append(time.monotonic())
            assert f"Save number {number}." in preview.get("/blog/secret/").body
        connection.close()
        return reloaded

    try:
        first, second = asyncio.run(story())
        assert second - first < LiveReloadHandler.DEFAULT_RELOAD_TIME
    finally:
        secret.write_text(DRAFT)


def test_pages_are_answered_while_a_build_runs(tmp_path: Path) -> None:
    """The build process is stopped, which is the slowest build there can be."""
    root = a_site(tmp_path / "water")
    secret = root / "content/posts/secret.md"
    with running(root) as server:
        assert server.event("built")["ok"] is True
        family = server.family()
        for each in family:
            os.kill(each, signal.SIGSTOP)
        try:
            secret.write_text(f"{DRAFT}\nEdited.\n")
            for _ in range(10):
                time.sleep(0.05)
                began = time.monotonic()
                assert server.get("/secret/").status == 200
                assert time.monotonic() - began < WAIT / 10
            assert "Edited." not in server.get("/secret/").body
            assert server.lines.empty()
        finally:
            for each in family:
                os.kill(each, signal.SIGCONT)
        assert server.event("built")["ok"] is True
        assert "Edited." in server.get("/secret/").body


def test_a_page_that_was_loaded_before_a_build_ended_is_told_when_it_connects(preview: Running) -> None:
    preview.get("/blog/welcome/")
    secret = preview.root / "content/posts/secret.md"

    async def story() -> None:
        before = await browser(preview)
        secret.write_text(DRAFT + "\nLater.\n")
        await reload_of(before)
        late = await browser(preview, "/blog/welcome/")
        assert (await reload_of(late))["command"] == "reload"
        before.close()
        late.close()

    try:
        asyncio.run(story())
    finally:
        secret.write_text(DRAFT)


def test_a_draft_is_shown_and_reaches_neither_the_output_nor_anything_else(tmp_path: Path) -> None:
    root = a_site(tmp_path / "water")
    with running(root) as server:
        assert server.event("built")["ok"] is True
        assert SECRET in server.get("/secret/").body
        assert not (root / "output").exists()
        assert (root / ".clarion/preview").stat().st_mode & 0o777 == 0o700
        assert server.end() == 0
    assert not (root / ".clarion/preview").exists()
    written = [path for path in root.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert written == [root / "content/posts/secret.md"]
    names = [path.relative_to(root).as_posix() for path in root.rglob("*secret*")]
    assert names == ["content/posts/secret.md"]


def test_nothing_of_a_draft_is_kept_in_the_state_folder(tmp_path: Path) -> None:
    """The ledger of a preview would name the draft's address."""
    root = a_site(tmp_path / "water")
    with running(root) as server:
        server.event("built")
    kept = [path for path in (root / ".clarion").rglob("*") if path.is_file() and b"secret/" in path.read_bytes()]
    assert kept == []


def test_errors_are_told_on_the_last_good_pages_and_go_when_they_are_mended(tmp_path: Path) -> None:
    root = a_site(tmp_path / "water")
    welcome = root / "content/posts/welcome.md"
    good = welcome.read_text()
    with running(root) as server:
        server.event("built")
        welcome.write_text(good.replace("title: Welcome", "title: Changed\nlang: <script>alert(1)</script>"))
        told = server.event("built")
        assert told["ok"] is False
        page = server.get("/welcome/").body
        assert '<section role="alert"' in page
        assert "content/posts/welcome.md:3:1" in page
        assert ("Changed" in page, "<script>alert(1)" in page) == (False, False)
        welcome.write_text(good)
        assert server.event("built")["ok"] is True
        assert '<section role="alert"' not in server.get("/welcome/").body


def test_a_site_that_was_never_good_says_so_in_the_browser(tmp_path: Path) -> None:
    root = a_site(tmp_path / "water")
    settings = root / "site.toml"
    good = settings.read_text()
    settings.write_text(good + "\nnonsense = \n")
    with running(root) as server:
        assert server.event("built")["ok"] is False
        answer = server.get("/")
        assert (answer.status, "site.toml" in answer.body, "/livereload.js" in answer.body) == (503, True, True)
        assert "site.toml" not in server.get("/", Host="attacker.example").body
        settings.write_text(good)
        assert server.event("built")["ok"] is True
        assert server.get("/").status == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_end_leaves_nothing_running_and_nothing_behind(tmp_path: Path, number: int) -> None:
    root = a_site(tmp_path / "water")
    with running(root) as server:
        server.event("built")
        family = server.family()
        assert len(family) >= 1
        began = time.monotonic()
        assert server.end(number) == 0
        assert time.monotonic() - began < 3
        assert until(lambda: not any(lives(each) for each in family))
        assert server.process.stderr
        assert server.process.stderr.read() == ""
    assert not (root / ".clarion/preview").exists()


def test_a_killed_server_takes_its_build_process_along(tmp_path: Path) -> None:
    root = a_site(tmp_path / "water")
    with running(root) as server:
        server.event("built")
        family = server.family()
        server.process.kill()
        server.process.wait(WAIT)
        assert until(lambda: not any(lives(each) for each in family))
        assert (root / ".clarion/preview").exists()
    with running(root) as server:
        assert server.event("built")["ok"] is True
    assert not (root / ".clarion/preview").exists()


BUSY = """\
import multiprocessing, os, time
from generator.serve.builder import _live_and_die_with_parent

def build():
    _live_and_die_with_parent()
    print(os.getpid(), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=build)
    process.start()
    process.join()
"""


def test_a_build_process_that_is_busy_does_not_outlive_a_killed_server(tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text(BUSY)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "busy.py")],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout
        busy = int(server.stdout.readline())
        assert lives(busy)
        server.kill()
        assert until(lambda: not lives(busy))


def test_a_dead_build_process_is_told_and_started_anew(tmp_path: Path) -> None:
    root = a_site(tmp_path / "water")
    builder = Builder(Order(str(root), str(root / ".clarion/preview/pages")), time.monotonic)
    try:
        first = builder.build(1_795_348_800)
        assert first is not None
        assert first.report is not None
        assert first.report.ok
        assert builder.pid is not None
        os.kill(builder.pid, signal.SIGKILL)
        second = builder.build(1_795_348_800)
        assert second is not None
        assert (second.report, second.crash) == (None, "the build process ended without an answer (exit code -9)")
        third = builder.build(1_795_348_800)
        assert third is not None
        assert third.report is not None
        assert third.report.ok
    finally:
        builder.end()
    assert builder.build(0) is None


def test_only_one_preview_of_a_site(preview: Running) -> None:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    second = subprocess.run(
        [sys.executable, "-m", "generator", "serve"],
        cwd=preview.root,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT,
    )
    assert (second.returncode, "error CL914" in second.stderr) == (1, True)
    assert preview.get("/blog/").status == 200


def test_the_site_stands_under_its_base_path(preview: Running) -> None:
    assert preview.base == "/blog/"
    assert preview.get("/").status == 302
    assert preview.get("/").headers["Location"] == "/blog/"
    assert preview.get("/blog").headers["Location"] == "/blog/"
    assert preview.get("/blog/").status == 200
    assert preview.get("/blog/welcome").headers["Location"] == "/blog/welcome/"
    assert preview.get("/welcome/").status == 404


def test_what_is_not_there_gets_the_sites_own_page(preview: Running) -> None:
    answer = preview.get("/blog/nowhere/")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert (
        answer.body.replace('<script src="/livereload.js" defer></script>', "")
        == (preview.root / ".clarion/preview/pages/404.html").read_text()
    )


def test_answers_carry_their_type_and_are_kept_by_nobody(preview: Running) -> None:
    page, feed = preview.get("/blog/welcome/"), preview.get("/blog/feed.xml")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert feed.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert preview.get("/livereload.js").headers["Content-Type"].startswith("application/javascript")
    for answer in (page, feed, preview.get("/blog/nowhere")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not {"Etag", "Last-Modified", "Expires"} & set(answer.headers)
    assert "livereload" not in feed.body
    head = preview.get("/blog/feed.xml", method="HEAD")
    assert (head.status, head.body) == (200, "")
    assert preview.get("/blog/", method="POST").status == 405


@pytest.mark.parametrize(
    "path",
    [
        "/blog/../site.toml",
        "/blog/%2e%2e/site.toml",
        "/blog/..%2f..%2fsite.toml",
        "/blog//etc/passwd",
        "/blog/.clarion-output",
        "/blog/welcome/../../../../site.toml",
        "/blog/%00",
    ],
)
def test_only_the_pages_are_served(preview: Running, path: str) -> None:
    answer = preview.get(path)
    assert answer.status in (400, 403, 404)
    assert "base_url" not in answer.body


@pytest.mark.parametrize(
    "host", ["attacker.example", "attacker.example:8000", "127.0.0.1.attacker.example", "localhost.evil", ""]
)
def test_a_name_made_to_point_here_sees_nothing(preview: Running, host: str) -> None:
    """DNS rebinding: the drafts of an author are no other site's business."""
    for path in ("/blog/", "/blog/secret/", "/blog/nowhere", "/livereload.js"):
        answer = preview.get(path, Host=host)
        assert (answer.status, SECRET in answer.body) == (403, False)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_this_machine_is_known_by_its_names(preview: Running, host: str) -> None:
    assert preview.get("/blog/", Host=f"{host}:{preview.port}").status == 200


@pytest.mark.parametrize(
    "origin", ["https://attacker.example", "null", "http://127.0.0.1:1", "http://localhost.attacker.example", "file://"]
)
def test_the_socket_talks_to_pages_of_this_server_only(preview: Running, origin: str) -> None:
    with pytest.raises(HTTPClientError, match="403"):
        asyncio.run(browser(preview, Origin=origin))


def test_the_socket_talks_to_its_own_pages(preview: Running) -> None:
    async def story() -> None:
        (await browser(preview, Origin=f"http://127.0.0.1:{preview.port}")).close()

    asyncio.run(story())


@pytest.mark.parametrize(
    "message", ["", "{", "[]", "null", '{"command": 1}', '{"no": "command"}', '{"command": "info"}']
)
def test_a_strange_message_harms_nobody(preview: Running, message: str) -> None:
    async def story() -> None:
        connection = await websocket_connect(f"ws://127.0.0.1:{preview.port}/livereload")
        await connection.write_message(message)
        connection.close()

    asyncio.run(story())
    assert preview.get("/blog/").status == 200


def test_a_taken_port_makes_way_for_the_next(preview: Running) -> None:
    sockets, chosen = bound(preview.port)
    assert sockets is not None
    assert preview.port < chosen <= preview.port + 9
    for each in sockets:
        each.close()


def test_only_this_machine_can_connect(preview: Running) -> None:
    sockets, _ = bound(0)
    assert sockets is not None
    assert [each.getsockname()[0] for each in sockets] == ["127.0.0.1"]
    for each in sockets:
        each.close()


def test_what_is_built_is_shown_as_it_is(tmp_path: Path) -> None:
    root = a_site(tmp_path / "water", "https://example.org/blog/")
    (root / "output/welcome").mkdir(parents=True)
    page = "<!doctype html><html><head></head><body>as it is</body></html>"
    (root / "output/index.html").write_text(page)
    (root / "output/welcome/index.html").write_text(page)
    with running(root, "--built") as server:
        assert server.base == "/blog/"
        assert server.get("/blog/welcome/").body == page
        assert server.get("/blog/nowhere/").status == 404
        assert server.get("/livereload.js").status == 404
        assert server.get("/blog/secret/").status == 404
        (root / "content/posts/welcome.md").write_text("changed")
        assert server.end() == 0
    assert sorted(path.name for path in (root / "output").rglob("*")) == ["index.html", "index.html", "welcome"]


def test_there_must_be_something_built_to_show(tmp_path: Path) -> None:
    root = a_site(tmp_path / "water")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    result = subprocess.run(
        [sys.executable, "-m", "generator", "serve", "--built"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT,
    )
    assert (result.returncode, "error CL917" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    "path",
    [
        "site.toml",
        "content/posts/a.md",
        "content/output/a.md",
        "static/.well-known/security.txt",
        "themes/mine/templates/article.html",
        "plugins/mine.py",
        "locales/en.toml",
        "content",
    ],
)
def test_what_makes_the_site_is_watched(path: str) -> None:
    assert matters(path)


@pytest.mark.parametrize(
    "path",
    [
        "output/index.html",
        ".clarion/preview/pages/index.html",
        "README.md",
        "content/posts/.a.md.swp",
        "content/posts/a.md~",
        "content/posts/4913",
        "content/posts/.#a.md",
        "content/posts/#a.md#",
        "content/posts/a.md___jb_tmp___.tmp",
        "content/.git/index",
        "plugins/__pycache__/mine.cpython-311.pyc",
        "content/.DS_Store",
    ],
)
def test_what_an_editor_leaves_in_passing_is_not(path: str) -> None:
    assert not matters(path)


class Changes:
    """What a watcher has told."""

    def __init__(self) -> None:
        self.paths: set[str] = set()

    def __call__(self, paths: frozenset[str]) -> None:
        self.paths |= paths


@pytest.mark.parametrize("polling", [False, True])
def test_folders_that_come_later_are_watched_too(tmp_path: Path, polling: bool) -> None:
    root = a_site(tmp_path / "water")
    seen, refused = Changes(), list[str]()
    watcher = SiteWatcher(root, seen, refused.append, polling)
    watcher.start(lambda: None)
    try:
        time.sleep(0.4)
        (root / "templates").mkdir()
        assert until(lambda: {"templates", "content"} <= seen.paths)
        (root / "templates/article.html").write_text("x")
        (root / "content/posts/.new.md.swp").write_text("x")
        (root / "content/posts/new.md").write_text("x")
        assert until(lambda: {"templates/article.html", "content/posts/new.md"} <= seen.paths)
        (root / "content/posts/new.md").unlink()
        seen.paths.clear()
        assert until(lambda: "content/posts/new.md" in seen.paths)
        assert (refused, [path for path in seen.paths if path.endswith(".swp")]) == ([], [])
    finally:
        watcher.end()


def test_watching_is_tried_before_it_is_relied_on(tmp_path: Path) -> None:
    assert tells_changes(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not tells_changes(tmp_path / "missing")


def test_the_watched_files_are_counted(tmp_path: Path) -> None:
    root = a_site(tmp_path / "water")
    (root / "content/posts/a.md~").write_text("")
    assert watched_files(root) == 4


def test_a_page_that_is_replaced_while_it_goes_out_is_whole(tmp_path: Path) -> None:
    """A build puts a shorter or a longer page in its place at any moment; what was measured is what is sent."""
    root = a_site(tmp_path / "water", "https://example.org/blog/")
    pages = [b"<p>short</p>", b"<p>" + b"long " * 2000 + b"</p>"]
    shown = root / "output/index.html"
    shown.parent.mkdir()
    shown.write_bytes(pages[0])
    done = threading.Event()

    def replace() -> None:
        for number in itertools.count():
            if done.is_set():
                return
            aside = root / "aside.html"
            aside.write_bytes(pages[number % 2])
            aside.replace(shown)

    with running(root, "--built") as server:
        replacing = threading.Thread(target=replace)
        replacing.start()
        try:
            bodies = {server.get("/blog/").body for _ in range(400)}
        finally:
            done.set()
            replacing.join()
    assert bodies <= {page.decode() for page in pages}


def test_a_burst_of_saves_is_few_builds(preview: Running) -> None:
    secret = preview.root / "content/posts/secret.md"
    for number in range(40):
        secret.write_text(f"{DRAFT}\nBurst {number}.\n")
        time.sleep(0.005)
    assert until(lambda: "Burst 39." in preview.get("/blog/secret/").body)
    secret.write_text(DRAFT)
    assert until(lambda: "Burst" not in preview.get("/blog/secret/").body)


PROBLEM = Problem("error", "CL201", "<img src=x onerror=alert(1)>", "a&b.md", 3, 1, "Mend <it>.")


def test_a_message_in_a_page_is_text_whatever_it_says() -> None:
    told = notice(Shown("", errors=(PROBLEM,), number=1)).decode().replace(' style="all:revert"', "")
    assert "<img" not in told
    assert (
        "<code>a&amp;b.md:3:1</code>: CL201 &lt;img src=x onerror=alert(1)&gt;<br><small>Mend &lt;it&gt;.</small>"
        in told
    )
    assert "&lt;script&gt;" in notice(Shown("", crash="<script>", number=1)).decode()
    assert notice(Shown("", number=1)) == b""


def test_only_what_stops_a_build_is_told_on_its_pages() -> None:
    warning = Problem("warning", "CL202", "x")
    assert errors_of((PROBLEM, warning), strict=False) == (PROBLEM,)
    assert errors_of((PROBLEM, warning), strict=True) == (PROBLEM, warning)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (
            "<!DOCTYPE html><html><HEAD lang=x><title>t</title></HEAD><body class=a>b",
            "<!DOCTYPE html><html><HEAD lang=x>S<title>t</title></HEAD><body class=a>Nb",
        ),
        ("<!doctype html><title>t</title><p>b", "<!doctype html>S<title>t</title><p>bN"),
        ("<header>b", "S<header>bN"),
    ],
)
def test_the_script_finds_its_place_in_any_html(page: str, shown: str) -> None:
    script = '<script src="/livereload.js" defer></script>'
    assert with_additions(page.encode(), b"N").decode() == shown.replace("S", script)
