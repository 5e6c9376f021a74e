"""Headings: from level 2, in order, each with an id that lasts."""

from collections.abc import Sequence

from generator.markup.complaints import Complaints
from generator.markup.identifiers import Identifiers
from generator.markup.items import Attributes, Code, Directive, Item, Picture, holds
from generator.markup.tokens import End, Mark, Start, Text, Token, end_of
from generator.model.body import Heading
from generator.source.places import Place
from generator.text.slugs import slug

_LEVELS = {f"h{level}": level for level in range(1, 7)}


def with_attributes(tokens: list[Token], items: Sequence[Item]) -> list[Token]:
    """The tokens, where each heading has the attributes that stood in braces at its end."""
    if not holds(items, Attributes):
        return tokens
    kept: list[Token] = []
    opened = 0
    for token in tokens:
        item = items[token.number] if type(token) is Mark else None
        if type(item) is Attributes:
            heading = kept[opened]
            if type(heading) is Start:
                kept[opened] = Start(heading.name, {**heading.attributes, **dict(item.attributes)})
            continue
        if type(token) is Start and token.name in _LEVELS:
            opened = len(kept)
        kept.append(token)
    return kept


def take_title(tokens: list[Token], items: Sequence[Item]) -> tuple[str, list[Token]]:
    """The text of the first element when it is an `h1`, and the tokens without it; '' and all of them otherwise."""
    for index, token in enumerate(tokens):
        if type(token) is Text and token.text.isspace():
            continue
        if type(token) is not Start or token.name != "h1":
            return "", tokens
        end = end_of(tokens, index)
        return " ".join(visible_text(tokens[index + 1 : end], items).split()), tokens[:index] + tokens[end + 1 :]
    return "", tokens


def visible_text(tokens: Sequence[Token], items: Sequence[Item], *, plain: bool = True) -> str:
    """What a reader sees of some tokens, code and alternative texts included; `plain` texts of directives if wanted."""
    pieces: list[str] = []
    for token in tokens:
        if type(token) is Text:
            pieces.append(token.text)
        elif type(token) is Start and token.name == "br":
            pieces.append(" ")
        elif type(token) is Mark and token.kind == "point":
            item = items[token.number]
            if type(item) is Picture:
                pieces.append(dict(item.attributes).get("alt", ""))
            elif type(item) is Directive:
                pieces.append(item.text or (item.plain if plain else ""))
            elif hasattr(item, "text") and not (type(item) is Code and item.block):
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
    found = _found(tokens)
    if not found:
        return tokens, ()
    shift = int(any(token.name == "h1" for _index, token, _quoted in found))
    directives = holds(items, Directive)
    kept = list(tokens)
    headings: list[Heading] = []
    previous = 1
    for order, (index, token, quoted) in enumerate(found):
        level = min(_LEVELS[token.name] + shift, 6)
        end = end_of(tokens, index)
        text = " ".join(visible_text(tokens[index + 1 : end], items).split())
        words = visible_text(tokens[index + 1 : end], items, plain=False) if directives else text
        own = token.attributes.get("id") or ids.unique(slug(words, language) or "section")
        kept[index] = Start(f"h{level}", {**token.attributes, "id": own})
        kept[end] = End(f"h{level}")
        if quoted:
            continue
        headings.append(Heading(level, own, text))
        if level > previous + 1:
            place = places[order] if len(places) == len(found) else (0, 0)
            _skipped(text, level - shift, previous - shift, place, complaints)
        previous = level
    return kept, tuple(headings)


def _found(tokens: Sequence[Token]) -> list[tuple[int, Start, bool]]:
    """The headings: index, start tag, whether a quotation holds it."""
    found: list[tuple[int, Start, bool]] = []
    quotations = 0
    for index, token in enumerate(tokens):
        if type(token) is Start:
            if token.name in _LEVELS:
                found.append((index, token, quotations > 0))
            elif token.name == "blockquote":
                quotations += 1
        elif type(token) is End and token.name == "blockquote":
            quotations -= 1
    return found


def _skipped(text: str, level: int, previous: int, place: Place, complaints: Complaints) -> None:
    """`level` and `previous` are as the author counts them; the title is one less than what a text begins with."""
    wanted = "#" * (previous + 1)
    message = f"the heading “{text}” has {level} number signs where {len(wanted)} would be next"
    hint = f"Write {wanted}: people who listen to a page find their way by levels."
    complaints.warning("CL220", message, place, hint)
