"""Why an output is drawn: by what is known of the build before."""

from generator.engine.cache import Cache
from generator.hooks import Site
from generator.model.job import Ledger
from generator.model.library import Parsed
from generator.pipeline.order import BuildOrder
from generator.pipeline.sources import Sources, parsing_of
from generator.stages.jobs import Maker
from generator.stages.parse_all import kept_entry
from generator.stages.reasons import Known, Reasons, changed_fields, changes, known_of


def known_now(sources: Sources, parsed: Parsed, site: Site, maker: Maker) -> Known:
    """What the next build will be told of this one."""
    files = {file.path: file.digest for file in sources.found.files}
    return known_of(site.library, sources.config, parsed.outlines, files, maker.card_digest)


def reasons_for(
    sources: Sources, parsed: Parsed, site: Site, maker: Maker, cache: Cache, before: Ledger, order: BuildOrder
) -> Reasons:
    """Who says of an output why it is drawn, by what is known of the build before."""
    entries = {entry.path: entry for entry in parsed.entries}
    parsing = parsing_of(sources, cache, order)

    def fields(path: str, digest: str) -> tuple[str, ...]:
        then = kept_entry(path, digest, parsed.sections, parsing)
        return changed_fields(then, entries[path]) if then else ()

    texts = {path: entry.body_digest for path, entry in entries.items()}
    paths = [file.path for file in sources.found.files]
    found = changes(before, known_now(sources, parsed, site, maker), texts, paths, fields)
    urls = {entry.path: entry.card.url for entry in site.library.entries.values()}
    return Reasons(before, maker.environment, found, site.theme, urls, order.target.name)
