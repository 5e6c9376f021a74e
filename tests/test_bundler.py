"""A bundler beside the preview: a real second process that writes into `static/`, in every way that bundlers do."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_serve import Running, a_site, running, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
CALM, LOUD = "a{color:#012345}", "a{color:#543210}"
BUNDLER = textwrap.dedent(
    """
    import os, pathlib, sys, time
    way, content, *files = sys.argv[1:]
    for number, file in enumerate(map(pathlib.Path, files)):
        if way == "at once":
            file.write_text(content)
        elif way == "by rename":
            part = file.with_name(f".{file.name}.{os.getpid()}.tmp")
            part.write_text(content)
            os.replace(part, file)
        elif way == "in halves":
            with file.open("w") as stream:
                stream.write(content[:7])
                stream.flush()
                time.sleep(0.3)
                stream.write(content[7:])
        elif way == "deleted first":
            file.unlink(missing_ok=True)
            time.sleep(0.3)
            file.write_text(content)
    """
)


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Running]:
    """A site with one page that names what the bundler makes."""
    root = a_site(tmp_path / "water")
    for name in ("one.css", "two.css"):
        (root / "static").mkdir(exist_ok=True)
        (root / "static" / name).write_text(CALM)
    page = root / "templates/feeds.html"
    page.parent.mkdir()
    page.write_text(
        '{% extends "clarion:feeds.html" %}{% block head %}'
        "{% for name in [asset('one.css'), asset('two.css')] %}"
        '<link rel="stylesheet" href="{{ name.url }}" integrity="{{ name.integrity }}">{% endfor %}{% endblock %}'
    )
    with running(root) as server:
        assert server.event("built")["ok"] is True
        yield server


def bundle(server: Running, way: str, content: str, *names: str) -> None:
    files = [str(server.root / "static" / name) for name in names]
    subprocess.run([sys.executable, "-c", BUNDLER, way, content, *files], check=True)


def styles(server: Running) -> list[str]:
    """The stylesheets that the page names beside the theme's, as a browser would get them."""
    page = server.get("/feeds/").body
    found = []
    for piece in page.split('<link rel="stylesheet" href="../')[1:]:
        path = piece.partition('"')[0]
        if "one." in path or "two." in path:
            found.append(server.get(f"/{path}").body)
    return found


def written_until(server: Running, wanted: list[str]) -> set[str]:
    """Everything that builds write until the page has what is wanted."""
    assert until(lambda: styles(server) == wanted)
    written: set[str] = set()
    # The pages are there a moment before it is told.
    while "feeds/index.html" not in written or not server.lines.empty():
        told = server.event("built")
        written.update(told["written"])  # type: ignore[call-overload]
    return written


@pytest.mark.parametrize("way", ["at once", "by rename", "in halves", "deleted first"])
def test_what_a_bundler_writes_is_on_the_page_that_names_it_and_no_other_is_drawn(preview: Running, way: str) -> None:
    bundle(preview, way, LOUD, "one.css", "two.css")
    pages = {path for path in written_until(preview, [LOUD, LOUD]) if path.endswith((".html", ".xml", ".json"))}
    assert pages == {"feeds/index.html"}


def test_a_bundler_that_never_rests_is_followed_to_its_last_word(preview: Running) -> None:
    for number in range(12):
        bundle(preview, "by rename", f"a{{order:{number}}}", "one.css")
    assert until(lambda: styles(preview) == ["a{order:11}", CALM])
    assert not [path for path in (preview.root / "static").iterdir() if path.name.startswith(".")]
