"""The sitemap and robots.txt (sitemaps.org 0.9; RFC 9309)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import structs

from generator.hooks import Site, hookimpl
from generator.model.job import Listed, Output, View
from generator.model.page import SitemapEntry
from generator.text.addresses import absolute


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {"sitemap": _entries}


@hookimpl
def clarion_indexes(site: Site, outputs: Sequence[Output]) -> Iterable[Output]:
    listed = tuple(output.listed for output in outputs if output.listed is not None)
    language = site.config.site.language
    yield Output(
        path="sitemap.xml",
        kind="sitemap",
        language=language,
        template="sitemap.xml",
        inputs={"entries": View("sitemap", (site.config.site.base_url, listed))},
    )
    yield Output(path="robots.txt", kind="robots", language=language, template="robots.txt")


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
