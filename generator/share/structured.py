"""What a page says of itself to machines: JSON-LD in the vocabulary of schema.org."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from msgspec import json

from generator.config import Config
from generator.model.body import Call, Part
from generator.model.document import MOVES, Action, Card, Matter, Moment, Named, Recipient, Source, Text
from generator.model.page import AuthorView, Link, SocialImage
from generator.text.addresses import absolute
from generator.text.dates import iso, last_changed, rfc3339

QUOTING = frozenset({"appeal", "excerpt"})
"""The directives whose words are another's, unless the author says that they are retold."""

# An article of a personal site is a posting, whatever it comments on: news types are for newsrooms. Never ClaimReview,
# which is for fact-checks with a rating.
_TYPES = {"statement": "Article", "press": "Article", "report": "Report", "page": "WebPage"}
_CREATIVE_COMMONS = re.compile(r"cc[ -]by(?P<parts>(?:[ -](?:sa|nc|nd))*)(?:[ -](?P<version>\d\.\d))?", re.IGNORECASE)
_PUBLIC_DOMAIN = re.compile(r"cc ?0(?:[ -]1\.0)?", re.IGNORECASE)
_BASIS = frozenset({"based-on", "repost-of", "translation-of"})
# An event is no action of its reader's. Those who agree or join do it alone: these types have no recipient.
_ACTIONS = {
    "petition": "CommunicateAction",
    "write": "CommunicateAction",
    "call": "CommunicateAction",
    "donate": "DonateAction",
    "pledge": "AgreeAction",
    "volunteer": "JoinAction",
    "share": "ShareAction",
}
_ADDRESSED = frozenset({"CommunicateAction", "DonateAction"})
_EVENT_STATES = {"upcoming": "EventScheduled", "open": "EventScheduled", "paused": "EventPostponed"}
# What schema.org's Organization knows of policies. It has no property for safety and privacy.
_POLICIES = {
    "ethics": ("publishingPrinciples", "ethicsPolicy"),
    "corrections": ("correctionsPolicy",),
    "funding": ("ownershipFundingInfo",),
}
_ABOUT = {"about": "AboutPage", "imprint": "WebPage"}
_ENDS_THE_SCRIPT = re.compile("[<>&\u2028\u2029]")
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_NESTED = (dict, list)
_NOTHING: tuple[object, ...] = ("", None, [], {})
_encode = json.Encoder().encode

Node = dict[str, Any]


def structured_article(
    card: Card,
    matter: Matter,
    config: Config,
    authors: Sequence[AuthorView],
    image: SocialImage | None = None,
    trail: Sequence[Link] = (),
    text: Text | None = None,
) -> str:
    """An article as text for a script element: who wrote it, when, on what it rests, of which site it is a part.

    `trail` are the pages above it, from the home page down; with it comes a BreadcrumbList. The words of a full repost
    are the source's: it names that one's author, and no licence of this site. A retracted article keeps only its name,
    its dates and the reason. `text` is wanted where the article has words of others in directives: of each it is told
    whose they are, when they were written and where they are from; the words themselves stand on the page.
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
        **_asked_for(card, address),
        "hasPart": list(_quotations(text.body.parts, {source.id: source for source in sources})) if text else [],
    }
    return structured(node, *([_breadcrumbs((*trail, Link(card.title, card.url)), config)] if trail else []))


def structured_page(card: Card, config: Config) -> str:
    """A static page or a campaign as text for a script element."""
    address = absolute(config.site.base_url, card.url)
    return structured(_work("WebPage", card, config) | _asked_for(card, address))


def structured_site(config: Config, language: str, trust: Mapping[str, str] | None = None) -> str:
    """The home page of a language as text for a script element.

    `trust` are the addresses of the pages that tell why the site can be trusted, by their names (`ethics`): each is
    given as the property that schema.org has for it.
    """
    pages = {name: absolute(config.site.base_url, url) for name, url in (trust or {}).items()}
    policies = {policy: url for name, url in pages.items() for policy in _POLICIES.get(name, ())}
    about = [{"@type": _ABOUT[name], "url": url} for name, url in pages.items() if name in _ABOUT]
    publisher = _publisher(config) | policies | {"subjectOf": about}
    return structured(_site(config, language) | {"usageInfo": pages.get("republish", ""), "publisher": publisher})


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
    written = _encode(whole).decode()
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
        "creativeWorkStatus": "Retracted" if card.status == "retracted" else "",
        "correction": [
            {"@type": "CorrectionComment", "text": change.text, "datePublished": change.date.isoformat()}
            for change in card.history
            if change.type in MOVES
        ],
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
    """Who publishes the site; by `@id`, each page's publisher is the one whose rules the home page names."""
    home = config.site.base_url
    return {"@type": "Organization", "@id": f"{home}#publisher", "name": config.site.title, "url": home}


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


def _asked_for(card: Card, address: str) -> Node:
    """What a document asks its readers to do, and the events it calls them to."""
    events = [_event(action, address) for action in card.actions if action.kind == "event"]
    return {
        "potentialAction": [_action(action, address) for action in card.actions if action.kind != "event"],
        "about" if card.kind == "event" else "mentions": events,
    }


def _action(action: Action, address: str) -> Node:
    """What a reader can do now or soon; nothing of what is paused or over. No e-mail address, no telephone number."""
    if action.state not in ("open", "upcoming"):
        return {}
    kind = _ACTIONS.get(action.kind, "Action")
    named = [each for each in action.recipients if each.name not in (each.email, each.phone)]
    recipients = [_recipient(each) for each in named] if kind in _ADDRESSED else []
    if action.kind == "donate" and not recipients:
        recipients = [_organiser(action.organiser)]
    return {
        "@type": kind,
        "name": action.title,
        "description": action.summary,
        "target": {"@type": "EntryPoint", "urlTemplate": _template(action.url or _place(action, address))},
        "recipient": recipients,
        "provider": _organiser(action.organiser),
        "startTime": _instant(action.opens),
        "endTime": _instant(action.closes),
    }


def _event(action: Action, address: str) -> Node:
    """An event that is to come or put off; without the day on which it begins there is nothing to tell."""
    state = "open" if action.coming and action.state == "closed" else action.state
    if state not in _EVENT_STATES or action.starts is None:
        return {}
    return {
        "@type": "Event",
        "name": action.title,
        "description": action.summary,
        "url": action.url or _place(action, address),
        "startDate": iso(action.starts, "minute"),
        "endDate": iso(action.ends, "minute") if action.ends else "",
        "eventStatus": f"https://schema.org/{_EVENT_STATES[state]}",
        "location": {"@type": "Place", "name": action.location} if action.location else None,
        "organizer": _organiser(action.organiser),
    }


def _place(action: Action, address: str) -> str:
    """Where an action without an address of its own stands: in its text."""
    return f"{address}#act-{quote(action.id)}"


def _template(url: str) -> str:
    """An address as a URI template (RFC 6570) that has nothing to fill in."""
    return url.replace("{", "%7B").replace("}", "%7D")


def _instant(moment: Moment | None) -> str:
    return rfc3339(moment, "minute") if moment else ""


def _organiser(organiser: Named | None) -> Node:
    return {"@type": "Organization", "name": organiser.name, "url": organiser.url} if organiser else {}


def _recipient(recipient: Recipient) -> Node:
    """Whom an action addresses; one who is named by an organisation only is that organisation."""
    if recipient.name == recipient.organisation:
        return {"@type": "Organization", "name": recipient.name}
    office = {"@type": "Organization", "name": recipient.organisation} if recipient.organisation else None
    return {"@type": "Person", "name": recipient.name, "jobTitle": recipient.title, "worksFor": office}


def _quotations(parts: Sequence[Part], sources: Mapping[str, Source]) -> Iterator[Node]:
    """The letters and excerpts in a text that are in the words of others."""
    for part in parts:
        if not isinstance(part, Call):
            continue
        if part.name in QUOTING and part.attributes.get("words") != "ours":
            said = _quotation(part.attributes, sources.get(str(part.attributes.get("source", ""))))
            if any(said.values()):
                yield {"@type": "Quotation"} | said
        else:
            yield from _quotations(part.inner, sources)


def _quotation(said: Mapping[str, Any], source: Source | None) -> Node:
    """Whose words they are, by credit: whether a letter's sender is a person or an organisation is not known."""
    signed = said.get("signed", "")
    basis: Any = None
    if source is not None:
        basis = source.url or {"@type": "CreativeWork", "name": source.title}
    return {
        "creditText": said.get("from") or said.get("source_name", ""),
        "author": {"@type": "Person", "name": signed, "description": said.get("role", "")} if signed else None,
        "dateCreated": said.get("date", ""),
        "inLanguage": said.get("language") or (source.language if source else ""),
        "isBasedOn": basis,
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
