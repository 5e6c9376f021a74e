"""Feeds held against their specifications: Atom (RFC 4287), RSS 2.0 (the RSS board's), JSON Feed 1.1."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from tests.judge.dates import read_rfc_822, read_rfc_3339
from tests.judge.page import read_page
from tests.judge.site import BuiltSite, Finding
from tests.judge.xml import name_of, read_xml

ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
JSON_FEED = "https://jsonfeed.org/version/1.1"
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
STYLESHEET = re.compile(r"<\?xml-stylesheet\s[^?]*href=[\"']([^\"']*)[\"']")

FEED_ONCE = {"id", "title", "updated", "subtitle", "generator", "icon", "logo", "rights"}
FEED_MANY = {"author", "category", "contributor", "link", "entry"}
ENTRY_ONCE = {"id", "title", "updated", "published", "content", "summary", "rights", "source"}
ENTRY_MANY = {"author", "category", "contributor", "link"}
CHANNEL_ONCE = {
    *("title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate"),
    *("lastBuildDate", "generator", "docs", "cloud", "ttl", "image", "textInput", "skipHours", "skipDays"),
}
ITEM_ONCE = {"title", "link", "description", "author", "comments", "guid", "pubDate", "source"}
RSS_MANY = {"category", "enclosure"}
RSS_FOREIGN = frozenset(
    {f"{{{CONTENT}}}encoded", f"{{{DUBLIN_CORE}}}creator", f"{{{DUBLIN_CORE}}}language", f"{{{ATOM}}}link"}
)
JSON_TOP = {
    *("version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon", "favicon"),
    *("authors", "language", "expired", "hubs", "items"),
}
JSON_ITEM = {
    *("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image"),
    *("date_published", "date_modified", "authors", "tags", "language", "attachments"),
}


def find_feeds(site: BuiltSite) -> dict[str, str]:
    """Every feed in the output by its path: `atom`, `rss` or `json`, known by what is in the file."""
    found = {}
    for path in site.with_suffix(".xml", ".atom", ".rss"):
        text = site.read(path)[:2000]
        if re.search(r"<feed[\s>]", text):
            found[path] = "atom"
        elif re.search(r"<rss[\s>]", text):
            found[path] = "rss"
    for path in site.with_suffix(".json"):
        if "jsonfeed.org/version/" in site.read(path)[:2000]:
            found[path] = "json"
    return found


def judge(site: BuiltSite) -> list[Finding]:
    """Everything that the feeds of a site, and the pages that announce them, say wrong."""
    feeds = find_feeds(site)
    found = []
    for path, form in feeds.items():
        found += [Finding(path, 0, said) for said in judge_feed(site, path, form, site.read(path))]
    for path in site.with_suffix(".html"):
        for reference in read_page(site.read(path)).references:
            if "alternate" not in reference.relations or reference.type not in TYPES.values():
                continue
            led = site.lead(path, reference.value).path
            if led and TYPES.get(feeds.get(led, "")) != reference.type:
                found.append(Finding(path, reference.line, f"{reference.value!r} is no feed of type {reference.type}"))
    return sorted(found)


def judge_feed(site: BuiltSite, path: str, form: str, text: str) -> list[str]:
    """What one feed says wrong; `path` is its place in the output, so its own address is known."""
    try:
        if form == "json":
            return list(_judge_json(site, path, json.loads(text)))
        root = read_xml(text)
    except ValueError as problem:
        return [f"the file {problem}"]
    found = [f"stylesheet {said}" for said in _stylesheets(site, path, text)]
    if any(XML_BASE in each.attrib for each in root.iter()):
        found.append("xml:base is used: readers differ in what they make of it")
    return found + list(_judge_atom(site, path, root) if form == "atom" else _judge_rss(site, path, root))


def _stylesheets(site: BuiltSite, path: str, text: str) -> Iterator[str]:
    for value in STYLESHEET.findall(text):
        address = site.lead(path, value)
        if not address.path:
            yield f"{value!r} {address.problem or 'asks another host for it'}"


def _judge_atom(site: BuiltSite, path: str, root: Element) -> Iterator[str]:
    if name_of(root) != (ATOM, "feed"):
        yield f"the root element is {root.tag}, not an Atom feed"
        return
    entries = root.findall(f"{{{ATOM}}}entry")
    yield from _known(root, "feed", ATOM, FEED_ONCE, FEED_MANY, required=("id", "title", "updated"))
    yield from _self_link(site, path, root, "application/atom+xml")
    yield from _atom_common(root, "feed")
    yield from _unique([_text(entry, "id") for entry in entries], "id")
    updated = read_rfc_3339(_text(root, "updated"))
    for entry in entries:
        said = f"entry {_text(entry, 'id') or _text(entry, 'title')!r}"
        yield from _known(entry, said, ATOM, ENTRY_ONCE, ENTRY_MANY, required=("id", "title", "updated"))
        yield from _atom_common(entry, said)
        yield from _atom_entry(site, root, entry, said, updated)


def _atom_common(element: Element, said: str) -> Iterator[str]:
    identity = _text(element, "id")
    if identity and not urlsplit(identity).scheme:
        yield f"{said}: the id {identity!r} is not absolute"
    for name in ("updated", "published"):
        for date in element.findall(f"{{{ATOM}}}{name}"):
            if read_rfc_3339(date.text or "") is None:
                yield f"{said}: {name} {date.text!r} is no date of RFC 3339"
    for link in element.findall(f"{{{ATOM}}}link"):
        if not _is_absolute(link.get("href", "")):
            yield f"{said}: link {link.get('href')!r} is not absolute"
    for name in ("author", "contributor"):
        for person in element.findall(f"{{{ATOM}}}{name}"):
            yield from _known(person, f"{said}, {name}", ATOM, {"name", "uri", "email"}, set(), required=("name",))
            if not _text(person, "name").strip():
                yield f"{said}: {name} without a name"
            if "@" not in _text(person, "email") and person.find(f"{{{ATOM}}}email") is not None:
                yield f"{said}: {name}'s email is no address"
    for category in element.findall(f"{{{ATOM}}}category"):
        if not category.get("term"):
            yield f"{said}: category without a term"
    for name in ("title", "subtitle", "summary", "rights"):
        for text in element.findall(f"{{{ATOM}}}{name}"):
            if text.get("type", "text") not in ("text", "html", "xhtml"):
                yield f"{said}: {name} of type {text.get('type')!r}"
            if name == "title" and not "".join(text.itertext()).strip():
                yield f"{said}: the title is empty"


def _atom_entry(site: BuiltSite, feed: Element, entry: Element, said: str, updated: datetime | None) -> Iterator[str]:
    links = entry.findall(f"{{{ATOM}}}link")
    alternates = [
        (link.get("type"), link.get("hreflang")) for link in links if link.get("rel", "alternate") == "alternate"
    ]
    if len(alternates) != len(set(alternates)):
        yield f"{said}: two alternate links of one type and language (RFC 4287 section 4.1.2)"
    if not alternates and entry.find(f"{{{ATOM}}}content") is None:
        yield f"{said}: neither content nor an alternate link"
    for link in links:
        problem = site.lead("index.html", link.get("href", "")).problem
        if problem:
            yield f"{said}: link {link.get('href')!r} {problem}"
    if entry.find(f"{{{ATOM}}}author") is None and feed.find(f"{{{ATOM}}}author") is None:
        yield f"{said}: no author here and none in the feed"
    when, published = read_rfc_3339(_text(entry, "updated")), read_rfc_3339(_text(entry, "published"))
    if when and published and when < published:
        yield f"{said}: updated before it was published"
    if when and updated and updated < when:
        yield f"{said}: updated after the feed"
    for name in ("content", "summary"):
        for text in entry.findall(f"{{{ATOM}}}{name}"):
            kind = text.get("type", "text")
            if kind == "html":
                yield from _judge_content(site, said, text.text or "")
            if kind == "xhtml" and [name_of(child) for child in text] != [(XHTML, "div")]:
                yield f"{said}: {name} of type xhtml is not one div"


def _judge_rss(site: BuiltSite, path: str, root: Element) -> Iterator[str]:
    channels = list(root)
    if root.tag != "rss" or root.get("version") != "2.0" or [child.tag for child in channels] != ["channel"]:
        yield "the root element is not <rss version='2.0'> with one channel"
        return
    channel = channels[0]
    yield from _known(
        channel,
        "channel",
        "",
        CHANNEL_ONCE,
        {*RSS_MANY, "item"},
        required=("title", "link", "description"),
        foreign=RSS_FOREIGN,
    )
    yield from _self_link(site, path, channel, "application/rss+xml")
    yield from _rss_common(site, channel, "channel")
    language = channel.findtext("language")
    if language is not None and not LANGUAGE.fullmatch(language):
        yield f"channel: language {language!r} is no language tag"
    image = channel.find("image")
    if image is not None and not all(image.findtext(name) for name in ("url", "title", "link")):
        yield "channel: image lacks url, title or link"
    items = channel.findall("item")
    yield from _unique([item.findtext("guid") or "" for item in items], "guid")
    for item in items:
        said = f"item {item.findtext('title') or item.findtext('guid')!r}"
        yield from _known(item, said, "", ITEM_ONCE, RSS_MANY, foreign=RSS_FOREIGN)
        yield from _rss_common(site, item, said)
        yield from _rss_item(site, item, said)


def _rss_common(site: BuiltSite, element: Element, said: str) -> Iterator[str]:
    link = element.findtext("link")
    if link is not None:
        problem = site.lead("index.html", link).problem or ("" if _is_absolute(link) else "is not absolute")
        if problem:
            yield f"{said}: link {link!r} {problem}"
    for name in ("pubDate", "lastBuildDate"):
        date = element.findtext(name)
        if date is not None and read_rfc_822(date) is None:
            yield f"{said}: {name} {date!r} is no date of RFC 822, or has the wrong weekday"
    for name in ("managingEditor", "webMaster", "author"):
        person = element.findtext(name)
        if person is not None and "@" not in parseaddr(person)[1]:
            yield f"{said}: {name} {person!r} is no e-mail address (dc:creator takes a name)"


def _rss_item(site: BuiltSite, item: Element, said: str) -> Iterator[str]:
    if not (item.findtext("title") or item.findtext("description")):
        yield f"{said}: neither title nor description"
    guid = item.find("guid")
    if guid is None:
        yield f"{said}: no guid"
    elif guid.get("isPermaLink", "true") not in ("true", "false"):
        yield f"{said}: isPermaLink {guid.get('isPermaLink')!r}"
    elif guid.get("isPermaLink", "true") == "true":
        address = guid.text or ""
        problem = "is no web address" if not _is_web(address) else site.lead("index.html", address).problem
        if problem:
            yield f"{said}: the guid {address!r} {problem}, yet it is said to be a permanent link"
    for enclosure in item.findall("enclosure"):
        if not (_is_web(enclosure.get("url", "")) and enclosure.get("length", "").isdigit() and enclosure.get("type")):
            yield f"{said}: enclosure lacks an absolute url, a length or a type"
    yield from _judge_content(site, said, item.findtext("description") or "")
    yield from _judge_content(site, said, item.findtext(f"{{{CONTENT}}}encoded") or "")


def _judge_json(site: BuiltSite, path: str, feed: Any) -> Iterator[str]:
    if not isinstance(feed, dict) or feed.get("version") != JSON_FEED:
        yield f"the version is not {JSON_FEED}"
        return
    yield from _json_keys(feed, "feed", JSON_TOP)
    if not isinstance(feed.get("title"), str) or not feed["title"].strip():
        yield "feed: no title"
    if feed.get("feed_url") != site.url(path):
        yield f"feed: feed_url {feed.get('feed_url')!r} is not its own address {site.url(path)!r}"
    yield from _json_addresses(site, feed, "feed", ("home_page_url", "next_url", "icon", "favicon"))
    yield from _json_common(feed, "feed")
    items = feed.get("items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        yield "feed: items is not an array of objects"
        return
    yield from _unique([item.get("id", "") for item in items], "id")
    for item in items:
        said = f"item {item.get('id')!r}"
        yield from _json_keys(item, said, JSON_ITEM)
        yield from _json_item(site, item, said)


def _json_item(site: BuiltSite, item: dict[str, Any], said: str) -> Iterator[str]:
    if not isinstance(item.get("id"), str) or not item["id"]:
        yield f"{said}: the id is no text"
    elif not urlsplit(item["id"]).scheme:
        yield f"{said}: the id is not absolute"
    if not any(isinstance(item.get(name), str) for name in ("content_html", "content_text")):
        yield f"{said}: neither content_html nor content_text"
    yield from _json_addresses(site, item, said, ("url", "external_url", "image", "banner_image"))
    yield from _json_common(item, said)
    for name in ("date_published", "date_modified"):
        if name in item and read_rfc_3339(str(item[name])) is None:
            yield f"{said}: {name} {item[name]!r} is no date of RFC 3339"
    tags = item.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield f"{said}: tags is not an array of texts"
    for attachment in item.get("attachments", []):
        if not (_is_web(attachment.get("url", "")) and attachment.get("mime_type")):
            yield f"{said}: attachment lacks an absolute url or a mime_type"
    yield from _judge_content(site, said, item.get("content_html") or "")


def _json_common(holder: dict[str, Any], said: str) -> Iterator[str]:
    for author in holder.get("authors", []):
        if not isinstance(author, dict) or not {"name", "url", "avatar"}.intersection(author):
            yield f"{said}: an author needs a name, url or avatar"
        elif not set(author) <= {"name", "url", "avatar"}:
            yield f"{said}: an author has unknown keys {sorted(set(author) - {'name', 'url', 'avatar'})}"
    if "language" in holder and not LANGUAGE.fullmatch(str(holder["language"])):
        yield f"{said}: language {holder['language']!r} is no language tag"


def _json_keys(holder: dict[str, Any], said: str, known: set[str]) -> Iterator[str]:
    unknown = sorted(name for name in holder if name not in known and not name.startswith("_"))
    if unknown:
        yield f"{said}: unknown keys {unknown}"
    empty = sorted(name for name, value in holder.items() if value is None)
    if empty:
        yield f"{said}: null in {empty}"


def _json_addresses(site: BuiltSite, holder: dict[str, Any], said: str, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if name not in holder:
            continue
        value = str(holder[name])
        problem = site.lead("index.html", value).problem if _is_web(value) else "is not absolute"
        if problem:
            yield f"{said}: {name} {value!r} {problem}"


def _judge_content(site: BuiltSite, said: str, html: str) -> Iterator[str]:
    """A feed is read elsewhere: every address is absolute, ours exist, and nothing in the content acts."""
    page = read_page(html)
    for reference in page.references:
        value = reference.value
        if not urlsplit(value).scheme:
            yield f"{said}: {reference.element} {reference.attribute}={value!r} in the content is not absolute"
            continue
        problem = site.lead("index.html", value).problem
        if problem:
            yield f"{said}: {reference.element} {reference.attribute}={value!r} in the content {problem}"
    for _, what in page.active:
        yield f"{said}: {what} in the content"


def _self_link(site: BuiltSite, path: str, element: Element, kind: str) -> Iterator[str]:
    links = [link for link in element.findall(f"{{{ATOM}}}link") if link.get("rel") == "self"]
    if [link.get("href") for link in links] != [site.url(path)]:
        yield f"one self link must give {site.url(path)!r}, not {[link.get('href') for link in links]}"
    if any(link.get("type", kind) != kind for link in links):
        yield f"the self link is not of type {kind}"


def _known(
    element: Element,
    said: str,
    namespace: str,
    once: set[str],
    many: set[str],
    *,
    required: tuple[str, ...] = (),
    foreign: frozenset[str] = frozenset(),
) -> Iterator[str]:
    tags = [child.tag for child in element]
    for tag in sorted(set(tags) - foreign):
        space, _, name = tag.rpartition("}")
        if space.lstrip("{") != namespace or name not in once | many:
            yield f"{said}: unknown element {tag}"
        elif name in once and tags.count(tag) > 1:
            yield f"{said}: {name} stands more than once"
    prefix = f"{{{namespace}}}" if namespace else ""
    for name in required:
        if prefix + name not in tags:
            yield f"{said}: no {name}"


def _unique(values: list[str], what: str) -> Iterator[str]:
    for value in sorted({value for value in values if values.count(value) > 1}, key=str):
        yield f"the {what} {value!r} stands more than once"


def _text(element: Element, name: str) -> str:
    return element.findtext(f"{{{ATOM}}}{name}") or ""


def _is_absolute(address: str) -> bool:
    return bool(urlsplit(address).scheme)


def _is_web(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def judge_reading(site: BuiltSite) -> list[Finding]:
    """Every Atom and RSS feed as feedparser reads it: without complaint, every entry with its id, link and title."""
    import feedparser  # type: ignore[import-untyped]  # it carries no types

    found = []
    for path, form in find_feeds(site).items():
        if form == "json":
            continue
        read = feedparser.parse((site.folder / path).read_bytes())
        if read.bozo:
            found.append(Finding(path, 0, f"feedparser: {read.get('bozo_exception')}"))
        if read.version != {"atom": "atom10", "rss": "rss20"}[form]:
            found.append(Finding(path, 0, f"feedparser reads it as {read.version!r}"))
        for entry in read.entries:
            missing = [name for name in ("id", "link", "title") if not entry.get(name)]
            found += [Finding(path, 0, f"feedparser finds no {name} in {entry.get('id')!r}") for name in missing]
    return sorted(found)
