"""The pages that tell why a site can be trusted, found by their names: who writes, by which rules, with what money."""

from collections.abc import Mapping

from generator.hooks import Fact, Site, hookimpl
from generator.kinds.corrections import TEXT, corrections, corrections_url
from generator.kinds.frame import CONTENT, text
from generator.model.document import Card
from generator.model.page import Link

NAMES = ("about", "ethics", "corrections", "funding", "safety", "republish", "imprint", "privacy")
"""In the order in which they are linked: `content/pages/NAME.md`."""


@hookimpl
def clarion_facts() -> Mapping[str, Fact]:
    return {"site.trust": lambda site, language: tuple(trust_pages(site, language).values())}


def trust_pages(site: Site, language: str) -> dict[str, Link]:
    """The trust pages of a language by their names; of corrections also the page that Clarion makes without a text."""
    found = {name: _page(site, language, name) for name in NAMES}
    if found["corrections"] is None and corrections(site, language):
        found["corrections"] = Link(text(site, "corrections", language), corrections_url(site, language))
    return {name: link for name, link in found.items() if link is not None}


def _page(site: Site, language: str, name: str) -> Link | None:
    own = "" if language == site.config.site.language else f".{language}"
    for key in (f"pages/{name}{own}", f"pages/{name}/index{own}"):
        entry = site.library.entries.get(f"{CONTENT}{key}.md") or site.library.texts.get(key)
        if entry is not None and _is_seen(entry.card, language):
            unnamed = text(site, "corrections", language) if f"pages/{name}" == TEXT else name.capitalize()
            return Link(entry.card.title or unnamed, entry.card.url)
    translations = site.library.translations.get(f"pages/{name}", ())
    return next((Link(card.title, card.url) for card in translations if _is_seen(card, language)), None)


def _is_seen(card: Card, language: str) -> bool:
    return card.language == language and card.status in ("published", "draft")
