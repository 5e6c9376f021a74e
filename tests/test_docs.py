"""What `docs/` tells authors is what Clarion does: every key, every code, every example, every link."""

import errno
import io
import json
import os
import re
import signal
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from msgspec import Struct, structs
from PIL import Image

from generator.config import (
    _LATER,
    Author,
    Config,
    ImageSettings,
    MarkdownSettings,
    SiteSettings,
    load_config,
    load_text,
)
from generator.engine.cluster import connected
from generator.engine.executors import Serial
from generator.engine.lock import build_lock
from generator.engine.parcels import Sending, answer
from generator.engine.processes import processes
from generator.engine.refusal import Refused
from generator.hooks import Site
from generator.markup.blocks import CALLOUTS
from generator.markup.calls import MADE_BY_MARKDOWN
from generator.media.encoding import encode_picture
from generator.media.files import LARGE, file_problem
from generator.media.pictures import orders_of, probe
from generator.model.document import File, Media
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
from generator.model.problem import Problem
from generator.pipeline.checking import check
from generator.plugins import plugin_manager
from generator.serve.folder import claim
from generator.serve.server import _not_watched, no_port, preview, show_built
from generator.share.targets import own_targets
from generator.source.check import DATE, code
from generator.source.yaml import read_yaml
from generator.stages.find import find
from generator.stages.gather import Choice, gather
from generator.stages.parse import parse_document, parse_section
from generator.stages.parse_all import parse_here
from generator.stages.write import _refusal
from generator.theme import Theme, load_theme
from generator.work.new.document import new_post
from generator.work.new.site import new_site
from generator.work.redact.apply import apply
from generator.work.redact.look import look
from generator.work.theme.add import add_theme
from generator.work.theme.begin import unusable_name
from generator.work.theme.check import check_theme
from tests.conftest import NOW, TinySite, instant

ROOT = Path(__file__).parent.parent
DOCS = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md")
SITE = {"title": '"River notes"', "base_url": '"https://rivers.example/"'}
ARTICLE_TEXT = "---\ntitle: The river\ndate: 2026-05-01\n---\nThe river is dry.\n"
RIVER = "content/posts/river.md"

_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<language>\w*)(?: (?P<path>\S+))?\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)
_ROW = re.compile(r"^\| `(?P<key>[^`]+)` \| (?P<rest>.*) \|$", re.MULTILINE)


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
    pieces = re.split(r"^(#{1,4} .+)$", hidden, flags=re.MULTILINE)
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


def settings_of(text: str) -> str:
    """An example of settings with the two lines that every site needs."""
    before, table, after = text.partition("[site]\n")
    own = after.partition("\n[")[0]
    missing = "".join(f"{name} = {value}\n" for name, value in SITE.items() if not re.search(f"(?m)^{name} = ", own))
    return f"{before if table else ''}[site]\n{missing}{after if table else before}"


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


def problems_of(text: str, path: str = RIVER, engine: str = "python-markdown") -> list[str]:
    """What the real parse stage says of an article beyond notes."""
    content = text.encode()
    chosen = structs.replace(config(), markdown=MarkdownSettings(engine=engine))
    _, problems = parse_document(File(path, "", len(content)), content, chosen, {}, theme().declarations)
    return [str(problem) for problem in problems if problem.severity != "note"]


# writing.md

# How the keys of a table are written into front matter, beside those that must be there.
Frame = Callable[[dict[str, Any]], dict[str, Any]]
TABLES: dict[str, tuple[Table, Frame]] = {
    "key": (ARTICLE, lambda keys: keys),
    "key of a section": (SECTION, lambda keys: keys),
    "key of a series": (SERIES, lambda keys: {"series": {"name": "The river", **keys}}),
    "key of an image": (IMAGE, lambda keys: {"image": {"file": "river.jpg", "alt": "A river", **keys}}),
    "key of a source": (SOURCE, lambda keys: {"sources": [{"title": "The report", **keys}]}),
    "key of an archived copy": (
        ARCHIVED,
        lambda keys: {"sources": [{"title": "The report", "archived": [{"url": "https://a.example/", **keys}]}]},
    ),
    "key of an action": (ACTION, lambda keys: {"actions": [{"url": "https://rivers.example/petition", **keys}]}),
    "key of an organiser": (
        NAMED,
        lambda keys: {"actions": [{"url": "https://rivers.example/", "organiser": {"name": "Rivers First", **keys}}]},
    ),
    "key of a recipient": (
        RECIPIENT,
        lambda keys: {"actions": [{"url": "https://rivers.example/", "recipients": [keys]}]},
    ),
    "key of a goal": (
        GOAL,
        lambda keys: {"actions": [{"url": "https://rivers.example/", "goal": {"target": 10000, **keys}}]},
    ),
    "key of a content note": (CONTENT_NOTE, lambda keys: {"content_note": keys}),
    "key of an entry": (
        CHANGE,
        lambda keys: {"history": [{"date": "2026-05-03", "type": "update", "text": "More.", **keys}]},
    ),
    "key of `share`": (SHARE, lambda keys: {"share": keys}),
    "key of `email`": (SHARE_EMAIL, lambda keys: {"share": {"email": keys}}),
    "key of an answer": (ANSWERED, lambda keys: {"ignore": [{"code": "CL999", "reason": "None.", **keys}]}),
    "key of a campaign": (CAMPAIGN, lambda keys: keys),
    "key of an outcome": (OUTCOME, lambda keys: {"outcomes": [{"date": "2026-07-02", "text": "More.", **keys}]}),
    "key of a text": (TEXT, lambda keys: keys),
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
        if field.table is not None and field.name != "defaults":
            yield from tables_in(field.table)


def test_every_table_of_front_matter_is_told_of() -> None:
    wanted = {table.name for start in (ARTICLE, CAMPAIGN, TEXT, SECTION) for table in tables_in(start)}
    assert {table.name for table, _ in TABLES.values()} == wanted


@pytest.mark.parametrize("head", TABLES)
def test_every_key_of_a_table_has_its_row_and_no_other(head: str) -> None:
    table, _ = TABLES[head]
    told = [row.key for row in rows("writing.md") if row.table == head]
    assert sorted(told) == sorted((*table.names, *((table.others.name,) if table.others else ())))


@pytest.mark.parametrize(
    "row", [row for row in rows("writing.md") if row.table in TABLES], ids=lambda row: f"{row.table}: {row.key}"
)
def test_a_row_says_what_a_key_can_be_and_its_example_holds(row: Row) -> None:
    table, frame = TABLES[row.table]
    sentence, example = row.cells
    for field in table.fields:
        if field.name != row.key:
            continue
        assert [choice for choice in field.choices if f"`{choice}`" not in sentence] == []
        # A date must be there for some documents, which the table cannot tell.
        assert field.required == ("Must be there" in sentence) or row.key == "date"
    if table is SECTION:
        content = example.strip("`").encode()
        section, problems = parse_section(File("content/news/_section.toml", "", len(content)), content, config())
        assert problems == ()
        assert section is not None
        assert row.key in tomllib.loads(example.strip("`"))
        return
    written = read_yaml(example.strip("`"))
    assert written.problems == ()
    assert row.key in (*written.value, "TARGET")
    path = PLACES.get(row.table, RIVER)
    matter = {"title": "The river", **({} if row.table in PLACES else {"date": "2026-05-01"}), **frame(written.value)}
    told = problems_of(f"{json.dumps(matter, indent=1)}\n\nThe river is dry.\n", path)
    idle = any(field.name == row.key and field.idle for field in table.fields)
    assert idle == ("without effect yet" in sentence)
    assert [re.findall(r"CL\d{3}", problem) for problem in told] == [["CL129"]] * idle


@pytest.mark.parametrize(
    "block",
    [block for block in blocks("writing.md") if block.language in ("markdown", "yaml")],
    ids=lambda block: f"{block.heading}: {block.text[:30]!r}",
)
def test_an_example_of_writing_is_understood(block: Block) -> None:
    """An article is read as it is, front matter gets a title and a date, a piece of Markdown gets both.

    The one example that only the default engine reads is told to authors who chose the other.
    """
    head = "title: The river\ndate: 2026-05-01\n"
    text = block.text
    if block.language == "yaml":
        text = f"---\n{head}{text}---\nThe river is dry.\n"
    elif not re.match(r"---$|\+\+\+$|\{$", text, re.MULTILINE):
        text = f"---\n{head}---\n{text}"
    assert problems_of(text, block.path or RIVER) == []
    told = [re.findall(r"CL\d{3}", problem) for problem in problems_of(text, block.path or RIVER, "commonmark")]
    assert told == [["CL236"]] * text.count("\n{: ")


def picture(**more: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(stream, "JPEG", **more)
    return stream.getvalue()


def write_all(site: TinySite, examples: Iterable[Block]) -> None:
    """The examples that name their file, in their files."""
    for block in examples:
        if block.path:
            site.write(block.path, settings_of(block.text) if block.path == "site.toml" else block.text)


def test_the_site_of_which_writing_tells_can_be_built(site: TinySite) -> None:
    """All its files stand together, so its links and names are checked too."""
    write_all(site, (block for block in blocks("settings.md") if block.heading == "A whole example"))
    write_all(site, blocks("writing.md"))
    site.write("content/posts/letter/bank.jpg", picture())
    site.write("content/posts/letter/levels.csv", "month,level\nMarch,0\n")
    assert [problem.code for problem in site.build().problems] == ["CL320"]
    assert {"river/index.html", "ru/river/index.html", "letter/levels.csv"} <= site.outputs().keys()


def test_every_directive_an_author_writes_is_told_of_with_its_attributes() -> None:
    of_authors = {name: rule for name, rule in theme().declarations.items() if name not in MADE_BY_MARKDOWN}
    told = {
        heading.strip("# `"): [match["key"] for match in _ROW.finditer(body)]
        for heading, body in sections(read("writing.md"))
        if re.fullmatch(r"### `[\w-]+`", heading)
    }
    assert told == {name: list(rule.attributes) for name, rule in of_authors.items()}


def test_every_callout_is_told_of() -> None:
    assert [kind for kind in CALLOUTS if f"`[!{kind.upper()}]`" not in read("writing.md")] == []


def test_the_limits_of_share_texts_are_those_of_the_targets() -> None:
    offered = {target.id: target for target in own_targets().values() if not target.off}
    body = dict(sections(read("writing.md")))["## Passing it on"]
    told = re.findall(r"^\| ([^|]+) \| `(\w+)` \| ([^|]+) \|([^|]*)\|$", body, re.MULTILINE)
    assert [(name, target) for name, target, _, _ in told] == [(each.name, each.id) for each in offered.values()]
    for _, target, limit, cost in told:
        numbers = [int(number) for number in re.findall(r"\d+", limit)]
        assert numbers == ([offered[target].text_limit] if offered[target].text_limit else [])
        costs = {"its own length": -1, "nothing": 0, "": 0}
        assert not numbers or (costs[cost.strip()] if cost.strip() in costs else int(cost)) == offered[target].url_cost
    off = [target.id for target in own_targets().values() if target.off]
    assert [name for name in off if f"`{name}`" not in body] == []


# settings.md

DEFAULTS = Config(SiteSettings("", ""))
# The values that hold the defaults of a group; the others have none.
GROUPS: dict[str, Struct] = {
    "site": DEFAULTS.site,
    "authors": Author("ann", ""),
    "urls": DEFAULTS.urls,
    "content": DEFAULTS.content,
    "taxonomies": DEFAULTS.taxonomies["tags"],
    "markdown": DEFAULTS.markdown,
    "feeds": DEFAULTS.feeds,
    "images": DEFAULTS.images,
    "share": DEFAULTS.share,
    "theme": DEFAULTS.theme,
}
TYPES = {
    "line": "text",
    "text": "text",
    "int": "number",
    "bool": "true or false",
    "url": "address",
    "web": "address",
    "contact": "e-mail or address",
    "domain": "domain",
    "target": "page or address",
    "language": "language",
    "key": "name",
    "file": "file",
    "fediverse": "handle",
    "pattern": "pattern",
    "zone": "time zone",
    "code": "code",
    "texts": "texts by name",
    "anything": "group",
}


@pytest.mark.parametrize(
    "setting", [field for field in SETTINGS.fields if field.table is not None], ids=lambda field: field.name
)
def test_every_setting_of_a_group_has_its_row_with_type_and_default(setting: Field) -> None:
    found = [row for row in rows("settings.md") if re.fullmatch(rf"`\[+{setting.name}(\.\w+)?\]+`", row.table)]
    assert setting.table is not None
    others = (setting.table.others.name,) if setting.table.others else ()
    assert sorted(row.key for row in found) == sorted((*setting.table.names, *others))
    by_name = {field.name: field for field in setting.table.fields}
    for row in found:
        if row.key in others:
            continue
        field = by_name[row.key]
        kind, default, sentence = row.cells
        assert kind == (f"list of {TYPES[field.type]}s" if field.many else TYPES[field.type])
        assert [choice for choice in field.choices if f"`{choice}`" not in sentence] == []
        assert field.required == (default == "must be there")
        idle = setting.idle or field.idle or row.key == "repository"
        assert idle == ("No effect yet" in sentence or f"`[{setting.name}" in without_effect_yet())
        if setting.name not in GROUPS or field.required:
            continue
        held = getattr(GROUPS[setting.name], row.key)
        if default.startswith("`"):
            assert tomllib.loads(f"value = {default.strip('`')}")["value"] == (
                list(held) if isinstance(held, tuple) else held
            )
        else:
            assert not held


@pytest.mark.parametrize(
    "block",
    [block for block in blocks("settings.md") if block.language == "toml"],
    ids=lambda block: f"{block.heading}: {block.text[:30]!r}",
)
def test_an_example_of_settings_is_understood(block: Block) -> None:
    assert {problem.code for problem in load_text(settings_of(block.text))[1]} <= {"CL418"}


def idle_names(table: Table, before: str = "") -> Iterator[str]:
    """The names of what is known and without effect, as problems write them."""
    for each in table.fields:
        name = f"{before}{each.name}"
        if each.idle:
            yield name
        elif each.table is not None:
            yield from idle_names(each.table, f"{name}.ann." if each.type == "tables" else f"{name}.")


def test_authors_are_told_of_each_setting_without_effect() -> None:
    told = {
        problem.message.split("`")[1]
        for block in blocks("settings.md")
        if block.language == "toml"
        for problem in load_text(settings_of(block.text.replace('"primary"', '"own"').replace('"none"', '"all"')))[1]
        if problem.code == "CL418"
    }
    assert told == set(idle_names(SETTINGS)) - {"network.mode"}


def test_every_setting_stands_in_an_example() -> None:
    written: dict[str, set[str]] = {}
    for block in blocks("settings.md"):
        if block.language != "toml":
            continue
        for group, value in tomllib.loads(block.text).items():
            names = written.setdefault(group, set())
            field = next(each for each in SETTINGS.fields if each.name == group)
            tables = value if isinstance(value, list) else value.values() if field.type == "tables" else [value]
            names.update(name for table in tables for name in table)
    missing = {
        f"{field.name}.{name}"
        for field in SETTINGS.fields
        for name in (field.table.names if field.table else ())
        if name not in written.get(field.name, set())
    }
    assert missing == set()
    assert {field.name for field in SETTINGS.fields} <= written.keys()


def without_effect_yet() -> str:
    """The table of what does nothing yet, without the row of what is told above it."""
    _, _, told = read("settings.md").partition("## Accepted, and without effect yet")
    return "\n".join(line for line in told.partition("###")[0].splitlines() if "told above" not in line)


def test_settings_without_effect_are_said_to_be_so() -> None:
    assert [name for name in (*_LATER, "variants") if f"[{name}" not in without_effect_yet()] == []


# problems.md


def entries() -> dict[str, str]:
    return {
        heading.strip("# "): body
        for heading, body in sections(read("problems.md"))
        if re.fullmatch(r"### CL\d{3}", heading)
    }


def codes_of_tables() -> set[str]:
    """The codes of slips in a table: one for each kind of slip; no setting is a date."""
    families = ("matter", "settings", "action")
    return {code(family, number) for family in families for number in range(1, 10)} - {code("settings", DATE)}


def codes_of_the_program() -> set[str]:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "generator").rglob("*.py"))
    return {found for source in sources for found in re.findall(r"\bCL[1-9]\d\d\b", source)} | codes_of_tables()


def test_every_code_has_its_entry_and_no_other() -> None:
    assert set(entries()) == codes_of_the_program()


def test_entries_stand_in_order_below_their_group() -> None:
    headings = [heading for heading, _ in sections(read("problems.md")) if heading.startswith(("## CL", "### CL"))]
    places = [heading.lstrip("# ")[:5].replace("xx", "00") for heading in headings]
    assert places == sorted(places)
    assert len(set(places)) == len(places)


def test_an_entry_says_how_grave_it_is_and_what_to_do() -> None:
    severity = r"\*\*(error|warning|note)\*\*"
    for number, body in entries().items():
        assert re.match(rf"\s*{severity}( or {severity})?: \S", body), number
        assert re.search(r"^What to do: \S", body, re.MULTILINE), number


def severities(number: str) -> set[str]:
    """What an entry says of how grave its problem is."""
    return set(re.findall(r"\*\*(\w+)\*\*", entries()[number].strip().partition(":")[0]))


def examples(number: str) -> list[Block]:
    return [
        Block("", match["language"], match["path"], match["text"])
        for match in _FENCE.finditer(entries()[number])
        if match["path"]
    ]


def seen(site: TinySite) -> tuple[Problem, ...]:
    """What the first stages say of a site: for most examples the quick way to the same answer."""
    settings, problems = load_config(site.root)
    if settings is None:
        return problems
    chain, of_theme = load_theme(site.root, settings)
    found = find(site.root)
    parsed = parse_here(site.root, found.files, settings, chain.declarations)
    library = gather(parsed, settings, Choice(instant(NOW)))
    whole = Site(library, settings, chain)
    checks = [check for each in plugin_manager().hook.clarion_checks() for check in each]
    told = (problem for check in checks for problem in check.run(whole))
    return (*problems, *of_theme, *found.problems, *library.problems, *told)


def linked(site: TinySite, path: str, folder: bool = False) -> None:
    elsewhere = site.write("elsewhere/file.md", ARTICLE_TEXT)
    (site.root / path).parent.mkdir(parents=True, exist_ok=True)
    (site.root / path).symlink_to(elsewhere.parent if folder else elsewhere, target_is_directory=folder)


def with_picture(content: bytes) -> Callable[[TinySite], Iterable[Problem]]:
    def build_it(site: TinySite) -> Iterable[Problem]:
        site.write("content/posts/river.jpg", content)
        site.write(RIVER, f"{ARTICLE_TEXT}\n![A river bed](river.jpg)\n")
        return site.build().problems

    return build_it


def with_file(path: str, content: bytes = b"mine") -> Callable[[TinySite], Iterable[Problem]]:
    def build_it(site: TinySite) -> Iterable[Problem]:
        site.write(path, content)
        return site.build().problems

    return build_it


def with_text(content: bytes) -> Callable[[TinySite], Iterable[Problem]]:
    def build_it(site: TinySite) -> Iterable[Problem]:
        site.write(RIVER, content)
        return seen(site)

    return build_it


def too_large(site: TinySite) -> Iterable[Problem]:
    with_picture(picture())(site)
    return site.build(overrides=("images.max_pixels=10",)).problems


def with_place() -> bytes:
    noted = Image.Exif()
    noted.get_ifd(0x8825)[1] = "N"
    return picture(exif=noted)


def changed(site: TinySite) -> Iterable[Problem]:
    before = Media("content/posts/river.jpg", "0" * 64, 8, 6, "jpg")
    told = encode_picture(picture(), orders_of("/river/", before, ImageSettings())[0])
    return [told] if isinstance(told, Problem) else []


def covered_once(site: TinySite) -> Iterable[Problem]:
    site.write("content/posts/river.jpg", picture())
    site.post("river", '![The river](river.jpg){cover="1,1,2,2"}')
    site.post("well", "![The river](river.jpg)")
    return site.build().problems


def without_the_extra(path: str, content: bytes) -> Callable[[TinySite], Iterable[Problem]]:
    def build_it(site: TinySite) -> Iterable[Problem]:
        with patch("generator.media.files.packer_version", lambda: ""):
            site.write(path, content)
            site.post("river", "::audio{file=mara.mp3 transcript=mara.txt}")
            return site.build().problems

    return build_it


def unreadable(site: TinySite) -> Iterable[Problem]:
    told = probe(site.root / "missing.jpg", File("content/posts/missing.jpg", "", 0), 100)
    return [told] if isinstance(told, Problem) else []


def file_told(path: str, size: int, head: bytes = b"") -> Callable[[TinySite], Iterable[Problem]]:
    told = file_problem(path, size, head)
    return lambda _site: [told] if told else []


def without_settings(site: TinySite) -> Iterable[Problem]:
    site.remove("site.toml")
    return site.build().problems


def leaving_out_a_mistyped_path(site: TinySite) -> Iterable[Problem]:
    site.post("river")
    return site.build(without=("content/posts/rivr.md",)).problems


def without_content(site: TinySite) -> Iterable[Problem]:
    (site.root / "content").rmdir()
    return seen(site)


def link_out(path: str) -> Callable[[TinySite], Iterable[Problem]]:
    def look(site: TinySite) -> Iterable[Problem]:
        linked(site, path)
        return seen(site)

    return look


def folder_link(site: TinySite) -> Iterable[Problem]:
    site.write(RIVER, ARTICLE_TEXT)
    (site.root / "content/pages").symlink_to(site.root / "content/posts", target_is_directory=True)
    return seen(site)


def odd_name(site: TinySite) -> Iterable[Problem]:
    try:
        (site.root / "content/posts\udcff.md").write_text(ARTICLE_TEXT, encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this disk takes names in UTF-8 only")
    return seen(site)


def in_the_way(site: TinySite) -> Iterable[Problem]:
    site.build()
    site.write("output/river/index.html", "mine")
    site.write(RIVER, ARTICLE_TEXT)
    return site.build().problems


def link_in_the_way(site: TinySite) -> Iterable[Problem]:
    site.build()
    linked(site, "output/river", folder=True)
    site.write(RIVER, ARTICLE_TEXT)
    return site.build().problems


def refused_by_the_system(number: int) -> Callable[[TinySite], Iterable[Problem]]:
    return lambda _site: [_refusal("output", OSError(number, "refused"))]


def damaged_ledger(site: TinySite) -> Iterable[Problem]:
    site.build()
    (ledger,) = (site.root / ".clarion").glob("ledger-*")
    ledger.write_bytes(b"damaged")
    return site.build().problems


def locked(site: TinySite) -> Iterable[Problem]:
    with build_lock(site.root / ".clarion"):
        return site.build().problems


def told_by(problem: object) -> list[Problem]:
    return [problem] if isinstance(problem, Problem) else []


def begun(title: str, section: str = "posts", times: int = 1) -> Callable[[TinySite], Iterable[Problem]]:
    def begin(site: TinySite) -> Iterable[Problem]:
        for _ in range(times):
            told = new_post(site.root, title, day=date(2026, 5, 1), identifier="", language="en", section=section)
        return told_by(told)

    return begin


def begun_site(site: TinySite) -> Iterable[Problem]:
    return told_by(new_site(site.root, title="Rivers", day=date(2026, 5, 1), identifiers=("", "")))


def second_preview(site: TinySite) -> Iterable[Problem]:
    with claim(site.root):
        return told_by(
            preview(
                site.root,
                overrides=(),
                strict=False,
                base_path="/",
                port=0,
                now=lambda: 0,
                clock=lambda: 0.0,
                tell=lambda _event: None,
            )
        )


def redacted_meanwhile(site: TinySite) -> Iterable[Problem]:
    site.write(RIVER, f"{ARTICLE_TEXT}\nSigned by :redact[Anna K.]\n")
    (source,) = look(site.root).sources
    site.write(RIVER, ARTICLE_TEXT)
    return told_by(apply(site.root, source))


def redacted_under_another_name(site: TinySite) -> Iterable[Problem]:
    path = site.write(RIVER, f"{ARTICLE_TEXT}\nSigned by :redact[Anna K.]\n")
    os.link(path, site.root / "copy.md")
    (source,) = look(site.root).sources
    return told_by(apply(site.root, source))


def hostile_theme(site: TinySite) -> Iterable[Problem]:
    with zipfile.ZipFile(site.root / "theme.zip", "w") as archive:
        archive.writestr("../../.bashrc", "")
    return told_by(add_theme(site.root, str(site.root / "theme.zip")))


def theme_checked(site: TinySite) -> Iterable[Problem]:
    settings, _ = load_config(site.root)
    return check_theme(site.root, settings, settings.theme.name).problems if settings else ()


def refused_by(act: Callable[[], object]) -> Callable[[TinySite], Iterable[Problem]]:
    def look(_site: TinySite) -> Iterable[Problem]:
        with pytest.raises(Refused) as caught:
            act()
        return [caught.value.problem]

    return look


def end_itself(_parcel: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def with_an_ended_process() -> None:
    with processes(1) as pool:
        list(pool.run(end_itself, [b""]))


def with_another_worker() -> None:
    sending = Sending({"Jinja2": "3.2"})
    list(sending.send(Serial(), lambda parcel: answer(parcel, {}, bytes), [sending.parcel({})]))


def without_dask() -> None:
    with patch.dict(sys.modules, distributed=None), connected("dask://127.0.0.1:8786"):
        """There is no Dask."""


def without_a_scheduler() -> None:
    with connected("dask://"):
        """There is no scheduler."""


def drawn(site: TinySite, **given: Any) -> Iterable[Problem]:
    """What a build says that draws share images, with something of `generator.kinds.share_images` as given."""
    site.edit("site.toml", 'kit = "none"\nimages = "none"\n', "")
    site.post("river")
    with ExitStack() as stack:
        for name, value in given.items():
            for module in ("kinds", "checks"):
                stack.enter_context(patch(f"generator.{module}.share_images.{name}", value, create=True))
        return site.build(jobs=1).problems


def with_a_long_title(site: TinySite) -> Iterable[Problem]:
    site.post("lake", title="The lake is dry, " * 40)
    return drawn(site)


# What no example in the page can show: bytes, links, states of a disk.
RUNS: Mapping[str, Callable[[TinySite], Iterable[Problem]]] = {
    "CL101": with_text(b"\xef\xbb\xbf" + ARTICLE_TEXT.encode()),
    "CL102": with_text(ARTICLE_TEXT.encode("utf-16")),
    "CL103": with_text(ARTICLE_TEXT.encode() + "é".encode("windows-1252")),
    "CL104": with_text(f"{ARTICLE_TEXT}\x1b".encode()),
    "CL215": with_text(f"{ARTICLE_TEXT}\n{'> ' * 60}deep\n".encode()),
    "CL314": link_out("static/notes.txt"),
    "CL315": with_file("templates/home.html", b"\xe9"),
    "CL360": lambda site: told_by(add_theme(site.root, "Downloads/brodsheet.zip")),
    "CL361": hostile_theme,
    "CL362": lambda site: told_by(unusable_name(site.root, "clarion")),
    "CL363": lambda site: told_by(unusable_name(site.root, "My theme")),
    "CL410": without_settings,
    "CL411": lambda site: site.build(overrides=("site.title=Water",)).problems,
    "CL566": lambda site: look(site.root, ("content/posts/rivr.md",)).problems,
    "CL567": redacted_meanwhile,
    "CL571": redacted_under_another_name,
    "CL604": with_picture(picture()[:-40]),
    "CL605": too_large,
    "CL607": unreadable,
    "CL608": changed,
    "CL610": with_picture(with_place()),
    "CL611": with_file("static/me.jpg", with_place()),
    "CL613": covered_once,
    "CL616": without_the_extra("content/posts/mara.mp3", b"ID3"),
    "CL617": file_told("content/posts/mara.mp3", 0),
    "CL622": file_told("content/posts/river.jpg", 100),
    "CL623": file_told("content/posts/notes.txt", 100, picture()),
    "CL626": file_told("content/posts/levels.csv", LARGE + 1),
    "CL653": lambda site: drawn(site, _shapes=lambda: False),
    "CL654": lambda site: drawn(site, ENOUGH=0),
    "CL655": with_a_long_title,
    "CL701": without_content,
    "CL712": leaving_out_a_mistyped_path,
    "CL702": link_out("content/posts/notes.md"),
    "CL703": odd_name,
    "CL704": folder_link,
    "CL750": with_file("output"),
    "CL751": with_file("output/mine.txt"),
    "CL752": in_the_way,
    "CL754": link_in_the_way,
    "CL755": refused_by_the_system(errno.ENOSPC),
    "CL756": refused_by_the_system(errno.EACCES),
    "CL757": refused_by_the_system(errno.EIO),
    "CL758": with_file("output/.clarion-output", b"\x89PNG"),
    "CL901": damaged_ledger,
    "CL903": locked,
    "CL904": with_file(".clarion"),
    "CL910": begun_site,
    "CL911": begun(" "),
    "CL912": begun("The river", times=2),
    "CL913": begun("The river", section="nwes"),
    "CL914": second_preview,
    "CL915": lambda _site: [no_port(8000)],
    "CL917": lambda site: told_by(show_built(site.output, "/", 0, lambda _event: None)),
    "CL918": lambda _site: [_not_watched("no space left")],
    "CL920": refused_by(with_an_ended_process),
    "CL921": refused_by(with_another_worker),
    "CL922": refused_by(without_dask),
    "CL923": refused_by(without_a_scheduler),
}
NOT_RUN = {
    "CL568": "a command tells it (tests/test_redaction.py)",
    "CL570": "whoever runs the tests may write everything (tests/test_redaction.py)",
    "CL690": "a producer fails only when the disk does",
    "CL705": "whoever runs the tests may read everything",
    "CL902": "the state folder fails only when the disk does (tests/test_write.py)",
    "CL916": "a mistake of the program",
    "CL919": "the command line prints it itself",
    "CL924": "a cluster loses its workers in tests/test_parallel.py",
}


def test_every_entry_is_run_or_says_why_not() -> None:
    run = {number for number in entries() if examples(number)}
    assert run.isdisjoint(RUNS)
    assert set(entries()) == run | RUNS.keys() | NOT_RUN.keys()


@pytest.mark.parametrize("number", [number for number in entries() if number not in NOT_RUN])
def test_an_example_brings_its_problem_about(number: str, site: TinySite) -> None:
    if number in RUNS:
        found = {(problem.code, problem.severity) for problem in RUNS[number](site)}
    else:
        write_all(site, examples(number))
        found = {(problem.code, problem.severity) for problem in seen(site)}
        if number not in {each for each, _ in found}:
            later = theme_checked if "clarion theme check" in entries()[number] else TinySite.build
            told = later(site)
            found = {(problem.code, problem.severity) for problem in getattr(told, "problems", told)}
        if number not in {each for each, _ in found}:
            looked = check(site.root, now=instant(NOW), clock=lambda: 0.0)
            found = {(problem.code, problem.severity) for problem in looked.problems}
    assert {severity for each, severity in found if each == number} <= severities(number)
    assert number in {each for each, _ in found}


# All of docs/


def anchors(text: str) -> set[str]:
    """The ids that code hosts give to headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lstrip("# ").lower()).replace(" ", "-") for heading, _ in sections(text)}


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_between_the_pages_of_the_documentation_leads_somewhere(path: Path) -> None:
    text = re.sub(r"`[^`\n]+`", "", _FENCE.sub("", path.read_text(encoding="utf-8")))
    lost = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, place = target.partition("#")
        if name and not name.endswith(".md"):
            continue
        file = (path.parent / name) if name else path
        if not file.exists() or (place and place not in anchors(file.read_text(encoding="utf-8"))):
            lost.append(target)
    assert lost == []
