"""What `docs/` tells authors is what Clarion does: every key, every code, every example, every link."""

import errno
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, structs
from PIL import Image

from generator.build import build
from generator.config import _LATER, Author, Config, load_config, load_text
from generator.engine.lock import build_lock
from generator.engine.refusal import Refused
from generator.hooks import Site
from generator.markup.blocks import CALLOUTS
from generator.media.files import LARGE, file_problem
from generator.media.pictures import encode_picture, probe
from generator.model.document import File, Media, Section
from generator.model.fields import (
    ACTION,
    ANSWERED,
    ARCHIVED,
    ARTICLE,
    CAMPAIGN,
    CHANGE,
    CONTENT_NOTE,
    GOAL,
    IMAGE,
    NAMED,
    OUTCOME,
    RECIPIENT,
    SECTION,
    SERIES,
    SETTINGS,
    SHARE,
    SHARE_EMAIL,
    SOURCE,
    TEXT,
    Field,
    Table,
)
from generator.model.library import PictureOrder
from generator.model.problem import SEVERITIES, Problem
from generator.plugins import plugin_manager
from generator.serve.folder import claim
from generator.serve.server import _not_watched, no_port, preview, show_built
from generator.share.targets import own_targets
from generator.source.check import DATE, code
from generator.stages.find import find
from generator.stages.gather import Choice, gather
from generator.stages.parse import parse_document, parse_section
from generator.stages.parse_all import parse_all
from generator.stages.write import _refusal
from generator.theme import Theme, load_theme
from generator.work.new.document import new_post
from generator.work.new.site import new_site
from tests.conftest import NOW, TinySite, instant

ROOT = Path(__file__).parent.parent
DOCS = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md")
SITE = {"title": '"River notes"', "base_url": '"https://rivers.example/"'}
ARTICLE_TEXT = "---\ntitle: The river\ndate: 2026-05-01\n---\nThe river is dry.\n"
RIVER = "content/posts/river.md"

_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<language>\w*)(?: (?P<path>\S+))?\n(?P<text>.*?)^(?P=fence)$", re.M | re.S)
_ROW = re.compile(r"^\| `(?P<key>[^`]+)` \| (?P<rest>.*) \|$", re.M)


class Block(Struct, frozen=True):
    """A fenced example: the words behind its fence, its text, the heading it stands under."""

    heading: str
    language: str
    path: str
    text: str


class Row(Struct, frozen=True):
    """A row of a table whose first cell is a key, with the words at the head of that table's first column."""

    table: str
    key: str
    cells: tuple[str, ...]


def read(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Headings with what stands under them; a `#` inside an example is no heading."""
    hidden = _FENCE.sub(lambda match: match[0].replace("\n#", "\n\0"), text)
    pieces = re.split(r"^(#{1,4} .+)$", hidden, flags=re.M)
    for heading, body in zip(pieces[1::2], pieces[2::2], strict=True):
        yield heading, body.replace("\0", "#")


def blocks(name: str) -> list[Block]:
    return [
        Block(heading.lstrip("# "), match["language"], match["path"] or "", match["text"])
        for heading, body in sections(read(name))
        for match in _FENCE.finditer(body)
    ]


def rows(name: str) -> list[Row]:
    found: list[Row] = []
    for heading, body in sections(read(name)):
        table = ""
        for line in _FENCE.sub("", body).splitlines():
            match = _ROW.match(line)
            if match:
                cells = tuple(cell.strip() for cell in match["rest"].split(" | "))
                found.append(Row(table or heading, match["key"], cells))
            elif line.startswith("| ") and not line.startswith("| ---"):
                head = line.strip("| ").split(" | ")[0]
                table = heading.lstrip("# ") if head == "setting" else head
    return found


def of_table(found: Iterable[Row]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    for row in found:
        tables.setdefault(row.table, []).append(row)
    return tables


def settings_of(text: str) -> str:
    """An example of settings with the two lines that every site needs."""
    missing = [f"{name} = {value}" for name, value in SITE.items() if not re.search(rf"^{name} = ", text, re.M)]
    missing = [] if "[site]" in text and not missing else missing
    if re.search(r"^\[site\]$", text, re.M):
        return re.sub(r"^\[site\]$", "\n".join(("[site]", *missing)), text, count=1, flags=re.M)
    return "\n".join(("[site]", *(f"{name} = {value}" for name, value in SITE.items()), text))


@cache
def theme() -> Theme:
    config, _ = load_text(settings_of(""))
    assert config is not None
    found, problems = load_theme(ROOT / "tests", config)
    assert problems == ()
    return found


@cache
def config() -> Config:
    found, problems = load_text(settings_of("[taxonomies.regions]\n[languages.ru]\n"))
    assert found is not None
    assert problems == ()
    return found


def problems_of(text: str, path: str = RIVER) -> list[str]:
    """What the real parse stage says of an article beyond notes."""
    content = text.encode()
    sections = {"news": Section("news")}
    _, problems = parse_document(File(path, "", len(content)), content, config(), sections, theme().declarations)
    return [str(problem) for problem in problems if problem.severity != "note"]


# writing.md

# How a key of each table is written into front matter: the example takes the place of {}.
TABLES: dict[str, tuple[Table, str]] = {
    "key": (ARTICLE, "{}"),
    "key of a section": (SECTION, ""),
    "key of a series": (SERIES, "series:\n  name: The river\n  {}"),
    "key of an image": (IMAGE, "image:\n  file: river.jpg\n  alt: A river bed\n  {}"),
    "key of a source": (SOURCE, "sources:\n  - title: The river report\n    {}"),
    "key of an archived copy": (ARCHIVED, "sources:\n  - title: A\n    archived:\n      - url: https://a.example/\n        {}"),
    "key of an action": (ACTION, "actions:\n  - url: https://rivers.example/petition\n    {}"),
    "key of an organiser": (NAMED, "actions:\n  - kind: call\n    organiser:\n      name: Rivers First\n      {}"),
    "key of a recipient": (RECIPIENT, "actions:\n  - kind: call\n    recipients:\n      - {}"),
    "key of a goal": (GOAL, "actions:\n  - kind: call\n    goal:\n      target: 10000\n      {}"),
    "key of a content note": (CONTENT_NOTE, "content_note:\n  {}"),
    "key of an entry": (CHANGE, "history:\n  - date: 2026-05-03\n    type: update\n    text: More.\n    {}"),
    "key of `share`": (SHARE, "share:\n  {}"),
    "key of `email`": (SHARE_EMAIL, "share:\n  email:\n    {}"),
    "key of an answer": (ANSWERED, "ignore:\n  - code: CL999\n    reason: None.\n    {}"),
    "key of a campaign": (CAMPAIGN, "{}"),
    "key of an outcome": (OUTCOME, "outcomes:\n  - date: 2026-07-02\n    text: More.\n    {}"),
    "key of a text": (TEXT, "{}"),
}
PLACES = {
    "key of a campaign": "content/campaigns/river.md",
    "key of an outcome": "content/campaigns/river.md",
    "key of a text": "content/tags/water.md",
}


def tables_in(table: Table) -> Iterator[Table]:
    """A table and all that lie in it."""
    yield table
    for field in table.fields:
        # What a section gives its articles is the table of articles once more.
        if field.table is not None and field.table.name != "article":
            yield from tables_in(field.table)


def test_every_table_of_front_matter_is_told_of() -> None:
    wanted = {table.name for start in (ARTICLE, CAMPAIGN, TEXT, SECTION) for table in tables_in(start)}
    assert {table.name for table, _ in TABLES.values()} == wanted


@pytest.mark.parametrize("head", TABLES)
def test_every_key_of_a_table_has_its_row_and_no_other(head: str) -> None:
    table, _ = TABLES[head]
    told = [row.key for row in rows("writing.md") if row.table == head]
    names = [*table.names, *((table.others.name,) if table.others else ())]
    assert sorted(told) == sorted(names)


def rows_of_writing() -> list[Row]:
    return [row for row in rows("writing.md") if row.table in TABLES]


@pytest.mark.parametrize("row", rows_of_writing(), ids=lambda row: f"{row.table}: {row.key}")
def test_a_row_says_what_a_key_can_be_and_its_example_holds(row: Row) -> None:
    table, frame = TABLES[row.table]
    field = next((each for each in table.fields if each.name == row.key), None)
    sentence, example = row.cells
    if field is not None:
        assert [choice for choice in field.choices if f"`{choice}`" not in sentence] == []
        assert field.required == ("Must be there" in sentence) or row.key == "date"
        assert re.match(rf"`{row.key}( =|:) ", example)
    if table is SECTION:
        _, problems = parse_section(File("content/news/_section.toml", "", 0), example.strip("`").encode(), config())
        assert problems == ()
        return
    matter = {"title": "title: The river", "date": "date: 2026-05-01"}
    indent = " " * (len(frame) - len(frame.rstrip("{}").rstrip(" ")) - 2) if "\n" in frame else ""
    lines = [line for line in frame.format(example.strip("`")).splitlines()]
    # The example stands in place of the frame's own line of that key.
    key = example.strip("`").partition(":")[0]
    same = [number for number, line in enumerate(lines) if line.strip().removeprefix("- ").startswith(f"{key}:")]
    if len(same) > 1 and row.key != row.table:
        dash = "- " if lines[same[0]].strip().startswith("- ") else ""
        lines[same[0]] = lines[same[0]][: len(lines[same[0]]) - len(lines[same[0]].lstrip())] + dash + lines[same[1]].strip()
        del lines[same[1]]
    del indent
    head = [] if row.table == "key of a text" else [matter["title"]]
    head += [matter["date"]] if row.table not in PLACES else []
    written = [line for line in head if not any(each.startswith(f"{line.partition(':')[0]}:") for each in lines)]
    path = PLACES.get(row.table, RIVER)
    found = problems_of("\n".join(("---", *written, *lines, "---", "Words.", "")), path)
    allowed = "CL125" if row.key == "language" else "-"
    assert [problem for problem in found if allowed not in problem] == []
