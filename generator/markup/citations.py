"""Citations: marks numbered in the order of the sources they name, with ids unique to the article."""

from collections.abc import Sequence

from generator.markup.identifiers import Identifiers
from generator.markup.items import Cited, Item, holds
from generator.markup.tokens import Begin, Finish, Mark, Text, Token
from generator.model.body import Call
from generator.model.document import Citation


def with_citations(
    tokens: list[Token], items: Sequence[Item], slug: str, ids: Identifiers
) -> tuple[list[Token], tuple[Citation, ...]]:
    """The tokens with each mark as a call, and the sources in the order in which they are first cited.

    A mark stands close to the words before it, for those behind a word are written with a space. A call has, besides
    the author's attributes, the `source`, its `number` from 1 and the `id` of this mark.
    """
    if not holds(items, Cited):
        return tokens, ()
    marks: dict[str, list[str]] = {}
    numbers: dict[str, int] = {}
    kept: list[Token] = []
    for token in tokens:
        if type(token) is not Mark:
            kept.append(token)
            continue
        item = items[token.number]
        if type(item) is not Cited:
            kept.append(token)
            continue
        before = kept[-1] if kept else None
        if type(before) is Text:
            kept[-1] = Text(before.text.rstrip(" "), before.exact)
        number = numbers.setdefault(item.source, len(numbers) + 1)
        places = marks.setdefault(item.source, [])
        wanted = f"cite-{slug}-{number}" if slug else f"cite-{number}"
        own = ids.unique(f"{wanted}-{len(places) + 1}" if places else wanted)
        places.append(own)
        attributes = {**item.attributes, "source": item.source, "number": number, "id": own}
        line, column = item.place
        kept += (Begin(Call(item.name, attributes, line=line, column=column), aside=True), Finish())
    return kept, tuple(Citation(source, numbers[source], tuple(places)) for source, places in marks.items())
