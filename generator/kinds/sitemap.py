"""The sitemap and robots.txt (sitemaps.org 0.9; RFC 9309)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import structs

from generator.hooks import Site, hookimpl
from generator.model.job import Listed, Output, View
from generator.model.page import SitemapEntry
from generator.text.addresses import absolute

MOST = 50_000
"""Addresses that one sitemap may hold (sitemaps.org, protocol 0.9)."""
PART = 10_000
"""Addresses in each part of a sitemap that had to be divided: small enough to be made side by side."""


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {"sitemap": _entries}


@hookimpl
def clarion_indexes(site: Site, outputs: Sequence[Output]) -> Iterable[Output]:
    listed = sorted((output.listed for output in outputs if output.listed is not None), key=lambda each: each.url)
    language = site.config.site.language
    base_url = site.config.site.base_url
    parts: list[str] = []
    if len(listed) > MOST:
        parts = [f"sitemap-{number // PART + 1}.xml" for number in range(0, len(listed), PART)]
    for number, part in enumerate(parts):
        yield _sitemap(part, language, base_url, tuple(listed[number * PART : (number + 1) * PART]), ())
    yield _sitemap("sitemap.xml", language, base_url, () if parts else tuple(listed), tuple(parts))
    yield Output(path="robots.txt", kind="robots", language=language, template="robots.txt")


def _sitemap(path: str, language: str, base_url: str, listed: tuple[Listed, ...], parts: tuple[str, ...]) -> Output:
    """A sitemap of addresses, or of its `parts`, which are paths."""
    return Output(
        path=path,
        kind="sitemap",
        language=language,
        template="sitemap.xml",
        inputs={
            "entries": View("sitemap", (base_url, listed)),
            "parts": tuple(absolute(base_url, f"/{part}") for part in parts),
        },
    )


def _entries(base: str, listed: tuple[Listed, ...]) -> tuple[SitemapEntry, ...]:
    entries = [
        SitemapEntry(
            absolute(base, each.url),
            each.modified,
            tuple(structs.replace(other, url=absolute(base, other.url)) for other in each.alternates),
        )
        for each in listed
    ]
    return tuple(sorted(entries, key=lambda entry: entry.url))
