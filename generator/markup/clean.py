"""HTML without what could harm, for sites that let people write who are not trusted with raw HTML."""

from collections.abc import Container, Sequence
from functools import lru_cache

from generator.markup.complaints import Complaints
from generator.markup.inlines import RawTag
from generator.markup.policy import is_always_refused
from generator.markup.urls import dead_end, runs_code, scheme
from generator.source.places import Place

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
    "a": {"href", "hreflang", "keep", "rel"},
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

_REFUSALS = frozenset({"CL223", "CL224"})
_MEANT_FOR_CLARION = frozenset({"align", "markdown"})
_TRUSTED = "set unsafe_html = true if all who write here are trusted."


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


class Forgiving(Complaints):
    """Complaints of a site that removes what harms: what the policy refuses is gone, which is no error."""

    def __init__(self, complaints: Complaints) -> None:
        super().__init__(complaints.path)
        self.problems = complaints.problems

    def error(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """A refusal of the policy as a warning that something is removed; any other error as it is."""
        if code in _REFUSALS:
            self.warning("CL232", f"removed: {message}", place, hint)
        else:
            super().error(code, message, place, hint)


def tell_removed(tags: Sequence[RawTag], complaints: Complaints) -> None:
    """Says which elements and attributes of the author's are removed, where the policy has not said so already."""
    told = {(problem.line, problem.column) for problem in complaints.problems if problem.code == "CL232"}
    for tag in tags:
        if tag.name in _TAGS:
            _tell_attributes(tag, told, complaints)
            continue
        places = {tag.place, *tag.attributes.values()}
        if places & told:
            continue
        names = {name for name, _value in tag.attributes}
        hint = "Leave it out." if is_always_refused(tag.name, names) else f"Leave it out, or {_TRUSTED}"
        complaints.warning("CL232", f"<{tag.name}> is removed", tag.place, hint)


def _tell_attributes(tag: RawTag, told: Container[Place], complaints: Complaints) -> None:
    for (name, value), place in tag.attributes.items():
        if not name.endswith("=") or place in told or name[:-1] in _MEANT_FOR_CLARION:
            continue
        attribute = name[:-1]
        where = tag.attributes[attribute, value]
        if not allowed_attribute(tag.name, attribute):
            message = f"{attribute}= of <{tag.name}> is removed"
            complaints.warning("CL232", message, place, f"Leave it out, or {_TRUSTED}")
        elif attribute in ("href", "cite") and scheme(value) not in ("", *_SCHEMES) and not runs_code(value):
            advice = "" if dead_end(value) else f", or {_TRUSTED}"
            message = f"the address “{value.strip()[:40]}” is removed"
            complaints.warning("CL232", message, where, f"Link to a page{advice or '.'}")
