"""Links, pictures and files as slots: what only the whole site can resolve."""

from collections.abc import Sequence
from typing import Literal

from generator.markup.complaints import Complaints
from generator.markup.items import Item, Link, Picture
from generator.markup.policy import REQUESTING, Locate, srcset_addresses
from generator.markup.tokens import End, Hole, Mark, Start, Text, Token, attributes_text
from generator.markup.urls import dead_end, is_elsewhere, is_harmless, is_picture, runs_code
from generator.model.body import Reference, Slot
from generator.source.places import Place

_ASKED_OF_A_PICTURE = ("cover", "credit", "licence")
_OF_AN_IMAGE = frozenset({"src", "srcset", "sizes", "width", "height", "alt", "decorative", *_ASKED_OF_A_PICTURE})


def with_slots(
    tokens: list[Token], items: Sequence[Item], locate: Locate, complaints: Complaints
) -> tuple[list[Token], tuple[Reference, ...]]:
    """The tokens with holes for every address, and what the holes refer to, in order."""
    slots = _Slots(items, locate, complaints)
    kept: list[Token] = []
    done = 0
    for index, token in enumerate(tokens):
        if type(token) is Text:
            continue
        if type(token) is Start:
            if not token.attributes and token.name != "a":
                continue
            filled = slots.element(token)
        elif type(token) is Mark:
            filled = slots.marked(token)
        elif slots.open and type(token) is End and token.name == "a":
            filled = slots.unlink()
        else:
            continue
        kept += tokens[done:index]
        kept += filled
        done = index + 1
    return kept + tokens[done:], tuple(slots.references)


class _Slots:
    def __init__(self, items: Sequence[Item], locate: Locate, complaints: Complaints) -> None:
        self.items = items
        self.locate = locate
        self.complaints = complaints
        self.references: list[Reference] = []
        self.open: list[int] = []

    def refer(self, reference: Reference) -> int:
        self.references.append(reference)
        return len(self.references) - 1

    def marked(self, token: Mark) -> list[Token]:
        item = self.items[token.number]
        if type(item) is Link:
            return self.link(item) if token.kind == "open" else self.unlink()
        return self.picture(item) if type(item) is Picture else [token]

    # -- links

    def link(self, item: Link) -> list[Token]:
        if not is_harmless(item.target) and self.refuses(item):
            self.open.append(-2)
            return []
        number = self.refer(Reference("link", item.target, *item.place))
        self.open.append(number)
        attributes = attributes_text(dict(item.attributes)) if item.attributes else ""
        return [Hole(Slot(number, "link", attributes))]

    def refuses(self, item: Link) -> bool:
        if not item.target.strip():
            hint = "Write an address between the parentheses, or only the text."
            self.complaints.error("CL226", "this link leads nowhere", item.place, hint)
            return True
        if runs_code(item.target):
            message = f"the address “{item.target.strip()[:40]}” could run code in a reader's browser"
            self.complaints.error("CL225", message, item.place, "Link to a page.")
            return True
        reason = dead_end(item.target)
        if reason:
            hint = "Write the whole address, with https:// and its host, or the path of a file beside this one."
            self.complaints.error("CL251", f"the address “{item.target.strip()[:40]}” {reason}", item.place, hint)
        return bool(reason)

    def unlink(self) -> list[Token]:
        number = self.open.pop() if self.open else -2
        if number == -1:
            return [End("a")]
        return [] if number < 0 else [Hole(Slot(number, "unlink"))]

    # -- raw HTML

    def element(self, token: Start) -> list[Token]:
        name = token.name
        if name == "a":
            return self.anchor(token)
        if name == "img":
            return self.image(token)
        spots = [
            attribute
            for attribute in token.attributes
            if attribute in REQUESTING or (attribute == "href" and name in ("area", "link"))
        ]
        return self.with_urls(token, spots) if spots else [token]

    def anchor(self, token: Start) -> list[Token]:
        if "href" not in token.attributes:
            self.open.append(-1)
            return [token]
        target = token.attributes["href"]
        place = self.locate("a", "href", target)
        rest = tuple((name, value) for name, value in token.attributes.items() if name != "href")
        return self.link(Link(target, place, rest))

    def with_urls(self, token: Start, spots: Sequence[str]) -> list[Token]:
        pieces: dict[str, tuple[str | Slot, ...]] = {}
        for attribute in spots:
            value = token.attributes[attribute]
            place = self.locate(token.name, attribute, value)
            is_set = "srcset" in attribute
            found: list[str | Slot] = []
            for index, address in enumerate(srcset_addresses(value) if is_set else (value,)):
                is_link = attribute == "href" and token.name == "area"
                number = self.refer(Reference("link" if is_link else _file_kind(address), address, *place))
                found += (", " if index else "", Slot(number, "url"), _descriptor(value, index) if is_set else "")
            pieces[attribute] = tuple(found)
        return [Start(token.name, token.attributes, pieces)]

    # -- pictures

    def image(self, token: Start) -> list[Token]:
        target = token.attributes.get("src", "")
        place = self.locate("img", "src", target)
        rest = tuple(
            (name, value)
            for name, value in token.attributes.items()
            if name not in _OF_AN_IMAGE or name in ("decorative", *_ASKED_OF_A_PICTURE)
        )
        alt = token.attributes.get("alt")
        if alt is None and "decorative" not in token.attributes and token.attributes.get("role") != "presentation":
            self.without_alt(target, place)
        return self.slot(Picture(target, place, (("alt", alt or ""), *rest)))

    def picture(self, item: Picture) -> list[Token]:
        attributes = dict(item.attributes)
        if not attributes["alt"] and "decorative" not in attributes:
            self.without_alt(item.target, item.place)
        return self.slot(item)

    def without_alt(self, target: str, place: Place) -> None:
        hint = "Say in brackets what it shows, ![a full hall](…), or write ![](…){decorative} when it says nothing."
        self.complaints.warning("CL221", f"the picture “{target}” has no text for those who do not see it", place, hint)

    def slot(self, item: Picture) -> list[Token]:
        attributes = dict(item.attributes)
        if is_elsewhere(item.target) or not item.target.strip():
            self.elsewhere(item)
            return [Text(attributes["alt"])] if attributes["alt"] else []
        shown = {name: value for name, value in attributes.items() if name not in _OF_AN_IMAGE}
        text = attributes_text({"alt": "" if "decorative" in attributes else attributes["alt"], **shown})
        cover, credit, licence = (attributes.get(name) or "" for name in _ASKED_OF_A_PICTURE)
        reference = Reference("picture", item.target, *item.place, cover, credit, licence)
        return [Hole(Slot(self.refer(reference), "picture", text))]

    def elsewhere(self, item: Picture) -> None:
        if not item.target.strip():
            self.complaints.error(
                "CL226", "this picture has no address", item.place, "Write the name of its file in parentheses."
            )
            return
        message = f"the picture “{item.target[:80]}” lies elsewhere, which would be told of each reader"
        self.complaints.error("CL222", message, item.place, "Save it beside the article and write its file name.")


def _file_kind(address: str) -> Literal["picture", "file"]:
    return "picture" if is_picture(address) else "file"


def _descriptor(value: str, index: int) -> str:
    """Width or density of the n-th picture of a `srcset`, with a leading space."""
    pieces = [piece.split() for piece in value.split(",") if piece.split()]
    return " " + " ".join(pieces[index][1:]) if len(pieces[index]) > 1 else ""
