"""Incremental = clean, twice = once, not published = nowhere: held after any series of edits of any kind."""

import copy
import io
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from msgspec import Struct
from PIL import Image

from generator.engine import parcels
from generator.model.problem import Problem
from generator.model.report import Report
from generator.pipeline.session import Session
from generator.rebuild import rebuild
from tests.conftest import TinySite, instant

Edit = Callable[["Author"], None]
SOURCES = ("content", "templates", "directives", "static", "locales", "themes", "plugins", "site.toml")
MARKER = re.compile(rb"zq[a-z]{4}x")
REDACTED = re.compile(rb":redact\[[^\]]*\]")
LEDGER_IS_LOST = "CL901"
"""Says that a damaged ledger was not believed: a clean build has none."""


class Picture(Struct, frozen=True):
    """A tiny picture of one colour."""

    colour: int
    form: str = "PNG"

    def content(self) -> bytes:
        """Its file."""
        stream = io.BytesIO()
        Image.new("RGB", (9, 7), (self.colour, 90, 40)).save(stream, self.form)
        return stream.getvalue()


PLUGIN = """\
from generator.hooks import *
from msgspec import Struct
from msgspec.structs import replace


class Settings(Struct, frozen=True):
    zoom: int = 1


@hookimpl
def clarion_settings():
    return Settings


@hookimpl
def clarion_sources():
    return {".note": lambda text: Written(text, {"title": TITLE, "date": "2026-10-03"})}


@hookimpl
def clarion_finish(artifact, job, settings):
    return replace(artifact, content=artifact.content + FORM % settings.zoom) if job.kind == "not-found" else artifact
"""


class Plugin(Struct, frozen=True):
    """A plugin that reads notes, and finishes the page that is shown where there is none."""

    title: str = "A note"
    form: str = "%d"

    def content(self) -> str:
        """Its source."""
        return PLUGIN.replace("TITLE", repr(self.title)).replace("FORM", f"b{self.form!r}")


class Author:
    """Somebody who writes a site, changes their mind, moves files about, and has accidents with the disk.

    Each text carries marker words that occur nowhere else, new ones with each edit: where a marker is found later tells
    which text it came from.
    """

    def __init__(self, root: Path) -> None:
        self.site = TinySite(root)
        self.fronts: dict[str, dict[str, str]] = {}
        self.bodies: dict[str, str] = {}
        self.settings: dict[str, dict[str, str]] = {
            "site": {
                "id": '"tiny.example"',
                "title": '"Tiny"',
                "base_url": '"https://tiny.example/"',
                "timezone": '"Europe/Madrid"',
            },
            "languages.ru": {"title": '"Маленький"'},
            "authors.ann": {"name": '"Ann Example"'},
            "theme": {"name": '"plain"'},
            "facts.found": {"limit": "3"},
            "share": {"images": '"none"'},
        }
        self.now = "2026-11-22T12:00:00Z"
        self.markers = 0
        self._begin()

    def _begin(self) -> None:
        self.set("site", "title", '"Tiny"')
        self.file("content/posts/elm/bank.png", Picture(1))
        self.site.write("content/posts/elm/levels.csv", "day,level\n1,2\n")
        self.site.write("content/news/_section.toml", 'title = "News"\n')
        self.site.write("content/data/sources.toml", '[levels]\ntitle = "Levels"\n')
        self.site.write("content/campaigns/river.md", "---\ntitle: The river\n---\nFree it.\n")
        self.file("plugins/maps.py", Plugin())
        self.text("posts/ash", date="2026-10-05", tags="[water]", campaign="river")
        self.text("posts/birch", date="2026-10-06", tags="[water, witnesses]", series="{ name: Banks, part: 1 }")
        self.text("posts/elm/index", "![A bank](bank.png) and [levels](levels.csv)", date="2026-09-01")
        self.text("news/fir", date="2026-10-07")

    def marker(self) -> str:
        """A word that was never written before."""
        self.markers += 1
        number, letters = self.markers, ""
        for _ in range(4):
            number, digit = divmod(number, 26)
            letters += "abcdefghijklmnopqrstuvwxyz"[digit]
        return f"zq{letters}x"

    def text(self, name: str, more: str = "", **front: str) -> None:
        """A new text, or another one in its place."""
        self.fronts[name] = {"title": f"Of {self.marker()}", **front}
        self.bodies[name] = f"First {self.marker()}.\n\n## Head {self.marker()}\n\nSecond {self.marker()}. {more}"
        self.save(name)

    def front(self, name: str, key: str, value: str) -> None:
        """One key of a text's front matter, '' to take it out; each %s becomes a marker."""
        if name in self.fronts:
            self.fronts[name][key] = value.replace("%s", self.marker()) if "%s" in value else value
            self.save(name)

    def words(self, name: str, line: int) -> None:
        """Another first paragraph, heading or second paragraph."""
        if name in self.fronts:
            lines = self.bodies[name].split("\n")
            if 2 * line < len(lines):
                lines[2 * line] = MARKER.sub(self.marker().encode(), lines[2 * line].encode()).decode()
                self.bodies[name] = "\n".join(lines)
                self.save(name)

    def add(self, name: str, more: str) -> None:
        """A paragraph more."""
        if name in self.fronts:
            self.bodies[name] += f"\n\n{more.replace('%s', self.marker())}"
            self.save(name)

    def redact(self, name: str) -> None:
        """The last word that can be told from others is redacted, once it was public."""
        if name in self.fronts:
            found = list(MARKER.finditer(self.bodies[name].encode()))
            if found:
                start, end = found[-1].span()
                body = self.bodies[name].encode()
                self.bodies[name] = (body[:start] + b":redact[Mara " + body[start:end] + b"]" + body[end:]).decode()
                self.save(name)

    def shorten(self, name: str) -> None:
        """All but the first paragraph is taken out."""
        if name in self.fronts:
            self.bodies[name] = self.bodies[name].partition("\n")[0]
            self.save(name)

    def save(self, name: str) -> None:
        """The file of a text."""
        head = "".join(f"{key}: {value}\n" for key, value in self.fronts[name].items() if value)
        self.site.write(f"content/{name}.md", f"---\n{head}---\n{self.bodies[name]}\n")

    def delete(self, name: str) -> None:
        """A text is gone, its pictures are left."""
        if self.fronts.pop(name, None) is not None:
            (self.site.root / f"content/{name}.md").unlink()

    def move(self, name: str, other: str) -> None:
        """A text goes to another place, or takes the place of another."""
        if name in self.fronts and name != other:
            self.fronts[other], self.bodies[other] = self.fronts.pop(name), self.bodies[name]
            (self.site.root / f"content/{name}.md").unlink()
            self.save(other)

    def file(self, path: str, content: str | bytes | Picture | Plugin | None) -> None:
        """A file that is no text; None deletes it."""
        if content is not None:
            self.site.write(path, content.content() if isinstance(content, Picture | Plugin) else content)
        else:
            (self.site.root / path).unlink(missing_ok=True)

    def sources(self) -> dict[str, bytes]:
        """All that the site is made from, by path."""
        files = (path for top in SOURCES for path in (self.site.root / top, *(self.site.root / top).rglob("*")))
        return {path.relative_to(self.site.root).as_posix(): path.read_bytes() for path in files if path.is_file()}

    def remember(self) -> Callable[[], None]:
        """What takes everything back that is written from now on."""
        sources, told = self.sources(), copy.deepcopy((self.fronts, self.bodies, self.settings))

        def recall() -> None:
            self.fronts, self.bodies, self.settings = copy.deepcopy(told)
            for path in self.sources().keys() - sources.keys():
                (self.site.root / path).unlink()
            for path, content in sources.items():
                self.site.write(path, content)

        return recall

    def set(self, table: str, key: str, value: str) -> None:
        """A setting, '' to take it out."""
        self.settings.setdefault(table, {})[key] = value
        lines = []
        for name, values in self.settings.items():
            lines += [f"[{name}]", *(f"{key} = {value}" for key, value in values.items() if value)]
        self.site.write("site.toml", "\n".join([*lines, ""]))

    def wait(self, now: str) -> None:
        """Time passes, or the clock was wrong."""
        self.now = now

    def touch(self) -> None:
        """Every file is copied by a program that does not keep times."""
        for path in (self.site.root / "content").rglob("*"):
            path.touch()

    def spoil_output(self, number: int, how: str) -> None:
        """Somebody deletes, cuts or edits a file of the output folder, or all of it is gone."""
        files = [path for path in sorted(self.site.output.rglob("*")) if path.is_file()]
        files = [path for path in files if path.name != ".clarion-output"]
        if how == "all":
            shutil.rmtree(self.site.output, ignore_errors=True)
        elif files:
            _spoil(files[number % len(files)], how, number)

    def spoil_state(self, number: int, how: str) -> None:
        """A file of the state folder is damaged, or all of it is lost."""
        state = self.site.root / ".clarion"
        files = [
            path for path in sorted(state.rglob("*")) if path.is_file() and path.name not in ("lock", ".gitignore")
        ]
        if how == "all":
            shutil.rmtree(state, ignore_errors=True)
        elif files:
            _spoil(files[number % len(files)], how, number)


def _spoil(file: Path, how: str, number: int) -> None:
    content = file.read_bytes()
    if how == "delete":
        file.unlink()
    elif how == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif how == "foreign":
        file.write_bytes(b"Something else.")
    elif how == "link":
        file.unlink()
        file.symlink_to("nowhere")
    elif content:
        place = number * 7919 % len(content)
        file.write_bytes(content[:place] + bytes([content[place] ^ 1 << number % 8]) + content[place + 1 :])


def an(what: Callable[..., None], *values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Edits of one kind: a method of `Author` and what it is given."""
    return st.tuples(st.just(what.__name__), *values)


NAMES = ("posts/ash", "posts/birch", "posts/elm/index", "news/fir", "posts/gorse", "drafts/gorse", "posts/ash.ru")
TEXTS = st.sampled_from(NAMES)
ARTICLES = st.sampled_from(NAMES[:4])
FRONT = (
    ("title", ("Of %s", "About %s and more")),
    ("status", ("draft", "unlisted", "retracted", "")),
    ("date", ("2026-10-05", "2026-10-06", "2025-01-01", "2026-11-10T10:00", "2026-12-24", "2026-11-22T13:00:00Z")),
    ("expires", ("2026-11-05", "2026-12-01", "")),
    ("updated", ("2026-10-20", "")),
    ("slug", ("at-%s", "")),
    ("aliases", ("[/old/]", "[/old-%s/, /older/page.html]", "")),
    ("tags", ("[water]", "[Water, %s]", "[witnesses, water]", "[w]", "")),
    ("series", ("{ name: Banks, part: 1 }", "{ name: Banks, part: 2 }", "{ name: Of %s, part: 1 }", "")),
    ("campaign", ("river", "absent", "")),
    ("authors", ("[ann]", "[bob]", "")),
    ("kind", ("appeal", "report", "")),
    ("pinned", ("true", "")),
    ("order", ("3", "-1", "")),
    ("summary", ("In short %s.", "")),
    ("translation_key", ("together", "")),
    (
        "actions",
        (
            '[{ url: "https://act.example/%s", opens: 2026-10-20, closes: 2026-11-10 }]',
            "[{ kind: event, title: Meet %s, starts: 2026-11-08T18:00 }]",
            "",
        ),
    ),
    ("content_note", ("{ topics: [loss, %s] }", "")),
    ("image", ("{ file: bank.png, alt: A bank %s }", "{ file: ../posts/elm/bank.png, alt: A bank }", "")),
    ("share", ("{ text: Pass it on %s. }", "{ pigeon: Coo %s. }", "")),
    ("history", ("[{ date: 2026-10-10, type: correction, text: Mended %s. }]", "")),
    ("sources", ('[{ id: news, title: The %s, url: "https://news.example/", role: based-on }]', "")),
    ("extra", ("{ mood: 3 }", "")),
    ("robots", ("noindex", "")),
    ("template", ("page.html", "own.html", "")),
    ("backstory", ("It began with %s.", "")),
    ("ignore", ("[{ code: CL257, reason: Known. }]", "")),
)
PARAGRAPHS = (
    "A [link](/tags/water/) %s.",
    "A [link](birch.md) %s.",
    "A [link](../posts/ash.md) %s.",
    "![A bank](bank.png) %s",
    "![A bank](river.png) %s",
    "[Levels](levels.csv) %s.",
    ":::comment[Mine %s]\nWords %s.\n:::",
    "> [!NOTE]\n> Mind %s.",
    "“Quoted” %s.[^1]\n\n[^1]: A note %s.",
    "| a | b |\n|---|---|\n| %s | 2 |",
    "Told %s.:cite[levels]",
    ":::excerpt{source=levels}\nSaid %s.\n:::\n\n::resource{country=XX}",
)
FILES: tuple[tuple[str, tuple[str | bytes | Picture | Plugin | None, ...]], ...] = (
    ("content/posts/elm/bank.png", (Picture(1), Picture(2), Picture(3, "JPEG"), b"no picture", None)),
    ("content/posts/elm/river.png", (Picture(4), None)),
    ("content/posts/elm/levels.csv", ("day,level\n1,2\n", "day,level\n1,3\n", None)),
    ("content/posts/birch.ru.md", ("---\ntitle: Берёза\ndate: 2026-10-06\n---\nСлова.\n", None)),
    ("content/news/_section.toml", ('title = "News"\n', 'title = "Told"\nfeed = false\n', "listing = false\n", None)),
    ("content/news/_section.toml", ('title = "News"\nurl = "/n/{slug}/"\n[defaults]\ntags = ["told"]\n',)),
    ("content/pages/about.md", ("---\ntitle: About\n---\nHello.\n", "---\ntitle: Us\n---\nHello.\n", None)),
    ("content/pages/act.md", ("---\ntitle: All to do\n---\nAct.\n", None)),
    ("content/pages/archive.md", ("---\ntitle: All of it\n---\nAll.\n", None)),
    ("content/index.md", ("---\nsummary: All.\n---\nWelcome.\n", "Welcome back.\n", None)),
    (
        "content/tags/water.md",
        ("---\ntitle: Waters\n---\nWater.\n", "---\n---\nSee [this](../posts/birch.md).\n", None),
    ),
    ("content/authors/ann.md", ("---\n---\nOf Ann.\n", None)),
    (
        "content/campaigns/river.md",
        ("---\ntitle: The river\n---\nFree it.\n", "---\ntitle: Won\nstate: won\n---\n", None),
    ),
    ("content/data/tags.toml", ('[water]\nlabel = "H2O"\nsynonyms = ["w"]\n', '[water]\nlabel = "W"\n', None)),
    (
        "content/data/sources.toml",
        ('[levels]\ntitle = "Gauges"\n', '[levels]\ntitle = "L"\n[more]\ntitle = "M"\n', None),
    ),
    ("content/data/resources.toml", ('[a]\nname = "A"\ncountry = "XX"\nphone = "116 123"\n', None)),
    ("content/data/unused.toml", ("a = 1\n", "a = 2\n", "a =\n", None)),
    ("content/data/used.json", ('{"b": 1, "a": 2}', '{"a": 2, "b": 1}', None)),
    (
        "content/data/share_targets.toml",
        (
            '[pigeon]\nname = "Pigeon"\ntemplate = "https://pigeon.example/?t={ut}"\n',
            '[pigeon]\nname = "Dove"\ntemplate = "https://dove.example/?t={u}"\n',
            None,
        ),
    ),
    ("templates/partials/pager.html", ("<p>pager</p>\n", "<p>{{ site.title }}</p>\n", "{% if %}", None)),
    ("templates/partials/topics.html", ("<p>{{ data.used | json }}{{ data.absent }}</p>\n", "", None)),
    ("templates/not_found.html", ('{% extends "layout.html" %}{% block main %}{{ site.contact }}{% endblock %}', None)),
    ("templates/feeds.html", ("{% for card in facts.found %}{{ card.title }}, {% endfor %}\n", None)),
    (
        "templates/article.html",
        (
            '{% extends "layout.html" %}{% block main %}{{ article.title }}{{ render_body(body) }}{% endblock %}',
            '{% extends "plain:article.html" %}{% block title %}{{ number(article.minutes) }}{% endblock %}',
            None,
        ),
    ),
    ("templates/own.html", ("{{ article.title }}{{ render_body(body) }}{{ site.feeds | json }}\n", "own\n", None)),
    ("templates/unused.html", ("{{ site.tagline }}", None)),
    ("directives/comment.html", ('{# text = "blocks" #}<div>{{ inner }}</div>\n', None)),
    ("directives/callout.html", ('{# text = "blocks"\nattributes.kind = { type = "str" } #}{{ inner }}!\n', None)),
    ("directives/comment.feed.html", ('{# text = "blocks" #}<p>{{ article.title }}</p>{{ inner }}\n', None)),
    ("static/key.txt", ("a key\n", "another key\n", None)),
    ("static/plain.css", ("body { margin: 0 }\n", 'body { background: url("dot.png") }\n', None)),
    ("static/dot.png", (Picture(5), Picture(6), None)),
    ("static/style.css.jinja", ("p { color: {{ theme.accent }} }\n", None)),
    ("locales/en.toml", ('older_article = "Before"\n', 'tags = "Matters"\n', None)),
    ("locales/ru.toml", ('older_article = "Раньше"\n', None)),
    ("plugins/maps.py", (Plugin(), Plugin(title="One note"), Plugin(form="+%d"), "1 / 0\n")),
    ("content/posts/note.note", ("Noted.\n\nMore.\n", "Noted.\n\nLess.\n", None)),
    ("themes/mine/theme.toml", ('name = "mine"\nparent = "plain"\n', 'name = "mine"\nparent = "plain"\nodd = 1\n')),
)
SETTINGS = (
    ("site", "title", ('"Tiny"', '"Small"')),
    ("site", "tagline", ('"A line"', "")),
    ("site", "description", ('"About"', "")),
    ("site", "contact", ('"post@tiny.example"', "")),
    ("site", "licence", ('"CC-BY-4.0"', "")),
    ("site", "authors", ('["ann"]', "")),
    ("site", "timezone", ('"UTC"', '"Pacific/Kiritimati"')),
    ("site", "language", ('"en-US"', "")),
    ("site", "base_url", ('"https://tiny.example/"', '"https://other.example/folder/"')),
    ("content", "page_size", ("1", "2", "")),
    ("content", "date_precision", ('"minute"', "")),
    ("feeds", "content", ('"summary"', "")),
    ("feeds", "limit", ("1", "")),
    ("urls", "posts", ('"/{year}/{slug}/"', '"/{slug}/"', "")),
    ("urls", "links", ('"file"', "")),
    ("theme", "name", ('"plain"', '"clarion"', '"mine"')),
    ("markdown", "engine", ('"commonmark"', "")),
    ("markdown", "unsafe_html", ("false", "")),
    ("images", "widths", ("[4]", "")),
    ("share", "images", ('"all"', '"kit"', '"none"')),
    ("share", "kit", ('"all"', "")),
    ("share", "targets", ('["email"]', '["pigeon", "x"]', "")),
    ("replies", "way", ('"closed"', "")),
    ("authors.ann", "bio", ('"Walks."', "")),
    ("authors.ann", "pen_name", ('"Alex"', "")),
    ("taxonomies.tags", "feed", ("false", "")),
    ("languages.ru", "tagline", ('"Строка"', "")),
    ("facts.found", "where", ("\"'water' in tags or pinned\"", '"date < 2026-10-07"', "")),
    ("facts.found", "sort", ('"title"', '"-updated"', "")),
    ("plugins", "names", ('["maps"]', "")),
    ("plugins.maps", "zoom", ("2", '"far"', "")),
    ("odd", "one", ("1", "")),
)
TIMES = ("2026-10-01", "2026-11-01", "2026-11-10T22:30", "2026-11-22T12:00", "2026-12-25", "2027-02-01")
SPOILS = st.sampled_from(("delete", "cut", "foreign", "flip", "link", "all"))
NUMBERS = st.integers(0, 997)
PARTS = 6


def _choices(*table: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    """A row of a table with one of the values in its last column."""
    rows = [(*row[:-1], value) for row in table for value in row[-1]]
    return st.sampled_from(rows)


def _flat(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """An edit whose last argument is a row of a table."""
    return (*values[:-1], *values[-1])


WORDS = an(Author.words, TEXTS, st.integers(0, 2))
EDITS = st.one_of(
    WORDS,
    an(Author.front, TEXTS, _choices(*FRONT)).map(_flat),
    an(Author.front, TEXTS, _choices(*FRONT)).map(_flat),
    an(Author.front, ARTICLES, _choices(*FRONT[:4])).map(_flat),
    an(Author.add, ARTICLES, st.sampled_from(PARAGRAPHS)),
    an(Author.redact, ARTICLES),
    an(Author.shorten, ARTICLES),
    an(Author.text, TEXTS, st.just({"date": "2026-10-08"})),
    an(Author.delete, TEXTS),
    an(Author.move, TEXTS, TEXTS),
    an(Author.file, _choices(*FILES)).map(_flat),
    an(Author.file, _choices(*FILES)).map(_flat),
    an(Author.file, _choices(*FILES)).map(_flat),
    an(Author.set, _choices(*SETTINGS)).map(_flat),
    an(Author.set, _choices(*SETTINGS)).map(_flat),
    an(Author.wait, st.sampled_from(TIMES)),
    an(Author.wait, st.sampled_from(TIMES)),
    an(Author.touch),
    an(Author.spoil_output, NUMBERS, SPOILS),
    an(Author.spoil_state, NUMBERS, SPOILS),
)


def _waits() -> list[tuple[str, str]]:
    """Time goes on, step by step, and back."""
    return [("wait", time) for time in (*TIMES, *reversed(TIMES))]


def _every_edit() -> list[tuple[Any, ...]]:
    """Each row of the tables with each of its values, in an order that has no order."""
    found: list[tuple[Any, ...]] = [("file", path, content) for path, contents in FILES for content in contents]
    found += [("set", table, key, value) for table, key, values in SETTINGS for value in values]
    found += [("front", name, key, value) for key, values in FRONT for value in values for name in NAMES[1:3]]
    found += [("add", "posts/elm/index", paragraph) for paragraph in PARAGRAPHS]
    found += [("redact", name) for name in NAMES[:4] for _ in range(2)]
    random.Random(5).shuffle(found)  # noqa: S311
    return found


class AnyEdits(RuleBasedStateMachine):
    """A site is edited in any way; after each few edits it is built, and compared with a clean build of the same.

    `kept` are the markers that may still be somewhere: for each text those it carried since it was last seen to be
    unpublished (what a text said before is kept for the case that an edit is undone). What a process remembers by its
    content is forgotten before each clean build if `forgets_all`; templates are then compiled anew each time.
    """

    forgets_all = False

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "site").mkdir()
        self.author = Author(self.folder / "site")
        self.kept: dict[str, set[bytes]] = {}
        self.session = Session()
        self.shown: dict[str, bytes] = {}
        self.build_and_compare(0, ())

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(edits=st.lists(EDITS, min_size=1, max_size=3), jobs=st.sampled_from((0,) * 19 + (2,)))
    def edit(self, edits: list[tuple[Any, ...]], jobs: int) -> None:
        self._do(edits)
        self.build_and_compare(jobs, ())

    @rule(edits=st.lists(st.one_of(WORDS, WORDS, EDITS), min_size=1, max_size=2), watched=st.booleans())
    def edit_and_look(self, edits: list[tuple[Any, ...]], watched: bool) -> None:
        self._do(edits)
        self.preview_and_compare(watched)

    @rule(name=ARTICLES, watched=st.booleans())
    def change_a_word_and_back(self, name: str, watched: bool) -> None:
        before = self.author.bodies.get(name, "")
        self.author.words(name, 2)
        self.preview_and_compare(watched)
        if name in self.author.fronts:
            self.author.bodies[name] = before
            self.author.save(name)
        self.preview_and_compare(watched=True)

    @rule(name=ARTICLES)
    def leave_out(self, name: str) -> None:
        if name in self.author.fronts:
            self.build_and_compare(0, (f"content/{name}.md",))

    def _do(self, edits: list[tuple[Any, ...]]) -> None:
        for name, *values in edits:
            more = values.pop() if values and isinstance(values[-1], dict) else {}
            getattr(self.author, name)(*values, **more)

    def _forget(self) -> None:
        """A clean build takes nothing over from the one before, though both are made by one process."""
        parcels._remembered.clear()
        if self.forgets_all:
            for name, module in tuple(sys.modules.items()):
                if name.startswith("generator."):
                    for value in vars(module).values():
                        if hasattr(value, "cache_clear"):
                            value.cache_clear()

    def build_and_compare(self, jobs: int, without: tuple[str, ...]) -> bool:
        """Whether nothing was wrong."""
        site, now = self.author.site, self.author.now
        before = site.outputs()
        report = site.build(now, jobs=jobs, without=without)
        fresh = self.folder / "fresh"
        self._forget()
        clean = site.build(now, without=without, output=fresh / "output", state=fresh / ".clarion")
        assert _told(report) == _told(clean)
        self._note_what_may_be_kept(clean)
        if report.ok:
            assert site.outputs() == _outputs(fresh / "output")
            assert self._found_too_much() == []
        else:
            assert site.outputs() == before
        shutil.rmtree(fresh, ignore_errors=True)
        again = site.build(now, without=without)
        assert again.written == again.removed == again.adopted == ()
        assert _told(again) == _told(clean)
        return report.ok

    def preview_and_compare(self, watched: bool) -> None:
        """As a preview builds: with drafts, in one process that remembers, quickly where only words changed.

        Unless it was `watched` which files changed all may have.
        """
        site, now = self.author.site, self.author.now
        preview, fresh = self.folder / "preview", self.folder / "fresh"
        sources = self.author.sources()
        changed = {path for path in {*sources, *self.shown} if sources.get(path) != self.shown.get(path)}
        changed = changed if watched else set()
        report = rebuild(self.session, changed, now=instant(now), clock=lambda: 0.0) or site.build(
            now, drafts=True, future=True, output=preview / "output", state=preview / "state", session=self.session
        )
        self._forget()
        clean = site.build(now, drafts=True, future=True, output=fresh / "output", state=fresh / "state")
        assert _told(report) == _told(clean)
        if report.ok:
            assert _outputs(preview / "output") == _outputs(fresh / "output")
            self.shown = sources
        shutil.rmtree(fresh, ignore_errors=True)

    def _note_what_may_be_kept(self, clean: Report) -> None:
        """Of a refused build only what it adds is noted: the output folder is that of the build before."""
        hidden = {out.path for out in clean.left_out}
        for name in {*self.kept, *self.author.fronts}:
            front = self.author.fronts.get(name, {})
            path = f"content/{name}.md"
            content = _content(self.author.site.root / path)
            carried = set(MARKER.findall(REDACTED.sub(b"", content)))
            if front.get("status") == "retracted":
                carried = set(MARKER.findall(f"{front['title']} {front.get('slug')} {front.get('aliases')}".encode()))
            published = bool(front) and path not in hidden
            if not clean.ok:
                self.kept.setdefault(name, set()).update(carried)
            elif not published or front.get("status") == "retracted":
                self.kept[name] = carried if published else set()
            elif REDACTED.search(content):
                # What it said before may be what is redacted now.
                self.kept[name] = carried
            else:
                self.kept.setdefault(name, set()).update(carried)

    def _found_too_much(self) -> list[tuple[str, bytes]]:
        """Where words stand that were taken back, or were never published: by file and marker."""
        allowed = set().union(*self.kept.values())
        return [
            (path, marker)
            for path, content in _left_behind(self.author.site.root)
            for marker in set(MARKER.findall(content)) - allowed
        ]


def _told(report: Report) -> tuple[Any, ...]:
    """What a report says of the site, whatever was done to the folder."""
    problems: tuple[Problem, ...] = tuple(each for each in report.problems if each.code != LEDGER_IS_LOST)
    return (report.ok, problems, report.left_out, report.next_change, report.articles, report.pages)


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _outputs(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".clarion-output")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _left_behind(root: Path) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of every file in the site's folder that no author wrote."""
    for top in sorted(root.iterdir()):
        if top.name not in SOURCES:
            for path in (top, *sorted(top.rglob("*"))):
                name = path.relative_to(root).as_posix()
                yield name, name.encode() + b"\n" + _content(path)


AnyEdits.TestCase.settings = settings(
    max_examples=50, stateful_step_count=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestAnyEdits = AnyEdits.TestCase


@pytest.mark.parametrize("part", range(PARTS))
def test_each_edit_alone_leaves_what_a_clean_build_makes(part: int) -> None:
    """One after the other; what makes the site wrong is taken back."""
    held = AnyEdits()
    try:
        for edit in (*_waits(), *_every_edit()[part::PARTS]):
            recall = held.author.remember()
            held._do([edit])
            if not held.build_and_compare(0, ()):
                recall()
                assert held.build_and_compare(0, ()), edit
    finally:
        held.teardown()
