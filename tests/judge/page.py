"""What an HTML page says to a machine: its ids, its addresses with their lines, its robots, its structured data."""

import re
from html.parser import HTMLParser
from typing import Literal

from msgspec import Struct

Role = Literal["link", "resource", "identity", "refresh"]

LINK_ATTRIBUTES = {"a": ("href",), "area": ("href",), "form": ("action",)}
RESOURCE_ATTRIBUTES = {
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "script": ("src",),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "input": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
    "link": ("href", "imagesrcset"),
}
IDENTITY_PROPERTIES = {
    "og:url",
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "og:video",
    "og:audio",
    "twitter:image",
}
IDENTITY_RELATIONS = {"canonical", "alternate", "me", "shortlink", "webmention", "license"}
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CSS_ADDRESS = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)


class Reference(Struct, frozen=True):
    """An address a page gives. A link is followed by readers, a resource by browsers, an identity by other machines."""

    line: int
    element: str
    attribute: str
    value: str
    role: Role
    relations: tuple[str, ...] = ()
    type: str = ""


class Page(Struct, frozen=True):
    """A page as read. `ids` in order, doubles included; `structured_data` holds (line, text) of JSON-LD scripts."""

    ids: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    canonical: str = ""
    robots: str = ""
    og_type: str = ""
    refresh: str = ""
    structured_data: tuple[tuple[int, str], ...] = ()
    active: tuple[tuple[int, str], ...] = ()

    @property
    def is_indexable(self) -> bool:
        """Whether search engines may list the page."""
        return "noindex" not in self.robots.lower() and not self.refresh


def read_page(text: str) -> Page:
    """Read a page, or a fragment of one as feeds carry it."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return Page(
        ids=tuple(reader.ids),
        references=tuple(reader.references),
        canonical=reader.canonical,
        robots=reader.robots,
        og_type=reader.og_type,
        refresh=reader.refresh,
        structured_data=tuple(reader.structured_data),
        active=tuple(reader.active),
    )


def addresses_of_css(text: str) -> list[tuple[int, str]]:
    """Line and value of each `url()` and `@import` of a stylesheet, `data:` and bare fragments left out."""
    blanked = CSS_COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)
    found = []
    for match in CSS_ADDRESS.finditer(blanked):
        value = next((group for group in match.groups() if group), "")
        if not value.startswith(("data:", "#")):
            found.append((blanked.count("\n", 0, match.start()) + 1, value))
    return found


def candidates_of_srcset(value: str) -> list[str]:
    """The addresses in a `srcset` (HTML: candidates parted by commas, an address never ends with one)."""
    return [part.split()[0] for part in re.split(r",\s+|,$", value.strip()) if part.strip()]


class _Reader(HTMLParser):
    """Gathers while the standard library's tokenizer walks the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.references: list[Reference] = []
        self.canonical = ""
        self.robots = ""
        self.og_type = ""
        self.refresh = ""
        self.structured_data: list[tuple[int, str]] = []
        self.active: list[tuple[int, str]] = []
        self._inside = ""
        self._since = 0
        self._parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        line = self.getpos()[0]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "name" in given:
            self.ids.append(given["name"])
        if tag == "meta":
            self._meta(line, given)
        self._addresses(line, tag, given)
        self._active(line, tag, given)
        if tag == "style" or (tag == "script" and given.get("type", "").lower() == "application/ld+json"):
            self._inside, self._since, self._parts = tag, line, []

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag != self._inside:
            return
        text = "".join(self._parts)
        if tag == "script":
            self.structured_data.append((self._since, text))
        else:
            self._css(self._since - 1, "style", "text", text)
        self._inside = ""

    def _meta(self, line: int, given: dict[str, str]) -> None:
        name = (given.get("name") or given.get("property") or "").lower()
        content = given.get("content", "")
        if name == "robots":
            self.robots = content
        if name == "og:type":
            self.og_type = content
        if name in IDENTITY_PROPERTIES and content:
            self.references.append(Reference(line, "meta", name, content, "identity"))
        if given.get("http-equiv", "").lower() == "refresh":
            _, _, address = content.partition("=")
            self.refresh = address.strip().strip("'\"")
            self.references.append(Reference(line, "meta", "refresh", self.refresh, "refresh"))

    def _addresses(self, line: int, tag: str, given: dict[str, str]) -> None:
        relations = tuple(given.get("rel", "").lower().split())
        for attribute in LINK_ATTRIBUTES.get(tag, ()):
            if attribute in given:
                self._add(line, tag, attribute, given[attribute], "link", relations, given.get("type", ""))
        role: Role = "identity" if tag == "link" and IDENTITY_RELATIONS.intersection(relations) else "resource"
        for attribute in RESOURCE_ATTRIBUTES.get(tag, ()):
            if attribute in given:
                self._add(line, tag, attribute, given[attribute], role, relations, given.get("type", ""))
        if tag == "link" and "canonical" in relations:
            self.canonical = given.get("href", "")
        if "style" in given:
            self._css(line - 1, tag, "style", given["style"])

    def _add(
        self, line: int, tag: str, attribute: str, value: str, role: Role, relations: tuple[str, ...], kind: str
    ) -> None:
        values = candidates_of_srcset(value) if attribute.endswith("srcset") else [value]
        self.references.extend(Reference(line, tag, attribute, each, role, relations, kind) for each in values)

    def _css(self, before: int, tag: str, attribute: str, text: str) -> None:
        for line, value in addresses_of_css(text):
            self.references.append(Reference(before + line, tag, attribute, value, "resource"))

    def _active(self, line: int, tag: str, given: dict[str, str]) -> None:
        if tag in ("style", "iframe", "form", "object", "embed", "base") or (
            tag == "script" and given.get("type", "").lower() != "application/ld+json"
        ):
            self.active.append((line, f"<{tag}>"))
        self.active.extend((line, f"{name}= on <{tag}>") for name in given if name.startswith("on"))
