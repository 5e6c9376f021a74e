"""Headings: from level 2, in order, each with an id that lasts."""

from collections.abc import Sequence

from generator.markup.complaints import Complaints
from generator.markup.identifiers import Identifiers
from generator.markup.items import Code, Item, Picture
from generator.markup.tokens import End, Mark, Start, Text, Token, matching_ends
from generator.model.body import Heading
from generator.source.places import Place
from generator.text.slugs import slug

_LEVELS = {f"h{level}": level for level in range(1, 7)}


def take_title(tokens: list[Token], items: Sequence[Item]) -> tuple[str, list[Token]]:
    """The text of the first element when it is an `h1`, and the tokens without it; '' and all of them otherwise."""
    for index, token in enumerate(tokens):
        if isinstance(token, Text) and token.text.isspace():
            continue
        if not isinstance(token, Start) or token.name != "h1":
            return "", tokens
        end = matching_ends(tokens)[index]
        return " ".join(visible_text(tokens[index + 1 : end], items).split()), tokens[:index] + tokens[end + 1 :]
    return "", tokens


def visible_text(tokens: Sequence[Token], items: Sequence[Item]) -> str:
    """What a reader sees of some tokens, code and alternative texts included."""
    pieces: list[str] = []
    for token in tokens:
        if isinstance(token, Text):
            pieces.append(token.text)
        elif isinstance(token, Start) and token.name == "br":
            pieces.append(" ")
        elif isinstance(token, Mark) and token.kind == "point":
            item = items[token.number]
            if isinstance(item, Picture):
                pieces.append(dict(item.attributes).get("alt", ""))
            elif hasattr(item, "text") and not (isinstance(item, Code) and item.block):
                pieces.append(item.text)
    return "".join(pieces)


def with_headings(
    tokens: list[Token],
    items: Sequence[Item],
    places: Sequence[Place],
    ids: Identifiers,
    language: str,
    complaints: Complaints,
) -> tuple[list[Token], tuple[Heading, ...]]:
    """Headings that start at level 2, with ids of letters, marks and digits of their own script; and the list of them.

    `places` are those of the headings in the source, in order. Headings inside a quotation belong to
    somebody else's text and are not listed.
    """
    found = [(index, token) for index, token in enumerate(tokens) if isinstance(token, Start) and token.name in _LEVELS]
    if not found:
        return tokens, ()
    ends = matching_ends(tokens)
    shift = int(any(token.name == "h1" for _index, token in found))
    kept = list(tokens)
    headings: list[Heading] = []
    quoted = _quoted(tokens)
    previous = 1
    for order, (index, token) in enumerate(found):
        level = min(_LEVELS[token.name] + shift, 6)
        text = " ".join(visible_text(tokens[index + 1 : ends[index]], items).split())
        own = token.attributes.get("id") or ids.unique(slug(text, language) or "section")
        kept[index] = Start(f"h{level}", {**token.attributes, "id": own})
        kept[ends[index]] = End(f"h{level}")
        if index in quoted:
            continue
        headings.append(Heading(level, own, text))
        if level > previous + 1:
            place = places[order] if len(places) == len(found) else (0, 0)
            _skipped(text, level - shift, previous - shift, place, complaints)
        previous = level
    return kept, tuple(headings)


def _skipped(text: str, level: int, previous: int, place: Place, complaints: Complaints) -> None:
    """`level` and `previous` are as the author counts them; the title is one less than what a text begins with."""
    wanted = "#" * (previous + 1)
    message = f"the heading “{text}” has {level} number signs where {len(wanted)} would be next"
    hint = f"Write {wanted}: people who listen to a page find their way by levels."
    complaints.warning("CL220", message, place, hint)


def _quoted(tokens: Sequence[Token]) -> set[int]:
    depth = 0
    found: set[int] = set()
    for index, token in enumerate(tokens):
        if isinstance(token, Start | End) and token.name == "blockquote":
            depth += 1 if isinstance(token, Start) else -1
        elif depth and isinstance(token, Start) and token.name in _LEVELS:
            found.add(index)
    return found
