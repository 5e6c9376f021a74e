"""What a build is made from: found, digested, and read as far as it has to be."""

from contextlib import suppress

from msgspec import Struct

from generator.config import Config, load_config
from generator.engine.cache import Cache, DiskCache, MemoryCache
from generator.engine.digest import digest_exact, digest_value
from generator.engine.index import Index, load_index, save_index, time_of
from generator.media.known import load_known
from generator.model.library import Parsed
from generator.model.plugin import Plugins
from generator.model.problem import Problem, errors_of
from generator.pipeline.order import BuildOrder
from generator.plugins import load_plugins, versions_with
from generator.stages.find import Found, find
from generator.stages.gather import Choice, left_out_because
from generator.stages.parse_all import Parsing
from generator.theme import Theme, load_theme

_ENOUGH_TEXTS = 300
"""Less work than this is done sooner than a process is started."""


class Sources(Struct, frozen=True):
    """What a build is made from, before anything is made of it; `digest` is that of all of it."""

    config: Config
    theme: Theme
    plugins: Plugins
    found: Found
    problems: tuple[Problem, ...]
    theme_is_usable: bool
    digest: str
    seen_ns: int


def look_for_sources(order: BuildOrder) -> tuple[Sources | None, tuple[Problem, ...]]:
    """What a build will be made from, and what is wrong with it; None when nothing can be told of a site like this."""
    config, problems = load_config(order.root, order.overrides)
    if config is None:
        return None, problems
    named, found_wrong = load_plugins(order.root, config)
    problems = (*problems, *found_wrong)
    if errors_of(found_wrong, strict=False):
        # What a plugin lacks, the rest would miss: more messages would only hide this one.
        return None, problems
    theme, theme_problems = load_theme(order.root, config, named.folders)
    order.timings.mark("settings")
    # The clock is read before the files are looked at: whoever changes one later changes its stat.
    seen_ns = time_of(order.state)
    found = find(order.root, load_index(order.state))
    choice = order.choice
    told = (*problems, *theme_problems, *found.problems)
    chosen = (choice.drafts, choice.future, choice.without)
    made_by = versions_with(named.plugins)
    digest = digest_value((found.files, theme.digest, config, made_by, chosen, told))
    usable = all(problem.severity != "error" for problem in theme_problems)
    return Sources(config, theme, named.plugins, found, told, usable, digest, seen_ns), ()


def cache_of(order: BuildOrder) -> Cache:
    """On the disk; in memory where drafts are shown, or the disk refuses: then the next build does its work anew."""
    if order.choice.drafts or order.choice.future:
        return MemoryCache()
    try:
        return DiskCache(order.state)
    except OSError:
        return MemoryCache()


def parsing_of(sources: Sources, cache: Cache, order: BuildOrder) -> Parsing:
    """What parse is given, with `cache` for what it makes of the texts."""
    return Parsing(
        root=order.root,
        config=sources.config,
        declarations=sources.theme.declarations,
        cache=cache,
        private=MemoryCache(),
        is_public=lambda entry: entry.card.status != "retracted" and not left_out_because(entry, order.choice)[0],
        executor=lambda items: order.workforce.anywhere(items, _ENOUGH_TEXTS),
        took=order.measured.text if order.measured else None,
        plugins=sources.plugins,
        known=lambda: load_known(order.state, sources.config.images.max_pixels),
    )


def shape_of(sources: Sources, parsed: Parsed, choice: Choice) -> str:
    """The digest of everything a site is made from but the texts of its documents."""
    rest = (parsed.outlines, parsed.media, parsed.refused, parsed.files, parsed.sections, parsed.data, parsed.problems)
    chosen = (choice.drafts, choice.future, choice.without)
    return digest_exact(
        (sources.config, sources.theme.digest, sources.problems, versions_with(sources.plugins), chosen, rest)
    )


def keep_index(sources: Sources, order: BuildOrder) -> None:
    """The index only saves time: a state folder that cannot hold it costs that."""
    with suppress(OSError):
        save_index(order.state, Index(sources.found.seen, sources.seen_ns))
