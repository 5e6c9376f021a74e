"""The sitemap and robots.txt (sitemaps.org 0.9; RFC 9309)."""

from collections.abc import Iterable, Sequence

from msgspec import structs

from generator.hooks import Site, hookimpl
from generator.model.job import Output
from generator.model.page import Listing, Page, SitemapEntry
from generator.text.addresses import absolute

_LISTED = (
    "article",
    "page",
    "campaign",
    "home",
    "section",
    "term",
    "terms",
    "author",
    "series",
    "archive",
    "year",
    "feeds",
)


@hookimpl
def clarion_indexes(site: Site, outputs: Sequence[Output]) -> Iterable[Output]:
    base = site.config.site.base_url
    entries: list[SitemapEntry] = []
    for output in outputs:
        found = output.inputs.get("page")
        if not isinstance(found, Page) or output.kind not in _LISTED or not found.canonical:
            continue
        listing = output.inputs.get("listing")
        if isinstance(listing, Listing) and listing.number:
            continue
        alternates = tuple(structs.replace(each, url=absolute(base, each.url)) for each in found.alternates)
        entries.append(SitemapEntry(found.canonical, found.modified[:10], alternates))
    entries.sort(key=lambda entry: entry.url)
    language = site.config.site.language
    yield Output(
        path="sitemap.xml",
        kind="sitemap",
        language=language,
        template="sitemap.xml",
        inputs={"entries": tuple(entries)},
    )
    yield Output(path="robots.txt", kind="robots", language=language, template="robots.txt")
