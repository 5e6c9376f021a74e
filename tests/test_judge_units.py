"""Each judge can fail: a fault is planted in a small site, and the judge finds that one and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest
from PIL import Image, PngImagePlugin

from generator.media.notices import notice
from tests.judge import browser, exiftool, feeds, links, nu, pictures, sitemap, structured_data
from tests.judge.browser import Browsed, Failure, Message, Mode, Node, Overflow, Visit
from tests.judge.dates import is_iso_8601, read_rfc_822, read_rfc_3339
from tests.judge.page import addresses_of_css, candidates_of_srcset, read_page
from tests.judge.server import published, refusing_proxy
from tests.judge.site import BuiltSite, Finding, read_site

BASE = "https://people.example/one/"
Maker = Callable[..., BuiltSite]


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """Write a site of the given files, `path=text` or `path=bytes`, and read it as built for BASE."""

    def made(files: dict[str, str | bytes], base_url: str = BASE) -> BuiltSite:
        for path, content in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_site("small", tmp_path, base_url)

    return made


def said(found: list[Finding]) -> list[str]:
    return [str(finding) for finding in found]


class TestLinks:
    def test_a_whole_site_passes(self, make: Maker) -> None:
        site = make(
            {
                "index.html": '<link rel="canonical" href="https://people.example/one/"><a href="water/#deep">W</a>',
                "water/index.html": '<link rel="stylesheet" href="../s.css"><h2 id="deep">x</h2><a href="../">Home</a>'
                '<a href="https://elsewhere.example/">E</a><a href="mailto:a@b.example?subject=x">M</a>'
                '<img src="a.png" srcset="a.png 1x, b%20c.png 2x"><a href="#top">up</a><a href="">here</a>',
                "water/a.png": "",
                "water/b c.png": "",
                "s.css": "/* url(nothing.png) */ body { background: url('water/a.png') } a { fill: url(#x) }",
                "404.html": '<a href="/one/">Home</a>',
                "_redirects": "# old places\n/one/old/ /one/water/ 301\n",
            }
        )
        assert links.judge(site) + links.orphans(site) == []

    @pytest.mark.parametrize(
        ("fault", "complaint"),
        [
            ('<a href="nowhere/">', "a href='nowhere/' leads to nothing"),
            ('<a href="water">', "a href='water' lacks its closing slash"),
            ('<a href="Water/">', "a href='Water/' leads to nothing"),
            ('<a href="water/#shallow">', "a href='water/#shallow' names no place in water/index.html"),
            ('<a href="/one/water/">', "a href='/one/water/' could be relative"),
            ('<a href="https://people.example/one/water/">', "could be relative"),
            ('<a href="../two/">', "a href='../two/' leaves the site's folder /one/"),
            ('<a href="/water/">', "a href='/water/' leaves the site's folder /one/"),
            ('<a href="water/ deep">', "has a space or a control character"),
            ('<a href="javascript:go()">', "runs script"),
            ('<a href="data:text/html,x">', "links to data"),
            ('<a href="https:///path">', "names no host"),
            ('<img src="no.png">', "img src='no.png' leads to nothing"),
            ('<img src="">', "img src='' is empty"),
            ('<img srcset="water/ 1x, no.png 2x">', "img srcset='no.png' leads to nothing"),
            ('<img src="https://cdn.example/a.png">', "asks another host for it"),
            ('<script src="//cdn.example/a.js"></script>', "asks another host for it"),
            ('<link rel="stylesheet" href="no.css">', "link href='no.css' leads to nothing"),
            ('<link rel="canonical" href="./">', "link href='./' must be absolute"),
            ('<meta property="og:image" content="a.png">', "leads to nothing"),
            ('<meta property="og:image" content="water/">', "meta og:image='water/' must be absolute"),
            ('<link rel="alternate" href="no.xml">', "link href='no.xml' leads to nothing"),
            ('<meta http-equiv="refresh" content="0; url=gone/">', "meta refresh='gone/' leads to nothing"),
            ('<p style="background: url(no.png)">', "p style='no.png' leads to nothing"),
            ("<style>\n@import 'no.css';</style>", "index.html:2: style text='no.css' leads to nothing"),
            ('<p id="x"><p id="x">', "the id 'x' stands more than once"),
            (
                '<script type="application/ld+json">{"url": "https://people.example/one/gone/"}</script>',
                "structured data: 'https://people.example/one/gone/' leads to nothing",
            ),
        ],
    )
    def test_a_planted_fault_is_found(self, make: Maker, fault: str, complaint: str) -> None:
        (found,) = links.judge(make({"index.html": fault, "water/index.html": '<p id="deep">'}))
        assert complaint in str(found)

    def test_a_stylesheet_is_told_with_its_line(self, make: Maker) -> None:
        site = make({"a/s.css": "/* one\ntwo */\nbody { background: url(no.png) }"})
        assert said(links.judge(site)) == ["a/s.css:3: css url='no.png' leads to nothing"]

    def test_404_is_addressed_from_the_base_path(self, make: Maker) -> None:
        (found,) = links.judge(make({"404.html": '<a href="./">', "index.html": ""}))
        assert "breaks when the page is shown at a deeper address" in str(found)

    def test_a_redirect_to_nothing_is_found(self, make: Maker) -> None:
        site = make({"_redirects": "/one/a/ /one/gone/ 301\n/b\n"})
        assert [finding.line for finding in links.judge(site)] == [1, 2]

    def test_a_page_that_nobody_links_is_an_orphan_and_an_unlisted_one_is_not(self, make: Maker) -> None:
        site = make(
            {
                "index.html": '<a href="a/">',
                "a/index.html": "",
                "lost/index.html": '<a href="../lost/">',
                "unlisted/index.html": '<meta name="robots" content="noindex">',
                "alias/index.html": '<meta http-equiv="refresh" content="0; url=../a/">',
                "404.html": "",
            }
        )
        assert said(links.orphans(site)) == ["lost/index.html: no page links here"]


class TestPages:
    def test_addresses_keep_their_lines(self) -> None:
        page = read_page('<p>\n<a href="x&amp;y">\n<img src="z">')
        assert [(each.line, each.value, each.role) for each in page.references] == [
            (2, "x&y", "link"),
            (3, "z", "resource"),
        ]

    def test_the_first_of_two_equal_attributes_counts_as_in_browsers(self) -> None:
        assert read_page('<a href="one" href="two">').references[0].value == "one"

    def test_addresses_in_scripts_are_text(self) -> None:
        assert read_page('<script>"<a href=x>"</script>').references == ()

    def test_srcset_keeps_commas_inside_addresses(self) -> None:
        assert candidates_of_srcset("a,b.png 1x, c.png 2x") == ["a,b.png", "c.png"]

    def test_css_addresses_in_every_quoting(self) -> None:
        text = '@import "a"; @import url(b); x { y: url( \'c\' ) url("d") url(data:,e) }'
        assert [value for _, value in addresses_of_css(text)] == ["a", "b", "c", "d"]


class TestDates:
    @pytest.mark.parametrize("text", ["2026-11-22T12:00:00Z", "2026-11-22T12:00:00.5+01:00"])
    def test_rfc_3339(self, text: str) -> None:
        assert read_rfc_3339(text)

    @pytest.mark.parametrize(
        "text",
        ["2026-11-22", "2026-11-22 12:00:00Z", "2026-11-22T12:00:00", "2026-13-22T12:00:00Z", "2026-11-22t12:00:00z"],
    )
    def test_not_rfc_3339(self, text: str) -> None:
        assert read_rfc_3339(text) is None

    def test_rfc_822_knows_the_weekday(self) -> None:
        assert read_rfc_822("Sun, 22 Nov 2026 12:00:00 GMT")
        assert read_rfc_822("Mon, 22 Nov 2026 12:00:00 GMT") is None
        assert read_rfc_822("Sun, 22 Nov 26 12:00:00 GMT") is None

    def test_a_month_alone_is_iso_8601_and_a_thirteenth_is_not(self) -> None:
        assert [is_iso_8601(text) for text in ("2017-05", "2017", "2017-13", "May 2017")] == [True, True, False, False]


ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <id>tag:people.example,2026:feed</id><title>T</title><updated>2026-01-02T00:00:00Z</updated>
  <author><name>Ann</name></author>
  <link rel="self" type="application/atom+xml" href="https://people.example/one/feed.xml"/>
  <link href="https://people.example/one/"/>
  <entry>
    <id>tag:people.example,2026:1</id><title>A</title><updated>2026-01-02T00:00:00Z</updated>
    <published>2026-01-01T00:00:00Z</published>
    <link href="https://people.example/one/water/"/><category term="x"/>
    <content type="html">&lt;p&gt;&lt;a href="https://people.example/one/water/"&gt;W&lt;/a&gt;&lt;/p&gt;</content>
  </entry>
</feed>"""
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
  <title>T</title><link>https://people.example/one/</link><description>D</description><language>en</language>
  <atom:link rel="self" type="application/rss+xml" href="https://people.example/one/rss.xml"/>
  <item><title>A</title><link>https://people.example/one/water/</link><dc:creator>Ann</dc:creator>
    <guid isPermaLink="false">tag:people.example,2026:1</guid><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate>
    <content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded></item>
</channel></rss>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "T",
    "home_page_url": "https://people.example/one/",
    "feed_url": "https://people.example/one/feed.json",
    "language": "en",
    "authors": [{"name": "Ann"}],
    "items": [
        {
            "id": "tag:people.example,2026:1",
            "url": "https://people.example/one/water/",
            "title": "A",
            "content_html": "<p>x</p>",
            "date_published": "2026-01-01T00:00:00Z",
            "tags": ["x"],
        }
    ],
}
FEED_SITE: dict[str, str | bytes] = {
    "index.html": '<link rel="alternate" type="application/atom+xml" href="feed.xml">',
    "water/index.html": "",
    "feed.xml": ATOM,
    "rss.xml": RSS,
    "feed.json": json.dumps(JSON_FEED),
}


class TestFeeds:
    def test_good_feeds_pass_and_are_known_by_what_is_in_them(self, make: Maker) -> None:
        site = make(FEED_SITE)
        assert feeds.find_feeds(site) == {"feed.xml": "atom", "rss.xml": "rss", "feed.json": "json"}
        assert feeds.judge(site) + feeds.judge_reading(site) == []

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ("</feed>", "", "not well-formed"),
            ("<feed ", "<!DOCTYPE feed><feed ", "declares a document type"),
            ("<title>T</title>", "", "feed: no title"),
            ("<title>A</title>", "<title> </title>", "the title is empty"),
            ("<author><name>Ann</name></author>", "", "no author here and none in the feed"),
            ("<name>Ann</name>", "<name></name>", "author without a name"),
            ("/one/feed.xml", "/one/other.xml", "one self link must give"),
            ('rel="self"', 'rel="related"', "one self link must give"),
            ("<id>tag:people.example,2026:1</id>", "<id>water</id>", "the id 'water' is not absolute"),
            ("<id>tag:people.example,2026:1</id>", "", "no id"),
            ("<published>2026-01-01T00:00:00Z", "<published>2026-01-01", "no date of RFC 3339"),
            ("<published>2026-01-01", "<published>2026-01-03", "updated before it was published"),
            (
                "<updated>2026-01-02T00:00:00Z</updated>\n    <pub",
                "<updated>2026-01-03T00:00:00Z</updated>\n    <pub",
                "after the feed",
            ),
            ('href="https://people.example/one/water/"/><cat', 'href="water/"/><cat', "link 'water/' is not absolute"),
            (
                'href="https://people.example/one/water/"/><cat',
                'href="https://people.example/one/no/"/><cat',
                "leads to nothing",
            ),
            ('a href="https://people.example/one/water/"', 'a href="water/"', "in the content is not absolute"),
            ('a href="https://people.example/one/water/"', 'a href="#note"', "in the content is not absolute"),
            (
                'a href="https://people.example/one/water/"',
                'a href="https://people.example/one/no/"',
                "in the content leads to nothing",
            ),
            ("&lt;p&gt;", "&lt;script&gt;&lt;/script&gt;", "<script> in the content"),
            ("&lt;p&gt;", "&lt;p onclick=x&gt;", "onclick= on <p> in the content"),
            ('term="x"', "", "category without a term"),
            ("<category", "<pubDate/><category", "unknown element"),
            ("<category", '<link href="https://people.example/one/"/><category', "two alternate links"),
        ],
    )
    def test_a_fault_in_atom_is_found(self, make: Maker, old: str, new: str, complaint: str) -> None:
        assert ATOM.count(old) >= 1
        site = make({**FEED_SITE, "feed.xml": ATOM.replace(old, new, 1)})
        assert complaint in "\n".join(said(feeds.judge(site)))

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ('version="2.0"', 'version="0.91"', "the root element is not"),
            ("<description>D</description>", "", "channel: no description"),
            ("<language>en", "<language>english language", "no language tag"),
            ("Thu, 01 Jan", "Fri, 01 Jan", "has the wrong weekday"),
            ("Thu, 01 Jan 2026 00:00:00 GMT", "2026-01-01T00:00:00Z", "no date of RFC 822"),
            (' isPermaLink="false"', "", "is no web address, yet it is said to be a permanent link"),
            (
                ' isPermaLink="false">tag:people.example,2026:1',
                ">https://people.example/one/no/",
                "leads to nothing, yet",
            ),
            ("<link>https://people.example/one/water/", "<link>/one/water/", "is not absolute"),
            ("/one/rss.xml", "/rss.xml", "one self link must give"),
            ("<title>A</title>", "<title>A</title><author>Ann</author>", "no e-mail address"),
            ("<title>A</title>", "<title>A</title><title>B</title>", "title stands more than once"),
            ("<title>A</title>", "<title>A</title><summary/>", "unknown element summary"),
            ("<guid", "<enclosure url='a.mp3'/><guid", "enclosure lacks"),
            ("&lt;p&gt;", '&lt;img src="a.png"&gt;', "in the content is not absolute"),
        ],
    )
    def test_a_fault_in_rss_is_found(self, make: Maker, old: str, new: str, complaint: str) -> None:
        assert RSS.count(old) == 1
        site = make({**FEED_SITE, "rss.xml": RSS.replace(old, new)})
        assert complaint in "\n".join(said(feeds.judge(site)))

    @pytest.mark.parametrize(
        ("where", "fault", "complaint"),
        [
            ("feed", {"version": "https://jsonfeed.org/version/1"}, "the version is not"),
            ("feed", {"title": " "}, "feed: no title"),
            ("feed", {"feed_url": "https://people.example/feed.json"}, "is not its own address"),
            ("feed", {"home_page_url": "./"}, "home_page_url './' is not absolute"),
            ("feed", {"authors": [{}]}, "an author needs"),
            ("feed", {"author": {}}, "unknown keys ['author']"),
            ("item", {"id": 1}, "the id is no text"),
            ("item", {"id": "water"}, "the id is not absolute"),
            ("item", {"url": "https://people.example/one/no/"}, "leads to nothing"),
            ("item", {"content_html": None}, "neither content_html nor content_text"),
            ("item", {"content_html": "<img src=a.png>"}, "in the content is not absolute"),
            ("item", {"date_published": "1 January"}, "no date of RFC 3339"),
            ("item", {"tags": "x"}, "tags is not an array of texts"),
            ("item", {"updated": "x"}, "unknown keys ['updated']"),
        ],
    )
    def test_a_fault_in_a_json_feed_is_found(
        self, make: Maker, where: str, fault: dict[str, object], complaint: str
    ) -> None:
        item = {**JSON_FEED["items"][0], **fault} if where == "item" else JSON_FEED["items"][0]  # type: ignore[dict-item]  # a literal of many types
        feed = {**JSON_FEED, **(fault if where == "feed" else {}), "items": [item]}
        site = make({**FEED_SITE, "feed.json": json.dumps(feed)})
        assert complaint in "\n".join(said(feeds.judge(site)))

    def test_an_id_that_stands_twice_is_found(self, make: Maker) -> None:
        entry = ATOM[ATOM.index("  <entry>") : ATOM.index("</feed>")]
        site = make({**FEED_SITE, "feed.xml": ATOM.replace("</feed>", entry + "</feed>")})
        assert said(feeds.judge(site)) == ["feed.xml: the id 'tag:people.example,2026:1' stands more than once"]

    def test_a_page_that_announces_a_feed_of_another_type_is_found(self, make: Maker) -> None:
        announced = '<link rel="alternate" type="application/rss+xml" href="feed.xml">'
        site = make({**FEED_SITE, "index.html": announced})
        assert said(feeds.judge(site)) == ["index.html:1: 'feed.xml' is no feed of type application/rss+xml"]

    def test_a_stylesheet_that_is_not_there_is_found(self, make: Maker) -> None:
        styled = ATOM.replace("<feed ", '<?xml-stylesheet type="text/css" href="gone.css"?><feed ')
        site = make({**FEED_SITE, "feed.xml": styled})
        assert said(feeds.judge(site)) == ["feed.xml: stylesheet 'gone.css' leads to nothing"]


SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://people.example/one/</loc></url><url><loc>https://people.example/one/water/</loc></url></urlset>"""
ROBOTS = "User-agent: *\nDisallow:\n\nSitemap: https://people.example/one/sitemap.xml\n"
SITEMAP_SITE: dict[str, str | bytes] = {
    "index.html": "",
    "water/index.html": '<meta property="og:type" content="article">',
    "sitemap.xml": SITEMAP,
    "robots.txt": ROBOTS,
}


class TestSitemap:
    def test_a_good_one_passes(self, make: Maker) -> None:
        assert sitemap.judge(make(SITEMAP_SITE)) == []

    @pytest.mark.parametrize(
        ("path", "content", "complaint"),
        [
            ("sitemap.xml", "<urlset/>", "not a urlset"),
            ("sitemap.xml", "<urlset>", "not well-formed"),
            ("sitemap.xml", SITEMAP.replace("/one/water/", "/one/"), "is listed more than once"),
            ("sitemap.xml", SITEMAP.replace("/one/water/", "/two/"), "is not under"),
            ("sitemap.xml", SITEMAP.replace("/one/water/", "/one/gone/"), "leads to nothing"),
            ("sitemap.xml", SITEMAP.replace("/one/water/", "/one/robots.txt"), "is no page"),
            ("sitemap.xml", SITEMAP.replace("/one/water/", "/one/gone/"), "is an article for all, and is not listed"),
            ("water/index.html", '<meta name="robots" content="noindex">', "tells robots not to"),
            ("water/index.html", '<meta http-equiv="refresh" content="0; url=../">', "sends readers on"),
            ("water/index.html", '<link rel="canonical" href="https://people.example/one/">', "but calls itself"),
            ("robots.txt", "User-agent: *\nDisallow:\n", "not the sitemap at"),
            ("robots.txt", ROBOTS + "Host: x\n", "unknown field 'Host'"),
            ("robots.txt", "Sitemap: /one/sitemap.xml\n", "by a relative address"),
        ],
    )
    def test_a_planted_fault_is_found(self, make: Maker, path: str, content: str, complaint: str) -> None:
        assert complaint in "\n".join(said(sitemap.judge(make({**SITEMAP_SITE, path: content}))))

    @pytest.mark.parametrize("path", ["sitemap.xml", "robots.txt"])
    def test_what_is_not_there_is_found(self, make: Maker, path: str) -> None:
        site = make({name: content for name, content in SITEMAP_SITE.items() if name != path})
        assert said(sitemap.judge(site)) == [f"{path}: is not there"]


TYPES = """
export type Boolean = "https://schema.org/False" | "False" | boolean;
export type Date = string;
export type URL = string;
export type Text = URL | string;
interface ThingBase extends Partial<IdReference> {
    /** A name. */
    "name"?: SchemaValue<Text, "name">;
    "url"?: SchemaValue<URL, "url">;
}
export interface ThingLeaf extends ThingBase {
    "@type": "Thing";
}
export type Thing = ThingLeaf | CreativeWork | Person;
interface PersonBase extends ThingBase {
    "birthDate"?: SchemaValue<Date, "birthDate">;
}
export interface PersonLeaf extends PersonBase {
    "@type": "Person";
}
export type Person = PersonLeaf | string;
interface CreativeWorkBase extends ThingBase {
    "author"?: SchemaValue<Person | IdReference, "author">;
    "isBasedOn"?: SchemaValue<CreativeWork | URL | IdReference, "isBasedOn">;
    "isFree"?: SchemaValue<Boolean, "isFree">;
}
export interface CreativeWorkLeaf extends CreativeWorkBase {
    "@type": "CreativeWork";
}
export type CreativeWork = CreativeWorkLeaf | Article | ClaimReview;
interface ArticleBase extends CreativeWorkBase {
    "wordCount"?: SchemaValue<Integer, "wordCount">;
}
export interface ArticleLeaf extends ArticleBase {
    "@type": "Article";
}
export type Article = ArticleLeaf;
export interface ClaimReviewLeaf extends CreativeWorkBase {
    "@type": "ClaimReview";
}
export type ClaimReview = ClaimReviewLeaf;
"""
ARTICLE = {
    "@context": "https://schema.org",
    "@type": "Article",
    "name": "Water",
    "url": "https://people.example/one/water/",
    "author": [{"@type": "Person", "name": "Ann", "birthDate": "1990-05"}, "Ben"],
    "isBasedOn": {"@type": "CreativeWork", "name": "W", "isFree": True},
    "wordCount": 12,
}


class TestStructuredData:
    VOCABULARY = structured_data.read_vocabulary(TYPES)

    def test_a_good_article_passes_alone_and_in_a_graph(self) -> None:
        node = {key: value for key, value in ARTICLE.items() if key != "@context"}
        graph = {"@context": "https://schema.org", "@graph": [node]}
        for data in (ARTICLE, graph, [ARTICLE]):
            assert structured_data.judge_text(json.dumps(data), self.VOCABULARY) == []

    @pytest.mark.parametrize(
        ("fault", "complaint"),
        [
            ({"@context": "http://example.org"}, "@context is 'http://example.org'"),
            ({"@type": "Artikel"}, "top: unknown @type 'Artikel'"),
            ({"@type": "ClaimReview", "wordCount": None}, "ClaimReview: a verdict"),
            ({"headline": "x"}, "Article has no property 'headline'"),
            ({"birthDate": "1990"}, "Article has no property 'birthDate'"),
            ({"name": ""}, "Article.name: an empty text"),
            ({"name": 5}, "Article.name: the number 5"),
            ({"url": "/water/"}, "Article.url: '/water/' where ['URL'] is expected"),
            ({"author": {"@type": "Article"}}, "Article.author: a Article where ['Person'] is expected"),
            ({"author": {"@type": "Person", "birthDate": "May"}}, "Person.birthDate: 'May' where ['Date'] is expected"),
            ({"author": {"@type": "Person", "age": 5}}, "Person has no property 'age'"),
            ({"author": {"name": "Ann"}}, "unknown @type None"),
            ({"isBasedOn": "W"}, "Article.isBasedOn: 'W' where"),
            ({"wordCount": True}, "Article.wordCount: True where"),
            ({"name": None}, "Article.name: None says nothing"),
        ],
    )
    def test_a_planted_fault_is_found(self, fault: dict[str, object], complaint: str) -> None:
        found = structured_data.judge_text(json.dumps({**ARTICLE, **fault}), self.VOCABULARY)
        assert complaint in "\n".join(found)

    def test_what_is_no_json_is_found_with_its_page(self, make: Maker) -> None:
        site = make({"index.html": '<p>\n<script type="application/ld+json">{"a": }</script>'})
        (found,) = structured_data.judge(site, self.VOCABULARY)
        assert (found.path, found.line) == ("index.html", 2)
        assert found.message.startswith("the script is no JSON")


def exif() -> bytes:
    """EXIF that names an artist (tag 315)."""
    block = Image.Exif()
    block[315] = "Ann"
    return block.tobytes()


EXIF = exif()


class TestPictures:
    @pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.gif", "a.webp", "a.avif"])
    def test_pixels_alone_pass_and_a_byte_after_the_end_does_not(self, tmp_path: Path, name: str) -> None:
        file = tmp_path / name
        Image.linear_gradient("L").convert("RGB").save(file)
        assert pictures.judge_raster(file) == []
        file.write_bytes(file.read_bytes() + b"\0secret\0\0")
        assert any("end" in complaint for complaint in pictures.judge_raster(file))

    @pytest.mark.parametrize(
        ("name", "options", "complaint"),
        [
            ("a.jpg", {"comment": b"me"}, "has a comment segment"),
            ("a.gif", {"comment": b"me"}, "has a comment"),
            ("a.jpg", {"exif": EXIF}, "has a segment APP1"),
            ("a.webp", {"exif": EXIF}, "has a chunk EXIF"),
            ("a.webp", {"xmp": b"<x:xmpmeta/>"}, "has a chunk XMP "),
            ("a.jpg", {"icc_profile": b"profile"}, "carries icc_profile"),
            ("a.png", {"icc_profile": b"profile"}, "has a chunk iCCP"),
            ("a.avif", {"exif": EXIF}, "has Exif"),
            ("a.avif", {"xmp": b"<x:xmpmeta/>"}, "has mime"),
        ],
    )
    def test_what_else_a_picture_carries_is_found(
        self, tmp_path: Path, name: str, options: dict[str, Any], complaint: str
    ) -> None:
        Image.new("RGB", (8, 8)).save(tmp_path / name, **options)
        assert complaint in pictures.judge_raster(tmp_path / name)

    @pytest.mark.parametrize("name", ["a.jpg", "a.webp", "a.avif"])
    def test_a_credit_that_was_declared_passes_and_one_with_more_does_not(self, tmp_path: Path, name: str) -> None:
        packet = notice("A. Photographer", "CC-BY-4.0")
        Image.new("RGB", (8, 8)).save(tmp_path / name, xmp=packet)
        assert pictures.judge_raster(tmp_path / name) == []
        Image.new("RGB", (8, 8)).save(tmp_path / name, xmp=packet.replace(b"<rdf:Alt>", b"<rdf:Alt><dc:a/>"))
        assert pictures.judge_raster(tmp_path / name) != []

    def test_what_exiftool_reads_of_somebody_is_found(self) -> None:
        clean = {
            "SourceFile": "a.jpg",
            "File:Comment": "of no file",
            "JFIF:XResolution": 1,
            "XMP-photoshop:Credit": "A. Photographer",
            "Track1:HandlerDescription": "VideoHandler",
            "QuickTime:CreateDate": "0000:00:00 00:00:00",
            "MPEG:CopyrightFlag": False,
        }
        assert list(exiftool.judge_file(clean)) == []
        told = {
            "GPS:GPSLatitude": 43.3,
            "IFD0:Make": "A camera",
            "PNG:Author": "Ann",
            "Track1:HandlerDescription": "Ann's telephone",
            "QuickTime:CreateDate": "2026:05:03 14:22:33",
        }
        assert len(list(exiftool.judge_file(told))) == len(told)

    def test_text_in_a_png_is_found(self, make: Maker, tmp_path: Path) -> None:
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", "Ann")
        Image.new("L", (8, 8)).save(tmp_path / "a.png", pnginfo=text)
        assert said(pictures.judge(make({}))) == [
            "a.png: carries Author",
            "a.png: carries text",
            "a.png: has a chunk tEXt",
        ]

    def test_what_is_no_picture_is_found(self, make: Maker) -> None:
        (found,) = pictures.judge(make({"a.jpg": "hello"}))
        assert "cannot be opened" in str(found)

    @pytest.mark.parametrize(
        ("text", "complaints"),
        [
            ('<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/></svg>', []),
            ("<svg><script/></svg>", ["carries a script"]),
            ('<svg onload="x"/>', ["carries a script"]),
            ("<svg><!-- me --></svg>", ["carries a comment"]),
            ('<svg><image href="https://x.example/a.png"/></svg>', ["carries an address outside the file"]),
            ("<svg><metadata/></svg>", ["carries metadata"]),
        ],
    )
    def test_a_drawing_carries_shapes_alone(self, text: str, complaints: list[str]) -> None:
        assert pictures.judge_drawing(text) == complaints


def visit(**changes: object) -> Visit:
    """A visit to /one/ with nothing to object to, but for `changes`."""
    whole: dict[str, object] = {
        "path": "index.html",
        "url": "http://127.0.0.1:1/one/",
        "form": "page",
        "status": 200,
        "arrived": "http://127.0.0.1:1/one/",
        "console": (),
        "requests": ("http://127.0.0.1:1/one/", "http://127.0.0.1:1/one/s.css"),
        "failed": (),
        "modes": {"phone light": Mode((), ())},
        "aria": "- main",
        "text": "Water is Copy life",
        "text_beside_buttons": "Water is",
        "text_without_script": "Water  is life",
        "buttons_without_script": (),
        "overflow": None,
        "overflow_without_script": None,
        "trouble": "",
    }
    return Visit(**{**whole, **changes})  # type: ignore[arg-type]  # the table above has them all


def browsed(*visits: Visit, outward: tuple[str, ...] = ()) -> Browsed:
    return Browsed("http://127.0.0.1:1/one/", visits, outward)


class TestBrowser:
    JUDGES = (
        browser.judge_accessibility,
        browser.judge_requests,
        browser.judge_console,
        browser.judge_arrivals,
        browser.judge_without_script,
        browser.judge_narrow,
    )
    NODE = Node("color-contrast", "serious", "Contrast", "p", "<p>", "2.3 of 4.5")

    def test_a_quiet_page_passes(self) -> None:
        assert [judge(browsed(visit())) for judge in self.JUDGES] == [[]] * len(self.JUDGES)

    @pytest.mark.parametrize(
        ("judge", "changes", "complaint"),
        [
            (browser.judge_requests, {"requests": ("https://cdn.example/a.js",)}, "asks for https://cdn.example/a.js"),
            (browser.judge_requests, {"requests": ("http://127.0.0.1:1/two/",)}, "asks for http://127.0.0.1:1/two/"),
            (browser.judge_requests, {"failed": (Failure("http://127.0.0.1:1/one/x", "status 404"),)}, "status 404"),
            (browser.judge_console, {"console": (Message("log", "hello"),)}, "console log: hello"),
            (browser.judge_console, {"trouble": "Timeout"}, "the visit broke off: Timeout"),
            (browser.judge_arrivals, {"form": "elsewhere", "arrived": "https://x.example/"}, "sends readers to"),
            (browser.judge_arrivals, {"path": "404.html"}, "shows no page"),
            (browser.judge_without_script, {"text": "Water is power"}, "says otherwise without script: 'life'"),
            (browser.judge_without_script, {"text": "is life Water"}, "says otherwise without script: 'is life'"),
            (browser.judge_without_script, {"text_beside_buttons": "Water is life itself"}, "without script: 'itself'"),
            (
                browser.judge_without_script,
                {"buttons_without_script": ("Copy",)},
                "does nothing without script: 'Copy'",
            ),
            (browser.judge_narrow, {"overflow": Overflow(80, ("<pre>",))}, "80 pixels too wide at 320: <pre>"),
        ],
    )
    def test_a_planted_fault_is_found(
        self, judge: Callable[[Browsed], list[Finding]], changes: dict[str, object], complaint: str
    ) -> None:
        assert complaint in "\n".join(said(judge(browsed(visit(**changes)))))

    def test_what_reached_the_proxy_is_found(self) -> None:
        (found,) = browser.judge_requests(browsed(visit(), outward=("CONNECT beacon.example:443 HTTP/1.1",)))
        assert "beacon.example" in str(found)

    def test_a_violation_on_many_pages_is_told_once(self) -> None:
        modes = {"phone dark": Mode((self.NODE,), ()), "phone light": Mode((self.NODE,), ())}
        seen = browsed(visit(modes=modes), visit(path="water/index.html", modes=modes))
        (found,) = browser.judge_accessibility(seen)
        assert found.path == "index.html"
        assert found.message == (
            "color-contrast (serious), phone dark, phone light: Contrast: p: 2.3 of 4.5 (and on 1 other pages)"
        )

    def test_what_is_left_to_people_is_counted_and_written_down(self) -> None:
        seen = browsed(visit(modes={"phone dark": Mode((), (self.NODE,))}))
        assert browser.count_review(seen) == 1
        assert browser.needs_review(seen) == (
            "color-contrast: Contrast\n  p\n    2.3 of 4.5\n    1 times, first in index.html (phone dark)\n"
        )


def test_a_warning_is_allowed_only_by_its_whole_message() -> None:
    warnings = [Finding("a.html", 1, "Consider avoiding x"), Finding("a.html", 2, "Consider avoiding x and y")]
    assert nu.without_allowed(warnings, [("Consider avoiding x", "because")]) == warnings[1:]


class TestServers:
    OPENER = build_opener(ProxyHandler({}))

    def test_a_site_is_published_under_its_base_path_as_a_host_would(self, make: Maker) -> None:
        site = make({"index.html": "home", "feed.xml": "<feed/>", "404.html": "lost", "water/index.html": "w"})
        with published(site) as home:
            assert home.endswith("/one/")
            with self.OPENER.open(home) as answer:
                assert (answer.read(), answer.headers["Content-Type"]) == (b"home", "text/html; charset=utf-8")
            with self.OPENER.open(f"{home}water") as answer:
                assert answer.url == f"{home}water/"
            with self.OPENER.open(f"{home}feed.xml") as answer:
                assert answer.headers["Content-Type"] == "application/xml"
            for lost in (f"{home}no/such/", home.replace("/one/", "/two/"), f"{home}%2e%2e/index.html"):
                with pytest.raises(HTTPError) as caught:
                    self.OPENER.open(lost)
                assert (caught.value.code, caught.value.read()) == (404, b"lost")

    def test_the_proxy_lets_nothing_out_and_writes_it_down(self) -> None:
        with refusing_proxy() as (address, asked):
            opener = build_opener(ProxyHandler({"http": address}))
            with pytest.raises(HTTPError) as caught:
                opener.open("http://tracker.example/p.gif")
        assert (caught.value.code, asked) == (502, ["GET http://tracker.example/p.gif HTTP/1.1"])


def test_the_lock_of_the_judges_names_no_host() -> None:
    packages = json.loads((Path(__file__).parent / "judge" / "package-lock.json").read_text(encoding="utf-8"))[
        "packages"
    ]
    assert [name for name, package in packages.items() if "resolved" in package] == []
