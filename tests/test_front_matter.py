"""A Markdown file becomes a document; every slip in its front matter is told with its exact place."""

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct, msgpack, structs

from generator.config import Config, load_text
from generator.engine.digest import encode
from generator.model.body import Body, Heading, Html, Reference
from generator.model.document import (
    Action,
    ArchivedCopy,
    Campaign,
    Card,
    Change,
    Citation,
    ContentNote,
    Document,
    Entry,
    File,
    Goal,
    Image,
    Matter,
    Moment,
    Named,
    Outcome,
    Passage,
    Recipient,
    Section,
    SeriesPart,
    Share,
    Source,
)
from generator.model.fields import ACTION, ARTICLE, CAMPAIGN, RESOURCE, SECTION, SOURCE, TEXT, Field, Table
from generator.model.fields import SETTINGS as ALL_SETTINGS
from generator.model.problem import Problem
from generator.source.check import Rules, check
from generator.source.front_matter import HANDLERS, read_front_matter
from generator.source.places import Places
from generator.stages.parse import parse_data, parse_document, parse_section
from generator.text.slugs import RESERVED

SETTINGS = """\
[site]
title = "River notes"
base_url = "https://rivers.example/"
timezone = "Europe/Berlin"
[languages.ru]
[taxonomies.regions]
"""
POST = "content/posts/x.md"


class Text(Struct, frozen=True):
    """Stands in for what Markdown makes of a text."""

    body: Body
    title: str
    summary: str
    plain: str
    lead: Body = Body()
    headings: tuple[Heading, ...] = ()
    ids: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    directives: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    quoted: str = ""
    passages: tuple[Passage, ...] = ()
    closed_pictures: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def plain_text(text: str, *, first_line: int, take_title: bool, **_: Any) -> Text:
    """Markdown without markup: the first `# line` may be the title, a reference tells the first line."""
    title = ""
    if take_title and text.startswith("# "):
        title, _, text = text[2:].partition("\n")
    return Text(Body((Html(text),)), title, text.strip(), text, references=(Reference("link", "here", first_line),))


def config(more: str = "") -> Config:
    found, problems = load_text(SETTINGS + more)
    assert found is not None
    assert problems == ()
    return found


def parse(
    source: str | bytes, path: str = POST, sections: Mapping[str, Section] | None = None, more: str = ""
) -> tuple[Document | None, tuple[Problem, ...]]:
    content = source.encode() if isinstance(source, str) else source
    return parse_document(File(path, "", len(content)), content, config(more), sections or {}, {}, plain_text)


def document(source: str | bytes, path: str = POST, **other: Any) -> Document:
    found, problems = parse(source, path, **other)
    assert [str(problem) for problem in problems if problem.severity != "note"] == []
    assert found is not None
    return found


def told(source: str | bytes, path: str = POST, **other: Any) -> list[str]:
    return [
        f"{problem.line}:{problem.column} {problem.severity} {problem.code} {problem.message}"
        for problem in parse(source, path, **other)[1]
    ]


def post(lines: str) -> str:
    """A post whose lines of front matter begin at line 4."""
    return f"---\ntitle: T\ndate: 2026-05-01\n{lines}\n---\nBody.\n"


# The whole of it.

EVERYTHING = """\
---
title: The river
date: 2026-05-01T10:00
updated: 2026-05-03
slug: the-river
kind: appeal
status: unlisted
expires: 2026-12-31
translation_key: river
summary: |
  Why it
  is dry.
tags: [water, Вода, water]
regions: [EU]
authors: [ann]
pinned: true
order: 3
series: {name: Rivers, part: 2}
campaign: river
image: {file: r.jpg, alt: A river, caption: In May, credit: A. P., licence: CC0, consent: given, cover: faces}
sources:
  - {id: report, role: repost-of, title: Report, url: "https://news.example/r", publisher: The Daily, author: A. W.,
     published: 2017-05, accessed: 2026-04-30, language: ru, licence: CC0, permission: by mail,
     archived: [{url: "https://archive.example/r", date: 2026-04-30}]}
actions:
  - id: sign
    kind: petition
    title: Keep it free
    summary: Sums.
    url: https://rivers.example/p
    platform: Own
    organiser: {name: Rivers First, url: "https://rivers.example/"}
    relation: member
    recipients: [{name: A. M., title: Minister, organisation: Ministry, email: m@w.example, phone: "+49 30 1234567"}]
    opens: 2026-05-01
    closes: 2026-06-30
    status: open
    goal: {target: 100, current: 7, unit: names, as_of: 2026-05-01, source: "https://rivers.example/n"}
    asks_for: [name]
    public_signature: optional
    safety_note: Mind.
    effort: 2 minutes
    languages: [en]
    alternatives: ["#act-write"]
  - {kind: write, title: Write, organiser: {name: R}, subject: River, letter: Dear, recipients: [{email: m@w.example}]}
  - {kind: event, title: Meet, organiser: {name: R}, starts: 2026-05-01T18:00, ends: 2026-05-01T20:00, location: Hall}
content_note: {topics: [drought], level: graphic, text: Hard., support: ["https://help.example/"]}
history:
  - {date: 2026-05-02, type: correction, text: It was 1968., was: "1986"}
share: {text: Dry., hashtags: ["#Water", Rivers], kit: true, x: On X, email: {subject: Read, body: You}}
replies: closed
quick_exit: false
robots: noindex
aliases: [/2019/river/]
id: 0190a3c2-7d4e-7f00-8000-6b1f0a9d2c11
template: wide.html
backstory: A letter.
ignore: [{code: CL127, reason: None shown.}, {code: CL129, reason: For later.}, {code: CL528, reason: It does.}]
extra: {mood: [1, 2.5, {deep: null}], when: 2026-05-01}
---
The text.
"""
SUMMER = 2 * 3600


def test_every_key_has_its_place_in_the_document() -> None:
    found = document(EVERYTHING)
    day = date(2026, 5, 1)
    actions = (
        Action(
            id="sign",
            kind="petition",
            title="Keep it free",
            summary="Sums.",
            url="https://rivers.example/p",
            platform="Own",
            organiser=Named("Rivers First", "https://rivers.example/"),
            relation="member",
            recipients=(Recipient("A. M.", "Minister", "Ministry", "m@w.example", "+49 30 1234567"),),
            opens=Moment(day, 1777593600 - SUMMER),
            closes=Moment(date(2026, 6, 30), 1782864000 - SUMMER - 1),
            goal=Goal(100, 7, "names", day, "https://rivers.example/n"),
            asks_for=("name",),
            public_signature="optional",
            safety_note="Mind.",
            effort="2 minutes",
            languages=("en",),
            alternatives=("#act-write",),
            until=1782864000 - SUMMER - 1,
        ),
        Action(
            id="write",
            kind="write",
            title="Write",
            organiser=Named("R"),
            subject="River",
            letter="Dear",
            recipients=(Recipient("m@w.example", email="m@w.example"),),
        ),
        Action(
            id="event",
            kind="event",
            title="Meet",
            organiser=Named("R"),
            location="Hall",
            starts=Moment(day, 1777593600 - SUMMER + 18 * 3600),
            ends=Moment(day, 1777593600 - SUMMER + 20 * 3600),
            until=1777593600 - SUMMER + 20 * 3600,
            event_over=1777593600 - SUMMER + 20 * 3600,
        ),
    )
    card = Card(
        path=POST,
        url="/the-river/",
        id="urn:uuid:0190a3c2-7d4e-7f00-8000-6b1f0a9d2c11",
        title="The river",
        language="en",
        kind="appeal",
        status="unlisted",
        translation_key="river",
        summary="Why it is dry.",
        date=Moment(day, 1777593600 - SUMMER + 10 * 3600),
        updated=Moment(date(2026, 5, 3)),
        taxonomies={"tags": ("water", "Вода"), "regions": ("EU",)},
        authors=("ann",),
        series=SeriesPart("Rivers", 2),
        campaign="river",
        pinned=True,
        order=3,
        image=Image("r.jpg", "A river", False, "In May", "A. P.", "CC0", "given", "faces", line=20, column=15),
        content_note=ContentNote(("drought",), "graphic", "Hard.", ("https://help.example/",)),
        actions=actions,
        history=(Change(date(2026, 5, 2), "correction", "It was 1968.", "1986"),),
        repost=True,
        minutes=1,
    )
    matter = Matter(
        sources=(
            Source(
                id="report",
                role="repost-of",
                title="Report",
                url="https://news.example/r",
                publisher="The Daily",
                author="A. W.",
                published="2017-05",
                accessed=date(2026, 4, 30),
                language="ru",
                archived=(ArchivedCopy("https://archive.example/r", date(2026, 4, 30)),),
                licence="CC0",
                permission="by mail",
            ),
        ),
        share=Share(
            "Dry.",
            ("Water", "Rivers"),
            True,
            {"x": "On X"},
            "Read",
            "You",
            {
                "text": (50, 15),
                "hashtags": (50, 31),
                "hashtags.0": (50, 32),
                "hashtags.1": (50, 42),
                "kit": (50, 56),
                "x": (50, 65),
                "email.subject": (50, 88),
                "email.body": (50, 100),
            },
        ),
        replies="closed",
        quick_exit=False,
        robots="noindex",
        aliases=("/2019/river/",),
        template="wide.html",
        backstory="A letter.",
        slug="the-river",
        ignore={"CL127": "None shown.", "CL129": "For later.", "CL528": "It does."},
        extra={"mood": [1, 2.5, {"deep": None}], "when": "2026-05-01"},
    )
    assert found.entry.card == card
    assert found.entry.matter == matter
    entry = found.entry
    assert (entry.type, entry.starts, entry.ends, entry.bundle) == (
        "article",
        1777593600 - SUMMER + 10 * 3600,
        1798761600 - 3600,
        "",
    )
    assert found.body == Body((Html("The text.\n"),))
    assert tuple(entry.references) == (Reference("link", "here", 61),)
    assert {
        name: entry.places[name]
        for name in ("slug", "aliases.0", "image.file", "template", "campaign", "authors.0", "tags.1", "regions.0")
    } == {
        "slug": (5, 7),
        "aliases.0": (54, 11),
        "image.file": (20, 15),
        "template": (56, 11),
        "campaign": (19, 11),
        "authors.0": (15, 11),
        "tags.1": (13, 15),
        "regions.0": (14, 11),
    }


def from_its_bytes(found: Document) -> Document:
    """What a cache or another process makes of a document."""
    return msgpack.decode(encode(found), type=Document)


def test_a_document_is_the_same_fresh_and_from_its_bytes() -> None:
    found = document(EVERYTHING)
    again = from_its_bytes(found)
    assert again == found
    assert encode(again) == encode(found)
    assert [type(value) for value in structs.asdict(again.entry.card).values()] == [
        type(value) for value in structs.asdict(found.entry.card).values()
    ]


def test_yaml_toml_and_json_mean_the_same() -> None:
    written = """---
title: T
date: 2026-05-01
series: {name: S, part: 1}
tags: [a]
---
Body.
"""
    in_toml = '+++\ntitle = "T"\ndate = 2026-05-01\nseries = { name = "S", part = 1 }\ntags = ["a"]\n+++\nBody.\n'
    in_json = '{\n"title": "T",\n"date": "2026-05-01",\n"series": {"name": "S", "part": 1},\n"tags": ["a"]}\nBody.\n'
    documents = [document(source) for source in (written, in_toml, in_json)]
    assert documents[0].entry.card == documents[1].entry.card == documents[2].entry.card
    assert documents[0].body == documents[1].body == documents[2].body


def test_problems_stand_in_the_entry_as_well() -> None:
    found, problems = parse(post("foo: 1"))
    assert found is not None
    assert found.entry.problems == problems != ()


# What the file is made of.


def test_a_bom_never_publishes_a_draft() -> None:
    found, problems = parse("\ufeff---\ntitle: T\nstatus: draft\n---\nSecret.\n")
    assert found is not None
    assert (found.entry.card.status, found.body) == ("draft", Body((Html("Secret.\n"),)))
    assert [(problem.severity, problem.code, problem.place) for problem in problems] == [
        ("note", "CL101", f"{POST}:1:1")
    ]


def test_crlf_gives_the_same_document_and_the_same_places() -> None:
    source = post("aliases: [/a/]")
    assert document(source.replace("\n", "\r\n")) == document(source)
    assert told(post("foo: 1").replace("\n", "\r\n")) == ["4:1 error CL111 unknown key `foo`"]


def test_blank_lines_before_front_matter_do_not_hide_it() -> None:
    assert told("\n \n" + post("foo: 1")) == ["6:1 error CL111 unknown key `foo`"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("---\ntitle: T\n---\n".encode("utf-16"), ["1:1 error CL102 the file is UTF-16, not UTF-8"]),
        ("---\ntitle: T\n---\n".encode("utf-16-le"), ["1:1 error CL102 the file is UTF-16, not UTF-8"]),
        (b"---\ntitle: caf\xe9\n---\n", ["2:11 error CL103 byte 0xE9 is not UTF-8"]),
        (post("") + "a\x00b", ["7:2 error CL104 a NUL character"]),
        (post("") + "a\x0bb\x0b", ["7:2 error CL104 the control character U+000B (and 1 more like it)"]),
        (
            "---\ntitle: T\ndate: 2026-05-01\n\nText.\n",
            ["1:1 error CL105 the front matter that begins here is never closed"],
        ),
        ('+++\ntitle = "T"\n', ["1:1 error CL105 the front matter that begins here is never closed"]),
        ("---\n", ["1:1 error CL105 the front matter that begins here is never closed"]),
        ('{"title": "T",\nText.', ["2:1 error CL107 text must be in double quotes"]),
        (
            "———\ntitle: T\n———\n",
            ["1:1 error CL105 this line is nearly the --- that begins front matter"],
        ),
        (" ---\ntitle: T\n---\n", ["1:1 error CL105 this line is nearly the --- that begins front matter"]),
        ("\u200b---\ntitle: T\n---\n", ["1:1 error CL105 this line is nearly the --- that begins front matter"]),
        (
            "title: T\n---\n",
            ["1:1 error CL105 `title` stands here as in front matter, but no line --- precedes it"],
        ),
        (
            "---\nSome prose,\nmore of it.\n---\nRest.\n",
            ["2:1 error CL106 between the two rules stands text, not front matter"],
        ),
        ("---\n- a\n- b\n---\nRest.\n", ["2:1 error CL106 between the two rules stands a list, not front matter"]),
        ("---\n*Some* prose.\n---\n", ["2:1 error CL107 a value cannot begin with * or &"]),
        ("---\nNote: prose.\n---\n# T\n", ["2:1 error CL111 unknown key `Note`", "1:1 error CL112 `date` is missing"]),
        ("---\ntitle:T\n---\n", ["2:7 error CL107 no space after the colon"]),
        (
            "---\ntitle: T\ntitle: U\ndate: 2026-05-01\n---\n",
            ["3:1 error CL108 “title” is written twice, on lines 2 and 3"],
        ),
        ("---\ntitle: A: B\n---\n", ["2:9 error CL107 a second colon in one line"]),
        ("---\ntitle: “A”\ndate: 2026-05-01\n---\n", ["2:8 error CL107 curly quotes are not quotes in YAML"]),
        (
            post("extra: !!python/object:os.system x"),
            [
                "4:8 error CL109 the tag !!python/object:os.system is not allowed",
                "4:8 error CL113 `extra` must be a group of keys",
            ],
        ),
        (
            post("tags: &a [x]\nregions: *a"),
            ["4:7 error CL109 the anchor &a is not allowed", "5:10 error CL109 the alias *a is not allowed"],
        ),
        ("+++\ntitle = “T”\n+++\n", ["2:9 error CL107 curly quotes are not quotes in TOML"]),
        ('+++\ntitle = "T"\ndate = 2026-13-45\n+++\n', ["3:8 error CL107 there is no such date: 2026-13-45"]),
        ('+++\ntitle = "T"\ntitle = "U"\n+++\n', ["3:1 error CL108 “title” is written twice, on lines 2 and 3"]),
        (
            '{"title": "T",\n "title": "U", "date": "2026-05-01"}\n',
            ["2:2 error CL108 “title” is written twice, on lines 1 and 2"],
        ),
        ("", ["1:1 error CL112 `title` is missing", "1:1 error CL112 `date` is missing"]),
        ("---\n---\n", ["1:1 error CL112 `title` is missing", "1:1 error CL112 `date` is missing"]),
        (
            "Text.\n\n---\n\nstatus: draft\n",
            ["1:1 error CL112 `title` is missing", "1:1 error CL112 `date` is missing"],
        ),
        ("# T\n\nText.\n", ["1:1 error CL112 `date` is missing"]),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(source: str | bytes, expected: list[str]) -> None:
    assert told(source) == expected


def test_python_frontmatter_would_have_published_the_draft() -> None:
    """Why the file is read by handlers of our own: the package alone finds no front matter behind a BOM."""
    import frontmatter

    assert frontmatter.loads("\ufeff---\nstatus: draft\n---\nSecret.").metadata == {}


@pytest.mark.parametrize("block", ["---\ntitle: T\n---\n", '+++\ntitle = "T"\n+++\n', '{"title": "T"}\n'])
def test_the_handlers_serve_python_frontmatter_as_well(block: str) -> None:
    import frontmatter

    handler = frontmatter.detect_format(block, HANDLERS)
    assert frontmatter.parse(block + "Body.", handler=handler) == ({"title": "T"}, "Body.")


@pytest.mark.parametrize(
    "text", ["{% raw %}\ntext", "{language=ru}\ntext", "***\ntext\n***\n", "—\ntext" * 0 + "A – b\n"]
)
def test_text_that_begins_like_something_else_is_text(text: str) -> None:
    found = read_front_matter(text, "f", ARTICLE.names)
    assert (found.values, found.body, found.problems) == ({}, text, ())


def test_the_body_is_cut_off_unchanged() -> None:
    body = "\n\n  indented\n---\nrule above  \n\n"
    for block in ("---\ntitle: T\n---\n", '+++\ntitle = "T"\n+++\n', '{"title": "T"}\n'):
        assert read_front_matter(block + body, "f").body == body


@pytest.mark.parametrize(
    ("source", "line"), [("---\na: 1\n---\nx", 4), ("\n+++\na = 1\n+++\nx", 5), ('{"a":\n1}\nx', 3), ("x", 1)]
)
def test_the_line_of_the_body_is_known(source: str, line: int) -> None:
    assert read_front_matter(source, "f").body_line == line


# Keys.


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("draft: true", "Write `status: draft`."),
        ("license: CC0", "A licence belongs to a source or an image, there as `licence`; the site's is in site.toml."),
        ("organizer: R", "Write `organiser`, in an action."),
        ("lang: no", "Write `language`."),
        ("comments: false", "Write `replies: email`, `closed` or `off`."),
        ("layout: wide", "Write `template`, or `kind` for the kind of article."),
        ("categories: [a]", "Write `tags`, or declare [taxonomies.categories] in site.toml."),
        ("published: true", "Write `date`; `status: draft` keeps an article back."),
        ("author: Ann", "Write `authors`, a list."),
        ("tag: water", "Write `tags`, a list."),
        ("description: x", "Write `summary`."),
        ("Lastmod: 2026-05-01", "Write `updated`."),
        ("titel: x", "Did you mean “title”?"),
        ("Content-Note: x", "Did you mean “content_note”?"),
        ("source: https://a.example", "Did you mean “sources”?"),
        ("mood: x", "Keys of your own belong under `extra`."),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(key: str, hint: str) -> None:
    found = parse(post(key))[1]
    assert [(problem.code, problem.line, problem.column, problem.hint) for problem in found] == [("CL111", 4, 1, hint)]


def test_categories_are_a_key_once_they_are_declared() -> None:
    found = document(post("categories: [News]"), more="[taxonomies.categories]\n")
    assert found.entry.card.taxonomies == {"categories": ("News",)}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("tags: water", ["4:7 error CL113 `tags` must be a list of text, not the text “water”"]),
        ("tags: [2026]", ["4:8 error CL113 `tags[1]` must be text, not a number"]),
        ('tags: ["  "]', ["4:8 error CL113 `tags[1]` is empty"]),
        (
            "tags: [a, '..', '!!!']",
            [
                "4:11 error CL131 no address can be made of “..”",
                "4:17 error CL131 no address can be made of “!!!”",
            ],
        ),
        (
            "regions: [nul]",
            ["4:11 error CL131 `nul` is the name of a device on Windows, where the site could not be stored"],
        ),
        ("series: {name: '?'}", ["4:16 error CL131 no address can be made of “?”"]),
        ("quick_exit: true", ["4:1 warning CL129 `quick_exit` is known, and without effect in this version"]),
        ("quick_exit: false\nshare: {kit: false}", []),
        (
            "image: {file: a.jpg, alt: A, consent: given, cover: faces}\nshare: {kit: true, text: Dry.}",
            [
                "4:30 warning CL129 `image.consent` is known, and without effect in this version",
            ],
        ),
        ("quick_exit: please", ["4:13 error CL113 `quick_exit` must be true or false, not the text “please”"]),
        (
            "sources: [{url: 'http:x'}, {url: 'file:///home/ann/x.pdf'}, {url: 'https:/x'}]",
            [
                "4:17 error CL506 `sources[1].url`: “http:x” names no host",
                "4:34 error CL506 `sources[2].url`: “file:///home/ann/x.pdf” begins with file:, which is refused",
                "4:67 error CL506 `sources[3].url`: “https:/x” names no host",
            ],
        ),
        (
            "sources: [{url: 'http://localhost/x'}, {url: 'http://192.168.0.7/'}, {url: 'https://8.8.8.8/'}]",
            [
                "4:17 warning CL132 `sources[1].url`: “http://localhost/x” leads to this machine or its network only",
                "4:46 warning CL132 `sources[2].url`: “http://192.168.0.7/” leads to this machine or its network only",
            ],
        ),
        ("tags: [a, ]\nregions: EU", ["5:10 error CL113 `regions` must be a list of text, not the text “EU”"]),
        ("tags:\n  - a\n  -", ["6:4 error CL113 `tags[2]` is empty"]),
        ("pinned: yes", ["4:9 error CL113 `pinned` must be true or false, not the text “yes”"]),
        ("order: first", ["4:8 error CL113 `order` must be a whole number, not the text “first”"]),
        ("order: 1.5", ["4:8 error CL113 `order` must be a whole number, not a number"]),
        ("slug: true", ["4:7 error CL113 `slug` must be text, not true or false"]),
        ("image: x.jpg", ["4:8 error CL113 `image` must be a group of keys, not the text “x.jpg”"]),
        ("image: {alt: A}", ["4:1 error CL112 `image.file` is missing"]),
        (
            "image: {file: https://a.example/x.jpg, alt: A}",
            ["4:15 error CL117 `image.file`: “https://a.example/x.jpg” is not a file of this site"],
        ),
        (
            "image: {file: 'a\\b.jpg', alt: A}",
            ["4:15 error CL117 `image.file`: “a\\b.jpg” has a backslash; folders are parted by /"],
        ),
        ("image: {file: x.jpg}", ["4:8 warning CL127 the image “x.jpg” has no text alternative"]),
        ("series: Rivers", ["4:9 error CL113 `series` must be a group of keys, not the text “Rivers”"]),
        ("series: {name: S, part: 0}", ["4:25 error CL119 `series.part` is 0, less than 1"]),
        ("actions: {url: x}", ["4:10 error CL113 `actions` must be a list of groups of keys, not a group of keys"]),
        ("history: [{date: 2026-05-01, type: correction}]", ["4:11 error CL112 `history[1].text` is missing"]),
        ("status: drafted", ["4:9 error CL114 “drafted” is no `status`"]),
        ("kind: appeals", ["4:7 error CL114 “appeals” is no `kind`"]),
        ("status: retracted", ["4:9 warning CL128 retracted without a reason"]),
        ("kind: shared", ["4:7 warning CL518 shared news without a source"]),
        ("updated: 2024-13-45", ["4:10 error CL115 there is no such date: 2024-13-45"]),
        ("updated: 2024-1-1", ["4:10 error CL115 “2024-1-1” is not a date in ISO 8601"]),
        ("updated: 20240101", ["4:10 error CL113 `updated` must be a date, not a number"]),
        ("updated: last May", ["4:10 error CL115 “last May” is not a date"]),
        ("expires: 2026-04-30", ["4:10 error CL126 it expires before it is published"]),
        ("language: english", ["4:11 error CL117 `language`: “english” is no language"]),
        ("language: fr", ["4:11 error CL125 the site has no language fr"]),
        ("id: 12345", ["4:5 error CL113 `id` must be text, not a number"]),
        ("id: abc", ["4:5 error CL117 `id`: “abc” is no UUID"]),
        ("template: ../../etc/passwd", ["4:11 error CL117 `template`: “../../etc/passwd” is no template"]),
        ("robots: noindx", ["4:9 error CL117 `robots`: search engines do not know “noindx”. Did you mean “noindex”?"]),
        ("share: {hashtags: ['end the wait']}", ["4:20 error CL117 “end the wait” is no hashtag"]),
        ("share: {hashtags: ['परिवहन', 'रात_की_बस', '#الحافلة_الليلية']}", []),
        ("share: {hashtag: [a]}", ["4:9 error CL111 unknown key `share.hashtag`"]),
        ("share: {x: [a]}", ["4:12 error CL113 `share.x` must be text, not a list"]),
        (
            'share: {email: {subject: "a\\nBcc: b@c.example"}}',
            ["4:26 error CL118 `share.email.subject` holds a line break or a control character"],
        ),
        ('summary: "a\\u0007"', ["4:10 error CL118 `summary` holds a line break or a control character"]),
        ('tags: ["a\\u202Eb"]', ["4:8 error CL118 `tags[1]` holds an invisible character (U+202E)"]),
        ("extra: 3", ["4:8 error CL113 `extra` must be a group of keys"]),
        (
            "summary: Save the #river",
            ["4:19 warning CL120 “#river” and what follows is taken for a comment and left out"],
        ),
        ("ignore: [{code: CL127}]", ["4:10 error CL112 `ignore[1].reason` is missing"]),
    ],
)
def test_a_wrong_value_is_told_with_its_place(lines: str, expected: list[str]) -> None:
    assert told(post(lines)) == expected


@pytest.mark.parametrize(
    ("lines", "hint"),
    [
        ("tags: water, rivers", 'Write it as a list: ["water", "rivers"].'),
        ("tags: 'water'", 'Write it as a list: ["water"].'),
        ("""tags: '"Water rights", "rivers"'""", 'Write it as a list: ["Water rights", "rivers"].'),
    ],
)
def test_what_was_meant_as_a_list_is_shown_as_one(lines: str, hint: str) -> None:
    assert [problem.hint for problem in parse(post(lines))[1]] == [hint]


def test_a_title_of_blanks_is_none() -> None:
    assert told("---\ntitle: '  '\ndate: 2026-05-01\n---\nBody.\n") == ["2:1 error CL112 `title` is missing"]
    assert told("---\ntitle: '  '\n---\nBody.\n", "content/tags/water.md") == []


def test_a_label_without_an_address_is_left_out() -> None:
    found, _ = parse(post("tags: ['!!!', water, '..', rivers, water]\nseries: {name: '?'}"))
    assert found is not None
    card, places = found.entry.card, found.entry.places
    assert (card.taxonomies, card.series) == ({"tags": ("water", "rivers")}, None)
    assert (places["tags.0"], places["tags.1"]) == ((4, 15), (4, 28))


def test_settings_of_markdown_that_are_wrong_are_told_at_their_place() -> None:
    def wrong(text: str, **_: Any) -> Text:
        told = Problem("error", "CL229", "the Markdown extension “toc2” cannot be loaded: no module", "site.toml")
        return structs.replace(plain_text(text, first_line=1, take_title=False), problems=(told,))

    settings = config('[markdown]\nextensions = ["admonition", "toc2"]\n')
    _, problems = parse_document(File(POST, "", 0), post("").encode(), settings, {}, {}, wrong)
    assert [problem.place for problem in problems] == ["site.toml:8:29"]


def test_all_mistakes_are_told_at_once() -> None:
    assert told("---\ntitle: 1984\ndate: 2024-13-45\npinned: yes\nfoo: 1\n---\n") == [
        "2:8 error CL113 `title` must be text, not a number",
        "3:7 error CL115 there is no such date: 2024-13-45",
        "4:9 error CL113 `pinned` must be true or false, not the text “yes”",
        "5:1 error CL111 unknown key `foo`",
    ]


def test_hints_show_an_example_in_the_authors_format() -> None:
    hints = [
        parse(source)[1][0].hint
        for source in (post("order: x"), '+++\ntitle = "T"\ndate = 2026-05-01\norder = "x"\n+++\n')
    ]
    assert hints == ["For example: order: 3", "For example: order = 3"]


def test_a_warning_the_author_has_answered_is_not_told_again() -> None:
    assert told(post("image: {file: x.jpg}\nignore: [{code: CL127, reason: A pattern.}]")) == []


def test_an_error_cannot_be_answered_away() -> None:
    assert told(post("foo: 1\nignore: [{code: CL111, reason: Mine.}]")) == ["4:1 error CL111 unknown key `foo`"]


@pytest.mark.parametrize(
    "empty", ["summary:", 'summary: ""', "tags: []", "image:", "actions: []", "share: {}", "extra:"]
)
def test_an_empty_key_is_as_if_it_were_not_there(empty: str) -> None:
    assert document(post(empty)).entry.card == document(post("")).entry.card


# Slugs, aliases, addresses.


@pytest.mark.parametrize(
    "slug", ["../x", "..", "a/b", "a\\\\b", "a\\u0007", "con", ".hidden", "a b", "x" * 81, "a?b", "%2e%2e", "a\\u202Eb"]
)
def test_a_slug_that_leads_out_or_hides_is_refused(slug: str) -> None:
    found, problems = parse(post(f'slug: "{slug}"'))
    assert [(p.line, p.column, p.severity) for p in problems] == [(4, 7, "error")]
    assert found is not None
    assert found.entry.card.url == "/x/"


@pytest.mark.parametrize(
    "alias",
    [
        "../x",
        "/a/../b/",
        "/a/%2E%2e/b/",
        "/a\\\\b/",
        "/a\\u0000/",
        "//evil.example/",
        "https://evil.example/",
        "/a?b",
        "/a#b",
    ],
)
def test_an_alias_that_leads_out_is_refused(alias: str) -> None:
    found, problems = parse(post(f'aliases: ["/ok/", "{alias}"]'))
    assert [(p.line, p.column, p.severity) for p in problems] == [(4, 19, "error")]
    assert found is not None
    assert found.entry.matter.aliases == ("/ok/",)


@pytest.mark.parametrize("name", sorted(name for name in RESERVED if name.isalpha()))
def test_names_of_generated_pages_are_refused_as_slugs(name: str) -> None:
    assert told(post(f"slug: {name}")) == [f"4:7 error CL123 the address /{name}/ belongs to a page Clarion makes"]


def test_a_reserved_name_is_free_below_the_root() -> None:
    assert document(post("slug: tags"), more='[urls]\nposts = "/{year}/{slug}/"\n').entry.card.url == "/2026/tags/"


@pytest.mark.parametrize("slug", ["ru", "regions"])
def test_names_the_site_uses_are_refused_as_slugs(slug: str) -> None:
    assert told(post(f"slug: {slug}")) == [f"4:7 error CL123 the address /{slug}/ belongs to a page Clarion makes"]


def test_a_slug_in_another_form_is_kept_in_nfc() -> None:
    assert document(post("slug: cafe\u0301")).entry.card.url == "/caf\u00e9/"


@pytest.mark.parametrize(
    ("more", "path", "lines", "url"),
    [
        ("", POST, "", "/x/"),
        ("", "content/posts/2026-05-01-x.md", "", "/2026-05-01-x/"),
        ("", "content/posts/Моя река.md", "", "/моя-река/"),
        ("", "content/posts/2026/x/index.md", "", "/x/"),
        ('[urls]\nposts = "/{section}/{year}/{month}/{day}/{slug}/"\n', POST, "", "/posts/2026/05/01/x/"),
        ('[urls]\nposts = "/{language}/{slug}/"\n', "content/posts/x.ru.md", "", "/ru/x/"),
        ("", "content/posts/x.ru.md", "", "/ru/x/"),
        ("", POST, "language: ru", "/ru/x/"),
        ("", "content/pages/x.md", "", "/x/"),
        ('[urls]\npages = "/p/{slug}/"\n', "content/pages/x.ru.md", "", "/ru/p/x/"),
    ],
)
def test_an_address_follows_the_pattern_of_the_settings(more: str, path: str, lines: str, url: str) -> None:
    assert document(post(lines), path, more=more).entry.card.url == url


# What a file is, by its place.

TEXT_MATTER = "---\ntitle: T\n---\nText.\n"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "content/pages/about.md",
            ("page", "page", "/about/", "en", "", "pages/about", "tag:rivers.example,2000-01-01:pages/about"),
        ),
        (
            "content/pages/about/index.ru.md",
            (
                "page",
                "page",
                "/ru/about/",
                "ru",
                "content/pages/about",
                "pages/about",
                "tag:rivers.example,2000-01-01:pages/about.ru",
            ),
        ),
        (
            "content/pages/act.md",
            ("text", "page", "/act/", "en", "", "pages/act", "tag:rivers.example,2000-01-01:pages/act"),
        ),
        ("content/index.md", ("text", "page", "/", "en", "", "index", "tag:rivers.example,2000-01-01:index")),
        ("content/index.ru.md", ("text", "page", "/ru/", "ru", "", "index", "tag:rivers.example,2000-01-01:index.ru")),
        (
            "content/tags/water.md",
            ("text", "page", "/tags/water/", "en", "", "tags/water", "tag:rivers.example,2000-01-01:tags/water"),
        ),
        (
            "content/regions/eu.md",
            ("text", "page", "/regions/eu/", "en", "", "regions/eu", "tag:rivers.example,2000-01-01:regions/eu"),
        ),
        (
            "content/authors/ann.md",
            ("text", "page", "/authors/ann/", "en", "", "authors/ann", "tag:rivers.example,2000-01-01:authors/ann"),
        ),
        (
            "content/sections/news.md",
            ("text", "page", "/news/", "en", "", "sections/news", "tag:rivers.example,2000-01-01:sections/news"),
        ),
        (
            "content/news/index.md",
            ("text", "page", "/news/", "en", "", "news/index", "tag:rivers.example,2000-01-01:news/index"),
        ),
        (
            "content/campaigns/river.md",
            (
                "campaign",
                "article",
                "/campaigns/river/",
                "en",
                "",
                "campaigns/river",
                "tag:rivers.example,2000-01-01:campaigns/river",
            ),
        ),
        (
            "content/drafts/x.md",
            ("article", "article", "/x/", "en", "", "drafts/x", "tag:rivers.example,2000-01-01:drafts/x"),
        ),
    ],
)
def test_a_file_is_what_its_folder_says(path: str, expected: tuple[str, ...]) -> None:
    entry = document(TEXT_MATTER, path, sections={"news": Section("news")}).entry
    card = entry.card
    assert (entry.type, card.kind, card.url, card.language, entry.bundle, card.translation_key, card.id) == expected


def test_a_post_without_a_uuid_is_known_by_its_day_and_path() -> None:
    assert (
        document(post(""), "content/posts/река.md").entry.card.id
        == "tag:rivers.example,2026-05-01:posts/%D1%80%D0%B5%D0%BA%D0%B0"
    )


def test_what_lies_in_drafts_is_a_draft_whatever_it_says() -> None:
    assert document("---\ntitle: T\nstatus: published\n---\n", "content/drafts/x.md").entry.card.status == "draft"


def test_a_draft_needs_no_date() -> None:
    assert told("---\ntitle: T\nstatus: draft\n---\n") == []


def test_a_page_needs_no_date() -> None:
    assert told("# About us\n", "content/pages/about.md") == []


def test_the_title_may_be_the_first_heading() -> None:
    found = document("---\ndate: 2026-05-01\n---\n# The river\nText.\n")
    assert (found.entry.card.title, found.body) == ("The river", Body((Html("Text.\n"),)))


@pytest.mark.parametrize("lines", ["title: [", "title: A: B", "title:x"])
@pytest.mark.parametrize(("path", "status"), [("content/drafts/x.md", ""), (POST, "status: draft\n")])
def test_a_draft_that_cannot_be_read_does_not_hold_the_site_up(lines: str, path: str, status: str) -> None:
    found, problems = parse(f"---\n{status}{lines}\n---\n", path)
    assert (found, {problem.severity for problem in problems}) == (None, {"note"})


def test_a_word_about_drafts_does_not_make_one() -> None:
    assert {problem.severity for problem in parse("---\nsummary: 'status: draft'\ntitle: A: B\n---\n")[1]} == {"error"}


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("content/posts/x.md.txt", "x.md.txt is not taken for Markdown", "Rename it to x.md."),
        ("content/posts/x.markdown", "x.markdown is not taken for Markdown", "Rename it to x.md."),
        ("content/posts/x.MD", "x.MD is not taken for Markdown", "Rename it to x.md."),
        (
            "content/x.md",
            "a Markdown file here is no article",
            "Put it into content/posts/ or content/pages/ (or a section): x.md.",
        ),
        ("content/post/x.md", "content/post/ is no section", "Did you mean “posts”?"),
        (
            "content/stories/x.md",
            "content/stories/ is no section",
            'Make it one with a file content/stories/_section.toml: title = "…".',
        ),
        ("content/data/x.md", "content/data/ holds data, not texts", "Move it to content/posts/."),
        ("content/tags/a/b.md", "content/tags/ has no folders for texts", "Put it into content/tags/ itself."),
        (
            "content/posts/index.md",
            "content/posts/ has no text of its own",
            "The text above the home page is content/index.md, above a tag content/tags/NAME.md.",
        ),
    ],
)
def test_a_file_in_the_wrong_place_is_told_where_it_belongs(path: str, message: str, hint: str) -> None:
    found, problems = parse(TEXT_MATTER, path)
    assert (found, problems) == (None, (Problem("error", "CL121", message, path, hint=hint),))


@pytest.mark.parametrize(
    ("path", "lines", "expected"),
    [
        ("content/posts/x.fr.md", "", ["1:1 error CL125 the site has no language fr"]),
        ("content/posts/x.ru.md", "language: en", ["4:11 error CL125 the file name says ru, the front matter en"]),
        ("content/posts/version-2.0.md", "", []),
        (
            "content/posts/con.md",
            "",
            ["1:1 error CL122 `con` is the name of a device on Windows, where the site could not be stored"],
        ),
        ("content/posts/😀.md", "", ["1:1 error CL122 no address can be made of the name “😀”"]),
    ],
)
def test_a_file_name_that_does_not_do_is_told(path: str, lines: str, expected: list[str]) -> None:
    assert told(post(lines), path) == expected


@pytest.mark.parametrize("key", ["date: 2026-05-01", "tags: [a]", "status: draft"])
def test_a_text_above_a_list_has_title_summary_and_image_only(key: str) -> None:
    name = key.partition(":")[0]
    assert told(f"---\ntitle: T\n{key}\n---\n", "content/tags/water.md") == [f"3:1 error CL111 unknown key `{name}`"]


def test_a_campaign_has_keys_of_its_own() -> None:
    source = """---
title: The river
summary: Keep it.
goal: {target: 10, current: 3, as_of: 2026-05-01, source: counted}
state: won
outcomes: [{date: 2026-07-02, text: Answered., url: "https://a.example/"}]
---
"""
    found = document(source, "content/campaigns/river.md").entry.matter.campaign
    day = date(2026, 5, 1)
    assert found == Campaign(
        "won", Goal(10, 3, "", day, "counted"), (Outcome(date(2026, 7, 2), "Answered.", "https://a.example/"),)
    )
    assert told("---\ntitle: T\nstatus: won\n---\n", "content/campaigns/river.md") == [
        "3:1 error CL111 unknown key `status`"
    ]


# Actions and sources.


def acts(*lines: str) -> str:
    return post("\n".join(["actions:", *lines]))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["  - {kind: petition}"], ["5:5 error CL511 an action that leads nowhere"]),
        (["  - {kind: share, status: paused}"], ["5:5 error CL511 an action that leads nowhere"]),
        (["  - {kind: share, url: ''}"], ["5:5 error CL511 an action that leads nowhere"]),
        (["  - {kind: petition, status: closed}"], []),
        (["  - {kind: call}"], []),
        (["  - {url: 'https://a.example/'}"], []),
        (
            ["  - {url: 'javascript:alert(1)', kind: call}"],
            ["5:11 error CL506 `actions[1].url`: “javascript:alert(1)” begins with javascript:, which is refused"],
        ),
        (
            ["  - {url: 'data:text/html,x', kind: call}"],
            ["5:11 error CL506 `actions[1].url`: “data:text/html,x” begins with data:, which is refused"],
        ),
        (
            ["  - {url: petition.example, kind: call}"],
            ["5:11 error CL506 `actions[1].url`: “petition.example” does not begin with https://"],
        ),
        (["  - {kind: call, id: a}", "  - {kind: call, id: a}"], ["6:22 error CL510 two actions have the id “a”"]),
        (
            ["  - {kind: call, id: 'a b'}"],
            ["5:22 error CL507 `actions[1].id`: “a b” has characters a name cannot have"],
        ),
        (["  - {kind: call, organizer: {name: R}}"], ["5:18 error CL501 unknown key `actions[1].organizer`"]),
        (
            ["  - {kind: boycott}"],
            ["5:12 error CL504 “boycott” is no `actions[1].kind`"],
        ),
        (
            ["  - {kind: call, opens: 2026-05-02, closes: 2026-05-01}"],
            ["5:45 error CL512 the action closes before it opens"],
        ),
        (["  - {kind: call, opens: 2026-05-01, closes: 2026-05-01}"], []),
        (
            ["  - {kind: event, starts: 2026-05-02T10:00, ends: 2026-05-02T09:00}"],
            ["5:51 error CL512 the event ends before it begins"],
        ),
        (["  - {kind: call, closes: 2024-13-45}"], ["5:26 error CL505 there is no such date: 2024-13-45"]),
        (
            ["  - {kind: call, goal: {target: 5, current: 7}}"],
            ["5:33 error CL513 the goal is 5, but the count is already 7"],
        ),
        (["  - {kind: call, goal: {target: 0}}"], ["5:33 error CL509 `actions[1].goal.target` is 0, less than 1"]),
        (["  - {kind: call, goal: {current: 7}}"], ["5:18 error CL502 `actions[1].goal.target` is missing"]),
        (
            ["  - {kind: call, goal: {target: 7, source: 'javascript:x'}}"],
            ["5:44 error CL506 `actions[1].goal.source`: “javascript:x” begins with javascript:, which is refused"],
        ),
        (
            ['  - {kind: write, subject: "a\\nBcc: b@c.example"}'],
            ["5:28 error CL508 `actions[1].subject` holds a line break or a control character"],
        ),
        (
            ['  - {kind: write, recipients: [{email: "a@b.example\\r\\nBcc: c"}]}'],
            ["5:40 error CL508 `actions[1].recipients[1].email` holds a line break or a control character"],
        ),
        (
            ['  - {kind: write, recipients: [{name: "A\\nB"}]}'],
            ["5:39 error CL508 `actions[1].recipients[1].name` holds a line break or a control character"],
        ),
        (
            ["  - {kind: write, recipients: [{email: nobody}]}"],
            ["5:40 error CL507 `actions[1].recipients[1].email`: “nobody” is no e-mail address"],
        ),
        (
            ["  - {kind: call, recipients: [{phone: '12'}]}"],
            ["5:39 error CL507 `actions[1].recipients[1].phone`: “12” is no telephone number"],
        ),
        (
            ["  - {kind: call, languages: [no-such-tongue]}"],
            ["5:30 error CL507 `actions[1].languages[1]`: “no-such-tongue” is no language"],
        ),
        (
            ["  - https://a.example/"],
            ["5:5 error CL503 `actions[1]` must be a group of keys, not the text “https://a.example/”"],
        ),
    ],
)
def test_a_slip_in_an_action_is_told_with_its_place(lines: list[str], expected: list[str]) -> None:
    """That nobody could take part in some of them is told, and tested, beside it (CL529, `test_actions.py`)."""
    assert [line for line in told(acts(*lines)) if " note " not in line and "CL529" not in line] == expected


def test_the_address_alone_is_a_whole_petition_and_what_is_missing_a_note() -> None:
    found, problems = parse(acts("  - url: https://a.example/"))
    assert found is not None
    assert found.entry.card.actions == (Action("petition", "petition", url="https://a.example/"),)
    assert [(problem.severity, problem.code, problem.message) for problem in problems] == [
        ("note", "CL517", "the action does not say `title`, `organiser`, `recipients`, `closes`")
    ]


def test_ids_of_actions_default_to_their_kinds() -> None:
    lines = [
        "  - {kind: call, status: won}",
        "  - {kind: write, letter: Dear}",
        "  - {kind: call, status: won}",
        "  - {kind: call, status: won, id: call-4}",
        "  - {kind: call, status: won}",
    ]
    assert [action.id for action in document(acts(*lines)).entry.card.actions] == [
        "call",
        "write",
        "call-2",
        "call-4",
        "call-5",
    ]


def test_an_action_that_closes_on_a_day_is_open_to_its_end() -> None:
    (action,) = document(
        acts("  - {kind: share, url: 'https://a.example/', opens: 2026-05-01, closes: 2026-05-01}")
    ).entry.card.actions
    assert action.opens is not None
    assert action.closes is not None
    assert (action.closes.instant or 0) - (action.opens.instant or 0) == 24 * 3600 - 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("sources: [{publisher: P}]", ["4:11 error CL516 a source without `title` or `url`"]),
        ("sources: [{title: A, id: a}, {title: B, id: a}]", ["4:45 error CL515 two sources have the id “a”"]),
        ("sources: [{title: A, license: CC0}]", ["4:22 error CL501 unknown key `sources[1].license`"]),
        ("sources: [{title: A, published: 2017-13}]", ["4:33 error CL505 there is no such date: 2017-13"]),
        ("sources: [{title: A, role: copied}]", ["4:28 error CL504 “copied” is no `sources[1].role`"]),
        (
            "sources: [{url: 'javascript:x'}]",
            [
                "4:17 error CL506 `sources[1].url`: “javascript:x” begins with javascript:, which is refused",
            ],
        ),
        ("source: {title: A, titel: B}", ["4:20 error CL501 unknown key `sources[1].titel`"]),
        ("sources: {title: A, titel: B}", ["4:21 error CL501 unknown key `sources[1].titel`"]),
        ("sources: [{title: A}]\nsource: {title: B}", ["5:9 error CL108 both `source` and `sources`"]),
    ],
)
def test_a_slip_in_a_source_is_told_with_its_place(lines: str, expected: list[str]) -> None:
    assert told(post(lines)) == expected


def test_one_source_may_stand_alone() -> None:
    sources = [
        document(post(lines)).entry.matter.sources
        for lines in ("source: {title: A}", "sources: {title: A}", "sources: [{title: A}]")
    ]
    assert sources == [(Source("source-1", title="A"),)] * 3


# Sections and data.


def section(text: str, name: str = "news") -> tuple[Section | None, list[str]]:
    found, problems = parse_section(File(f"content/{name}/_section.toml", "", 0), text.encode(), config())
    return found, [f"{problem.line}:{problem.column} {problem.code} {problem.message}" for problem in problems]


def test_a_section_gives_its_articles_what_they_do_not_say() -> None:
    news, problems = section(
        'title = "News"\nkind = "press"\n[defaults]\ntags = ["a"]\nregions = ["EU"]\npinned = true\n'
    )
    assert problems == []
    assert news == Section(
        "news", "News", "press", "/news/{slug}/", defaults={"tags": ["a"], "regions": ["EU"], "pinned": True}
    )
    card = document(post("tags: [b]"), "content/news/x.md", sections={"news": news}).entry.card
    assert (card.section, card.kind, card.url, card.pinned, card.taxonomies) == (
        "news",
        "press",
        "/news/x/",
        True,
        {"tags": ("b",), "regions": ("EU",)},
    )


def test_articles_of_a_section_lie_where_it_says() -> None:
    news = section('url = "/{year}/n/{slug}/"')[0]
    assert news is not None
    assert document(post(""), "content/news/x.ru.md", sections={"news": news}).entry.card.url == "/ru/2026/n/x/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("titel = 'x'", ["1:1 CL111 unknown key `titel`"]),
        ("kind = 'pres'", ["1:8 CL114 “pres” is no `kind`"]),
        ("listing = 'no'", ["1:11 CL113 `listing` must be true or false, not the text “no”"]),
        ("url = '/news/'", ["1:7 CL117 “/news/” has no {slug}: all would share one address"]),
        ("[defaults]\ntitle = 'x'", ["2:1 CL111 unknown key `defaults.title`"]),
        ("[defaults]\npinned = 'x'", ["2:10 CL113 `defaults.pinned` must be true or false, not the text “x”"]),
        ("title = x", ["1:9 CL107 text must be quoted"]),
    ],
)
def test_a_slip_in_a_section_is_told_with_its_place(text: str, expected: list[str]) -> None:
    assert section(text)[1] == expected


@pytest.mark.parametrize("name", ["tags", "posts", "assets", "page", "ru", "regions", "Feeds", "con"])
def test_a_section_cannot_take_a_name_of_the_sites(name: str) -> None:
    found, problems = section("", name)
    assert found is None
    assert [problem.split()[1] for problem in problems] == ["CL130"]


def test_what_a_section_gives_without_effect_is_told_once_and_there() -> None:
    text = "[defaults]\nquick_exit = true\ntags = ['!!!', 'river']\n"
    path = "content/news/_section.toml"
    section, problems = parse_section(File(path, "", 0), text.encode(), config())
    assert [str(problem) for problem in problems] == [
        f"{path}:2:1: warning CL129 `defaults.quick_exit` is known, and without effect in this version",
        f"{path}:3:9: error CL131 no address can be made of “!!!”",
    ]
    assert section is not None
    path = "content/news/x.md"
    found, of_article = parse(post("summary: Dry."), path, sections={"news": section})
    assert found is not None
    assert (found.entry.card.taxonomies, of_article) == ({"tags": ("river",)}, ())


@pytest.mark.parametrize(
    ("name", "text", "value", "expected"),
    [
        (
            "tags.toml",
            "[a]\nsynonyms = 5\nlabel = 'A'\n",
            {"a": {"label": "A"}},
            ["2:12 CL113 `a.synonyms` must be a list of text, not a number"],
        ),
        (
            "tags.toml",
            "[a]\nsynonyms = 'x'\n",
            {"a": {}},
            ["2:12 CL113 `a.synonyms` must be a list of text, not the text “x”"],
        ),
        ("regions.yaml", "a: {label: [x]}\n", {"a": {}}, ["1:12 CL113 `a.label` must be text, not a list"]),
        (
            "regions.json",
            '{"a": {"synonyms": ["b", 3]}}',
            {"a": {"synonyms": ["b"]}},
            ["1:26 CL113 `a.synonyms[2]` must be text, not a number"],
        ),
        (
            "tags.toml",
            "water = 'Water'\n",
            {},
            ["1:9 CL113 “water” must be a group of keys, such as `label` and `synonyms`"],
        ),
        ("tags.toml", "[a]\ncolour = 3\n", {"a": {"colour": 3}}, []),
        ("towns.toml", "[a]\nlabel = 3\n", {"a": {"label": 3}}, []),
        ("regions.csv", "label\n3\n", [{"label": "3"}], []),
    ],
)
def test_labels_and_synonyms_of_terms_are_what_they_should_be(
    name: str, text: str, value: Any, expected: list[str]
) -> None:
    found, problems = parse_data(File(f"content/data/{name}", "", 0), text.encode(), config())
    assert found == value
    assert [f"{problem.line}:{problem.column} {problem.code} {problem.message}" for problem in problems] == expected


def test_a_share_target_that_cannot_be_used_is_told_at_its_place() -> None:
    text = '[x]\nname = "X"\n\n[friendica]\nname = "Friendica"\ntemplate = "https://friendica.example/compose"\n'
    value, problems = parse_data(File("content/data/share_targets.toml", "", 0), text.encode(), config())
    assert [problem.place for problem in problems] == ["content/data/share_targets.toml:4:2"]
    assert set(value) == {"x", "friendica"}


def test_data_is_read_in_four_formats() -> None:
    texts = {
        "toml": 'when = 2026-05-01\n[[list]]\na = "1"\n',
        "yaml": "when: 2026-05-01\nlist:\n  - a: '1'\n",
        "yml": "{when: 2026-05-01, list: [{a: '1'}]}",
        "json": '{"when": "2026-05-01", "list": [{"a": "1"}]}',
    }
    for extension, text in texts.items():
        file = File(f"content/data/x.{extension}", "", 0)
        assert parse_data(file, text.encode()) == ({"when": "2026-05-01", "list": [{"a": "1"}]}, ())
    assert parse_data(File("content/data/x.csv", "", 0), b"a,b\r\n1,2\r\n") == ([{"a": "1", "b": "2"}], ())


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("x.yaml", b"a: *b", ["1:4 CL109"]),
        ("x.yaml", b"just text", ["1:1 CL106"]),
        ("x.json", b'{"a": 1, "a": 2}', ["1:10 CL108"]),
        ("x.json", b"{\n", ["2:1 CL107"]),
        ("x.toml", b"a = \xff", ["1:5 CL103"]),
        ("x.csv", b"a,b\n1\n", ["2:1 CL107"]),
        ("x.xml", b"<a/>", ["0:0 CL121"]),
    ],
)
def test_a_slip_in_data_is_told_with_its_place(name: str, content: bytes, expected: list[str]) -> None:
    problems = parse_data(File(f"content/data/{name}", "", 0), content)[1]
    assert [f"{problem.line}:{problem.column} {problem.code}" for problem in problems] == expected


# The tables themselves.


def tables(table: Table) -> list[Table]:
    return [table, *(each for field in table.fields if field.table is not None for each in tables(field.table))]


RULES = Rules(UTC)
ALL_TABLES = [each for table in (ARTICLE, CAMPAIGN, TEXT) for each in tables(table)]


@pytest.mark.parametrize(
    "field", [field for table in ALL_TABLES for field in table.fields], ids=lambda field: field.name
)
def test_each_key_has_a_sentence_and_an_example_that_is_right(field: Field) -> None:
    assert field.sentence.endswith(".")
    assert field.example.partition(" = ")[0] == field.name or "TARGET" in field.name


@pytest.mark.parametrize("address", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_no_address_of_any_key_runs_code(address: str) -> None:
    """Whatever table it stands in: those of front matter, of data and of settings."""
    every = [each for table in (ARTICLE, CAMPAIGN, TEXT, RESOURCE, SECTION, ALL_SETTINGS) for each in tables(table)]
    found = [
        (field.name, check({field.name: [address] if field.many else address}, table, Places(), path=POST, rules=RULES))
        for table in every
        for field in table.fields
        if field.type in ("url", "web", "contact", "target", "reference", "file", "alias")
    ]
    assert len(found) > 20
    assert [name for name, (clean, problems) in found if clean.get(name) or not problems] == []


@pytest.mark.parametrize(
    "field",
    [field for field in ARTICLE.fields if field.name not in ("title", "date", "language", "kind")],
    ids=lambda field: field.name,
)
def test_the_example_of_each_key_passes(field: Field) -> None:
    source = f'+++\ntitle = "T"\ndate = 2026-05-01\n{field.example}\n+++\n'
    assert [line for line in told(source) if " error " in line] == []


@pytest.mark.parametrize("field", ACTION.fields, ids=lambda field: field.name)
def test_the_example_of_each_key_of_an_action_passes(field: Field) -> None:
    kind = "" if field.name == "kind" else 'kind = "call", '
    address = "" if field.name == "url" else 'url = "https://a.example/", '
    source = f'+++\ntitle = "T"\ndate = 2026-05-01\nactions = [{{ {kind}{address}{field.example} }}]\n+++\n'
    assert [line for line in told(source) if " error " in line] == []


@pytest.mark.parametrize(
    "field", [field for field in SOURCE.fields if field.name != "title"], ids=lambda field: field.name
)
def test_the_example_of_each_key_of_a_source_passes(field: Field) -> None:
    source = f'+++\ntitle = "T"\ndate = 2026-05-01\nsources = [{{ title = "S", {field.example} }}]\n+++\n'
    assert told(source) == []


# Whatever is given.

ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["2026-05-01", "https://a.example", "draft", "..", "a@b.example"]),
)
NAMES = st.sampled_from(
    [*ARTICLE.names, *ACTION.names, *SOURCE.names, "source", "email", "x", "part", "file", "target"]
)
VALUES = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=8
)
PATHS = st.sampled_from(
    [
        POST,
        "content/pages/a.md",
        "content/campaigns/a.md",
        "content/tags/a.md",
        "content/index.md",
        "content/posts/a/index.ru.md",
        "content/a/b/c/d.md",
        "content/x",
        "content/drafts/.md",
    ]
)


@settings(deadline=None)
@given(st.binary(max_size=200), PATHS)
def test_no_bytes_raise(content: bytes, path: str) -> None:
    parse(content, path)
    parse(b"---\n" + content, path)
    parse(b"---\n" + content + b"\n---\n", path)
    parse(b"+++\n" + content + b"\n+++\n", path)
    parse(b'{"' + content, path)


@settings(deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=6), PATHS)
def test_no_values_raise_and_what_comes_of_them_survives_its_bytes(values: dict[str, Any], path: str) -> None:
    found, _ = parse(f"---\n{yaml.safe_dump(values, allow_unicode=True)}---\nText.\n", path)
    if found is not None:
        assert from_its_bytes(found) == found


def test_an_entry_needs_no_more_than_a_card() -> None:
    assert Entry(POST, "article", document(post("")).entry.card).problems == ()
