"""Footnotes: numbered in the order of their references, gathered at the end, with ids unique to the article."""

from collections.abc import Container, Sequence

from generator.markup.identifiers import Identifiers
from generator.markup.items import Item, Link, Note, NoteMark, holds
from generator.markup.tokens import VOID, Begin, End, Finish, Mark, Start, Text, Token
from generator.model.body import Call

REFERENCE_CLASS = "footnote-ref"
_MAY_BE_GONE = frozenset({Start, Begin})


class _Numbers:
    """Which number a label has, and the ids of the places that refer to it."""

    def __init__(self, name: str, items: list[Item], ids: Identifiers) -> None:
        self.name = name
        self.items = items
        self.ids = ids
        self.labels: list[str] = []
        self.numbers: dict[str, int] = {}
        self.references: dict[str, list[str]] = {}

    def reference(self, note: NoteMark) -> list[Token]:
        if note.label not in self.numbers:
            self.labels.append(note.label)
            self.numbers[note.label] = len(self.labels)
        number = self.numbers[note.label]
        places = self.references.setdefault(note.label, [])
        own = f"fnref-{self.name}{number}" + (f"-{len(places) + 1}" if places else "")
        places.append(own)
        self.ids.unique(own)
        attributes = (("class", REFERENCE_CLASS), ("role", "doc-noteref"))
        self.items.append(Link(f"#fn-{self.name}{number}", note.place, attributes))
        link = len(self.items) - 1
        start = Start("sup", {"class": REFERENCE_CLASS, "id": own})
        return [start, Mark("open", link), Text(str(number), exact=True), Mark("close", link), End("sup")]


def with_footnotes(tokens: list[Token], items: list[Item], slug: str, ids: Identifiers) -> list[Token]:
    """The tokens with their references linked, and with the call `footnotes` at the end.

    Its `inner` is an `<ol>`; each item ends with one call `footnote-back` for each place that refers to it: `number` of
    the note, `target` (`#fnref-…`), `index` of the place from 1. A footnote that nothing refers to is left out.
    """
    if not holds(items, Note, NoteMark):
        return tokens
    bodies, rest = _taken_out(tokens, items)
    if not any(type(token) is Mark and type(items[token.number]) is NoteMark for token in rest):
        return rest
    numbers = _Numbers(f"{slug}-" if slug else "", items, ids)
    kept = _linked(rest, items, numbers)
    listed: list[tuple[str, list[Token]]] = []
    # References inside a footnote may bring in further ones.
    while len(listed) < len(numbers.labels):
        label = numbers.labels[len(listed)]
        listed.append((label, _linked(bodies.get(label, []), items, numbers)))
    kept += (Begin(Call("footnotes", {"count": len(listed)})), Start("ol", {}))
    for number, (label, body) in enumerate(listed, 1):
        own = f"fn-{numbers.name}{number}"
        ids.unique(own)
        kept.append(Start("li", {"id": own}))
        kept += _with_ways_back(body, number, numbers.references[label])
        kept.append(End("li"))
    return [*kept, End("ol"), Finish()]


def _taken_out(tokens: list[Token], items: Sequence[Item]) -> tuple[dict[str, list[Token]], list[Token]]:
    """The bodies of the footnotes by label, and what is left of the tokens."""
    bodies: dict[str, list[Token]] = {}
    rest: list[Token] = []
    current: list[Token] | None = None
    for token in tokens:
        item = items[token.number] if type(token) is Mark else None
        if type(token) is Mark and type(item) is Note:
            current = None if token.kind == "close" else bodies.setdefault(item.label, [])
        elif current is None:
            rest.append(token)
        else:
            current.append(token)
    return bodies, rest


def _linked(tokens: Sequence[Token], items: Sequence[Item], numbers: _Numbers) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        item = items[token.number] if type(token) is Mark else None
        if type(item) is NoteMark:
            kept += numbers.reference(item)
        else:
            kept.append(token)
    return kept


def _with_ways_back(body: list[Token], number: int, places: Sequence[str]) -> list[Token]:
    back: list[Token] = []
    for index, place in enumerate(places, 1):
        call = Call("footnote-back", {"number": number, "target": f"#{place}", "index": index})
        back += (Text(" "), Begin(call), Finish())
    stripped = list(body)
    while stripped and type(stripped[-1]) is Text and stripped[-1].text.isspace():
        stripped.pop()
    if stripped and type(stripped[-1]) is End and stripped[-1].name == "p":
        return [*stripped[:-1], *back, stripped[-1]]
    return [*stripped, Start("p", {}), *back[1:], End("p")]


def without_notes(tokens: Sequence[Token], *, texts: bool) -> list[Token]:
    """The tokens without what stands aside, references to footnotes and the ways back.

    The footnotes themselves stay with `texts`.
    """
    gone_calls = {"footnote-back"} if texts else {"footnote-back", "footnotes"}
    kept: list[Token] = []
    done = 0
    gone = [index for index, token in enumerate(tokens) if type(token) in _MAY_BE_GONE and _is_gone(token, gone_calls)]
    for index in gone:
        if index >= done:
            kept += tokens[done:index]
            done = _behind(tokens, index)
    return [*kept, *tokens[done:]]


def _behind(tokens: Sequence[Token], start: int) -> int:
    """The index behind the end of the element or call that begins at `start`; behind everything when it has none."""
    depth = 0
    for index in range(start, len(tokens)):
        token = tokens[index]
        if type(token) is Begin or (type(token) is Start and token.name not in VOID):
            depth += 1
        elif type(token) is End or type(token) is Finish:
            depth -= 1
            if not depth:
                return index + 1
    return len(tokens)


def _is_gone(token: Token, calls: Container[str]) -> bool:
    if type(token) is Begin:
        return token.aside or token.call.name in calls
    return type(token) is Start and token.name == "sup" and token.attributes.get("class") == REFERENCE_CLASS
