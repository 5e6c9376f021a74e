"""HTML without what could harm, for sites that let people write who are not trusted with raw HTML."""

from functools import lru_cache

from generator.markup.complaints import Complaints
from generator.markup.inlines import RawTag

_EVERYWHERE = {
    "class",
    "dir",
    "id",
    "lang",
    "title",
    "translate",
    "role",
    "aria-label",
    "aria-hidden",
    "aria-describedby",
}
_OWN = {
    "a": {"href", "hreflang", "rel"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"open", "name"},
    "img": {"alt", "src", "width", "height", "decorative", "loading"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
}
_TAGS = frozenset({
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "center", "cite",
    "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "img", "ins", "kbd", "li", "main",
    "mark", "nav", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul",
    "var", "wbr",
})  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel", "sms", "xmpp", "geo", "irc", "ircs", "magnet", "matrix", "ipfs", "gemini"}


def cleaned(html: str) -> str:
    """The HTML with known elements, attributes and schemes only; texts, marks among them, stay."""
    import nh3

    return nh3.clean(
        html, tags=set(_TAGS), attributes=_attributes(), url_schemes=set(_SCHEMES), link_rel=None, strip_comments=True
    )


@lru_cache(maxsize=1)
def _attributes() -> dict[str, set[str]]:
    return {**_OWN, "*": set(_EVERYWHERE)}


def allowed_attribute(element: str, name: str) -> bool:
    """Whether an attribute may stand on an element."""
    return name in _EVERYWHERE or name in _OWN.get(element, ())


def tell_removed(tags: list[RawTag], complaints: Complaints) -> None:
    """Says which elements of the author's are removed."""
    for tag in tags:
        if tag.name not in _TAGS:
            hint = "Leave it out, or set unsafe_html = true if all who write here are trusted."
            complaints.warning("CL232", f"<{tag.name}> is removed", tag.place, hint)
