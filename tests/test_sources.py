"""Sources: marks that lead to them and back, sources a site shares, and how much of others' words an article holds."""

import json
import re

import pytest

from generator.pipeline.outlooks import outlook
from generator.work.explain.asked import story_of
from generator.work.explain.stories import SourceStory
from tests.conftest import NOW, SETTINGS, TinySite, instant

SHARED = """\
[gauges]
title = "Levels"
publisher = "River Office"
url = "https://office.example/levels"
language = "de"
archived = [{ url = "https://archive.example/levels", date = 2026-05-05 }]

[spare]
title = "Never named"
"""
SOURCES = """
  - { id: daily, role: based-on, title: The river falls, publisher: The Daily }
  - { id: hint, role: via, title: A hint }
  - { id: letter, role: quoted, title: A letter, author: Mara Quill }"""
WORDS = "Own words. " * 40


@pytest.fixture(params=[("plain", "python-markdown"), ("clarion", "commonmark")], ids="-".join)
def themed(request: pytest.FixtureRequest, site: TinySite) -> TinySite:
    """The tiny site in each of the two themes, with each of the two engines."""
    theme, engine = request.param
    site.write("site.toml", f'{SETTINGS.replace("plain", theme)}\n[markdown]\nengine = "{engine}"\n')
    return site


def listed(page: str) -> list[str]:
    """The sources at the end of a page, each as its words."""
    (section,) = re.findall(r'<section class="sources".*?</section>', page, re.DOTALL)
    items = re.findall(r"<li.*?</li>", section, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", item).split()) for item in items]


def marks(page: str) -> list[tuple[str, str]]:
    """Each mark of a page: where it leads, and how it is read aloud."""
    return re.findall(r'<sup[^>]*><a href="([^"]*)"[^>]* aria-label="([^"]*)">\[', page)


# -- marks


def test_marks_are_numbered_as_sources_are_first_cited_and_the_list_has_the_same_numbers(themed: TinySite) -> None:
    text = f"Fell.:cite[letter] Switched.:cite[daily] Dry.:cite[letter]\n\n{WORDS}"
    themed.post("river", text, sources=SOURCES)
    assert themed.problems() == []
    page = themed.read("river/index.html")
    assert marks(page) == [
        ("#source_letter", "Source 1: Mara Quill"),
        ("#source_daily", "Source 2: The Daily"),
        ("#source_letter", "Source 1: Mara Quill"),
    ]
    assert listed(page) == [
        "Quoted: A letter , Mara Quill . ↩&#xFE0E; ↩&#xFE0E;",
        "Cited: The river falls , The Daily . ↩&#xFE0E;",
        "Found through: A hint .",
    ]


def test_every_mark_leads_to_its_source_and_each_way_back_to_its_mark(themed: TinySite) -> None:
    text = f"One.:cite[letter] Two.:cite[daily][^1]\n\n[^1]: Three.:cite[letter]\n\n{WORDS}"
    themed.post("river", text, sources=SOURCES)
    themed.build()
    page = themed.read("river/index.html")
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert {target for target in re.findall(r' href="#([^"]*)"', page) if target not in ids} == set()
    back = re.findall(r'<a class="back" href="#(cite-[^"]*)" role="doc-backlink" aria-label="([^"]*)"', page)
    assert back == [
        ("cite-river-1", "Back to the text, source 1, place 1"),
        ("cite-river-1-2", "Back to the text, source 1, place 2"),
        ("cite-river-2", "Back to the text, source 2"),
    ]


def test_a_mark_stands_close_to_what_it_follows_and_what_follows_it(themed: TinySite) -> None:
    themed.post("river", f"It fell :cite[letter], they say.\n\n{WORDS}", sources=SOURCES)
    themed.build()
    assert re.search(r"<p>It fell<sup[^>]*><a [^>]*>\[1\]</a></sup>, they say\.</p>", themed.read("river/index.html"))


@pytest.mark.parametrize("text", ["It fell:cite[letter].", "In 2026:cite[letter]."])
def test_a_mark_directly_behind_a_letter_is_an_error_that_says_what_to_write(text: str, site: TinySite) -> None:
    site.post("river", text, sources=SOURCES)
    (problem,) = site.build().problems
    assert (problem.code, problem.column) == ("CL209", text.index(":") + 1)
    assert problem.hint == "Put a space before :cite; readers do not see it."


@pytest.mark.parametrize("text", ["`fell:cite[letter]`", "At 10:30[a].", "fell\\:cite[letter]", "fell:sites[letter]"])
def test_what_only_looks_like_a_mark_is_text(text: str, site: TinySite) -> None:
    site.post("river", text)
    assert site.problems() == []


def test_a_mark_is_no_word_of_the_summary_of_a_heading_or_of_a_list(site: TinySite) -> None:
    site.post("river", "It fell.:cite[letter]\n\n## Why :cite[letter]\n\nNobody says.", sources=SOURCES)
    site.build()
    assert '<meta name="description" content="It fell.">' in site.read("river/index.html")
    assert '<h2 id="why">Why<sup' in site.read("river/index.html")
    assert "cite-" not in site.read("index.html")


def test_in_feeds_a_mark_leads_to_the_list_on_the_page(site: TinySite) -> None:
    site.post("river", f"It fell.:cite[letter]\n\n{WORDS}", sources=SOURCES)
    site.build()
    (entry,) = json.loads(site.read("feed.json"))["items"]
    assert marks(entry["content_html"]) == [("https://tiny.example/river/#source_letter", "Source 1: Mara Quill")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (":cite[lettr]", "6:5"),
        ("[a :cite[letter]](https://a.example/)", "6:8"),
        ("::cite[letter]", "6:1"),
        (":cite{page=4}", "6:5"),
        (":cite[ ]", "6:5"),
    ],
)
def test_a_mark_that_names_no_source_is_an_error_at_its_place(text: str, place: str, site: TinySite) -> None:
    site.post("river", f"{'' if text.startswith('::') else 'Dry '}{text}", sources='[{ id: letter, title: "A" }]')
    (problem,) = (each for each in site.problems() if "error" in each)
    assert problem.startswith(f"content/posts/river.md:{place}: error ")


def test_a_link_to_a_source_says_which_version_of_it_was_read(themed: TinySite) -> None:
    """Robust Links: the day is that of the archived copy, else the day on which the author read it."""
    sources = """
  - { role: based-on, url: "https://a.example/", accessed: 2026-05-04 }
  - { url: "https://b.example/", accessed: 2026-05-04, archived: [{ url: "https://c.example/b", date: 2026-05-05 }] }
  - { url: "https://d.example/" }"""
    themed.post("river", WORDS, sources=sources)
    themed.build()
    page = themed.read("river/index.html")
    assert re.findall(
        r'data-originalurl="([^"]*)"(?: data-versionurl="([^"]*)")? data-versiondate="([^"]*)"', page
    ) == [
        ("https://a.example/", "", "2026-05-04"),
        ("https://b.example/", "https://c.example/b", "2026-05-05"),
    ]
    assert 'data-originalurl="https://d.example/"' not in page


# -- sources the site shares


def test_a_shared_source_that_is_named_is_one_of_the_article(themed: TinySite) -> None:
    themed.write("content/data/sources.toml", SHARED)
    text = f":::excerpt{{source=gauges}}\nOne metre.\n:::\n\nFell.:cite[letter]\n\n{WORDS}"
    themed.post("river", text, sources=SOURCES)
    assert themed.problems() == []
    page = themed.read("river/index.html")
    assert "River Office" in listed(page)[1] or "River Office" in listed(page)[2]
    assert "in the words of River Office" in page
    assert '<blockquote cite="https://office.example/levels" lang="de" dir="ltr">' in page
    assert "https://office.example/levels" in page.partition("page_text")[2].partition("</section>")[0]
    assert 'data-versionurl="https://archive.example/levels" data-versiondate="2026-05-05"' in page
    assert 'hreflang="de" lang="de"' in page
    assert "Never named" not in page


def test_a_shared_source_can_be_cited_before_and_behind_the_articles_own(themed: TinySite) -> None:
    themed.write("content/data/sources.toml", SHARED)
    themed.post("river", f"A.:cite[gauges] B.:cite[hint] C.:cite[gauges]\n\n{WORDS}", sources=SOURCES)
    themed.build()
    page = themed.read("river/index.html")
    assert [name for _, name in marks(page)] == ["Source 1: River Office", "Source 2: A hint", "Source 1: River Office"]
    assert [words.split()[1] for words in listed(page)][:2] == ["Levels", "through:"]


def test_an_articles_own_source_goes_before_a_shared_one_of_the_same_name(site: TinySite) -> None:
    site.write("content/data/sources.toml", SHARED)
    site.post("river", "A.:cite[gauges]", sources='[{ id: gauges, title: "Mine" }]')
    site.build()
    assert listed(site.read("river/index.html")) == ["Cited: Mine . ↩&#xFE0E;"]


def test_structured_data_names_a_shared_source_that_is_cited(site: TinySite) -> None:
    site.write("content/data/sources.toml", SHARED)
    site.post("river", "A.:cite[gauges]")
    site.build()
    assert (
        "https://office.example/levels"
        in re.findall(r'<script type="application/ld\+json">(.*?)</script>', site.read("river/index.html"), re.DOTALL)[
            0
        ]
    )


@pytest.mark.parametrize(("wrong", "right"), [("gauge", "gauges"), ("lettre", "letter")])
def test_an_unknown_source_is_an_error_that_suggests_own_and_shared_ones(
    wrong: str, right: str, site: TinySite
) -> None:
    site.write("content/data/sources.toml", SHARED)
    site.post("river", f"A.:cite[{wrong}]", sources=SOURCES)
    (problem,) = site.build().problems
    assert (problem.code, problem.hint) == ("CL519", f"Did you mean “{right}”?")


def test_of_a_draft_an_unknown_source_is_told_as_a_note(site: TinySite) -> None:
    site.post("river", "A.:cite[nobody]", status="draft")
    report = site.build()
    assert [(each.severity, each.code) for each in report.problems] == [("note", "CL519")]
    assert report.ok


def test_a_text_above_a_list_cites_nothing(site: TinySite) -> None:
    site.write("content/data/sources.toml", SHARED)
    site.write("content/index.md", "---\ntitle: Tiny\n---\nWelcome.:cite[gauges]\n")
    assert [problem.code for problem in site.build().problems] == ["CL519"]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("[a]\ntitel = 'A'\nurl = 'https://a.example/'\n", "2:1: error CL50"),
        ("[a]\npublisher = 'A'\n", "1:2: error CL516"),
        ("[a]\ntitle = 'A'\nurl = 'javascript:alert(1)'\n", "3:7: error CL50"),
        ("[a]\ntitle = 'A'\nrole = 'repost-of'\n", "3:8: error CL555"),
        ("[a]\ntitle = 'A'\nid = 'b'\n", "3:6: error CL555"),
        ("a = 'A'\n", "1:5: error CL555"),
        ("['a b']\ntitle = 'A'\n", "1:2: error CL50"),
    ],
)
def test_a_shared_source_is_checked_as_those_of_articles_are(table: str, told: str, site: TinySite) -> None:
    site.write("content/data/sources.toml", table)
    (problem,) = site.problems()
    assert problem.startswith(f"content/data/sources.toml:{told}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sources.yaml", "gauges:\n  title: Levels\n  published: 2026-05\n"),
        ("sources.json", '{"gauges": {"title": "Levels", "published": "2026-05"}}'),
    ],
)
def test_shared_sources_can_be_written_like_any_data(name: str, text: str, site: TinySite) -> None:
    site.write(f"content/data/{name}", text)
    site.post("river", "A.:cite[gauges]")
    assert site.problems() == []
    assert listed(site.read("river/index.html")) == ["Cited: Levels , May 2026 . ↩&#xFE0E;"]


def test_nobody_is_followed_by_the_address_of_a_shared_source_or_a_help_line(site: TinySite) -> None:
    followed = "https://a.example/?utm_source=x"
    site.write("content/data/sources.toml", f'[a]\ntitle = "A"\nurl = "{followed}"\n')
    site.write("content/data/resources.toml", f'[a]\nname = "A"\ncountry = "GB"\nurl = "{followed}"\n')
    site.post("river", "A.:cite[a]\n\n::resource{country=GB}")
    told = {(problem.code, problem.path) for problem in site.build().problems}
    assert told == {("CL240", "content/data/sources.toml"), ("CL240", "content/data/resources.toml")}
    page = site.read("river/index.html")
    assert page.count('href="https://a.example/"') == 2
    assert "utm_source" not in page


def test_shared_sources_without_names_are_an_error(site: TinySite) -> None:
    site.write("content/data/sources.json", '[{"title": "Levels"}]')
    assert [problem.code for problem in site.build().problems] == ["CL555"]


def test_what_a_shared_source_is_called_cannot_become_html(themed: TinySite) -> None:
    attack = '<script>alert(1)</script>"onclick=x'
    themed.write("content/data/sources.toml", f"[a]\ntitle = '{attack}'\npublisher = '{attack}'\n")
    themed.post("river", "A.:cite[a]\n\n:::excerpt{source=a}\nB.\n:::\n")
    themed.build()
    for path in ("river/index.html", "feed.xml"):
        assert "<script>alert" not in themed.read(path)
        assert '"onclick' not in re.sub(r'<script type="application/ld.json">.*?</script>', "", themed.read(path))


def test_a_shared_source_that_goes_is_missed_at_once_and_one_that_comes_is_found(site: TinySite) -> None:
    site.post("river", "A.:cite[gauges]")
    assert [problem.code for problem in site.build().problems] == ["CL519"]
    site.write("content/data/sources.toml", SHARED)
    assert site.build().ok
    site.edit("content/data/sources.toml", "[gauges]", "[gauge]")
    assert [problem.code for problem in site.build().problems] == ["CL519"]


def test_it_is_explained_who_reads_the_shared_sources(site: TinySite) -> None:
    site.write("content/data/sources.toml", SHARED)
    site.post("river", "A.:cite[gauges]")
    site.post("lake", "Dry.")
    sight, problems = outlook(site.root, now=instant(NOW))
    assert sight is not None
    story = story_of(sight, "content/data/sources.toml", problems)
    assert isinstance(story, SourceStory)
    assert story.state == "Clarion itself reads it, for the texts that name sources in it"
    assert {reader.path for reader in story.readers} == {"river/index.html", "feed.xml", "rss.xml", "feed.json"}


# -- whose words


def quoting(quoted: int, own: int) -> str:
    """A text of some quoted and some own words."""
    return f"> {'theirs ' * quoted}\n\n{'mine ' * own}"


@pytest.mark.parametrize(
    ("text", "front", "told"),
    [
        (quoting(30, 70), {"kind": "shared"}, []),
        (quoting(31, 69), {"kind": "shared"}, ["31 words are quoted, 31 % of the text, and 69 are your own"]),
        (quoting(60, 40), {}, ["60 words are quoted, 60 % of the text, and 40 are your own"]),
        (quoting(301, 2000), {}, ["301 words are quoted, 13 % of the text, and 2000 are your own"]),
        (quoting(300, 2000), {}, []),
        (quoting(60, 40), {"kind": "appeal"}, []),
        (quoting(60, 40), {"sources": "[{ title: A, role: cited }]"}, []),
        (f":::excerpt{{words=ours}}\n{'retold ' * 60}\n:::\n\nMine.", {}, []),
        (f":::excerpt\n{'theirs ' * 60}\n:::\n\n{'mine ' * 40}", {}, ["60 words are quoted, 60 % of the text"]),
        (
            f':::appeal{{from="A"}}\n{"theirs " * 60}\n:::\n\n{"mine " * 40}',
            {},
            ["60 words are quoted, 60 % of the text"],
        ),
        (f":::comment\n{quoting(60, 0)}\n:::\n\n{'mine ' * 40}", {}, ["60 words are quoted, 60 % of the text"]),
        (f"> [!NOTE]\n> {'mine ' * 60}", {}, []),
        (f":::content-note{{topics=loss}}\n{quoting(60, 0)}\n:::\n\n{'mine ' * 40}", {}, []),
    ],
)
def test_an_article_that_passes_on_others_words_has_more_of_its_own(
    text: str, front: dict[str, str], told: list[str], site: TinySite
) -> None:
    site.post("river", text, **{"sources": "[{ title: A, role: quoted }]", **front})
    found = [problem for problem in site.build().problems if problem.code == "CL550"]
    assert [problem.message[: len(words)] for problem, words in zip(found, told, strict=True)] == told
    assert {problem.severity for problem in found} <= {"warning"}


@pytest.mark.parametrize(
    ("more", "allowed"),
    [
        ("", False),
        (", licence: All rights reserved", False),
        (", licence: CC-BY-4.0", True),
        (', permission: "by e-mail, 2026-05-04"', True),
        (', licence: © The Daily, permission: "by e-mail"', True),
    ],
)
def test_a_full_repost_needs_leave(more: str, allowed: bool, site: TinySite) -> None:
    site.post("river", "All of it.", kind="shared", sources=f"[{{ title: A, role: repost-of{more} }}]")
    report = site.build()
    assert [problem.code for problem in report.problems] == ([] if allowed else ["CL551"])
    assert report.ok == allowed
