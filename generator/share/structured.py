"""What a page says of itself to machines: JSON-LD in the vocabulary of schema.org."""

import json
import re
from collections.abc import Sequence
from typing import Any

from generator.config import Config
from generator.model.document import Card, Matter, Source
from generator.model.page import AuthorView, Link, SocialImage
from generator.text.addresses import absolute
from generator.text.dates import last_changed, rfc3339

# An article of a personal site is a posting, whatever it comments on: news types are for newsrooms. Never ClaimReview,
# which is for fact-checks with a rating.
_TYPES = {"statement": "Article", "press": "Article", "report": "Report", "page": "WebPage"}
_CREATIVE_COMMONS = re.compile(r"cc[ -]by(?P<parts>(?:[ -](?:sa|nc|nd))*)(?:[ -](?P<version>\d\.\d))?", re.IGNORECASE)
_PUBLIC_DOMAIN = re.compile(r"cc ?0(?:[ -]1\.0)?", re.IGNORECASE)
_BASIS = frozenset({"based-on", "repost-of"})
_ENDS_THE_SCRIPT = re.compile("[<>&\u2028\u2029]")
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_NESTED = (dict, list)
_NOTHING: tuple[object, ...] = ("", None, [], {})
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

Node = dict[str, Any]


def structured_article(
    card: Card,
    matter: Matter,
    config: Config,
    authors: Sequence[AuthorView],
    image: SocialImage | None = None,
    trail: Sequence[Link] = (),
) -> str:
    """An article as text for a script element: who wrote it, when, on what it rests, of which site it is a part.

    `trail` are the pages above it, from the home page down; with it comes a BreadcrumbList. The words of a full repost
    are the source's: it names that one's author, and no licence of this site. A retracted article keeps only its name
    and dates.
    """
    address = absolute(config.site.base_url, card.url)
    node = _work(_TYPES.get(card.kind, "BlogPosting"), card, config)
    if card.status == "retracted":
        return structured(node)
    sources = matter.sources
    node |= {
        "mainEntityOfPage": address,
        "image": {"@type": "ImageObject", "url": image.url, "caption": image.alt} if image else None,
        "keywords": list(card.taxonomies.get("tags", ())),
        "author": _authors_of(sources) if card.repost else [_person(author, config) for author in authors],
        "license": "" if card.repost else licence_address(config.site.licence),
        "isBasedOn": [_source(source) for source in sources if source.role in _BASIS],
        "citation": [_source(source) for source in sources if source.role in {"quoted", "cited", "via"}],
        "translationOfWork": [_source(source) for source in sources if source.role == "translation-of"],
        "backstory": matter.backstory if node["@type"] != "WebPage" else "",
        "correction": [
            {"@type": "CorrectionComment", "text": change.text, "datePublished": change.date.isoformat()}
            for change in card.history
            if change.type == "correction"
        ],
    }
    return structured(node, *([_breadcrumbs((*trail, Link(card.title, card.url)), config)] if trail else []))


def structured_page(card: Card, config: Config) -> str:
    """A static page or a campaign as text for a script element."""
    return structured(_work("WebPage", card, config))


def structured_site(config: Config, language: str) -> str:
    """The home page of a language as text for a script element."""
    return structured(_site(config, language) | {"publisher": _publisher(config)})


def structured_list(title: str, url: str, config: Config, language: str, cards: Sequence[Card]) -> str:
    """A list of articles as text for a script element; `url` is its address from the root."""
    items = [
        {"@type": "ListItem", "position": number, "url": absolute(config.site.base_url, card.url), "name": card.title}
        for number, card in enumerate(cards, start=1)
    ]
    node = {
        "@type": "CollectionPage",
        "name": title,
        "url": absolute(config.site.base_url, url),
        "inLanguage": language,
        "isPartOf": _site(config, language),
        "mainEntity": {"@type": "ItemList", "itemListElement": items} if items else None,
    }
    return structured(node)


def structured(*nodes: Node) -> str:
    """Nodes as JSON-LD whose text cannot end the script element it stands in; what is empty is left out.

    Keys stand in the order given, so that equal nodes give equal text. Several nodes become a `@graph`.
    """
    kept = [_without_nothing(node) for node in nodes]
    whole: Node = {"@context": "https://schema.org"}
    whole |= kept[0] if len(kept) == 1 else {"@graph": kept}
    written = _encoder.encode(whole)
    return written.translate(_ESCAPES) if _ENDS_THE_SCRIPT.search(written) else written


def licence_address(licence: str) -> str:
    """The address of a licence: of Creative Commons by its short name (`CC BY-SA 4.0`), or as given; else ''."""
    if licence.startswith(("https://", "http://")):
        return licence
    name = licence.strip()
    if _PUBLIC_DOMAIN.fullmatch(name):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    match = _CREATIVE_COMMONS.fullmatch(name)
    if match is None:
        return ""
    parts = ["by", *re.findall(r"sa|nc|nd", match["parts"].lower())]
    ordered = "-".join(sorted(parts, key=("by", "nc", "nd", "sa").index))
    return f"https://creativecommons.org/licenses/{ordered}/{match['version'] or '4.0'}/"


def _work(kind: str, card: Card, config: Config) -> Node:
    precision = config.content.date_precision
    return {
        "@type": kind,
        "headline" if kind != "WebPage" else "name": card.title,
        "description": card.summary,
        "url": absolute(config.site.base_url, card.url),
        "inLanguage": card.language,
        "datePublished": rfc3339(card.date, precision) if card.date else "",
        "dateModified": last_changed(card, precision),
        "publisher": _publisher(config),
        "isPartOf": _site(config, card.language),
    }


def _site(config: Config, language: str) -> Node:
    overrides = config.languages.get(language)
    home = "/" if language == config.site.language else f"/{language}/"
    return {
        "@type": "WebSite",
        "name": (overrides.title if overrides else "") or config.site.title,
        "url": absolute(config.site.base_url, home),
        "description": (overrides.description if overrides else "") or config.site.description,
        "inLanguage": language,
    }


def _publisher(config: Config) -> Node:
    return {"@type": "Organization", "name": config.site.title, "url": config.site.base_url}


def _person(author: AuthorView, config: Config) -> Node:
    url = absolute(config.site.base_url, author.url) if author.url else ""
    return {
        "@type": "Person",
        "name": author.name,
        "url": url or author.website,
        "sameAs": author.website if url else "",
    }


def _authors_of(sources: Sequence[Source]) -> list[Node]:
    names = dict.fromkeys(source.author for source in sources if source.role == "repost-of" and source.author)
    return [{"@type": "Person", "name": name} for name in names]


def _source(source: Source) -> Node:
    return {
        "@type": "CreativeWork",
        "name": source.title,
        "url": source.url,
        "author": {"@type": "Person", "name": source.author} if source.author else None,
        "publisher": {"@type": "Organization", "name": source.publisher} if source.publisher else None,
        "datePublished": source.published,
        "inLanguage": source.language,
        "license": licence_address(source.licence),
        "archivedAt": [copy.url for copy in source.archived],
    }


def _breadcrumbs(trail: Sequence[Link], config: Config) -> Node:
    items = [
        {"@type": "ListItem", "position": number, "name": link.text, "item": absolute(config.site.base_url, link.url)}
        for number, link in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _without_nothing(value: Any) -> Any:
    """The value without empty texts, lists and Nones at any depth; a list of one becomes its item."""
    if isinstance(value, dict):
        kept_pairs = {}
        for key, each in value.items():
            cleaned = _without_nothing(each) if isinstance(each, _NESTED) else each
            if cleaned or cleaned not in _NOTHING:
                kept_pairs[key] = cleaned
        return kept_pairs
    if isinstance(value, list):
        kept = [each for each in map(_without_nothing, value) if each or each not in _NOTHING]
        return kept[0] if len(kept) == 1 else kept
    return value
