"""Galleries: the pictures that a directive encloses, as items of a list."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from generator.markup.complaints import Complaints
from generator.markup.items import Item, Picture
from generator.markup.tokens import LINE_END, Begin, End, Mark, Markup, Start, Text, Token, end_of_call
from generator.model.body import Call
from generator.model.directive import Declaration

_OF_THE_ITEM = frozenset({"id", "class", "lang", "dir"})


def with_galleries(
    tokens: Sequence[Token], items: Sequence[Item], declarations: Mapping[str, Declaration], complaints: Complaints
) -> tuple[list[Token], list[Item]]:
    """The tokens, where galleries hold items of a list and nothing else, and the items of the marks with new ones.

    An item is a picture, with its title as its caption, or a directive. Words between them are a Problem (CL631).
    """
    work = _Galleries(list(items), declarations, complaints)
    return work.kept(tokens), work.items


class _Galleries:
    def __init__(self, items: list[Item], declarations: Mapping[str, Declaration], complaints: Complaints) -> None:
        self.items = items
        self.declarations = declarations
        self.complaints = complaints

    def kept(self, tokens: Sequence[Token]) -> list[Token]:
        kept: list[Token] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            kept.append(token)
            index += 1
            if type(token) is Begin and self.is_gallery(token.call):
                end = end_of_call(tokens, index - 1)
                kept += self.shown(token.call, tokens[index:end])
                index = end
        return kept

    def is_gallery(self, call: Call) -> bool:
        return call.name in self.declarations and self.declarations[call.name].pictures

    def shown(self, call: Call, inside: Sequence[Token]) -> list[Token]:
        """What a gallery encloses, as items; elements around pictures, such as paragraphs, are gone."""
        made: list[Token] = []
        strays: list[str] = []
        index = 0
        while index < len(inside):
            token = inside[index]
            end = index + 1
            if type(token) is Begin and token.call.name in self.declarations:
                end = end_of_call(inside, index) + 1
                made += _list_item(self.kept(inside[index:end]), {})
            elif type(token) is Mark and isinstance(picture := self.items[token.number], Picture):
                made += self.item(token, picture)
            elif type(token) is Start and token.name == "img":
                made += _list_item([token], {})
            elif type(token) is Text:
                strays.append(token.text.strip())
            elif type(token) is Markup:
                strays.append(token.plain.strip())
            index = end
        self.tell(call, "".join(strays), bool(made))
        return made

    def item(self, token: Mark, picture: Picture) -> list[Token]:
        attributes = dict(picture.attributes)
        caption = attributes.pop("title", "")
        own = {name: attributes.pop(name) for name in _OF_THE_ITEM & attributes.keys()}
        self.items.append(replace(picture, attributes=tuple(attributes.items())))
        shown: list[Token] = [Mark(token.kind, len(self.items) - 1)]
        if caption:
            shown += [Start("figcaption", {}), Text(caption), End("figcaption")]
            shown = [Start("figure", {}), *shown, End("figure")]
        return _list_item(shown, dict(sorted(own.items())))

    def tell(self, call: Call, stray: str, has_pictures: bool) -> None:
        place = (call.line, call.column)
        if stray:
            message = f"“{call.name}” holds pictures only, and “{stray[:40]}” is none"
            hint = 'Write a caption in quotation marks behind the file, ![…](hall.jpg "The hall"), other words outside.'
            self.complaints.error("CL631", message, place, hint)
        elif not has_pictures:
            hint = "Write one or more pictures, ![what it shows](hall.jpg), between its two lines."
            self.complaints.error("CL631", f"there is no picture in this “{call.name}”", place, hint)


def _list_item(shown: Sequence[Token], attributes: dict[str, str]) -> list[Token]:
    return [Start("li", attributes), *shown, End("li"), LINE_END]
