"""What any template may ask about the site: `site.title` and its siblings."""

from collections.abc import Mapping

from generator.hooks import Fact, Site, hookimpl
from generator.kinds.frame import author_views, home, shelves, site_feeds, taxonomy_title, words
from generator.kinds.sections import has_list, section_title, section_url
from generator.kinds.theme_facts import links
from generator.model.page import Alternate, AuthorView, FeedLink, Link
from generator.share.passages import passage_targets
from generator.share.targets import ShareTarget, load_targets
from generator.text.addresses import language_root
from generator.text.languages import direction, own_name


@hookimpl
def clarion_facts() -> Mapping[str, Fact]:
    return {
        "site.title": lambda site, language: words(site, language)["title"],
        "site.tagline": lambda site, language: words(site, language)["tagline"],
        "site.description": lambda site, language: words(site, language)["description"],
        "site.base_url": lambda site, _: site.config.site.base_url,
        "site.language": lambda site, _: site.config.site.language,
        "site.licence": lambda site, _: site.config.site.licence,
        "site.contact": lambda site, _: site.config.site.contact,
        "site.home": home,
        "site.menu": _menu,
        "site.feeds": _feeds,
        "site.authors": _authors,
        "site.taxonomies": _taxonomies,
        "site.languages": _languages,
        "site.sections": _sections,
        "site.share_targets": _share_targets,
        "site.has_archive": lambda site, language: bool(site.library.shelves[language].years),
    }


def _share_targets(site: Site, _: str) -> tuple[ShareTarget, ...]:
    """The ways to pass a passage on: those of the row under an article."""
    targets, _problems = load_targets(site.library.data.get("share_targets"))
    return passage_targets(site.config.share, targets)


def _menu(site: Site, language: str) -> tuple[Link, ...]:
    """The menu with addresses from the root; an item whose page is not published now is left out."""
    return links(site, site.config.menu, language)


def _feeds(site: Site, language: str) -> tuple[FeedLink, ...]:
    return site_feeds(site, language)


def _authors(site: Site, language: str) -> tuple[AuthorView, ...]:
    return author_views(site, site.config.site.authors, language)


def _taxonomies(site: Site, language: str) -> tuple[Link, ...]:
    root = language_root(language, site.config)
    terms = site.library.shelves[language].terms
    return tuple(Link(taxonomy_title(site, name, language), f"{root}{name}/") for name in terms if terms[name])


def _sections(site: Site, language: str) -> tuple[Link, ...]:
    """The lists of sections that have one and something in it."""
    return tuple(
        Link(section_title(site, name, language), section_url(site, name, language))
        for name, cards in site.library.shelves[language].sections.items()
        if cards and has_list(site, name)
    )


def _languages(site: Site, _: str) -> tuple[Alternate, ...]:
    """The home of each language; empty when there is but one."""
    codes = [shelf.language for shelf in shelves(site)]
    if len(codes) < 2:
        return ()
    return tuple(Alternate(code, own_name(code), direction(code), language_root(code, site.config)) for code in codes)
