"""What raw HTML may not do: run code in the page, style it past the theme, ask somebody else's server."""

import re
from collections.abc import Callable, Container

from generator.markup.complaints import Complaints
from generator.markup.tokens import Comment, Start, Token, matching_ends
from generator.markup.urls import is_elsewhere, runs_code
from generator.source.places import Place

# Attributes whose address the browser fetches while it shows the page.
REQUESTING = frozenset(
    {
        "src",
        "srcset",
        "imagesrcset",
        "poster",
        "data",
        "background",
        "codebase",
        "archive",
        "classid",
        "longdesc",
        "profile",
        "manifest",
        "lowsrc",
        "dynsrc",
    }
)
_FOLLOWED = frozenset({"href", "xlink:href", "action", "formaction", "cite", "ping", "to", "from", "values", "by"})
_HREF_REQUESTS = frozenset(
    {
        "link",
        "use",
        "image",
        "feimage",
        "script",
        "lineargradient",
        "radialgradient",
        "pattern",
        "filter",
        "textpath",
        "mpath",
    }
)
_REFUSED = {
    "base": "changes where every link of the page leads",
    "plaintext": "turns the rest of the page into text",
    "frame": "belongs to a page of frames",
    "frameset": "belongs to a page of frames",
    "applet": "runs in no browser",
    "meta": "belongs in the head of a page, which the theme writes",
    "style": "is refused by the policy of the site, which allows no style inside a page",
    "xmp": "is no element of HTML any more",
}
_DATA_SCRIPT = frozenset({"application/ld+json", "application/json", "text/plain"})
_ALIGNED = re.compile(r"\s*text-align\s*:\s*(left|right|center)\s*;?\s*\Z", re.IGNORECASE)
_CSS_ELSEWHERE = re.compile(r"url\s*\(|@import|image-set", re.IGNORECASE)

Locate = Callable[[str, str, str], Place]


def is_always_refused(element: str, attributes: Container[str]) -> bool:
    """Whether an element can stand on no site, whatever its settings."""
    return element in _REFUSED or (element == "script" and "src" not in attributes)


def is_refused(attribute: str) -> bool:
    """Whether an attribute may not be given to a link, a picture or code in an attribute list."""
    name = attribute.lower()
    return name.startswith("on") or name in {"style", "srcdoc"} or name in REQUESTING or name in _FOLLOWED


def within_policy(tokens: list[Token], locate: Locate, complaints: Complaints) -> list[Token]:
    """The tokens without what the policy of a site refuses, and without comments, which are the author's own.

    `locate` gives a place by element, attribute and value: of the value (`href`), of the attribute (`href=`), of the
    element ('').
    """
    if not [token for token in tokens if type(token) in _MAY_BE_REFUSED and _is_suspect(token)]:
        return tokens
    return _Policy(tokens, locate, complaints).kept()


def _is_suspect(token: Token) -> bool:
    return type(token) is not Start or bool(token.attributes) or token.name in _REFUSED or token.name == "script"


_MAY_BE_REFUSED = frozenset({Comment, Start})


class _Policy:
    def __init__(self, tokens: list[Token], locate: Locate, complaints: Complaints) -> None:
        self.tokens = tokens
        self.locate = locate
        self.complaints = complaints

    def kept(self) -> list[Token]:
        ends = matching_ends(self.tokens)
        kept: list[Token] = []
        skip_to = -1
        for index, token in enumerate(self.tokens):
            if index <= skip_to or type(token) is Comment:
                continue
            if type(token) is Start:
                checked = self.element(token)
                if checked is None:
                    skip_to = ends.get(index, index)
                    continue
                kept.append(checked)
            else:
                kept.append(token)
        return kept

    def element(self, token: Start) -> Start | None:
        """The element with what it may keep; None when it must go with all it holds."""
        name = token.name.lower()
        place = self.locate(name, "", "")
        if name in _REFUSED:
            self.complaints.error("CL224", f"<{name}> {_REFUSED[name]}", place, "Leave it out.")
            return None
        attributes = token.attributes
        if name == "script" and "src" not in attributes:
            if attributes.get("type", "").lower() in _DATA_SCRIPT:
                return token
            hint = "Put it into a file of the site and write <script src=…>, or leave it out."
            self.complaints.error("CL224", "a script inside a page is refused by the policy of the site", place, hint)
            return None
        if not attributes:
            return token
        kept: dict[str, str] = {}
        for attribute, value in attributes.items():
            # What tells one engine to read Markdown inside an element says nothing to a browser.
            if attribute == "markdown":
                continue
            reason = self.refusal(token, attribute.lower(), value)
            if reason == "element":
                return None
            if not reason:
                kept[attribute] = value
        if name in ("td", "th"):
            _align(attributes, kept)
        return Start(token.name, kept) if kept != attributes else token

    def refusal(self, token: Start, attribute: str, value: str) -> str:
        """'' when the attribute may stay, `attribute` when it must go, `element` when all of it must."""
        name = token.name.lower()
        if attribute.startswith("on"):
            hint = "Leave it out: pages work without scripts."
            self.complaints.error(
                "CL224",
                f"{attribute}= runs a script, which the policy of the site refuses",
                self.place(name, f"{attribute}=", value),
                hint,
            )
            return "attribute"
        if attribute == "style":
            if name in ("td", "th") and _ALIGNED.match(value):
                return "attribute"
            hint = "Write class=… and give the class its look in a stylesheet of the site."
            self.complaints.error(
                "CL224", "style= is refused by the policy of the site", self.place(name, f"{attribute}=", value), hint
            )
            return "attribute"
        if attribute == "srcdoc":
            self.complaints.error(
                "CL224", "srcdoc= is a page nobody checks", self.place(name, f"{attribute}=", value), "Leave it out."
            )
            return "element"
        if attribute in REQUESTING or attribute in _FOLLOWED:
            return self.address_refusal(name, attribute, value)
        if (
            _CSS_ELSEWHERE.search(value)
            and attribute in ("fill", "stroke", "filter", "mask", "clip-path", "marker", "cursor")
            and is_elsewhere(value.partition("(")[2].strip(" '\""))
        ):
            self.elsewhere(name, attribute, value)
            return "attribute"
        return ""

    def address_refusal(self, name: str, attribute: str, value: str) -> str:
        addresses: tuple[str, ...] = (value,)
        if "srcset" in attribute:
            addresses = srcset_addresses(value)
        elif attribute == "values":
            addresses = tuple(value.split(";"))
        if any(runs_code(address) for address in addresses):
            if not (name == "img" and attribute == "src"):
                self.code(name, attribute, value)
                return "attribute"
            return ""
        if attribute == "ping":
            self.complaints.error(
                "CL223",
                "ping= tells somebody what readers follow",
                self.place(name, f"{attribute}=", value),
                "Leave it out.",
            )
            return "attribute"
        requests = attribute in REQUESTING or (attribute in ("href", "xlink:href") and name in _HREF_REQUESTS)
        if not requests or (name == "img" and attribute == "src"):
            return ""
        if any(is_elsewhere(address) for address in addresses):
            self.elsewhere(name, attribute, value)
            return "attribute" if name in ("img", "video", "audio", "source", "track") else "element"
        return ""

    def code(self, name: str, attribute: str, value: str) -> None:
        shown = value.strip()[:40]
        message = f"the address “{shown}” could run code in a reader's browser"
        self.complaints.error(
            "CL225", message, self.place(name, attribute, value), "Link to a page, or leave the address out."
        )

    def elsewhere(self, name: str, attribute: str, value: str) -> None:
        message = f"<{name}> would ask {_host(value)} each time somebody reads this"
        hint = "Save the file beside the article and name it here, or write a link that readers may follow."
        self.complaints.error("CL223", message, self.place(name, attribute, value), hint)

    def place(self, name: str, attribute: str, value: str) -> Place:
        return self.locate(name, attribute, value)


def _align(attributes: dict[str, str], kept: dict[str, str]) -> None:
    """The alignment of a cell as a class: `align=` is no HTML any more, `style=` no policy allows."""
    kept.pop("align", None)
    aligned = _ALIGNED.match(attributes.get("style", ""))
    side = aligned[1].lower() if aligned else attributes.get("align", "").lower()
    if side in ("left", "right", "center"):
        kept["class"] = f"{kept['class']} align-{side}" if "class" in kept else f"align-{side}"


def _host(value: str) -> str:
    match = re.search(r"//([^/\s?#]+)", value)
    return match[1] if match else "somebody else"


def srcset_addresses(value: str) -> tuple[str, ...]:
    """The addresses of a `srcset`, in order."""
    return tuple(piece.split()[0] for piece in value.split(",") if piece.split())
