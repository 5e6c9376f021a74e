"""What was wrong, what was withdrawn, who can be trusted, what may be hard to read: on pages, in lists, in feeds."""

import json
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import SETTINGS, TinySite
from tests.test_attacks import png

ATOM = "{http://www.w3.org/2005/Atom}"
CLARION = SETTINGS.replace('"plain"', '"clarion"')
MENDED = "[{date: 2026-11-20, type: correction, text: It was 1968., was: It was 1986.}]"
GONE = "[{date: 2026-11-21, type: retraction, text: We had misread the letter.}]"


def entries(site: TinySite, path: str) -> list[tuple[str, str, str]]:
    """Title, day of the last change and text of each entry of an Atom feed."""
    feed = ElementTree.fromstring(site.read(path))  # noqa: S314 (made by this build)
    return [
        (
            entry.findtext(f"{ATOM}title") or "",
            (entry.findtext(f"{ATOM}updated") or "")[:10],
            " ".join(re.sub("<[^>]*>", " ", entry.findtext(f"{ATOM}content") or "").split()),
        )
        for entry in feed.iter(f"{ATOM}entry")
    ]


def said(site: TinySite, path: str = "index.html") -> dict[str, object]:
    """The structured data of a page."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', site.read(path))
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def words(site: TinySite, path: str) -> str:
    """The words of a page from its main part on."""
    text = re.sub("<[^>]*>", " ", site.read(path).partition("<main")[2].partition(">")[2])
    return " ".join(unescape(text).split())


# On the article


def test_corrections_stand_above_the_text_and_updates_below(site: TinySite) -> None:
    history = MENDED.replace("]", ", {date: 2026-11-21, type: update, text: The dam was opened.}]")
    site.post("river", "The dam is old.", history=history)
    assert site.problems() == []
    text = words(site, "river/index.html")
    order = ["What was wrong in this text", "It was 1968.", "It was 1986.", "The dam is old.", "The dam was opened."]
    assert sorted(order, key=text.index) == order


def test_a_correction_moves_the_date_of_change_and_an_update_does_not(site: TinySite) -> None:
    site.post("river", history=MENDED)
    site.post("lake", history=MENDED.replace("correction", "update"))
    site.post("dam", history=MENDED.replace("correction", "clarification"), updated="2026-11-10")
    site.build()
    days = {"river": "2026-11-20", "lake": "2026-11-01", "dam": "2026-11-10"}
    assert {name: str(said(site, f"{name}/index.html")["dateModified"])[:10] for name in days} == days
    assert {title.lower(): day for title, day, _ in entries(site, "feed.xml")} == days


def test_a_static_page_can_be_corrected_too(site: TinySite) -> None:
    site.write("content/pages/about.md", f"---\ntitle: About\nhistory: {MENDED}\n---\nSince 1968.\n")
    assert site.problems() == []
    assert str(said(site, "about/index.html")["dateModified"])[:10] == "2026-11-20"
    assert "2026-11-20" in site.read("sitemap.xml")
    assert "About" in words(site, "corrections/index.html")


def test_what_is_retracted_says_so_wherever_its_name_is_shown(site: TinySite) -> None:
    site.post("river", "The dam is dry.", status="retracted", history=GONE)
    site.post("lake")
    assert site.problems() == []
    page = site.read("river/index.html")
    assert re.findall(r"<title>(.*?) ·", page) == ["Withdrawn: River"]
    assert '<meta property="og:title" content="Withdrawn: River">' in page
    assert said(site, "river/index.html")["creativeWorkStatus"] == "Retracted"
    assert words(site, "river/index.html").startswith("Withdrawn River ")
    assert "We had misread the letter." in words(site, "river/index.html")
    assert [path for path in site.outputs() if "dam is dry" in site.outputs()[path].decode(errors="replace")] == []
    assert "River" not in words(site, "index.html")


# In feeds


def test_a_corrected_article_comes_back_into_a_feed_that_it_had_left(site: TinySite) -> None:
    site.edit("site.toml", "[theme]", "[feeds]\nlimit = 2\n\n[theme]")
    for number in range(1, 5):
        site.post(f"news-{number}", date=f"2026-11-0{number}")
    site.build()
    assert [title for title, _, _ in entries(site, "feed.xml")] == ["News-4", "News-3"]
    site.post("news-1", "Since 1968.", date="2026-11-01", history=MENDED)
    site.build()
    first, second = entries(site, "feed.xml")
    assert (first[0], first[1], second[0]) == ("News-1", "2026-11-20", "News-4")
    assert first[2].startswith("Correction ( 20 November 2026 ): It was 1968. It said: It was 1986. Since 1968.")


def test_a_retraction_replaces_the_copies_of_every_feed_the_article_was_in(tmp_path: Path) -> None:
    site = TinySite(tmp_path, f"{SETTINGS}\n[authors.ann]\nname = 'Ann'\n")
    site.write("content/news/_section.toml", 'title = "News"\n')
    front = "date: 2026-11-01\ntags: [water]\nauthors: [ann]\n"
    site.write("content/news/lake.md", f"---\ntitle: Lake\n{front}---\nThe lake.\n")
    site.write("content/news/river.md", f"---\ntitle: River\n{front}---\nThe dam is dry.\n")
    feeds = ("feed.xml", "news/feed.xml", "tags/water/feed.xml", "authors/ann/feed.xml")
    site.build()
    ids = {path: set(re.findall("<id>(tag:.*?)</id>", site.read(path))) for path in feeds}
    site.edit("content/news/river.md", "authors:", f"status: retracted\nhistory: {GONE}\nauthors:")
    assert site.problems() == []
    told = ("Withdrawn: River", "2026-11-21")
    for path in feeds:
        assert set(re.findall("<id>(tag:.*?)</id>", site.read(path))) == ids[path]
        title, day, text = entries(site, path)[0]
        assert (title, day) == told
        assert "We had misread the letter." in text
        assert "The dam is dry" not in text
    assert "<pubDate>Sat, 21 Nov 2026 00:00:00 GMT</pubDate>" in site.read("rss.xml")
    item = json.loads(site.read("feed.json"))["items"][0]
    assert (item["title"], item["date_modified"][:10], item["summary"]) == (*told, "")
    assert "River" not in words(site, "tags/water/index.html")


# The page of corrections


def test_all_corrections_of_a_site_stand_on_one_page_newest_first(site: TinySite) -> None:
    site.post("river", history=MENDED)
    site.post("lake", status="retracted", history=GONE)
    site.post("dam", history=MENDED.replace("correction", "update"))
    site.post("spring", status="unlisted", history=MENDED.replace("1968", "1969"))
    site.post("well", status="draft", history=MENDED.replace("1968", "1970"))
    assert site.problems() == []
    assert words(site, "corrections/index.html").startswith(
        "Corrections Lake Withdrawn 21 November 2026 We had misread the letter. "
        "River Correction 20 November 2026 It was 1968. It said: It was 1986. Follow this list (feed)"
    )
    assert 'href="../river/"' in site.read("corrections/index.html")
    assert [entry[:2] for entry in entries(site, "corrections/feed.xml")] == [
        ("Withdrawn: Lake", "2026-11-21"),
        ("Correction: River", "2026-11-20"),
    ]
    assert "<id>tag:tiny.example,2026-11-01:posts/river#correction-2026-11-20</id>" in site.read("corrections/feed.xml")


def test_two_corrections_of_a_day_have_ids_of_their_own(site: TinySite) -> None:
    site.post("river", history=MENDED.replace("]", f", {MENDED[1:-1].replace('1968', '1967')}]"))
    site.build()
    ids = re.findall("<id>tag:(.*?)</id>", site.read("corrections/feed.xml"))
    assert len(ids) == len(set(ids)) == 2


def test_a_site_without_corrections_has_no_page_of_them_and_no_link(site: TinySite) -> None:
    site.post("river", history=MENDED.replace("correction", "update"))
    site.build()
    assert [path for path in site.outputs() if path.startswith("corrections/")] == []
    assert "corrections" not in site.read("index.html")


def test_an_author_can_have_the_page_before_the_first_mistake(site: TinySite) -> None:
    site.post("river")
    site.write("content/pages/corrections.md", "---\ntitle: What we got wrong\n---\nWrite to us.\n")
    assert site.problems() == []
    text = words(site, "corrections/index.html")
    assert text.startswith("What we got wrong Write to us. Nothing had to be corrected or withdrawn so far.")
    assert '<a href="corrections/">What we got wrong</a>' in site.read("index.html")
    assert entries(site, "corrections/feed.xml") == []


def test_each_language_has_its_corrections(tmp_path: Path) -> None:
    site = TinySite(tmp_path, f"{SETTINGS}\n[languages.ru]\n")
    site.post("river", history=MENDED)
    site.write(
        "content/posts/river.ru.md", f"---\ntitle: Река\ndate: 2026-11-01\nstatus: retracted\nhistory: {GONE}\n---\n"
    )
    site.build()
    assert "River" in words(site, "corrections/index.html")
    assert "Река" in words(site, "ru/corrections/index.html")
    assert "Река" not in site.read("corrections/index.html") + site.read("corrections/feed.xml")


def test_a_correction_cannot_bring_markup_along(site: TinySite) -> None:
    nasty = json.dumps("</script><script>alert(1)</script><b onx=1>&")
    site.post("river", title=nasty, history=f"[{{date: 2026-11-20, type: correction, text: {nasty}, was: {nasty}}}]")
    site.post("lake", title=nasty, status="retracted", history=GONE.replace("We had misread the letter.", nasty))
    site.build()
    for path, content in site.outputs().items():
        if path.endswith((".html", ".xml")):
            assert b"<script>alert" not in content, path
            assert b"<b onx" not in content, path
        if path.endswith(".xml"):
            ElementTree.fromstring(content)  # noqa: S314 (made by this build)


def test_what_happened_to_an_article_must_fit_what_it_is_now(site: TinySite) -> None:
    site.post("river", history=GONE)
    site.post("lake", history=MENDED.replace("2026-11-20", "2026-10-20"))
    site.post("dam", content_note="{topics: [drowning]}")
    too_old = "warning CL546 this correction is older than the article, so no feed shows it as changed"
    assert site.problems() == [
        f"content/posts/lake.md:4:18: {too_old}",
        "content/posts/river.md:4:11: warning CL545 a retraction, but the text is still shown",
        "content/posts/dam.md:4:15: note CL547 a content note, and no summary to read instead",
    ]


# Trust pages


def test_trust_pages_are_linked_at_the_foot_in_one_order_and_named_to_programs(site: TinySite) -> None:
    for name in ("privacy", "republish", "funding", "about", "ethics", "safety", "corrections", "imprint", "other"):
        site.write(f"content/pages/{name}.md", f"---\ntitle: Of {name}\n---\nWords.\n")
    site.post("river")
    assert site.problems() == []
    foot = site.read("river/index.html").partition("Who we are, and our rules")[2].partition("</nav>")[0]
    names = ["about", "ethics", "corrections", "funding", "safety", "republish", "imprint", "privacy"]
    assert re.findall(r'<a href="\.\./(\w+)/">Of \w+</a>', foot) == names
    data = said(site)
    base = "https://tiny.example"
    assert data["usageInfo"] == f"{base}/republish/"
    assert said(site, "river/index.html")["publisher"]["@id"] == f"{base}/#publisher"
    assert data["publisher"] == {
        "@type": "Organization",
        "@id": f"{base}/#publisher",
        "name": "Tiny",
        "url": f"{base}/",
        "publishingPrinciples": f"{base}/ethics/",
        "ethicsPolicy": f"{base}/ethics/",
        "correctionsPolicy": f"{base}/corrections/",
        "ownershipFundingInfo": f"{base}/funding/",
        "subjectOf": [
            {"@type": "AboutPage", "url": f"{base}/about/"},
            {"@type": "WebPage", "url": f"{base}/imprint/"},
        ],
    }


def test_a_trust_page_nobody_may_see_is_not_linked(tmp_path: Path) -> None:
    site = TinySite(tmp_path, f"{SETTINGS}\n[languages.ru]\n")
    site.post("river")
    site.write("content/posts/river.ru.md", "---\ntitle: Река\ndate: 2026-11-01\n---\nx\n")
    site.write("content/pages/about/index.ru.md", "---\ntitle: О нас\n---\nx\n")
    site.write("content/pages/privacy.md", "---\ntitle: Privacy\nstatus: unlisted\n---\nx\n")
    site.write("content/pages/secret.ru.md", "---\ntitle: Тайна\ntranslation_key: pages/privacy\n---\nx\n")
    site.write("content/pages/ethics.md", "---\ntitle: Rules\nstatus: draft\n---\nx\n")
    site.write("content/pages/funding.md", "---\ntitle: Money\nstatus: unlisted\n---\nx\n")
    site.build()
    assert "Who we are" not in site.read("index.html")
    assert "subjectOf" not in site.read("index.html")
    foot = site.read("ru/index.html").partition("Who we are, and our rules")[2]
    assert re.findall(r'<a href="\.\./ru/\w+/">(.*?)</a>', foot) == ["О нас", "Тайна"]


# Content notes


def test_a_content_note_stands_in_place_of_the_summary_in_lists_and_first_in_feeds(site: TinySite) -> None:
    site.post("river", "Two drowned.", kind="report", summary="What we know.", content_note="{topics: [drowning]}")
    assert site.problems() == []
    assert "Content note: drowning" in words(site, "index.html")
    assert "What we know." not in words(site, "index.html")
    ((_, _, text),) = entries(site, "feed.xml")
    assert text.startswith("Content note: drowning. Described in words.")
    assert "<summary>Content note: drowning. What we know.</summary>" in site.read("feed.xml")
    assert "<description>Content note: drowning. What we know.</description>" in site.read("rss.xml")
    assert json.loads(site.read("feed.json"))["items"][0]["summary"] == "Content note: drowning. What we know."


def test_a_content_note_offers_the_summary_instead_of_the_text(site: TinySite) -> None:
    site.post("river", "Two drowned.", summary="What we know.", content_note="{topics: [drowning]}")
    site.build()
    page = site.read("river/index.html")
    assert page.count("What we know.</p>") == 1
    note = page.partition('class="note"')[2].partition("</section>")[0]
    assert "<summary>Read a summary without details</summary>" in note
    assert "What we know." in note


def test_a_feed_of_summaries_gives_the_summary_where_there_is_a_note(site: TinySite) -> None:
    site.edit("site.toml", "[theme]", '[feeds]\ncontent = "summary"\n\n[theme]')
    text = "Two drowned.\n\n<!--more-->\n\nMore."
    site.post("river", text, summary="What we know.", content_note="{topics: [drowning]}")
    site.post("lake", text, summary="What we know.")
    site.build()
    shown = {title: text for title, _, text in entries(site, "feed.xml")}
    assert "What we know." in shown["River"]
    assert "Two drowned." not in shown["River"]
    assert "Two drowned." in shown["Lake"]


@pytest.mark.parametrize("level", ["described", "graphic", "images"])
def test_of_a_text_with_a_note_no_beginning_is_shown_elsewhere(site: TinySite, level: str) -> None:
    site.post("river", "Two drowned in the dam.", content_note=f"{{topics: [loss], level: {level}}}")
    site.build()
    assert "Two drowned" not in site.read("index.html")
    assert site.read("river/index.html").count("Two drowned") == 1


@pytest.mark.parametrize("level", ["graphic", "images"])
def test_a_flagged_picture_stands_for_the_article_nowhere(tmp_path: Path, level: str) -> None:
    site = TinySite(tmp_path, CLARION)
    site.write("content/posts/lake.png", png())
    note = f"{{topics: [loss], level: {level}}}"
    site.post("river", summary="What we know.", image="{file: lake.png, alt: The lake}", content_note=note)
    assert site.problems() == []
    page = site.read("river/index.html")
    assert re.findall("og:image|twitter:image|u-photo|ImageObject", page) == []
    details = page.partition("Show the picture that the note is about</summary>")[2].partition("</details>")[0]
    assert 'loading="lazy"' in details
    assert page.count("<img") == details.count("<img") == 1
    for path in ("index.html", "feed.xml", "rss.xml", "feed.json"):
        assert "lake-" not in site.read(path), path


# Microformats


def test_what_an_article_answers_is_an_address_if_it_has_one(site: TinySite) -> None:
    source = '[{role: based-on, title: News, url: "https://news.example/1"}, {role: based-on, title: Leaflet}]'
    site.post("river", kind="shared", sources=source)
    site.build()
    assert re.findall('<div class="(.*?) h-cite"', site.read("river/index.html")) == ["u-in-reply-to", "p-in-reply-to"]


def test_the_last_change_is_marked_where_it_is_said(site: TinySite) -> None:
    site.post("river", updated="2026-11-10", history=MENDED)
    site.post("lake", updated="2026-11-10")
    site.build()
    marked = r'<time class="dt-updated" datetime="(.*?)">'
    assert re.findall(marked, site.read("river/index.html")) == ["2026-11-20"]
    assert re.findall(marked, site.read("lake/index.html")) == ["2026-11-10"]


def test_a_quotation_names_the_address_it_is_from(site: TinySite) -> None:
    source = '[{id: news, title: News, url: "https://news.example/1"}, {id: leaflet, title: Leaflet}]'
    site.post(
        "river", ":::excerpt{source=news}\nIt rained.\n:::\n\n:::excerpt{source=leaflet}\nIt did.\n:::", sources=source
    )
    site.build()
    found = re.findall("<blockquote(.*?)>", site.read("river/index.html"))
    assert found == [' cite="https://news.example/1" dir="auto"', ' dir="auto"']
