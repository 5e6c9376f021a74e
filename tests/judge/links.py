"""Every internal address of a built site leads to something, relative where it can be, and every page is reached."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.judge.page import Page, Reference, addresses_of_css, read_page
from tests.judge.site import Address, BuiltSite, Finding

ANYWHERE = ("", "top")


def judge(site: BuiltSite) -> list[Finding]:
    """Broken addresses and fragments, own addresses that are not relative, links that change the site's folder."""
    pages = {path: read_page(site.read(path)) for path in site.with_suffix(".html")}
    ids = {path: frozenset(page.ids) for path, page in pages.items()}
    found = []
    for path, page in pages.items():
        found += _doubles(path, page)
        for reference in page.references:
            found += _judge_reference(site, ids, path, reference)
        for line, text in page.structured_data:
            found += _judge_structured_data(site, path, line, text)
    for path in site.with_suffix(".css"):
        for line, value in addresses_of_css(site.read(path)):
            found += _judge_reference(site, ids, path, Reference(line, "css", "url", value, "resource"))
    if "_redirects" in site.paths:
        found += _judge_redirects(site)
    return sorted(found)


def orphans(site: BuiltSite) -> list[Finding]:
    """Pages that no reader reaches from the home page: not 404.html, not aliases, not what robots may not list."""
    pages = {path: read_page(site.read(path)) for path in site.with_suffix(".html")}
    reached: set[str] = set()
    coming = ["index.html"]
    while coming:
        path = coming.pop()
        if path in reached or path not in pages:
            continue
        reached.add(path)
        followed = (reference for reference in pages[path].references if reference.role in ("link", "refresh"))
        coming += [site.lead(path, reference.value).path for reference in followed]
    lost = (path for path, page in pages.items() if page.is_indexable and path not in reached and path != "404.html")
    return [Finding(path, 0, "no page links here") for path in sorted(lost)]


def _doubles(path: str, page: Page) -> list[Finding]:
    twice = sorted({name for name in page.ids if page.ids.count(name) > 1})
    return [Finding(path, 0, f"the id '{name}' stands more than once") for name in twice]


def _judge_reference(
    site: BuiltSite, ids: dict[str, frozenset[str]], path: str, reference: Reference
) -> Iterator[Finding]:
    value = reference.value
    said = f"{reference.element} {reference.attribute}={value!r}"
    if value.startswith(("data:", "mailto:", "tel:", "sms:")):
        if reference.role == "link" and value.startswith("data:"):
            yield Finding(path, reference.line, f"{said} links to data")
        return
    if not value and reference.role != "link":
        yield Finding(path, reference.line, f"{said} is empty")
        return
    address = site.lead(path, value)
    if address.problem:
        yield Finding(path, reference.line, f"{said} {address.problem}")
        return
    if reference.role == "identity":
        yield from _judge_identity(path, reference, said)
    elif address.path:
        yield from _judge_form(site, path, reference, said)
    elif reference.role == "resource":
        yield Finding(path, reference.line, f"{said} asks another host for it")
    yield from _judge_fragment(ids, path, reference, address, said)


def _judge_identity(path: str, reference: Reference, said: str) -> Iterator[Finding]:
    must = reference.element == "meta" or "canonical" in reference.relations
    if must and not urlsplit(reference.value).scheme:
        yield Finding(path, reference.line, f"{said} must be absolute")


def _judge_form(site: BuiltSite, path: str, reference: Reference, said: str) -> Iterator[Finding]:
    """404.html is shown at any depth, so it is addressed from the base path; all else goes by relative paths."""
    base = urlsplit(site.base_url)
    value = reference.value
    if urlsplit(value).netloc:
        yield Finding(path, reference.line, f"{said} could be relative")
    elif path == "404.html":
        if not value.startswith((base.path, "#")):
            yield Finding(path, reference.line, f"{said} breaks when the page is shown at a deeper address")
    elif value.startswith("/"):
        yield Finding(path, reference.line, f"{said} could be relative")


def _judge_fragment(
    ids: dict[str, frozenset[str]], path: str, reference: Reference, address: Address, said: str
) -> Iterator[Finding]:
    if not address.path or address.path not in ids or address.fragment.lower() in ANYWHERE:
        return
    fragment = address.fragment.partition(":~:")[0]
    if fragment and fragment not in ids[address.path]:
        yield Finding(path, reference.line, f"{said} names no place in {address.path}")


def _judge_structured_data(site: BuiltSite, path: str, line: int, text: str) -> Iterator[Finding]:
    try:
        data = json.loads(text)
    except ValueError:
        return
    for value in _texts(data):
        if not value.startswith(site.base_url):
            continue
        problem = site.lead(path, value).problem
        if problem:
            yield Finding(path, line, f"structured data: {value!r} {problem}")


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            if key != "@id":
                yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


def _judge_redirects(site: BuiltSite) -> Iterator[Finding]:
    """`_redirects` as static hosts read it: FROM TO [STATUS], from the root of the host."""
    for number, line in enumerate(site.read("_redirects").splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) not in (2, 3):
            yield Finding("_redirects", number, f"{line!r} is not FROM TO [STATUS]")
            continue
        problem = site.lead("index.html", urljoin(site.base_url, words[1])).problem
        if problem:
            yield Finding("_redirects", number, f"{words[1]!r} {problem}")
