"""How long an author waits in `clarion serve`: from saving a text to the message that reloads the page."""

import asyncio
import json
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.bench.processes import Started

_HELLO = json.dumps({"command": "hello", "protocols": ["http://livereload.com/protocols/official-7"]})
# longer than any waiting for further changes, so that each save is a build of its own
_PAUSE = 1.5


def reload_times(site: Path, page: str, edits: Sequence[Path], log: Path, seconds: float) -> list[float]:
    """Serve the site, change a word in each of these texts, one after the other; seconds until each reload message.

    `page` is a path below the address of the site that answers when it can be seen. Raises TimeoutError when the
    server or a message does not come within `seconds`.
    """
    port = _free_port()
    command = (sys.executable, "-m", "generator", "serve", "--no-open", "--port", str(port))
    server = Started(command, site, {}, log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/{page}", seconds)
        return asyncio.run(_measure(f"ws://127.0.0.1:{port}/livereload", edits, seconds))
    finally:
        server.end()


def change_a_word(path: Path) -> None:
    """Change the first word of the second paragraph: no list shows it."""
    text = path.read_text(encoding="utf-8")
    head, first, second, rest = text.split("\n\n", 3)
    word, _, others = second.partition(" ")
    path.write_text("\n\n".join((head, first, f"{word}ly {others}", rest)), encoding="utf-8", newline="\n")


async def _measure(address: str, edits: Sequence[Path], seconds: float) -> list[float]:
    connection = await websocket_connect(address)
    commands: asyncio.Queue[str] = asyncio.Queue()
    listening = asyncio.create_task(_listen(connection, commands))
    await connection.write_message(_HELLO)
    await _next(commands, "hello", seconds)
    await connection.write_message(json.dumps({"command": "info", "url": "/"}))
    found = []
    for path in edits:
        await asyncio.sleep(_PAUSE)
        # the build that came before may have told of itself late
        while not commands.empty():
            commands.get_nowait()
        change_a_word(path)
        saved = time.monotonic()
        await _next(commands, "reload", seconds)
        found.append(time.monotonic() - saved)
    listening.cancel()
    connection.close()
    return found


async def _listen(connection: WebSocketClientConnection, commands: asyncio.Queue[str]) -> None:
    while message := await connection.read_message():
        await commands.put(str(json.loads(message).get("command")))


async def _next(commands: asyncio.Queue[str], wanted: str, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while await commands.get() != wanted:
            pass


def _wait_for(address: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 (the server that was just started)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"no page was served within {seconds:.0f} s")


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])
