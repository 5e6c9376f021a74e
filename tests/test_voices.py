"""Whose each paragraph is: told to a stranger who has the text alone, of a page, of a feed, of what is read aloud.

The stranger knows the words of the catalogue and nothing of looks, roles or elements.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import SETTINGS, TinySite

ROOT = Path(__file__).parent.parent
SAID: dict[str, str] = tomllib.loads((ROOT / "themes/base/locales/en.toml").read_text(encoding="utf-8"))
AUTHOR = "the author"
_LINES = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
    "p", "pre", "section", "summary", "table", "td", "th", "tr", "ul",
})  # fmt: skip
_UNSEEN = frozenset({"head", "script", "style"})
# How a voice begins, and how it ends. What names the voice is longest first: one beginning may be that of another.
_VOICES = {
    "letter": (("letter_start",), "letter_end"),
    "retold letter": (("letter_retold_start",), "letter_retold_end"),
    "quotation": (("quotation_start_by", "quotation_start"), "quotation_end"),
    "excerpt": (("excerpt_start_by", "excerpt_start"), "excerpt_end"),
    "retelling": (("retelling_start_by", "retelling_start"), "retelling_end"),
    "comment": (("comment_start", "comment_republished"), "comment_end"),
}


def dump(html: str) -> list[str]:
    """The text of some HTML as a text browser writes it down: a line for each block, whether it is shown or not."""
    lines = [""]
    hidden = 0
    reader = HTMLParser()

    def start(name: str, _attributes: object) -> None:
        nonlocal hidden
        hidden += name in _UNSEEN
        lines.extend([""] if name in _LINES else [])

    def end(name: str) -> None:
        nonlocal hidden
        hidden -= name in _UNSEEN
        lines.extend([""] if name in _LINES else [])

    def words(text: str) -> None:
        lines[-1] += "" if hidden else text

    reader.handle_starttag, reader.handle_endtag, reader.handle_data = start, end, words  # type: ignore[method-assign]
    reader.feed(html)
    reader.close()
    return [line for line in (" ".join(line.split()) for line in lines) if line]


def whose(lines: Sequence[str]) -> dict[str, str]:
    """Of each line, whose it is, as the lines themselves say. Fails where a voice ends that did not begin, or never."""
    found: dict[str, str] = {}
    speaking: list[tuple[str, str]] = []
    for line in lines:
        begun = next(_begun(line), None)
        if begun:
            speaking.append(begun)
            continue
        ended = next((voice for voice, (_, end) in _VOICES.items() if _match(end, line)), None)
        if ended:
            assert speaking, f"“{line}”, and nobody spoke"
            assert speaking[-1][0] == ended, f"“{line}”, and {speaking[-1]} spoke"
            speaking.pop()
            continue
        found.setdefault(line, " of ".join(filter(None, speaking[-1])) if speaking else AUTHOR)
    assert speaking == [], f"nothing says where {speaking[-1]} ends"
    return found


def _begun(line: str) -> Iterator[tuple[str, str]]:
    for voice, (starts, _) in _VOICES.items():
        for start in starts:
            match = _match(start, line)
            if match:
                yield voice, match.groupdict().get("name", "")


def _match(key: str, line: str) -> re.Match[str] | None:
    """The text of the catalogue at the beginning of a line, with what it holds as groups."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(SAID[key]))
    return re.match(rf"{pattern}(?=$|[ (:])" if key.endswith("_end") or key.startswith("comment") else pattern, line)


def spoken(line: str) -> str:
    """What a line of an accessibility tree says, without its role."""
    said = re.sub(r"^\s*- (?:'?[\w-]+(?: \"[^\"]*\")?(?: \[[^\]]*\])?'?:? ?)", "", line)
    return str(json.loads(said)) if said.startswith('"') and said.endswith('"') else said


TEXT = """\
The river fell, and I saw it.

> We left by boat.
>
> We took the dog.
>
> — A neighbour

I asked her twice.

:::appeal[To all]{from="River People" signed="Mara Quill" role="for the bank" date=2026-10-01 source=daily}
Come to the river.

> Nobody told us.
>
> — A miller

Bring a lamp.

:::comment
I would bring two.
:::
:::

Nothing has come of it.

:::appeal{from="Bridge People" signed="Otto Reed" words=ours}
They ask for a bridge.

> No bridge, no bread.
>
> — Their banner
:::

They have asked before.

:::excerpt[At night]{source=daily}
The pump ran at night.

It ran for a week.
:::

Who paid is not known.

:::excerpt{source=daily words=ours}
The office knew of it.
:::

Nor is it known since when.

:::comment[What I think]
They should say so.
:::

> Words of nobody.

That is all.

::pull-quote[Bring a lamp.]
"""
TRUTH = {
    "The river fell, and I saw it.": AUTHOR,
    "We left by boat.": "quotation of A neighbour",
    "We took the dog.": "quotation of A neighbour",
    "I asked her twice.": AUTHOR,
    "To all": "letter of River People",
    "Come to the river.": "letter of River People",
    "Nobody told us.": "quotation of A miller",
    "Bring a lamp.": "letter of River People",
    "I would bring two.": "comment",
    "Mara Quill": "letter of River People",
    "for the bank": "letter of River People",
    "Nothing has come of it.": AUTHOR,
    "They ask for a bridge.": "retold letter of Bridge People",
    "No bridge, no bread.": "quotation of Their banner",
    "Signed: Otto Reed": "retold letter of Bridge People",
    "They have asked before.": AUTHOR,
    "At night": "excerpt of The Daily",
    "The pump ran at night.": "excerpt of The Daily",
    "It ran for a week.": "excerpt of The Daily",
    "Who paid is not known.": AUTHOR,
    "The office knew of it.": "retelling of The Daily",
    "Nor is it known since when.": AUTHOR,
    "They should say so.": "comment",
    "Words of nobody.": "quotation",
    "That is all.": AUTHOR,
}
SOURCES = "[{ id: daily, role: quoted, title: A pump, publisher: The Daily, url: 'https://daily.example/pump' }]"


@pytest.fixture(params=[("plain", "commonmark"), ("clarion", "python-markdown")], ids="-".join)
def told(request: pytest.FixtureRequest, site: TinySite) -> TinySite:
    """A site whose one article has every voice, in both themes and with both engines."""
    theme, engine = request.param
    site.write("site.toml", f'{SETTINGS.replace("plain", theme)}\n[markdown]\nengine = "{engine}"\n')
    site.post("river", TEXT, kind="appeal", sources=SOURCES)
    assert site.problems() == []
    return site


def test_who_has_the_text_of_a_page_alone_knows_whose_each_paragraph_is(told: TinySite) -> None:
    found = whose(dump(told.read("river/index.html")))
    assert {line: found[line] for line in TRUTH} == TRUTH


def test_who_has_the_text_of_a_feed_alone_knows_whose_each_paragraph_is(told: TinySite) -> None:
    (entry,) = json.loads(told.read("feed.json"))["items"]
    found = whose(dump(entry["content_html"]))
    assert {line: found[line] for line in TRUTH} == TRUTH


def test_who_speaks_is_told_once_to_those_who_listen(told: TinySite) -> None:
    """A name of a region that is also its first line would be read twice for each quotation."""
    page = told.read("river/index.html")
    assert len(re.findall(r'aria-label="[^"]*(?:Quotation|Excerpt|Retelling)', page)) == 0
    assert page.count("Quotation, A neighbour:") == 1


def test_a_title_of_a_comment_does_not_hide_whose_it_is(told: TinySite) -> None:
    assert "Comment by the author of this article: What I think" in dump(told.read("river/index.html"))


def test_who_passes_on_a_whole_text_is_not_called_its_author(told: TinySite) -> None:
    source = "[{ role: repost-of, title: Dry, publisher: The Daily, permission: 'by letter, 2026-05-01' }]"
    told.edit("site.toml", "[site]", "[authors.ann]\nname = 'Ann'\n\n[site]")
    told.post("river", "All of it.\n\n:::comment\nMine.\n:::", kind="shared", sources=source, authors="[ann]")
    assert told.problems() == []
    lines = dump(told.read("river/index.html"))
    assert any(line.startswith("Shared by Ann") for line in lines)
    assert not any(line.startswith("By ") for line in lines)
    assert lines[lines.index("Mine.") - 1] == "Comment by those who republish this text"


def test_the_golden_site_tells_whose_each_paragraph_is() -> None:
    expected = ROOT / "tests/golden/site/expected"
    found: dict[str, str] = {}
    for name in ("river", "bridge"):
        found |= whose(dump((expected / name / "index.html").read_text(encoding="utf-8")))
    for entry in json.loads((expected / "feed.json").read_text(encoding="utf-8"))["items"]:
        in_feed = whose(dump(entry["content_html"]))
        assert {line: owner for line, owner in in_feed.items() if found.get(line, owner) != owner} == {}
    assert found["We left by boat."] == "quotation of A neighbour"
    assert found["Do not cross it."] == "comment"
    assert found["It holds."] == AUTHOR


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        (
            "shared",
            {
                "It breaks my heart to read this, and I do what little I can: I write it down and pass it "
                "on.": "comment",
                "A spokesperson of the State Department, who spoke to BuzzFeed on background, declined to comment. "
                "Visa records are confidential under the law of the United States, the spokesperson explained, and so "
                "individual cases are not discussed.": AUTHOR,
            },
        ),
        (
            "appeal",
            {
                "Russian officials, it goes on, declined to intervene. The authorities in Chechnya denied the arrests, "
                "and even that gay people exist there.": "retold letter of Human Rights Campaign",
                "This petition of May 2017 closed long ago. How many people signed it is not known here.": AUTHOR,
            },
        ),
        (
            "article",
            {
                "A driver, who was there on the last night, told the Assembly about it:": AUTHOR,
                "There was a woman who thanked me for every night, one by one, until her stop came.": (
                    "quotation of A driver of the night bus"
                ),
                "We are not asking for anything new. We are asking for the bus that was there. Please sign, and please "
                "tell one other person.": "letter of Lantern Street Assembly",
            },
        ),
        (
            "report",
            {
                "Those whom we met after midnight had not chosen to walk. They had a shift that ended, or a child to "
                "fetch, and a bus that did not come.": "excerpt of Institute for Late Hours (invented)",
                "The numbers below are invented, like the Assembly that counted them. They show how a report with a "
                "table, a definition list and code is set.": AUTHOR,
            },
        ),
    ],
)
def test_what_a_screen_reader_is_given_tells_whose_each_paragraph_is(name: str, truth: dict[str, str]) -> None:
    """The trees are those that `make judge` holds a browser against."""
    tree = (ROOT / f"tests/judge/golden/aria/{name}.txt").read_text(encoding="utf-8")
    found = whose([spoken(line) for line in tree.splitlines()])
    assert {line: found[line] for line in truth} == truth


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ("source=old", ' lang="fa" dir="rtl"'),
        ("source=old language=en", ' lang="en" dir="ltr"'),
        ("source=new", ' dir="auto"'),
    ],
)
def test_an_excerpt_keeps_the_language_and_the_direction_of_its_source(
    attributes: str, shown: str, site: TinySite
) -> None:
    sources = "[{ id: old, title: A, language: fa }, { id: new, title: B }]"
    site.post("river", f":::excerpt{{{attributes}}}\nWords.\n:::\n\n{'Mine. ' * 9}", sources=sources)
    assert site.problems() == []
    for path in ("river/index.html", "feed.xml"):
        found = re.findall("<blockquote(.*?)>", unescape(site.read(path)))
        assert found == [shown], path


def test_an_excerpt_of_nobody_knows_what_is_told(site: TinySite) -> None:
    site.post("river", f":::excerpt\nWords.\n:::\n\n{'Mine. ' * 9}")
    (problem,) = site.build().problems
    assert (problem.severity, problem.code, problem.line) == ("warning", "CL552", 5)


# -- what stands for an article elsewhere


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("> Theirs.\n\nMine.", "Mine."),
        (':::appeal{from="A"}\nTheirs.\n:::\n\nMine.', "Mine."),
        ("> Theirs.\n>\n> — A neighbour", ""),
        (':::appeal{from="A" words=ours}\nRetold.\n:::', "Retold."),
        (':::appeal{from="A"}\nTheirs.\n\n:::comment\nMine.\n:::\n:::', "Mine."),
        ("Mine.\n\n> Theirs.\n\nMine too.\n\n<!--more-->\n\nMore.", "Mine. Mine too."),
    ],
)
def test_no_words_of_others_stand_for_an_article(text: str, summary: str, site: TinySite) -> None:
    site.post("river", text)
    site.build()
    said = re.findall('<meta name="description" content="(.*?)">', site.read("river/index.html"))
    assert said == [summary or "River · Tiny"]
    assert "Theirs" not in site.read("index.html")


# -- words said again


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("> We left by boat.\n>\n> — A neighbour", "A neighbour"),
        (':::appeal{from="River People"}\nWe left by *boat*.\n:::', "River People"),
        (":::excerpt{source=daily}\nWe left by boat.\n:::", "The Daily"),
        (':::appeal{from="River People" words=ours}\nWe left by boat.\n:::', ""),
        ("We left by boat.", ""),
    ],
)
def test_words_said_again_are_passed_on_with_the_name_of_whose_they_are(text: str, by: str, site: TinySite) -> None:
    site.write("site.toml", SETTINGS.replace("plain", "clarion"))
    site.post("river", f"Mine.\n\n{text}\n\n::pull-quote[“We left by boat.”]", kind="appeal", sources=SOURCES)
    assert site.problems() == []
    page = site.read("river/index.html")
    drawn = page[page.index('class="share pull"') :].partition("Pass these words on")
    assert dump(f"<div {drawn[0]}") == ["From this text, once more:", "“We left by boat.”", *filter(None, [by])]
    assert ("%20%E2%80%94%20" in drawn[2].partition("</div>")[0]) == bool(by)


def test_an_author_says_whose_words_are_said_again(site: TinySite) -> None:
    site.write("site.toml", SETTINGS.replace("plain", "clarion"))
    site.post("river", "A neighbour said that they left by boat.\n\n::pull-quote[They left by boat.]{by='A neighbour'}")
    assert site.problems() == []
    assert '<div class="small" aria-hidden="true"><bdi>A neighbour</bdi></div>' in site.read("river/index.html")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("they left by boat", []),
        ("They left … by boat", []),
        ("They … boat", []),
        ("We left by boat.", ["CL557"]),
        ("They left … by bus", ["CL557"]),
    ],
)
def test_words_said_again_are_said_by_the_text(words: str, told: list[str], site: TinySite) -> None:
    site.post("river", f"They left, at last, by boat: they left by *boat*.\n\n::pull-quote[{words}]")
    assert [problem.code for problem in site.build().problems] == told


# -- sources in feeds


def test_a_feed_says_what_its_marks_stand_for(told: TinySite) -> None:
    sources = """
  - { id: news, role: based-on, title: Dry, publisher: The Daily, author: A. Writer, published: 2026-05 }
  - { id: letter, role: quoted, title: A letter, author: Mara Quill, url: "https://a.example/" }
  - { id: hint, role: via, title: A hint }"""
    told.post("river", f"It fell.:cite[letter] It fell.:cite[news]\n\n{'Own words. ' * 9}", sources=sources)
    assert told.problems() == []
    (entry,) = json.loads(told.read("feed.json"))["items"]
    lines = dump(entry["content_html"])
    assert lines[0] == "First published by The Daily, A. Writer, May 2026: Dry"
    assert lines[lines.index("Sources") + 1 :][:3] == [
        "Mara Quill: A letter (Read the original at a.example)",
        "The Daily, A. Writer, May 2026: Dry",
        "A hint",
    ]


def test_a_feed_of_an_article_without_sources_has_no_list(told: TinySite) -> None:
    told.post("river", "It fell.")
    told.build()
    assert "Sources" not in told.read("feed.json")


# -- the weighing


def test_a_comment_inside_a_letter_is_no_quoted_word(site: TinySite) -> None:
    text = f':::appeal{{from="A"}}\n{"theirs " * 20}\n\n:::comment\n{"mine " * 80}\n:::\n:::'
    site.post("river", text, sources="[{ title: A, role: quoted }]")
    assert site.problems() == []
