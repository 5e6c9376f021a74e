"""The preview server: livereload's, on the loopback, fed by the build process."""

import logging
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, cast

from livereload import Server
from livereload.handlers import LiveReloadHandler
from livereload.watcher import Watcher
from msgspec import structs
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets

from generator.model.problem import Problem, errors_of
from generator.serve.builder import Answer, Builder, Order
from generator.serve.events import Built, Crashed, Listening, Noted, Tell
from generator.serve.folder import claim
from generator.serve.pages import Injection, ReloadScript, ReloadSocket, Shown, SitePages, Stage
from generator.serve.watcher import PLUGINS, SiteWatcher, tells_changes, watched_files

HOST = "127.0.0.1"
PORTS_TRIED = 10


class LoopbackServer(Server):  # type: ignore[misc] # livereload comes without types
    """livereload's server with pages, sockets and signals of our own."""

    def __init__(self, stage: Stage, watcher: Watcher, sockets: list[socket.socket]) -> None:
        super().__init__(watcher=watcher)
        self._stage = stage
        self._sockets = sockets
        self.SFH = SitePages

    def application(self, *_address: Any, **_options: Any) -> None:
        """Answer on the sockets that are bound already."""
        LiveReloadHandler.watcher = self.watcher
        # the names of assets change with their bytes, so a style cannot be replaced in place
        LiveReloadHandler.live_css = False
        handlers: list[tuple[str, type[web.RequestHandler], dict[str, object]]] = []
        if self._stage.shown.live:
            handlers = [("/livereload", ReloadSocket, {"stage": self._stage}), (r"/livereload\.js", ReloadScript, {})]
        handlers.append(("(/.*)", self.SFH, {"stage": self._stage}))
        transform = cast("type[web.OutputTransform]", partial(Injection, stage=self._stage))
        app = web.Application(handlers, transforms=[transform], log_function=lambda _request: None)
        HTTPServer(app).add_sockets(self._sockets)

    def _setup_logging(self) -> None:
        # livereload would print each reload and each request; the command tells what an author wants to know
        for name in ("livereload", "tornado", "watchfiles"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


class _NoWatcher(Watcher):  # type: ignore[misc] # livereload comes without types
    """Watches nothing, for a folder that is shown as it is."""

    def start(self, callback: Callable[[], None]) -> bool:  # noqa: ARG002 - livereload's signature
        return True


def show_built(folder: Path, base_path: str, port: int, tell: Tell) -> Problem | None:
    """Serve a finished output folder as it is until the process is interrupted; nothing is built, watched or added."""
    if not (folder / "index.html").is_file():
        hint = "Run clarion build first."
        return Problem("error", "CL917", "there is no built site here yet", f"{folder.name}/", hint=hint)
    sockets, chosen = bound(port)
    if sockets is None:
        return no_port(port)
    tell(Listening(_url(chosen, base_path)))
    stage = Stage(Shown(str(folder), base_path, live=False))
    watcher = _NoWatcher()
    _serve(LoopbackServer(stage, watcher, sockets), chosen, folder)
    return None


def preview(
    root: Path,
    *,
    overrides: tuple[str, ...],
    strict: bool,
    base_path: str,
    port: int,
    now: Callable[[], int],
    clock: Callable[[], float],
    tell: Tell,
) -> Problem | None:
    """Build into `.clarion/preview/`, serve it, build again after each change, until the process is interrupted.

    `now` gives the UTC seconds of a build that begins; `clock` is monotonic. Returns what kept it from starting.
    """
    with ExitStack() as cleanup:
        folder = cleanup.enter_context(claim(root))
        if folder is None:
            hint = "Use that one, or end it with Ctrl-C."
            return Problem("error", "CL914", "a preview of this site is running already", hint=hint)
        sockets, chosen = bound(port)
        if sockets is None:
            return no_port(port)
        polling = not tells_changes(folder.parent)
        stage = Stage(Shown(str(folder), base_path))
        builder = Builder(Order(str(root), str(folder), overrides, strict), clock)
        loop = IOLoop.current()
        rebuilder = Rebuilder(builder, stage, loop, now, strict, tell)
        watcher = SiteWatcher(root, rebuilder.want, lambda reason: tell(Noted(_not_watched(reason))), polling)
        cleanup.callback(rebuilder.end)
        cleanup.callback(watcher.end)
        cleanup.callback(_ignore_interrupts)
        tell(Listening(_url(chosen, base_path), watched_files(root), polling))
        rebuilder.start()
        _serve(LoopbackServer(stage, watcher, sockets), chosen, root)
    return None


def _serve(server: LoopbackServer, port: int, root: Path) -> None:
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # nohup asks to live on when the terminal closes
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _interrupt)
    server.watch(str(root))
    server.serve(port=port, host=HOST, root=str(root))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _ignore_interrupts() -> None:
    """A second Ctrl-C must not leave the folder or the build process behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def bound(port: int) -> tuple[list[socket.socket] | None, int]:
    """Sockets on the first free port of ten, and its number; None when all are taken. Port 0 lets the system choose."""
    for number in range(port, min(port + PORTS_TRIED, 65536)):
        try:
            sockets = bind_sockets(number, address=HOST)
        except OSError:
            continue
        return sockets, sockets[0].getsockname()[1]
    return None, port


def no_port(port: int) -> Problem:
    """What to say when no port is free."""
    last = min(port + PORTS_TRIED, 65536) - 1
    return Problem("error", "CL915", f"the ports {port} to {last} are all taken", hint="Name another with --port.")


def _not_watched(reason: str) -> Problem:
    message = f"the system does not watch these folders ({reason}), so they are looked at three times a second"
    return Problem("note", "CL918", message, hint="On Linux, a greater fs.inotify.max_user_watches lets it watch.")


def _url(port: int, base_path: str) -> str:
    return f"http://{HOST}:{port}{base_path}"


class Rebuilder:
    """Builds whenever something is wanted, never twice at a time: what comes during a build makes one more build."""

    def __init__(
        self, builder: Builder, stage: Stage, loop: IOLoop, now: Callable[[], int], strict: bool, tell: Tell
    ) -> None:
        self._builder = builder
        self._stage = stage
        self._loop = loop
        self._now = now
        self._strict = strict
        self._tell = tell
        self._wanted = threading.Event()
        self._guard = threading.Lock()
        self._changed: frozenset[str] = frozenset()
        self._plugins_changed = threading.Event()
        self._ended = threading.Event()
        self._good = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="rebuild")

    def start(self) -> None:
        """Build for the first time, in a thread of its own."""
        self._wanted.set()
        self._thread.start()

    def want(self, paths: frozenset[str]) -> None:
        """Something changed: these paths, relative to the site's folder."""
        if any(path.split("/")[0] == PLUGINS for path in paths):
            self._plugins_changed.set()
        with self._guard:
            self._changed |= paths
        self._wanted.set()

    def end(self) -> None:
        """End the build process and wait for the thread."""
        self._ended.set()
        self._wanted.set()
        self._builder.end()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            if self._ended.is_set():
                return
            self._wanted.clear()
            with self._guard:
                changed, self._changed = self._changed, frozenset()
            if self._plugins_changed.is_set():
                self._plugins_changed.clear()
                self._builder.restart()
            answer = self._builder.build(self._now(), changed)
            if answer is None:
                return
            self._publish(answer)

    def _publish(self, answer: Answer) -> None:
        """Show what was built, tell the browsers if it differs, then the author."""
        shown, report = self._stage.shown, answer.report
        errors = () if report is None or report.ok else errors_of(report.problems, self._strict)
        base_path = answer.base_path if report is not None and report.ok else shown.base_path
        after = structs.replace(shown, base_path=base_path, errors=errors, crash=answer.crash)
        if after != shown or not shown.number or (report is not None and (report.written or report.removed)):
            after = structs.replace(after, number=shown.number + 1)
        done = threading.Event()
        told: list[int] = []

        def on_loop() -> None:
            self._stage.shown = after
            differs = after.number != shown.number
            told.append(len(LiveReloadHandler.waiters) if differs else 0)
            if differs:
                LiveReloadHandler.reload_waiters("*")
            done.set()

        with suppress(RuntimeError):  # the loop may be closed when the preview ends
            self._loop.add_callback(on_loop)
        while not done.wait(0.1):
            if self._ended.is_set():
                return
        if report is None:
            self._tell(Crashed(answer.crash))
            return
        first = report.ok and not self._good
        self._good = self._good or report.ok
        self._tell(Built(report, told[0], first))
