"""Links without what counts their readers, before anything is made of them."""

from collections.abc import Sequence

from generator.markup.complaints import Complaints
from generator.markup.items import Item, Link
from generator.markup.policy import Locate
from generator.markup.tokens import Start, Text, Token
from generator.source.places import Place
from generator.source.tracking import clean_address, clean_text, findings, kept_in_vain, may_track, names_in

KEEP = "keep"
"""The attribute of a link that names the parameters it needs."""
_FOLLOWED = ("href", "xlink:href", "cite", "action", "formaction")


def without_tracking(address: str, keep: Sequence[str], place: Place, complaints: Complaints) -> str:
    """An address without tracking; what it carried is told."""
    if not keep and not may_track(address):
        return address
    cleaned = clean_address(address, keep)
    for found in (*findings(cleaned), *kept_in_vain(keep, (cleaned,))):
        complaints.say(found.severity, found.code, found.message, place, found.hint)
    return cleaned.url


def words_without_tracking(words: str, keep: Sequence[str], place: Place, complaints: Complaints) -> str:
    """Plain words with each address in them cleaned; what they carried is told."""
    words, told = clean_text(words, keep)
    for found in told:
        complaints.say(found.severity, found.code, found.message, place, found.hint)
    return words


def with_clean_links(items: Sequence[Item], complaints: Complaints) -> list[Item]:
    """The items, each link without tracking and without the attribute `keep`."""
    return [_clean_link(item, complaints) if type(item) is Link else item for item in items]


def _clean_link(item: Link, complaints: Complaints) -> Link:
    if not item.attributes and not may_track(item.target):
        return item
    keep, rest = _kept(dict(item.attributes))
    target = without_tracking(item.target, keep, item.place, complaints)
    return Link(target, item.place, tuple(rest.items()))


def with_clean_elements(tokens: list[Token], locate: Locate, complaints: Complaints) -> list[Token]:
    """The tokens, each element of the author's own that leads somewhere without tracking.

    A link with its address in its words, `<a href="…">https://…</a>`, shows the one it leads to.
    """
    kept: list[Token] = []
    shown = cleaned = ""
    for token in tokens:
        if type(token) is Text and shown != cleaned and shown in token.text:
            token = Text(token.text.replace(shown, cleaned), token.exact)
        elif type(token) is Start and token.attributes:
            clean = _clean_element(token, locate, complaints)
            shown, cleaned = token.attributes.get("href", ""), clean.attributes.get("href", "")
            token = clean
        kept.append(token)
    return kept


def _clean_element(token: Start, locate: Locate, complaints: Complaints) -> Start:
    led = [name for name in _FOLLOWED if name in token.attributes]
    if not led:
        return token
    keep, attributes = _kept(token.attributes) if token.name == "a" else ((), dict(token.attributes))
    for name in led:
        # Places are given out once each, so one is asked for only where there is something to tell.
        if keep or may_track(attributes[name]):
            place = locate(token.name, name, attributes[name])
            attributes[name] = without_tracking(attributes[name], keep, place, complaints)
    return Start(token.name, attributes, token.pieces)


def _kept(attributes: dict[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The names in `keep`, and the other attributes."""
    return names_in(attributes.get(KEEP, "")), {name: value for name, value in attributes.items() if name != KEEP}
