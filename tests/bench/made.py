"""Whether a generator made the pages that are compared: a fast build of fewer pages is no fast build."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from selectolax.lexbor import LexborHTMLParser

from tests.bench.corpus import BASE_URL, Post, day, name, post, tags
from tests.bench.generator import Generator

PAGE_SIZE = 10
FEED_SIZE = 20
SAMPLES = 40
SHARED_WITH = (
    *("wa.me", "t.me", "mailto:", "share.joinmastodon.org", "bsky.app", "x.com", "www.facebook.com"),
    *("www.linkedin.com", "www.reddit.com", "www.threads.com", "sms:", "news.ycombinator.com", "www.tumblr.com"),
    "social-plugins.line.me",
)
_BLANK = re.compile(r"\s+")
_PLAIN_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def faults(generator: Generator, site: Path, count: int) -> list[str]:
    """What is missing of the pages for `count` posts, in sentences; nothing if all is there."""
    output = site / generator.output
    found = list(_lists(output, count))
    found += _feeds(generator, output, count)
    found += _sitemap(output, count)
    for number in range(count):
        if not (output / post_path(number)).is_file():
            found.append(f"no page for post {number}")
    if found:
        return found
    for number in range(0, count, max(count // SAMPLES, 1)):
        found += (
            f"{post_path(number)}: {fault}" for fault in _article(output / post_path(number), post(number), count)
        )
    return found


def post_path(number: int) -> str:
    """Where the page of a post lies in an output folder."""
    return f"{name(number)}/index.html"


def _lists(output: Path, count: int) -> Iterator[str]:
    wanted = ["index.html", "404.html", "robots.txt", "tags/index.html", "archive/index.html", "feeds/index.html"]
    wanted += sorted({f"archive/{day(number).year}/index.html" for number in range(count)})
    for path in wanted:
        if not (output / path).is_file():
            yield f"no {path}"
    for folder, total in {"": count, **{f"tags/{tag}/": number for tag, number in _tags(count).items()}}.items():
        if not (output / folder / "index.html").is_file():
            yield f"no {folder}index.html"
        pages = len(list((output / folder).glob("page/*/index.html")))
        # some count the first page among these, some begin with a full last one
        if pages < (total - 1) // PAGE_SIZE:
            yield f"{pages} further pages of /{folder} for {total} posts"


def _feeds(generator: Generator, output: Path, count: int) -> Iterator[str]:
    expected = dict.fromkeys(generator.feeds, count)
    if generator.tag_feed:
        expected |= {generator.tag_feed.format(tag=tag): number for tag, number in _tags(count).items()}
    for path, total in expected.items():
        entries = _entries(output / path)
        if entries != min(total, FEED_SIZE):
            yield f"{entries} entries in {path}, not {min(total, FEED_SIZE)}"


def _entries(path: Path) -> int:
    if not path.is_file():
        return 0
    if path.suffix == ".json":
        return len(json.loads(path.read_bytes())["items"])
    root = ElementTree.fromstring(path.read_bytes())  # noqa: S314 (made by a build of ours)
    return sum(1 for element in root.iter() if element.tag.rpartition("}")[2] in ("entry", "item"))


def _sitemap(output: Path, count: int) -> Iterator[str]:
    if not (output / "sitemap.xml").is_file():
        yield "no sitemap.xml"
        return
    places = set(_located(output / "sitemap.xml"))
    for place in list(places):
        # the sitemap of a large site may name its parts
        part = output / place.removeprefix(BASE_URL)
        if part.suffix == ".xml" and part.is_file():
            places.update(_located(part))
    wanted = {f"{BASE_URL}{name(number)}/" for number in range(count)}
    wanted |= {BASE_URL, *(f"{BASE_URL}tags/{tag}/" for tag in _tags(count))}
    if missing := wanted - places:
        yield f"{len(missing)} addresses are not in sitemap.xml, such as {min(missing)}"


def _located(sitemap: Path) -> list[str]:
    """The addresses that a sitemap names."""
    return re.findall(r"<loc>\s*([^<]+?)\s*</loc>", sitemap.read_text(encoding="utf-8"))


def _article(path: Path, source: Post, count: int) -> Iterator[str]:
    page = LexborHTMLParser(path.read_bytes())
    text = _plain(page.body.text() if page.body else "")
    address = f"{BASE_URL}{source.name}/"
    if not any(_plain(heading.text()) == _plain(source.title) for heading in page.css("h1")):
        yield "its title is missing"
    if source.last not in text:
        yield "its last sentence is missing"
    yield from _contents(page, source)
    yield from _share_links(page, source, address)
    for label, selector in (("canonical", "link[rel=canonical]"), ("Open Graph address", 'meta[property="og:url"]')):
        element = page.css_first(selector)
        attributes = element.attributes if element else {}
        if address not in (attributes.get("href"), attributes.get("content")):
            yield f"its {label} is missing"
    data = page.css_first('script[type="application/ld+json"]')
    if not data or json.loads(data.text())["@type"] != "BlogPosting":
        yield "its structured data is missing"
    if len(page.css('.topics a[rel="tag"]')) != len(source.tags):
        yield "its tags are missing"
    if count > 1 and not page.css(".neighbours a"):
        yield "its neighbours are missing"
    for quote in ("can't", '"'):
        if any(quote in (paragraph.text() or "") for paragraph in page.css("#page_text > p")):
            yield "its quotes are not typographic"
            break


def _contents(page: LexborHTMLParser, source: Post) -> Iterator[str]:
    chapters = [_plain(heading) for heading in (*source.headings[:2], source.headings[3])]
    links = {_plain(link.text()): link.attributes.get("href") or "" for link in page.css('a[href^="#"]')}
    for chapter in chapters:
        target = unquote(links.get(chapter, "")).removeprefix("#")
        if not target or not page.css_first(f'h2[id="{target}"]'):
            yield f"“{chapter}” is missing in its contents"


def _share_links(page: LexborHTMLParser, source: Post, address: str) -> Iterator[str]:
    links = [link.attributes.get("href") or "" for link in page.css(".share a")]
    for place in SHARED_WITH:
        link = next((each for each in links if place in (urlsplit(each).netloc, each[: len(place)])), "")
        if address not in unquote(link):
            yield f"its share link for {place} is missing"
        elif "+" in link or ("text=" in link and _plain(source.title) not in _plain(unquote(link))):
            yield f"its share link for {place} does not carry the title"


def _tags(count: int) -> Counter[str]:
    return Counter(tag for number in range(count) for tag in tags(number))


def _plain(text: str) -> str:
    return _BLANK.sub(" ", text).strip().translate(_PLAIN_QUOTES)
