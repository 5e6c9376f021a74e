"""The templates that outputs are drawn by, and the names each is given, as `docs/themes.md` lists them."""

_DOCUMENT = frozenset({"article", "matter", "body", "contents"})
_LISTED = frozenset({"listing", "feed"})

GIVEN: dict[str, frozenset[str]] = {
    "article.html": _DOCUMENT
    | {"neighbours", "related", "series", "share", "reply", "terms", "authors", "campaign", "campaign_end"}
    | {"text_edition"},
    "text.html": _DOCUMENT | {"authors", "campaign", "campaign_end"},
    "page.html": _DOCUMENT,
    "kit.html": frozenset({"article", "kit", "authors"}),
    "flyer.html": frozenset({"article", "kit", "authors"}),
    "home.html": frozenset({"listing", "lead", "urgent", "topics"}),
    "list.html": _LISTED,
    "author.html": _LISTED | {"author"},
    "terms.html": frozenset({"terms", "text"}),
    "archive.html": frozenset({"groups", "text"}),
    "series.html": frozenset({"series"}),
    "act.html": frozenset({"opened", "upcoming", "paused", "ended", "older", "text", "feed", "calendar"}),
    "campaign.html": frozenset({"article", "matter", "body", "cards", "actions", "feed"}),
    "corrections.html": frozenset({"changes", "text", "feed"}),
    "feeds.html": frozenset({"feeds"}),
    "not_found.html": frozenset(),
    "redirect.html": frozenset({"target"}),
    "atom.xml": frozenset({"feed"}),
    "rss.xml": frozenset({"feed"}),
    "feed.json": frozenset({"feed"}),
    "sitemap.xml": frozenset({"entries", "parts"}),
    "robots.txt": frozenset(),
    "redirects.txt": frozenset({"redirects"}),
}
